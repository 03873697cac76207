package tour

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"

	"parvis/app/look"
	"parvis/app/screens/fieldapp"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study/importer"
)

const handingBook = `| survey |
| | type | name | label | appearance |
| | text | before | Before? | |
| | select_one yn | own | Alone? | parvis-handover |
| | text | after | After? | |
| choices |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
`

// lock is an interviewer's PIN and a device's screen, as a test sees them.
type lock struct {
	right, asked bool
	awake        []bool
}

func (l *lock) into(p *fieldapp.Params) {
	p.Unlock = func(done func(bool)) { l.asked = true; done(l.right) }
	p.KeepAwake = func(on bool) { l.awake = append(l.awake, on) }
}

// TestHandingOver gives the device to a respondent: no key leads to anything but their question, nor does a kill; only the right PIN.
func TestHandingOver(t *testing.T) {
	l := &lock{}
	d := newDevice(t, "en", sizes[0], look.Light, look.Normal, l.into)
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(handingBook), Size: int64(len(handingBook))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	d.given(pkg)
	w := &walk{d: d, t: t, ctx: context.Background()}
	d.app.Start()
	w.tap("today.start_shift")
	w.tap("contact.agreed")
	if !slices.Equal(l.awake, []bool{true}) {
		t.Errorf("an interview has begun, the screen was told %v", l.awake)
	}
	w.tap("common.next")
	w.tap("question.hand_over")
	onlyTheirs := func(when string) {
		t.Helper()
		for _, key := range []fyne.KeyName{fyne.KeyEscape, mobile.KeyBack, fyne.KeyEscape} {
			d.robot.Key(key)
		}
		if got, want := d.robot.Names(), []string{"Yes", "No", "Next"}; !slices.Equal(got, want) {
			t.Fatalf("%s one can reach %q, want %q", when, got, want)
		}
	}
	onlyTheirs("with the respondent")
	d.app.Close()
	texts, err := words.New(assets.Translations, "en")
	must(t, err)
	d.open(texts)
	d.app.Start()
	onlyTheirs("opened again after a kill")
	must(t, d.robot.Tap(w.ctx, "No"))
	w.tap("common.next")
	w.tap("question.give_back")
	if m, _ := d.app.Question(); !l.asked || !m.Given {
		t.Fatalf("asked for the PIN: %v; with a wrong one the device is still given: %v", l.asked, m.Given)
	}
	l.right = true
	w.tap("question.give_back")
	if m, _ := d.app.Question(); m.Given || m.Items[0].Name != "after" {
		t.Fatalf("taken back, there stands %+v", m.Items)
	}
	d.app.Close()
	d.open(texts)
	d.app.Start()
	if m, _ := d.app.Question(); m.Given {
		t.Error("taken back, a kill gives it away again")
	}
	w.tap("question.break_off")
	w.tap("closing.reason_no_time")
	if on := l.awake[len(l.awake)-1]; on {
		t.Errorf("the interview has ended, the screen was told %v", l.awake)
	}
}
