package tour

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"

	"parvis/app/look"
	"parvis/app/screens/fieldapp"
	"parvis/internal/fieldstore"
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

// screenlight is whether a device's screen was told to stay on.
type screenlight struct {
	awake []bool
}

func (l *screenlight) into(p *fieldapp.Params) {
	p.KeepAwake = func(on bool) { l.awake = append(l.awake, on) }
}

// TestHandingOver gives the device to a respondent: no key leads to anything but their question, nor does a kill; only the right PIN.
func TestHandingOver(t *testing.T) {
	l := &screenlight{}
	d := newDevice(t, "en", sizes[0], look.Light, look.Normal, l.into)
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(handingBook), Size: int64(len(handingBook))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	must(t, d.store.SetPIN(t.Context(), devicePIN))
	d.given(pkg)
	w := &walk{d: d, t: t, ctx: context.Background()}
	d.ui.Do(d.app.Start)
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
	w.restarted()
	onlyTheirs("opened again after a kill")
	must(t, d.robot.Tap(w.ctx, "No"))
	w.tap("common.next")
	w.tap("question.give_back")
	d.robot.Key(mobile.KeyBack) // leaves the PIN alone
	if m, _ := d.app.Question(); !m.Given {
		t.Fatal("without a PIN the device was taken back")
	}
	w.tap("question.give_back")
	w.typed("pin.pin", "000000")
	w.tap("common.next")
	must(t, d.robot.See(w.ctx, d.app.Shell().Words().N("pin.wrong", fieldstore.MostWrongPINs-1)))
	if m, _ := d.app.Question(); !m.Given {
		t.Fatal("with a wrong PIN the device was taken back")
	}
	w.typed("pin.pin", devicePIN)
	w.tap("common.next")
	must(t, d.robot.See(w.ctx, "After?"))
	if m, _ := d.app.Question(); m.Given || m.Items[0].Name != "after" {
		t.Fatalf("taken back, there stands %+v", m.Items)
	}
	w.restarted()
	if m, _ := d.app.Question(); m.Given {
		t.Error("taken back, a kill gives it away again")
	}
	w.tap("question.break_off")
	w.tap("closing.reason_no_time")
	if on := l.awake[len(l.awake)-1]; on {
		t.Errorf("the interview has ended, the screen was told %v", l.awake)
	}
}

// restarted closes the app and opens it again by its PIN.
func (w *walk) restarted() {
	w.t.Helper()
	w.d.restart()
	w.typed("pin.pin", devicePIN)
	w.tap("pin.enter_button")
	for w.d.robot.Sees(w.d.app.Shell().Words().T("pin.forgot")) {
		time.Sleep(5 * time.Millisecond)
	}
}
