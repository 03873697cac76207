package tour

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/preview"
	"parvis/app/screens/question"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study/folder"
	"parvis/internal/study/importer"
)

// controls walks through a questionnaire that has every kind of question.
type controls struct {
	t     *testing.T
	app   *preview.App
	robot *robot.Robot
	words *words.Words
	win   fyne.Window
	out   string // empty for no pictures
}

func newControls(t *testing.T, lang string, size fyne.Size, theme look.Theme) *controls {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme)
	texts, err := words.New(assets.Translations, lang)
	must(t, err)
	win := app.NewWindow("Parvis")
	win.SetPadded(false)
	win.Resize(size)
	ui, c, pkg := robot.NewThread(), newClock(), everyControl(t)
	p, err := preview.New(preview.Params{
		Window: win, Words: texts, Contents: folder.Contents{Study: pkg.Study, XForm: pkg.XForm, Media: pkg.Media},
		Now: c.now, NewID: uuid.NewString, Do: ui.Soon, After: func(time.Duration, func()) func() { return func() {} },
	})
	must(t, err)
	ui.Do(func() { must(t, p.Start()) })
	r := robot.New(robot.Params{Canvas: win.Canvas(), Do: ui.Do, Patience: patience})
	return &controls{t: t, app: p, robot: r, words: texts, win: win}
}

// everyControl is the questionnaire of testdata/controls.md with pictures of the first sample; one picture is missing.
func everyControl(t *testing.T) *importer.Package {
	t.Helper()
	book, err := os.Open("testdata/controls.md")
	must(t, err)
	defer book.Close()
	info, err := book.Stat()
	must(t, err)
	files := fstest.MapFS{}
	sample := os.DirFS("../../assets/studies/mall-exit")
	for name, as := range map[string]string{"poster-en.png": "poster.png", "brand-kestrel.png": "", "brand-lumen.png": "", "brand-orto.png": "", "brand-papyrus.png": "", "brand-tricot.png": ""} {
		raw, err := fs.ReadFile(sample, name)
		must(t, err)
		if as == "" {
			as = name
		}
		files[as] = &fstest.MapFile{Data: raw}
	}
	pkg, problems, err := importer.Read(importer.Params{Name: "controls.md", Workbook: book, Size: info.Size(), Files: files})
	if err != nil {
		t.Fatalf("%v\n%v", err, problems)
	}
	delete(pkg.Media, "brand-orto.png")
	return pkg
}

// TestTourControls shows every kind of question; without TOUR it walks once and takes no pictures.
func TestTourControls(t *testing.T) {
	out := os.Getenv("TOUR")
	type setting struct {
		name, lang string
		size       fyne.Size
		theme      look.Theme
	}
	plain := look.New(look.Light, look.Normal)
	settings := []setting{
		{"phone-fr", "fr", sizes[0], plain},
		{"phone-nl-sunlight", "nl", sizes[0], look.New(look.Sunlight, look.Normal)},
		{"phone-fr-largest", "fr", sizes[0], look.New(look.Light, look.Largest)},
		{"tablet-nl", "nl", sizes[1], plain},
		{"laptop-en-left", "en", sizes[2], plain.ForHand(look.Left)},
		{"phone-en-dark-left", "en", sizes[0], look.New(look.Dark, look.Normal).ForHand(look.Left)},
		{"laptop-fr-sunlight", "fr", sizes[2], look.New(look.Sunlight, look.Normal)},
	}
	for _, s := range settings {
		if out == "" && s.name != "phone-fr" && s.name != "laptop-en-left" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			c := newControls(t, s.lang, s.size, s.theme)
			if out != "" {
				c.out = filepath.Join(out, "controls-"+s.name)
			}
			c.walk()
		})
	}
}

func (c *controls) picture(name string) {
	c.t.Helper()
	sound(c.t, c.robot, name)
	if c.out != "" {
		must(c.t, c.robot.Picture(filepath.Join(c.out, name+".png")))
	}
}

func (c *controls) tap(name string) {
	c.t.Helper()
	must(c.t, c.robot.Tap(context.Background(), name))
}

func (c *controls) word(key string, args ...any) string { return c.words.T(key, args...) }

// page is what is asked now.
func (c *controls) page() question.Model {
	m, _ := c.app.Question()
	return m
}

