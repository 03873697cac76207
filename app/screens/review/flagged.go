package review

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// flagged says why the interview deserves a look, and leads to its interviewer's flags.
func (p ViewParams) flagged(r Reading) (out []fyne.CanvasObject) {
	if p.Flagged == nil {
		return nil
	}
	reasons := p.Flagged(r.Interview)
	for _, why := range reasons {
		out = append(out, kit.NewTextIn(look.Hint, look.Bad, why))
	}
	if len(reasons) > 0 && p.OnFlagged != nil {
		out = append(out, kit.NewButton(p.Words.T("quality.of_person"), kit.Link, func() { p.OnFlagged(r.Interviewer) }))
	}
	return out
}
