package contact

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// names are the words of the outcomes; the rare ones stand behind More.
func names() map[interview.Disposition]string {
	return map[interview.Disposition]string{
		interview.RefusedUnknown: "contact.refused", interview.NoTime: "contact.no_time", interview.GotAway: "contact.got_away",
		interview.LanguageBarrier: "contact.language", interview.AlreadyInterviewed: "contact.already_asked",
		interview.PhysicallyUnable: "contact.unable", interview.RefusedIntroduction: "contact.refused",
		interview.NotApproached: "contact.not_approached",
	}
}

// frequent is how many outcomes beside Agreed are shown at once.
const frequent = 5

// ask shows in the middle of the sheet what is asked now.
func (v *View) ask(m Model) {
	v.asked = m.Asking
	switch m.Asking {
	case AskGuess:
		v.middle.Objects = v.guess(m)
	case AskWhyNot:
		v.middle.Objects = v.whyNot()
	default:
		v.middle.Objects = []fyne.CanvasObject{kit.NewText(look.Heading, v.p.Words.T("contact.what_happened")), v.outcomes()}
	}
	v.middle.Refresh()
}

func (v *View) outcomes() fyne.CanvasObject {
	w := v.p.Words
	offered := []kit.Outcome{{Value: string(interview.InProgress), Label: w.T("contact.agreed")}}
	for i, d := range append(interview.AtIntroduction(), interview.NotApproached) {
		offered = append(offered, kit.Outcome{Value: string(d), Label: w.T(names()[d]), Rare: i >= frequent})
	}
	return kit.NewOutcomeGrid(kit.OutcomeParams{Outcomes: offered, More: w.T("common.more"), OnChoose: v.choose})
}

func (v *View) choose(value string) {
	d := interview.Disposition(value)
	switch d {
	case interview.InProgress:
		v.p.OnAgreed()
		return
	case interview.NotApproached:
		v.askWhyNot(true)
		return
	}
	if v.do(func(ctx context.Context) error { return v.p.Presenter.Outcome(ctx, d) }) && v.asked == AskOutcome {
		v.ask(v.p.Presenter.Model()) // the tap is done with: nothing stays chosen
		v.recorded(v.p.Words.T(names()[d]))
	}
}

// recorded says what was kept and offers to take it back.
func (v *View) recorded(what string) {
	v.p.OnRecorded(v.p.Words.T("contact.recorded", "outcome", what), v.undo)
}

func (v *View) undo() { v.do(v.p.Presenter.UndoOutcome) }

// guess asks sex and age of somebody who gave no interview, in one tap.
func (v *View) guess(m Model) []fyne.CanvasObject {
	w := v.p.Words
	outcome := w.T(names()[m.Guessed.Disposition])
	var head fyne.CanvasObject = kit.NewText(look.Heading, w.T("contact.recorded", "outcome", outcome))
	if m.CanUndoOutcome {
		head = kit.Between(head, kit.NewButton(w.T("common.undo"), kit.Link, v.undo))
	}
	keep := func(sex, age, what string) {
		if v.do(func(ctx context.Context) error { return v.p.Presenter.Guess(ctx, sex, age) }) {
			v.recorded(what)
		}
	}
	var cells []fyne.CanvasObject
	for _, age := range interview.AgeBands() {
		for _, sex := range interview.Sexes() {
			label := w.T("contact.guess_is", "sex", w.T("contact.sex_"+sex), "age", w.T("contact.age_"+age))
			cells = append(cells, kit.NewOption(sex+" "+age, label, false, func() { keep(sex, age, outcome+", "+label) }))
		}
	}
	return []fyne.CanvasObject{
		head, kit.NewText(look.Hint, w.T("contact.guess")), kit.Grid(2, cells...),
		kit.NewButton(w.T("contact.cannot_tell"), kit.Quiet, func() { keep(interview.CannotTell, interview.CannotTell, outcome) }),
	}
}

// whyNot asks why the selected person is not approached.
func (v *View) whyNot() []fyne.CanvasObject {
	w := v.p.Words
	var cells []fyne.CanvasObject
	for _, reason := range interview.NotApproachedReasons() {
		label := w.T("contact.not_" + reason)
		cells = append(cells, kit.NewOption(reason, label, false, func() {
			if v.do(func(ctx context.Context) error { return v.p.Presenter.NotApproached(ctx, reason) }) {
				v.recorded(w.T("contact.not_approached") + ", " + label)
			}
		}))
	}
	return []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("contact.not_why")), kit.Grid(2, cells...),
		kit.NewButton(w.T("common.back"), kit.Quiet, func() { v.askWhyNot(false) }),
	}
}

func (v *View) askWhyNot(on bool) {
	v.do(func(context.Context) error {
		v.p.Presenter.AskWhyNot(on)
		return nil
	})
}
