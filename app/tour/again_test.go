package tour

import "strings"

// again takes a break-off back, corrects an interview that has ended, and says of one that it must not count.
func (w *walk) again() {
	w.t.Helper()
	w.tap("common.undo")
	if m, ok := w.d.app.Question(); !ok || m.Ended {
		w.t.Fatal("the break-off was taken back, but the interview does not go on")
	}
	w.picture("93-went-on-after-undo")
	w.tap("question.break_off")
	w.tap("closing.reason_no_time")
	w.tap("closing.next_contact")
}

// correct opens the first interview of the list and corrects it.
func (w *walk) correct() {
	w.t.Helper()
	w.openInterview("contact.complete")
	w.picture("96-ended")
	w.tap("ended.correct")
	w.picture("97-why")
	w.tap("ended.why_mistyped")
	w.picture("97-correction")
	w.tap("outline.title")
	w.tapWith(func(name string) bool { return strings.HasPrefix(name, "3. ") })
	w.picture("97-question")
	w.tap("ended.finish")
	w.tap("ended.save")
	w.picture("98-corrected")
	w.openInterview("contact.complete")
	w.tap("closing.void_duplicate")
	w.picture("98-void-undo")
	w.openInterview("interviews.void")
	w.picture("98-void")
	w.tap("ended.count_again")
	w.openInterview("contact.complete")
	w.tap("ended.correct")
	w.tap("ended.why_respondent")
	w.tap("outline.title")
	w.picture("98-outline-sealed")
	sealed := w.d.app.Shell().Words().T("question.sealed")
	w.tapWith(func(name string) bool { return strings.Contains(name, sealed) })
	w.picture("98-sealed")
	w.tap("ended.finish")
	w.tap("ended.leave")
	w.picture("99-left")
}

// openInterview opens the first interview of the list that bears the interface's text of a key.
func (w *walk) openInterview(key string) {
	w.t.Helper()
	w.tapWith(func(name string) bool { return strings.HasSuffix(name, ", "+w.d.app.Shell().Words().T(key)) })
}

// tapWith taps the first widget whose name fits.
func (w *walk) tapWith(fits func(name string) bool) {
	w.t.Helper()
	for _, name := range w.d.robot.Names() {
		if fits(name) {
			must(w.t, w.d.robot.Tap(w.ctx, name))
			return
		}
	}
	w.t.Fatalf("none of %q", w.d.robot.Names())
}

// practise ends the shift and begins one for practice, whose every screen says so.
func (w *walk) practise() {
	w.t.Helper()
	w.tap("common.back")
	w.tap("today.resume_shift")
	w.tap("shift.end")
	w.tap("today.practice")
	w.picture("a1-practice-sheet")
	w.tap("contact.agreed")
	w.picture("a2-practice-question")
	w.tap("question.break_off")
	w.picture("a3-practice-stop")
	w.tap("question.pause_interview")
	w.tap("common.today")
	w.picture("a4-practice-today")
}
