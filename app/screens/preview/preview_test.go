package preview_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/preview"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study/folder"
	"parvis/internal/study/importer"
)

// open previews a sample study before a canvas that needs no display.
func open(t *testing.T, workbook string) (*preview.App, *robot.Robot, *words.Words) {
	t.Helper()
	pkg, problems, err := importer.File("../../../assets/studies/"+workbook, importer.Limits{})
	if err != nil {
		t.Fatalf("%v\n%v", err, problems)
	}
	texts, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light, look.Normal))
	win := app.NewWindow("preview")
	win.SetPadded(false)
	win.Resize(fyne.NewSize(400, 860))
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	p, err := preview.New(preview.Params{
		Window: win, Words: texts, Now: func() time.Time { return now }, NewID: uuid.NewString, Do: func(f func()) { f() },
		After:    func(time.Duration, func()) func() { return func() {} },
		Contents: folder.Contents{Study: pkg.Study, XForm: pkg.XForm, Media: pkg.Media},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p, robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: 30 * time.Second}), texts
}

func TestAQuestionnaireIsAskedToItsEndAndAgain(t *testing.T) {
	for _, workbook := range []string{"mall-exit.xlsx", "fair-visitor.xlsx"} {
		t.Run(workbook, func(t *testing.T) {
			ctx := context.Background()
			p, r, texts := open(t, workbook)
			first, _ := p.Question()
			person := robot.NewRespondent(robot.RespondentParams{
				Robot: r, Page: p, Rand: rand.New(rand.NewPCG(7, 7)),
				Fixed: map[string]string{"consent": "yes", "leaving": "yes", "age": "a55", "trade": "health"},
				More:  texts.T("common.more"),
				Texts: map[string]string{"postcode": "1000", "contact_phone": "+32 470 11 22 33", "next_visit": "", "email": "ada@example.org"},
			})
			pages := 0
			for m, _ := p.Question(); !m.Ended; m, _ = p.Question() {
				if pages++; pages > 100 {
					t.Fatalf("the questionnaire does not end: %+v", m.Items)
				}
				if err := person.Answer(ctx); err != nil {
					t.Fatal(err)
				}
				if err := r.Tap(ctx, texts.T("common.next")); err != nil {
					t.Fatal(err)
				}
			}
			if pages < 5 || !r.Sees(texts.T("preview.outcome", "outcome", texts.T("contact.complete"))) {
				t.Errorf("after %d pages the end does not say what the interview would count as", pages)
			}
			if err := r.Tap(ctx, texts.T("preview.again")); err != nil {
				t.Fatal(err)
			}
			again, _ := p.Question()
			if len(again.Items) == 0 || again.Items[0].Name != first.Items[0].Name || again.Items[0].Value != first.Items[0].Value {
				t.Errorf("asked again it begins at %+v", again.Items)
			}
		})
	}
}

// TestTheEndsOfAScaleAreReadInTheRespondentsLanguage: the interface's own words stand at a scale only in the language being asked in.
func TestTheEndsOfAScaleAreReadInTheRespondentsLanguage(t *testing.T) {
	ctx := context.Background()
	p, r, texts := open(t, "fair-visitor.xlsx")
	person := robot.NewRespondent(robot.RespondentParams{
		Robot: r, Page: p, Rand: rand.New(rand.NewPCG(1, 1)), More: texts.T("common.more"),
		Fixed: map[string]string{"agree": "yes", "exhibitor": "no"}, Texts: map[string]string{"next_visit": "", "email": ""},
	})
	for m, _ := p.Question(); len(m.Items) == 0 || m.Items[0].Name != "recommend"; m, _ = p.Question() {
		if m.Ended {
			t.Fatal("the question was not asked")
		}
		if err := person.Answer(ctx); err != nil {
			t.Fatal(err)
		}
		if err := r.Tap(ctx, texts.T("common.next")); err != nil {
			t.Fatal(err)
		}
	}
	if !r.Sees(texts.T("question.nps_low")) {
		t.Error("asked in English, the ends have no words")
	}
	if err := r.Tap(ctx, texts.T("question.switch_language")); err != nil {
		t.Fatal(err)
	}
	if r.Sees(texts.T("question.nps_low")) {
		t.Error("asked in French, English words stand at the scale")
	}
}
