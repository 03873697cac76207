package flags

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/quality"
)

// ViewParams is what a View needs.
type ViewParams struct {
	Flags []quality.Flag
	Words Words
	// Site and Question give labels for names.
	Site, Question func(name string) string
	// OnRead lists the interviews a flag is about; OnPerson shows an interviewer.
	OnRead   func(f quality.Flag)
	OnPerson func(code string)
	// OnExport saves the table; nil where it is not offered.
	OnExport func(xlsx bool)
}

// Cards draws the flags of one interviewer: what, why, the statistic, and the way to the interviews.
func Cards(p ViewParams, list []quality.Flag) []fyne.CanvasObject {
	w := p.Words
	var out []fyne.CanvasObject
	for _, f := range list {
		lines := []fyne.CanvasObject{
			kit.NewText(look.Strong, Name(w, f.Kind)), kit.NewText(look.Label, Reason(w, f, p.Question(f.Question))),
		}
		if said := Statistic(w, f); said != "" {
			lines = append(lines, kit.NewText(look.Caption, said))
		}
		if n := len(f.Interviews); n > 0 {
			lines = append(lines, kit.Flow(kit.NewButton(w.N("quality.read", n), kit.Link, func() { p.OnRead(f) })))
		}
		out = append(out, kit.ColumnGap(look.Unit, lines...))
	}
	return out
}

// NewView draws all flags, by interviewer.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	if len(p.Flags) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("quality.none"), w.T("quality.none_do"), "", nil)}
	}
	out := []fyne.CanvasObject{kit.NewText(look.Hint, w.T("quality.what_it_is"))}
	for from := 0; from < len(p.Flags); {
		to := from
		for to < len(p.Flags) && p.Flags[to].Interviewer == p.Flags[from].Interviewer {
			to++
		}
		who := p.Flags[from].Interviewer
		card := []fyne.CanvasObject{kit.Between(kit.NewText(look.Heading, w.T("today.interviewer", "name", who)+", "+p.Site(p.Flags[from].Site)),
			kit.NewButton(w.T("quality.person"), kit.Link, func() { p.OnPerson(who) }))}
		out = append(out, kit.NewCard(append(card, Cards(p, p.Flags[from:to])...)...))
		from = to
	}
	if p.OnExport != nil {
		out = append(out, Exporting(w, p.OnExport))
	}
	return append(out, kit.NewText(look.Caption, w.T("quality.method")))
}

// Exporting are the two buttons by which a table is saved.
func Exporting(w interface {
	T(key string, args ...any) string
}, save func(xlsx bool)) fyne.CanvasObject {
	return kit.Flow(
		kit.NewButton(w.T("export.csv"), kit.Link, func() { save(false) }),
		kit.NewButton(w.T("export.xlsx"), kit.Link, func() { save(true) }),
	)
}
