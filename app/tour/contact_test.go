package tour

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"parvis/internal/delivery"
)

// refusals are approaches that lead to no interview: one refuses and is estimated, one cannot be approached.
func (w *walk) refusals() {
	w.t.Helper()
	w.tap("contact.refused")
	w.picture("09-refused-guess")
	words := w.d.app.Shell().Words()
	w.tap("contact.guess_is", "sex", words.T("contact.sex_female"), "age", words.T("contact.age_35_54"))
	w.picture("09-refused-undo")
	w.tap("common.more")
	w.tap("contact.not_approached")
	w.picture("09-why-not")
	w.tap("contact.not_busy")
}

// putRight corrects the count and notes what is going on.
func (w *walk) putRight() {
	w.t.Helper()
	words := w.d.app.Shell().Words()
	w.tap("count.title")
	w.tap("common.save")
	w.picture("92-correct-missing")
	must(w.t, w.d.robot.Type(w.ctx, words.T("count.number"), "212"))
	w.tap("count.reason_missed")
	w.picture("92-correct")
	w.tap("common.save")
	w.picture("92-corrected")
	w.tap("weather.title")
	w.tap("weather.rain")
	must(w.t, w.d.robot.Type(w.ctx, words.T("weather.note"), "Kermesse"))
	w.picture("92-weather")
	w.tap("common.done")
}

// wrong shows a device whose clock is three hours ahead.
func (w *walk) wrong() {
	w.t.Helper()
	must(w.t, w.d.store.SaveClockCheck(w.ctx, delivery.ClockCheck{At: w.d.clock.now().UnixMilli(), SkewMS: (3 * time.Hour).Milliseconds()}))
	w.d.ui.Do(w.d.app.Shell().Rebuild)
	w.picture("94-clock-wrong")
	w.tap("today.resume_shift")
	w.tap("shift.resume")
	w.picture("94-clock-wrong-sheet")
	if scroll := scrollOf(w.d.win.Canvas().Content()); scroll != nil {
		scroll.ScrollToBottom()
	}
	w.picture("94-so-far")
	must(w.t, w.d.store.SaveClockCheck(w.ctx, delivery.ClockCheck{At: w.d.clock.now().UnixMilli()}))
	w.tap("shift.pause")
	w.tap("shift.pause_weather")
	w.tap("common.today")
}

// scrollOf is the first scrolling part under an object, as a thumb would find it.
func scrollOf(o fyne.CanvasObject) *container.Scroll {
	var inner []fyne.CanvasObject
	switch o := o.(type) {
	case *container.Scroll:
		return o
	case *fyne.Container:
		inner = o.Objects
	case fyne.Widget:
		inner = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inner {
		if found := scrollOf(child); found != nil {
			return found
		}
	}
	return nil
}
