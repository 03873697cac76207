package people

import (
	"maps"
	"slices"
	"strings"
	"time"

	"parvis/app/screens/outcome"
	"parvis/internal/export/table"
	"parvis/internal/interview"
)

// Table is what a side of the page shows, in its order; now is when it is read. Exported, all sides stand beside each other.
func (m Model) Table(w Words, now time.Time, sides ...Side) table.Table {
	t := table.Table{Title: w.T("interviewers.title"), Columns: []table.Column{{Key: "who", Title: w.T("interviewers.name")}}}
	cells := []func(Interviewer) table.Cell{func(i Interviewer) table.Cell { return table.Word(i.Interviewer.Interviewer) }}
	seen := map[string]bool{"who": true}
	for _, side := range sides {
		for _, c := range columnsOf(w, now, side) {
			if seen[c.Key] {
				continue
			}
			seen[c.Key] = true
			t.Columns = append(t.Columns, c.Column)
			cells = append(cells, c.cell)
		}
	}
	for _, i := range m.List {
		row := table.Row{ID: i.Interviewer.Interviewer}
		for _, cell := range cells {
			row.Cells = append(row.Cells, cell(i))
		}
		t.Rows = append(t.Rows, row)
	}
	return t.Sorted(m.Sort, m.Descending)
}

// column is a column with how its cells are made.
type column struct {
	table.Column
	cell func(Interviewer) table.Cell
}

func columnsOf(w Words, now time.Time, side Side) (all []column) {
	number := func(key, title string, n func(Interviewer) int) {
		all = append(all, column{table.Column{Key: key, Title: w.T(title), Kind: table.Number}, func(i Interviewer) table.Cell {
			return table.Figure(float64(n(i)), w.Number(n(i)))
		}})
	}
	completes := func() {
		number("completes", "interviewers.completes", func(i Interviewer) int { return i.Completes })
	}
	approached := func() {
		number("approached", "interviewers.approached", func(i Interviewer) int { return i.Approached })
	}
	switch side {
	case Contacts:
		number("passed", "interviewers.counted", func(i Interviewer) int { return i.Passed })
		approached()
		completes()
		number("refused", "interviewers.refused", func(i Interviewer) int { return i.Refused })
		number("broke_off", "interviewers.broke_off", func(i Interviewer) int { return i.BrokeOff })
		number("not_eligible", "interviewers.not_eligible", func(i Interviewer) int { return i.NotEligible })
		number("other", "interviewers.other", func(i Interviewer) int { return i.Other })
		all = append(all, rate("RR1", func(r interview.Rates) float64 { return r.RR1 }, w))
	case Rates:
		approached()
		completes()
		for _, r := range MainRates() {
			all = append(all, rate(r, func(of interview.Rates) float64 { return RateOf(of, r) }, w))
		}
	case Pace:
		completes()
		all = append(all, paceOf(w)...)
	case Devices:
		all = append(all, devicesOf(w, now)...)
	}
	number("flags", "interviewers.flags", func(i Interviewer) int { return len(i.Flags) })
	return all
}

// MainRates are the rates in the table; the others stand with each interviewer.
func MainRates() []string { return []string{"RR1", "RR3", "COOP1", "REF1", "CON1"} }

// RateNames are all rates, as AAPOR calls them.
func RateNames() []string {
	return []string{"RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1", "COOP2", "COOP3", "COOP4", "REF1", "REF2", "REF3", "CON1", "CON2", "CON3"}
}

// RateOf is a rate by its name.
func RateOf(r interview.Rates, name string) float64 {
	return map[string]float64{
		"RR1": r.RR1, "RR2": r.RR2, "RR3": r.RR3, "RR4": r.RR4, "RR5": r.RR5, "RR6": r.RR6, "COOP1": r.COOP1, "COOP2": r.COOP2, "COOP3": r.COOP3,
		"COOP4": r.COOP4, "REF1": r.REF1, "REF2": r.REF2, "REF3": r.REF3, "CON1": r.CON1, "CON2": r.CON2, "CON3": r.CON3,
	}[name]
}

