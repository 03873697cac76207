package tour

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study/importer"
)

// shelfStudy asks for a picture, which may be left out.
const shelfStudy = `| survey |
| | type | name | label::English (en) | label::French (fr) | label::Dutch (nl) | hint::English (en) | hint::French (fr) | hint::Dutch (nl) | parameters | required |
| | image | shelf | What does the shelf look like now? | À quoi ressemble le rayon maintenant ? | Hoe ziet het rek er nu uit? | Take it from two steps away. | Prenez-la à deux pas. | Neem ze van op twee stappen. | max-pixels=1200 | yes |
| | text | price | Which price is on the label? | Quel prix lit-on sur l’étiquette ? | Welke prijs staat op het etiket? | | | | | |
| settings |
| | form_title | form_id | default_language |
| | Shelf check | shelf | English (en) |
`

// shelfPicture is a rack of boxes, from a camera that was held upright.
func shelfPicture(t testing.TB, boxes color.RGBA) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for y := range 1200 {
		for x := range 1600 {
			c := color.RGBA{R: 225, G: 218, B: 204, A: 255}
			switch row, column := y%400, x%230; {
			case row > 350:
				c = color.RGBA{R: 120, G: 90, B: 60, A: 255}
			case column > 30 && row > 90+(x/230*37)%120:
				c = boxes
				c.G += uint8(x / 230 * 20)
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

// TestTourPictures answers with a picture: chooses one, replaces it, takes that back, removes it, takes that back too, is told what
// is wrong with a file that is none, and finds the picture again after the app was closed.
func TestTourPictures(t *testing.T) {
	out := os.Getenv("TOUR")
	type shape struct {
		name, lang string
		size       fyne.Size
		light      look.Variant
		text       look.TextSize
	}
	for _, s := range []shape{
		{"pictures-phone-fr", "fr", sizes[0], look.Light, look.Normal}, {"pictures-phone-nl-largest", "nl", sizes[0], look.Light, look.Largest},
		{"pictures-tablet-en", "en", sizes[1], look.Dark, look.Normal},
	} {
		if out == "" && s.lang != "fr" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			d := newDevice(t, s.lang, s.size, s.light, s.text)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, s.name), taking: out != ""}
			w.pictures()
		})
	}
}

func (w *walk) pictures() {
	d := w.d
	pkg, problems, err := importer.Read(importer.Params{Name: "shelf.md", Workbook: strings.NewReader(shelfStudy), Size: int64(len(shelfStudy))})
	if err != nil || pkg == nil {
		w.t.Fatalf("%v\n%v", err, problems)
	}
	must(w.t, d.store.SetPIN(w.ctx, devicePIN))
	d.given(pkg)
	d.ui.Do(d.app.Start)
	w.tap("today.start_shift")
	w.tap("contact.agreed")
	w.sees("question.picture_choose", "1-nothing-yet")
	first, second := shelfPicture(w.t, color.RGBA{R: 178, G: 60, B: 50, A: 255}), shelfPicture(w.t, color.RGBA{R: 30, G: 60, B: 150, A: 255})
	d.files = [][]byte{[]byte("dear diary"), nil, first, second}
	w.tap("question.picture_choose")
	w.sees("question.picture_format", "2-no-picture")
	w.tap("question.picture_choose") // the person leaves the dialog
	d.during = d.app.Lock            // and then takes so long that the device locks itself
	w.tap("question.picture_choose")
	d.during = nil
	w.typed("pin.pin", devicePIN)
	w.tap("pin.enter_button")
	w.sees("question.picture_replace", "3-chosen")
	before := w.answered()
	w.tap("question.picture_replace")
	w.sees("question.picture_replaced", "4-replaced")
	if after := w.answered(); after == before || after == "" {
		w.t.Fatalf("%q was replaced by %q", before, after)
	}
	w.tap("common.undo")
	w.tap("question.picture_remove")
	w.sees("question.picture_removed", "5-removed")
	w.tap("common.next")
	w.sees("question.required", "6-required")
	w.tap("common.undo")
	if after := w.answered(); after != before {
		w.t.Fatalf("%q came back instead of %q", after, before)
	}
	d.restart()
	w.typed("pin.pin", devicePIN)
	w.tap("pin.enter_button")
	w.sees("question.picture_replace", "7-after-a-kill")
	w.tap("common.next")
	w.tap("common.next")
	w.tap("question.end_finish")
	w.tap("closing.next_contact")
	w.tap("common.today")
	w.picture("8-waiting")
	list, err := d.store.Interviews(w.ctx, fieldstore.Filter{})
	must(w.t, err)
	if jpeg, err := d.store.Attachment(w.ctx, list[0].ID, before); err != nil || len(jpeg) == 0 || list[0].Disposition != interview.Complete {
		w.t.Fatalf("after the end the picture has %d bytes, %v", len(jpeg), err)
	}
	waiting, err := d.store.Waiting(w.ctx)
	if must(w.t, err); waiting.Attachments != 1 {
		w.t.Errorf("%d pictures wait", waiting.Attachments)
	}
}

// sees waits for a text and takes a picture.
func (w *walk) sees(key, name string) {
	w.t.Helper()
	must(w.t, w.d.robot.See(w.ctx, w.d.app.Shell().Words().T(key)))
	w.picture(name)
}

// answered is the answer of the page in front.
func (w *walk) answered() (value string) {
	w.d.ui.Do(func() {
		m, _ := w.d.app.Question()
		value = m.Items[0].Value
	})
	return value
}
