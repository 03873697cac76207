package plan

import (
	"parvis/internal/export/table"
)

// Table is the week as it is exported: an assignment a line, with what became of it; days worked without one too.
func Table(w Words, m Model) table.Table {
	t := table.Table{Title: w.T("plan.title"), Columns: []table.Column{
		{Key: "who", Title: w.T("interviewers.name")}, {Key: "date", Title: w.T("plan.date")}, {Key: "site", Title: w.T("board.site")},
		{Key: "entrance", Title: w.T("plan.entrance")}, {Key: "from", Title: w.T("plan.from")}, {Key: "to", Title: w.T("plan.to")},
		{Key: "hours", Title: w.T("plan.hours_planned"), Kind: table.Number}, {Key: "state", Title: w.T("plan.state")}, {Key: "begun", Title: w.T("plan.begun")},
		{Key: "elsewhere", Title: w.T("plan.worked_at")}, {Key: "worked", Title: w.T("plan.hours_worked"), Kind: table.Number}, {Key: "note", Title: w.T("plan.note")},
	}}
	for _, r := range m.Rows {
		for _, c := range r.Cells {
			worked := hoursCell(w, float64(c.WorkedMS)/3_600_000)
			for _, d := range c.Duties {
				t.Rows = append(t.Rows, table.Row{Cells: m.dutyCells(w, c, d, worked)})
				worked = table.None() // of the day, once
			}
			if c.Unplanned != "" {
				none := table.Word("")
				t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{
					table.Word(r.Interviewer), table.Word(c.Date), none, none, none, none, table.None(), table.Word(w.T("plan.state_unplanned")), none,
					table.Word(m.Site(c.Unplanned, w.Lang())), worked, none,
				}})
			}
		}
	}
	return t
}

func hoursCell(w Words, hours float64) table.Cell { return table.Figure(hours, w.Decimal(hours, 1)) }

func (m Model) dutyCells(w Words, c Cell, d Duty, worked table.Cell) []table.Cell {
	lang, door, begun, elsewhere := w.Lang(), "", "", ""
	if site, known := m.Study.SiteByName(d.Site); known {
		if e, known := site.EntranceBy(d.Entrance); known {
			door = labelled(e.Label, lang, e.Name)
		}
	}
	if !d.Begun.IsZero() {
		begun = w.Clock(d.Begun)
	}
	if d.Elsewhere != "" {
		elsewhere = m.Site(d.Elsewhere, lang)
	}
	return []table.Cell{
		table.Word(c.Interviewer), table.Word(c.Date), table.Word(m.Site(d.Site, lang)), table.Word(door), table.Word(d.From), table.Word(d.To),
		hoursCell(w, float64(d.Minutes())/60), table.Word(w.T("plan.state_" + string(d.State))), table.Word(begun), table.Word(elsewhere), worked, table.Word(d.Note),
	}
}
