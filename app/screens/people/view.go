package people

import (
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/flags"
	"parvis/app/screens/sheets"
	"parvis/internal/export/table"
)

// Words are the interface's texts.
type Words interface {
	flags.Words
	Moment(t, now time.Time) string
	Day(t time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	Now   time.Time
	// OnChoose shows other days, sites, columns or another order; OnOpen shows one interviewer.
	OnChoose func(Choice)
	OnOpen   func(code string)
	// Next is the next assignment of the interviewer whose details are open, in words; empty for none.
	Next string
	// OnRead lists the interviews of one interviewer; OnFlags shows all flags.
	OnRead  func(code string)
	OnFlags func()
	// Flags says how the flags of one interviewer are drawn.
	Flags flags.ViewParams
	// OnTakeIn brings in a file from a device that cannot sync any more; OnExport saves the table.
	OnTakeIn func()
	OnExport func(xlsx bool)
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	if len(p.Model.List) == 0 && len(p.Model.Days) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("interviewers.none"), w.T("interviewers.none_do"), "", nil), p.takeIn()}
	}
	foot := kit.Flow(flags.Exporting(w, p.OnExport), p.takeIn())
	return []fyne.CanvasObject{p.days(), p.sites(), p.sides(), p.list(), kit.NewText(look.Caption, p.explained()), foot}
}

func (p ViewParams) takeIn() fyne.CanvasObject {
	return kit.NewButton(p.Words.T("takein.button"), kit.Link, p.OnTakeIn)
}

func chip(label string, chosen bool, tap func()) fyne.CanvasObject {
	c := kit.NewChip(label, kit.Plain, tap)
	c.SetChosen(chosen)
	return c
}

func (p ViewParams) days() fyne.CanvasObject {
	w, now := p.Words, p.Model.Choice
	show := func(day string) func() {
		next := now
		next.Day = day
		return func() { p.OnChoose(next) }
	}
	chips := []fyne.CanvasObject{chip(w.T("interviewers.all_days"), now.Day == "", show(""))}
	for _, day := range p.Model.Days {
		label := day
		if t, err := time.Parse(time.DateOnly, day); err == nil {
			label = w.Day(t)
		}
		chips = append(chips, chip(label, day == now.Day, show(day)))
	}
	return kit.Flow(chips...)
}

// sites are chips for the sites; nothing where there is one.
func (p ViewParams) sites() fyne.CanvasObject {
	w, now := p.Words, p.Model.Choice
	if len(p.Model.Sites) < 2 {
		return kit.Flow()
	}
	show := func(site string) func() {
		next := now
		next.Site = site
		return func() { p.OnChoose(next) }
	}
	chips := []fyne.CanvasObject{chip(w.T("interviewers.all_sites"), now.Site == "", show(""))}
	for _, s := range p.Model.Sites {
		chips = append(chips, chip(s.Label.In(w.Lang(), s.Name), now.Site == s.Name, show(s.Name)))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) sides() fyne.CanvasObject {
	w := p.Words
	var chips []fyne.CanvasObject
	for _, side := range Sides() {
		next := p.Model.Choice
		next.Side = side
		chips = append(chips, chip(w.T("interviewers.side_"+string(side)), side == p.Model.Side, func() { p.OnChoose(next) }))
	}
	if n := len(p.Model.Flags); n > 0 {
		chips = append(chips, chip(w.N("quality.count", n), false, p.OnFlags))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) list() fyne.CanvasObject {
	drawn := sheets.Params{
		Table: p.Model.Table(p.Words, p.Now, p.Model.Side), Sort: p.Model.Sort, Descending: p.Model.Descending, OnOpen: p.OnOpen,
		OnSort: func(key string, descending bool) {
			next := p.Model.Choice
			next.Sort, next.Descending = key, descending
			p.OnChoose(next)
		},
		Ink: func(c table.Column, cell table.Cell) look.ColorName {
			if (c.Key == "missing" || c.Key == "flags") && cell.Number > 0 {
				return look.Bad
			}
			return ""
		},
	}
	if p.Class == look.Laptop {
		return kit.Either(sheets.New(drawn), sheets.List(drawn))
	}
	return sheets.List(drawn)
}

// explained says what the columns in sight mean.
func (p ViewParams) explained() string {
	return p.Words.T("interviewers.about_" + string(p.Model.Side))
}
