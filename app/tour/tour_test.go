package tour

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/internal/fieldstore"
)

// sizes are a phone, a tablet and a laptop, in dp.
var sizes = []fyne.Size{fyne.NewSize(360, 800), fyne.NewSize(800, 1280), fyne.NewSize(1280, 800)}

// TestTour walks through a day and takes a picture of every screen; without TOUR it walks all the same, on a phone only. On every
// page no text is cut and none lies over another.
func TestTour(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, size := range sizes {
		for _, lang := range []string{"en", "fr"} {
			if out == "" && (lang != "fr" || size.Width != 360) {
				continue
			}
			name := map[float32]string{360: "phone", 800: "tablet", 1280: "laptop"}[size.Width] + "-" + lang
			t.Run(name, func(t *testing.T) {
				d := newDevice(t, lang, size, look.Light, look.Normal)
				w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, name), taking: out != ""}
				w.day()
			})
		}
	}
	for _, form := range []struct {
		name, lang, folder string
		light              look.Variant
		text               look.TextSize
	}{
		{"largest", "fr", "phone-fr-largest", look.Light, look.Largest},
		{"sunlight", "nl", "phone-nl-sunlight", look.Sunlight, look.Normal},
		{"dark", "en", "phone-en-dark", look.Dark, look.Normal},
	} {
		t.Run(form.name, func(t *testing.T) {
			d := newDevice(t, form.lang, sizes[0], form.light, form.text)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, form.folder), taking: out != ""}
			w.day()
		})
	}
}

type walk struct {
	d      *device
	t      testing.TB
	ctx    context.Context
	out    string
	taking bool
}

// sound wants a page on which no text is cut and none lies over another.
func sound(t testing.TB, r *robot.Robot, page string) {
	t.Helper()
	for _, fault := range r.Faults() {
		t.Errorf("%s: %s", page, fault)
	}
}

func (w *walk) picture(name string) {
	w.t.Helper()
	sound(w.t, w.d.robot, name)
	if w.taking {
		must(w.t, w.d.robot.Picture(filepath.Join(w.out, name+".png")))
	}
}

// handIn saves what is unsent as a file.
func (w *walk) handIn() {
	w.t.Helper()
	w.tap("settings.title")
	w.tap("handin.title")
	w.picture("96-hand-in")
	w.tap("handin.save")
	w.picture("97-handed-in")
	if !strings.HasPrefix(string(w.d.saved), "age-encryption.org/v1") {
		w.t.Errorf("a file of %d bytes was saved that is no age file", len(w.d.saved))
	}
}

// locked locks the device, tries a wrong PIN, looks at what helps who forgot it, and enters the right one.
func (w *walk) locked() {
	w.t.Helper()
	words := w.d.app.Shell().Words()
	w.tap("settings.lock_now")
	w.typed("pin.pin", "000000")
	w.tap("pin.enter_button")
	must(w.t, w.d.robot.See(w.ctx, words.N("pin.wrong", fieldstore.MostWrongPINs-1)))
	w.picture("05-wrong-pin")
	w.tap("pin.forgot")
	w.picture("05-recovery")
	w.tap("common.back")
	w.typed("pin.pin", devicePIN)
	w.tap("pin.enter_button")
	must(w.t, w.d.robot.See(w.ctx, words.T("settings.lock_now")))
	w.tap("pin.change_title")
	w.picture("05-change-pin")
	w.tap("common.back")
}

// typed types into the field that bears the interface's text of a key.
func (w *walk) typed(key, text string) {
	w.t.Helper()
	must(w.t, w.d.robot.Type(w.ctx, w.d.app.Shell().Words().T(key), text))
}

// tap taps the widget that bears the interface's text of a key.
func (w *walk) tap(key string, args ...any) {
	w.t.Helper()
	must(w.t, w.d.robot.Tap(w.ctx, w.d.app.Shell().Words().T(key, args...)))
	w.d.clock.pass(4 * time.Second)
}

func (w *walk) day() {
	d := w.d
	d.ui.Do(d.app.Start)
	w.picture("00-choose-pin")
	w.typed("pin.pin", devicePIN)
	w.typed("pin.again", devicePIN)
	w.tap("pin.choose_button")
	must(w.t, d.robot.See(w.ctx, d.app.Shell().Words().T("enrol.title")))
	w.picture("01-enrol")
	w.typed("enrol.code", "https://central.example.org/enrol#K7QM-2HXD")
	must(w.t, d.robot.See(w.ctx, "K7QM-2HXD"))
	must(w.t, d.robot.See(w.ctx, "https://central.example.org"))
	w.picture("01-enrol-pasted")
	d.enrolled("mall-exit", "fair-visitor")
	d.ui.Do(d.app.Start)
	w.picture("02-today")
	w.supervisor()
	w.assigned()
	w.tap("today.briefing")
	w.picture("03-briefing")
	w.tap("common.back")
	w.tap("today.change_place")
	w.picture("04-place")
	must(w.t, d.robot.Tap(w.ctx, w.title("mall-exit")))
	w.tap("common.done")
	w.tap("settings.title")
	w.picture("05-settings")
	w.locked()
	w.tap("common.back")
	w.tap("today.open_list")
	w.picture("06-interviews-empty")
	w.tap("common.back")
	w.tap("today.start_shift")
	for range 3 {
		w.tap("contact.plus_one")
	}
	w.picture("07-contact-sheet")
	for range 2 {
		w.tap("contact.plus_one")
	}
	w.picture("08-approach-this-one")
	w.refusals()
	w.tap("contact.agreed")
	w.interview()
	w.picture("90-saved")
	w.tap("closing.next_contact")
	w.picture("91-contact-sheet-after")
	w.tap("contact.agreed")
	w.tap("question.break_off")
	w.picture("92-break-off")
	w.tap("closing.reason_no_time")
	w.picture("92-broken-off-undo")
	w.again()
	w.putRight()
	w.tap("shift.pause")
	w.tap("shift.pause_weather")
	w.picture("93-paused")
	w.tap("common.today")
	w.picture("94-today-waiting")
	w.wrong()
	w.tap("today.open_list")
	w.picture("95-interviews")
	w.correct()
	w.returned()
	w.practise()
	w.handIn()
}

// title is a study's title as the place page shows it.
func (w *walk) title(study string) string {
	st, err := w.d.store.Study(w.ctx, study)
	must(w.t, err)
	return st.Title.In(w.d.app.Shell().Words().Lang(), "")
}
