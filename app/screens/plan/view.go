package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Decimal(v float64, digits int) string
	Day(t time.Time) string
	Clock(t time.Time) string
	Moment(t, now time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	// Narrow: a pane takes part of the window. Open is the day it is about.
	Narrow bool
	Open   Key
	// OnChoose shows another week or day; OnOpen opens an interviewer's day; OnLastWeek copies the week before.
	OnChoose   func(Choice)
	OnOpen     func(Key)
	OnLastWeek func()
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w, m := p.Words, p.Model
	if len(m.Rows) == 0 {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("plan.nobody"), w.T("plan.nobody_do"), "", nil)}
	}
	var body []fyne.CanvasObject
	if m.Older {
		body = append(body, kit.NewTextIn(look.Hint, look.Caution, w.T("plan.older")))
	}
	if said := p.today(); said != "" {
		body = append(body, kit.NewText(look.Strong, said))
	}
	body = append(body, p.weeks(), p.week(), kit.NewText(look.Caption, w.T("plan.legend")))
	if n := len(m.LastWeek()); n > 0 {
		body = append(body, kit.Flow(kit.NewButton(w.N("plan.copy_week", n), kit.Quiet, p.OnLastWeek)))
	}
	return append(body, kit.NewText(look.Heading, w.T("plan.cover")), p.cover())
}

// today sums up how the day goes; empty in other weeks.
func (p ViewParams) today() string {
	w, n := p.Words, p.Model.Count(p.Model.Today)
	sum := 0
	for _, of := range n {
		sum += of
	}
	if sum == 0 {
		return ""
	}
	return w.T("plan.today_sum", "planned", w.Number(sum), "begun", w.Number(n[Working]+n[Done]), "late", w.Number(n[Late]), "absent", w.Number(n[Absent]))
}

// weeks leads to other weeks.
func (p ViewParams) weeks() fyne.CanvasObject {
	w, m := p.Words, p.Model
	this := kit.NewChip(w.T("plan.this_week"), kit.Plain, func() { p.OnChoose(Choice{}) })
	this.SetChosen(slices.Contains(m.Days, m.Today))
	move := func(key string, days int) fyne.CanvasObject {
		return kit.NewButton(w.T(key), kit.Link, func() { p.OnChoose(Choice{Week: plus(m.Week, days)}) })
	}
	return kit.Flow(move("plan.week_before", -7), this, move("plan.week_after", 7))
}

// Span says which days a week has.
func Span(w Words, m Model) string {
	return w.T("plan.span", "from", w.Day(DayAt(m.Days[0])), "to", w.Day(DayAt(m.Days[6])))
}

// DayAt is a date at midnight UTC, to be written in words; zero for what is none.
func DayAt(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return t
}

// short is a day as it stands over a column.
func (p ViewParams) short(date string) string {
	day := DayAt(date)
	return p.Words.T(fmt.Sprintf("date.short_%d", int(day.Weekday()))) + " " + day.Format("2")
}

// fits is how many days are shown beside each other.
func (p ViewParams) fits() int {
	switch {
	case p.Class == look.Laptop && !p.Narrow:
		return 7
	case p.Class == look.Laptop, p.Class == look.Tablet && !p.Narrow:
		return 3
	}
	return 1
}

// shown are the indexes of the days in sight.
func (p ViewParams) shown() (from, to int) {
	n, day := p.fits(), max(slices.Index(p.Model.Days, p.Model.Day), 0)
	from = min(day, len(p.Model.Days)-n)
	return from, from + n
}

// days are chips for the days of the week, where not all stand beside each other.
func (p ViewParams) days() fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for _, date := range p.Model.Days {
		chip := kit.NewChip(p.short(date), kit.Plain, func() { p.OnChoose(Choice{Week: p.Model.Week, Day: date}) })
		chip.SetChosen(date == p.Model.Day)
		chips = append(chips, chip)
	}
	return kit.Flow(chips...)
}

// week is the plan: a grid, or the day in sight as a list where that has no room.
func (p ViewParams) week() fyne.CanvasObject {
	list := kit.Column(p.days(), p.list())
	switch n := p.fits(); n {
	case 1:
		return list
	case 7:
		return kit.Either(p.grid(), list)
	}
	return kit.Column(p.days(), kit.Either(p.grid(), p.list()))
}

func (p ViewParams) grid() *kit.Table {
	w, m := p.Words, p.Model
	from, to := p.shown()
	columns := []kit.TableColumn{{Title: w.T("interviewers.name"), Weight: 0.5}}
	for _, date := range m.Days[from:to] {
		columns = append(columns, kit.TableColumn{Title: p.short(date)})
	}
	table := kit.NewTable(append(columns, kit.TableColumn{Title: w.T("plan.hours"), Number: true, Weight: 0.6})...)
	var rows []kit.TableRow
	for _, r := range m.Rows {
		cells := []kit.TableCell{{Text: r.Interviewer, Strong: true}}
		for _, c := range r.Cells[from:to] {
			cells = append(cells, kit.TableCell{Object: p.cell(c)})
		}
		rows = append(rows, kit.TableRow{Name: r.Interviewer, Cells: append(cells, kit.TableCell{Text: p.hours(r.Minutes, r.WorkedMS)})})
	}
	table.SetRows(rows...)
	return table
}