func rate(name string, of func(interview.Rates) float64, w Words) column {
	return column{table.Column{Key: name, Title: name, Kind: table.Share}, func(i Interviewer) table.Cell {
		if i.Tally.Selected() == 0 {
			return table.None()
		}
		return table.Figure(of(i.Rates), w.Percent(of(i.Rates)))
	}}
}

func paceOf(w Words) []column {
	return []column{
		{table.Column{Key: "hours", Title: w.T("interviewers.hours"), Kind: table.Number}, func(i Interviewer) table.Cell {
			return table.Figure(i.Hours(), w.Decimal(i.Hours(), 1))
		}},
		{table.Column{Key: "per_hour", Title: w.T("interviewers.per_hour"), Kind: table.Number}, func(i Interviewer) table.Cell {
			n, ok := i.PerHour()
			if !ok {
				return table.None()
			}
			return table.Figure(n, w.Decimal(n, 2))
		}},
		{table.Column{Key: "median", Title: w.T("interviewers.median"), Kind: table.Number}, func(i Interviewer) table.Cell {
			if i.MedianMS == 0 {
				return table.None()
			}
			minutes := float64(i.MedianMS) / 60_000
			return table.Figure(minutes, w.Decimal(minutes, 1))
		}},
		{table.Column{Key: "open", Title: w.T("interviewers.open_shifts"), Kind: table.Number}, func(i Interviewer) table.Cell {
			return table.Figure(float64(i.OpenShifts), w.Number(i.OpenShifts))
		}},
	}
}

func devicesOf(w Words, now time.Time) []column {
	return []column{
		{table.Column{Key: "seen", Title: w.T("interviewers.last_sync")}, func(i Interviewer) table.Cell {
			return table.Cell{Text: heard(w, i.LastSeen, now), Number: float64(i.LastSeen)}
		}},
		{table.Column{Key: "app", Title: w.T("interviewers.app")}, func(i Interviewer) table.Cell {
			found := map[string]bool{}
			for _, d := range i.Devices {
				if !d.Revoked {
					found[d.AppVersion] = true
				}
			}
			return table.Word(strings.Join(slices.Sorted(maps.Keys(found)), ", "))
		}},
		{table.Column{Key: "form", Title: w.T("interviewers.form")}, func(i Interviewer) table.Cell {
			found := map[string]bool{}
			for _, version := range i.Forms {
				found[version] = true
			}
			return table.Word(strings.Join(slices.Sorted(maps.Keys(found)), ", "))
		}},
		{table.Column{Key: "missing", Title: w.T("interviewers.missing"), Kind: table.Number}, func(i Interviewer) table.Cell {
			return table.Figure(float64(i.MissingRecords), w.Number(int(i.MissingRecords)))
		}},
	}
}

func heard(w Words, at int64, now time.Time) string {
	if at == 0 {
		return w.T("interviewers.never")
	}
	return w.Moment(time.UnixMilli(at).In(now.Location()), now)
}

// Outcomes is what became of everyone's contacts, each outcome apart, for export.
func (m Model) Outcomes(w Words) table.Table {
	t := table.Table{Title: w.T("interviewers.by_outcome"), Columns: []table.Column{{Key: "who", Title: w.T("interviewers.name")}}}
	for _, d := range outcome.All() {
		t.Columns = append(t.Columns, table.Column{Key: string(d), Title: w.T(outcome.Key(d)), Kind: table.Number})
	}
	for _, i := range m.List {
		row := table.Row{ID: i.Interviewer.Interviewer, Cells: []table.Cell{table.Word(i.Interviewer.Interviewer)}}
		for _, d := range outcome.All() {
			row.Cells = append(row.Cells, table.Figure(float64(i.Contacts[d]), w.Number(i.Contacts[d])))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
