package progress

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/sheets"
	"parvis/internal/export/table"
)

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	// OnChoose pictures something else; OnPerson shows an interviewer.
	OnChoose func(Choice)
	OnPerson func(code string)
	// OnExport saves a table; OnReport prints the day's shift report.
	OnExport func(t table.Table, xlsx bool)
	OnReport func()
}

// daysShown is how many days stand to choose from for the timeline.
const daysShown = 6

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w, m := p.Words, p.Model
	if len(m.Days) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("progress.none"), w.T("interviewers.none_do"), "", nil)}
	}
	out := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("progress.days"))}
	out = append(out, p.pictured(m.DaysPicture(w), m.DaysTable(w), w.T("progress.days_legend"), nil)...)
	out = append(out, kit.NewText(look.Heading, w.T("progress.timeline")), p.days(), p.sites())
	if len(m.Shifts)+len(m.Ticks) == 0 {
		out = append(out, kit.NewText(look.Hint, w.T("progress.no_shift")))
	} else {
		out = append(out, p.pictured(m.Timeline(w), m.ShiftsTable(w), w.T("progress.timeline_legend"), p.OnPerson)...)
		out = append(out, kit.NewButton(w.T("progress.report"), kit.Quiet, p.OnReport))
	}
	out = append(out, kit.NewText(look.Heading, w.T("progress.people")), p.figures())
	if len(m.People) == 0 {
		return append(out, kit.NewText(look.Hint, w.T("progress.no_people")))
	}
	legend := w.T("progress.people_legend", "median", m.figure(w, m.Median), "least", leastPerson)
	return append(out, p.pictured(m.PeoplePicture(w), m.PeopleTable(w), legend, p.OnPerson)...)
}

// pictured is a picture, what its shapes mean, and the same in a table.
func (p ViewParams) pictured(chart kit.ChartParams, t table.Table, legend string, open func(string)) []fyne.CanvasObject {
	save := func(xlsx bool) func() { return func() { p.OnExport(t, xlsx) } }
	drawn := sheets.Params{Table: t, OnOpen: open}
	return []fyne.CanvasObject{
		kit.NewChart(chart), kit.NewText(look.Caption, legend), kit.Either(sheets.New(drawn), sheets.List(drawn)),
		kit.Flow(kit.NewButton(p.Words.T("export.csv"), kit.Link, save(false)), kit.NewButton(p.Words.T("export.xlsx"), kit.Link, save(true))),
	}
}

func chip(label string, chosen bool, tap func()) fyne.CanvasObject {
	c := kit.NewChip(label, kit.Plain, tap)
	c.SetChosen(chosen)
	return c
}

func (p ViewParams) days() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	all := p.Model.Days
	for n := len(all) - 1; n >= max(0, len(all)-daysShown); n-- {
		next := p.Model.Choice
		next.Day = all[n].Day
		chips = append(chips, chip(dayName(p.Words, all[n].Day), all[n].Day == p.Model.Day, func() { p.OnChoose(next) }))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) sites() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for _, s := range p.Model.Sites {
		next := p.Model.Choice
		next.Site = s.Name
		chips = append(chips, chip(s.Label.In(p.Words.Lang(), s.Name), s.Name == p.Model.Site, func() { p.OnChoose(next) }))
	}
	return kit.Flow(chips...)
}

func (p ViewParams) figures() fyne.CanvasObject {
	pace, rate := p.Model.Choice, p.Model.Choice
	pace.Rate, rate.Rate = false, true
	return kit.Flow(chip(p.Words.T("interviewers.per_hour"), !p.Model.Rate, func() { p.OnChoose(pace) }), chip("RR1", p.Model.Rate, func() { p.OnChoose(rate) }))
}
