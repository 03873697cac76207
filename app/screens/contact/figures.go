package contact

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
	"parvis/internal/interview"
)

// rate is a share in words, or a dash while nobody stands in its denominator.
func (v *View) rate(m Model, share float64) string {
	if m.Figures.Tally.Selected() == 0 {
		return "–"
	}
	return v.p.Words.Percent(share)
}

// showSoFar lists the shift in figures: counted, approached, contacts by outcome, and the rates by their names.
func (v *View) showSoFar(m Model) {
	w, f := v.p.Words, m.Figures
	line := func(label, figure string) fyne.CanvasObject {
		return kit.Between(kit.NewText(look.Label, label), kit.NewText(look.Strong, figure))
	}
	lines := []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("contact.so_far")),
		line(w.T("contact.counted"), w.Number(f.Passed)),
		line(w.T("contact.approached"), w.Number(f.Approached)),
	}
	for _, d := range outcome.All() {
		if n := f.ByDisposition[d]; n > 0 {
			lines = append(lines, line(v.outcomeName(d), w.Number(n)))
		}
	}
	coop := "–"
	if t := f.Tally; t.I+t.P+t.R+t.O > 0 {
		coop = w.Percent(f.Rates.COOP1)
	}
	v.soFar.SetContent(append(lines,
		line(w.T("contact.rr1"), v.rate(m, f.Rates.RR1)), line(w.T("contact.coop1"), coop),
		kit.NewText(look.Caption, w.T("contact.rates_note")))...)
}

// outcomeName is an outcome as it was tapped on this sheet; those the questionnaire gives have the names a supervisor reads.
func (v *View) outcomeName(d interview.Disposition) string {
	if key, tapped := names()[d]; tapped && d != interview.RefusedIntroduction {
		return v.p.Words.T(key)
	}
	return v.p.Words.T(outcome.Key(d))
}
