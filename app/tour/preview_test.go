package tour

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"
	"github.com/google/uuid"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/preview"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study/folder"
)

// TestTourPreview tries the second sample as its author would, and takes a picture of every page: it has what the first lacks, such
// as a repeat and a long range.
func TestTourPreview(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, size := range sizes {
		if out == "" && size.Width != 360 {
			continue
		}
		name := fmt.Sprintf("preview-%.0f", size.Width)
		t.Run(name, func(t *testing.T) {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(look.New(look.Light, look.Normal))
			texts, err := words.New(assets.Translations, "fr")
			must(t, err)
			win := app.NewWindow("Parvis")
			win.SetPadded(false)
			win.Resize(size)
			ui, pkg, c := robot.NewThread(), sample(t, "fair-visitor"), newClock()
			p, err := preview.New(preview.Params{
				Window: win, Words: texts, Contents: folder.Contents{Study: pkg.Study, XForm: pkg.XForm, Media: pkg.Media},
				Now: c.now, NewID: uuid.NewString, Do: ui.Soon, After: func(time.Duration, func()) func() { return func() {} },
			})
			must(t, err)
			ui.Do(func() { must(t, p.Start()) })
			r := robot.New(robot.Params{Canvas: win.Canvas(), Do: ui.Do, Patience: patience})
			respondent := robot.NewRespondent(robot.RespondentParams{
				Robot: r, Page: p, Rand: rand.New(rand.NewPCG(3, 3)), More: texts.T("common.more"),
				Fixed: map[string]string{"agree": "yes", "exhibitor": "no", "visitor_type": "professional"},
				Texts: map[string]string{"next_visit": "", "email": ""},
			})
			shoot := func(name string) {
				if out != "" {
					must(t, r.Picture(filepath.Join(out, fmt.Sprintf("preview-fr-%.0f", size.Width), name+".png")))
				}
			}
			ctx := context.Background()
			for page := 1; ; page++ {
				m, _ := p.Question()
				if m.Ended || page > 40 {
					break
				}
				must(t, respondent.Answer(ctx))
				shoot(fmt.Sprintf("%02d", page))
				must(t, r.Tap(ctx, texts.T("common.next")))
			}
			must(t, r.See(ctx, texts.T("preview.again")))
			shoot("99-end")
		})
	}
}