// walk answers every page, shows each, and looks at what only some of them have.
func (c *controls) walk() {
	ctx := context.Background()
	person := robot.NewRespondent(robot.RespondentParams{
		Robot: c.robot, Page: c.app, Rand: rand.New(rand.NewPCG(5, 5)), More: c.words.T("common.more"),
		Fixed: map[string]string{"seen": "windows market show", "best": "kestrel orto tricot", "country": "BE", "brand": "orto"},
		Texts: map[string]string{"income": "42500", "child_name": "Zoë", "remark": ""},
	})
	for page := 10; ; page++ {
		m := c.page()
		if m.Ended || page > 80 {
			break
		}
		name := fmt.Sprintf("%02d-prompt", page)
		if len(m.Items) > 0 {
			name = fmt.Sprintf("%02d-%s", page, m.Items[len(m.Items)-1].Name)
		}
		if m.Prompt != nil {
			c.roster(name)
			continue
		}
		if m.Items[0].Name == "purpose" {
			c.tap(c.word("common.next"))
			c.picture(name + "-needed")
		}
		c.overPage(m, name)
		must(c.t, person.Answer(ctx))
		c.byHand(m)
		c.picture(name)
		c.special(m, name)
		if !c.page().Ended && c.page().Items[0].Ref == m.Items[0].Ref {
			c.tap(c.word("common.next"))
		}
	}
	if !c.page().Ended {
		c.t.Fatalf("the questionnaire does not end: %+v", c.page())
	}
	c.picture("99-end")
}

// byHand answers what has a control of its own.
func (c *controls) byHand(m question.Model) {
	c.t.Helper()
	it := m.Items[len(m.Items)-1]
	ctx := context.Background()
	switch it.Kind {
	case question.Acknowledge:
		c.tap(c.word("question.understood"))
	case question.Stars:
		c.tap(c.words.N("question.stars", 4))
	case question.Month:
		must(c.t, c.robot.Type(ctx, it.Label, "2019"))
		c.tap(c.word("date.month_9"))
	case question.Year:
		must(c.t, c.robot.Type(ctx, it.Label, "1984"))
	case question.DayClock:
		must(c.t, c.robot.Type(ctx, it.Label, "24-12-2026"))
		must(c.t, c.robot.Type(ctx, it.Label+", "+c.word("question.time_hint"), "10.30"))
	case question.Place:
		must(c.t, c.robot.Type(ctx, it.Label, "50.85, 4.35"))
	}
}

// overPage chooses from a long list that opens over the page, since it stands beside other questions.
func (c *controls) overPage(m question.Model, name string) {
	c.t.Helper()
	if m.Items[0].Kind != question.Listed || len(m.Items) < 2 {
		return
	}
	c.tap(c.word("question.choose_from", "count", len(m.Items[0].Choices)))
	must(c.t, c.robot.Type(context.Background(), c.word("question.search_choices"), "bel"))
	c.picture(name + "-list")
	c.robot.Key(fyne.KeyReturn)
	if got := c.page(); got.Cover != question.Nothing || got.Items[0].Value != "BE" {
		c.t.Fatalf("searched for Belgium, got %q", got.Items[0].Value)
	}
}

// special looks at what lies over or beside some questions.
func (c *controls) special(m question.Model, name string) {
	c.t.Helper()
	it := m.Items[len(m.Items)-1]
	label := func(value string) string {
		for _, ch := range it.Choices {
			if ch.Value == value {
				return ch.Label
			}
		}
		return value
	}
	switch it.Name {
	case "seen":
		c.tap(label("pool"))
		c.picture(name + "-full")
		c.tap(label("nothing"))
		c.picture(name + "-alone")
		c.tap(c.word("common.undo"))
		if got := c.page().Items[0].Value; got != "windows market show" {
			c.t.Fatalf("the undo brought back %q", got)
		}
	case "poster":
		c.card(name)
	case "sex":
		c.alone(name, m)
	}
}

// card shows the poster on the whole screen and hands the device over; only giving it back leads out.
func (c *controls) card(name string) {
	c.t.Helper()
	c.tap(c.word("question.show_card"))
	c.picture(name + "-card")
	c.tap(c.word("question.hand_over"))
	c.picture(name + "-handed")
	c.robot.Key(fyne.KeyEscape)
	if names := c.robot.Names(); len(names) != 1 {
		c.t.Fatalf("with the card in the respondent's hands one can reach %q", names)
	}
	c.tap(c.word("question.give_back"))
}

// alone hands over a question that the respondent answers alone.
func (c *controls) alone(name string, m question.Model) {
	c.t.Helper()
	c.tap(c.word("question.hand_over"))
	c.picture(name + "-handed")
	c.tap(m.Items[0].Choices[1].Label)
	c.tap(c.word("common.next"))
	c.picture(name + "-return")
	c.tap(c.word("question.give_back"))
}

// roster looks at the list of children: one is added and taken out again.
func (c *controls) roster(name string) {
	c.t.Helper()
	members := c.page().Members
	c.picture(name)
	if len(members) == 1 {
		c.tap(c.words.T("question.add_another", "name", c.page().Prompt.Label))
		return
	}
	c.tap(c.words.T("question.remove_named", "name", "Zoë"))
	c.picture(name + "-removed")
	if got := c.page(); got.Prompt == nil || len(got.Members) != len(members)-1 {
		c.t.Fatalf("one of %d was taken out, and there are %v", len(members), got.Members)
	}
	c.tap(c.word("common.undo"))
	if got := c.page().Members; len(got) != len(members) || got[0].First.Value != "Zoë" {
		c.t.Fatalf("the undo brought back %v", got)
	}
	c.tap(c.word("common.next"))
}
