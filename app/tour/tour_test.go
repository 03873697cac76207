package tour

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// sizes are a phone, a tablet and a laptop, in dp.
var sizes = []fyne.Size{fyne.NewSize(360, 800), fyne.NewSize(800, 1280), fyne.NewSize(1280, 800)}

// TestTour walks through a day and takes a picture of every screen; without TOUR it walks all the same, at one size, and only
// checks that every screen can be reached.
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
	if out != "" {
		t.Run("largest", func(t *testing.T) {
			d := newDevice(t, "fr", sizes[0], look.Light, look.Largest)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, "phone-fr-largest"), taking: true}
			w.day()
		})
		t.Run("sunlight", func(t *testing.T) {
			d := newDevice(t, "nl", sizes[0], look.Sunlight, look.Normal)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, "phone-nl-sunlight"), taking: true}
			w.day()
		})
		t.Run("largest", func(t *testing.T) {
			d := newDevice(t, "fr", sizes[0], look.Light, look.Largest)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, "phone-fr-largest"), taking: true}
			w.day()
		})
		t.Run("dark", func(t *testing.T) {
			d := newDevice(t, "en", sizes[0], look.Dark, look.Normal)
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, "phone-en-dark"), taking: true}
			w.day()
		})
	}
}

type walk struct {
	d      *device
	t      *testing.T
	ctx    context.Context
	out    string
	taking bool
}

func (w *walk) picture(name string) {
	w.t.Helper()
	if w.taking {
		must(w.t, w.d.robot.Picture(filepath.Join(w.out, name+".png")))
	}
}

// tap taps the widget that bears the interface's text of a key.
func (w *walk) tap(key string, args ...any) {
	w.t.Helper()
	must(w.t, w.d.robot.Tap(w.ctx, w.d.app.Shell().Words().T(key, args...)))
	w.d.clock.pass(4 * time.Second)
}

func (w *walk) day() {
	d := w.d
	d.app.Start()
	w.picture("01-enrol")
	d.enrolled("mall-exit", "fair-visitor")
	d.app.Start()
	w.picture("02-today")
	w.tap("today.briefing")
	w.picture("03-briefing")
	w.tap("common.back")
	w.tap("today.change_place")
	w.picture("04-place")
	must(w.t, d.robot.Tap(w.ctx, w.title("mall-exit")))
	w.tap("common.done")
	w.tap("settings.title")
	w.picture("05-settings")
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
	w.tap("closing.next_contact")
	w.putRight()
	w.tap("shift.pause")
	w.tap("shift.pause_weather")
	w.picture("93-paused")
	w.tap("common.today")
	w.picture("94-today-waiting")
	w.tap("today.open_list")
	w.picture("95-interviews")
	w.tap("common.back")
	w.wrong()
}

// title is a study's title as the place page shows it.
func (w *walk) title(study string) string {
	st, err := w.d.store.Study(w.ctx, study)
	must(w.t, err)
	return st.Title.In(w.d.app.Shell().Words().Lang(), "")
}