// hours are those worked of those planned.
func (p ViewParams) hours(minutes int, worked int64) string {
	w := p.Words
	return w.T("plan.worked_of", "worked", w.Decimal(float64(worked)/3_600_000, 1), "planned", w.Decimal(float64(minutes)/60, 1))
}

func (p ViewParams) cell(c Cell) fyne.CanvasObject {
	w := p.Words
	shown := kit.DutyCellParams{Name: c.Interviewer + ", " + w.Day(DayAt(c.Date)), Chosen: c.Key() == p.Open, OnTap: func() { p.OnOpen(c.Key()) }, Note: p.note(c)}
	for _, d := range c.Duties {
		said, ink := p.state(d)
		shown.Duties = append(shown.Duties, kit.Duty{Place: p.Model.Site(d.Site, w.Lang()), Hours: hoursOf(d), State: said, Ink: ink})
	}
	return kit.NewDutyCell(shown)
}

func hoursOf(d Duty) string { return d.From + "–" + d.To }

// state is what became of an assignment, in words, and their colour where it wants a look.
func (p ViewParams) state(d Duty) (said string, ink look.ColorName) {
	w := p.Words
	switch d.State {
	case Planned:
		return "", ""
	case Late:
		return w.T("plan.late"), look.Bad
	case Absent:
		return w.T("plan.absent"), look.Bad
	case Working:
		said, ink = w.T("plan.working", "clock", w.Clock(d.Begun)), look.Good
	case Done:
		said, ink = w.T("plan.done"), look.Primary
	}
	if d.Elsewhere != "" {
		return said + ", " + w.T("plan.at", "site", p.Model.Site(d.Elsewhere, w.Lang())), look.Caution
	}
	return said, ink
}

// note is what stands below the assignments of a day.
func (p ViewParams) note(c Cell) string {
	w := p.Words
	var said []string
	if c.Unplanned != "" {
		said = append(said, w.T("plan.unplanned", "site", p.Model.Site(c.Unplanned, w.Lang())))
	}
	if c.PlanDay.Elsewhere {
		said = append(said, w.T("plan.others"))
	}
	switch {
	case c.Refusal != "":
		said = append(said, w.T("plan.not_taken"))
	case c.Open:
		said = append(said, w.T("plan.unsent"))
	}
	return strings.Join(said, ", ")
}

// list is the day in sight, an interviewer a line.
func (p ViewParams) list() fyne.CanvasObject {
	w, m := p.Words, p.Model
	var rows []fyne.CanvasObject
	for _, r := range m.Rows {
		for _, c := range r.Cells {
			if c.Date != m.Day {
				continue
			}
			row := kit.RowParams{Title: r.Interviewer, Trailing: p.hours(r.Minutes, r.WorkedMS), Chosen: c.Key() == p.Open, OnTap: func() { p.OnOpen(c.Key()) }}
			var said []string
			for _, d := range c.Duties {
				line := m.Site(d.Site, w.Lang()) + " " + hoursOf(d)
				state, _ := p.state(d)
				if state != "" {
					line += ", " + state
				}
				if d.State == Late || d.State == Absent {
					row.Badge, row.Kind, row.Trailing = state, kit.Alarm, ""
				}
				said = append(said, line)
			}
			if note := p.note(c); note != "" {
				said = append(said, note)
			}
			if row.Subtitle = strings.Join(said, "\n"); row.Subtitle == "" {
				row.Subtitle = w.T("plan.nothing")
			}
			rows = append(rows, kit.NewListRow(row))
		}
	}
	return kit.ColumnGap(0, rows...)
}

// cover is how many are planned at each site.
func (p ViewParams) cover() fyne.CanvasObject {
	w, m := p.Words, p.Model
	figure := func(c Cover, day int) (string, look.ColorName) {
		if c.Days[day] == 0 && m.Days[day] >= m.Today {
			return w.T("plan.empty_site"), look.Caution
		}
		return w.Number(c.Days[day]), ""
	}
	from, to := p.shown()
	var list []fyne.CanvasObject
	day := max(slices.Index(m.Days, m.Day), 0)
	for _, c := range m.Cover {
		said, _ := figure(c, day)
		list = append(list, kit.NewListRow(kit.RowParams{Title: labelled(c.Site.Label, w.Lang(), c.Site.Name), Trailing: said}))
	}
	if to-from == 1 {
		return kit.ColumnGap(0, list...)
	}
	columns := []kit.TableColumn{{Title: w.T("board.site"), Weight: 1.5}}
	for _, date := range m.Days[from:to] {
		columns = append(columns, kit.TableColumn{Title: p.short(date), Number: true})
	}
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for _, c := range m.Cover {
		cells := []kit.TableCell{{Text: labelled(c.Site.Label, w.Lang(), c.Site.Name), Strong: true}}
		for n := from; n < to; n++ {
			said, ink := figure(c, n)
			cells = append(cells, kit.TableCell{Text: said, Ink: ink, Strong: ink != ""})
		}
		rows = append(rows, kit.TableRow{Cells: cells})
	}
	table.SetRows(rows...)
	return kit.Either(table, kit.ColumnGap(0, list...))
}
