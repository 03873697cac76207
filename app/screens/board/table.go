package board

import (
	"slices"
	"strings"

	"parvis/app/screens/outcome"
	"parvis/internal/export/table"
	"parvis/internal/interview"
)

// Table is the board as it is exported: for each cell and place what is done, of it today, what is wanted, out, going on, open and waiting. Margins
// come after the study's own lines, marked as such: whoever adds up leaves them out.
func Table(w Words, m Model) table.Table {
	t := table.Table{Title: w.T("board.title"), Columns: []table.Column{
		{Key: "cell", Title: w.T("board.cell")}, {Key: "row", Title: w.T("board.row")}, {Key: "site", Title: w.T("board.site")},
		{Key: "done", Title: w.T("board.done"), Kind: table.Number}, {Key: "today", Title: w.T("steer.today"), Kind: table.Number},
		{Key: "target", Title: w.T("board.target"), Kind: table.Number}, {Key: "leased", Title: w.T("steer.leased"), Kind: table.Number},
		{Key: "busy", Title: w.T("steer.busy"), Kind: table.Number}, {Key: "open", Title: w.T("steer.left"), Kind: table.Number}, {Key: "provisional", Title: w.T("steer.provisional"), Kind: table.Number},
	}}
	figure := func(n int, known bool) table.Cell {
		if !known {
			return table.None()
		}
		return table.Figure(float64(n), w.Number(n))
	}
	add := func(l Line, site string, c Count) {
		row := "board.row_quota"
		if l.Margin {
			row = "board.row_margin"
		}
		t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{
			table.Word(l.Name(w)), table.Word(w.T(row)), table.Word(site), figure(c.Done, true), figure(c.Today, true), figure(c.Target, !c.Open),
			figure(c.Leased, c.Known), figure(c.Busy, c.Known), figure(c.Left, c.Known), figure(c.Provisional, c.Known),
		}})
	}
	lines := m.Lines
	for _, g := range m.Grids {
		for _, s := range g.Added() {
			lines = append(slices.Clip(lines), s.Line)
		}
	}
	for _, l := range lines {
		for n, place := range m.Places {
			add(l, place.Label.In(w.Lang(), ""), l.ByPlace[n])
		}
		add(l, w.T("board.whole_study"), l.Whole)
	}
	return t
}

// outcomes are those that the board tells of each site.
func outcomes() []interview.Disposition {
	return []interview.Disposition{interview.Complete, interview.Partial, interview.BrokeOff, interview.ScreenedOut}
}

// SitesTable is what became of interviews at each site, as it is exported.
func SitesTable(w Words, m Model) table.Table {
	t := table.Table{Title: w.T("board.by_site"), Columns: []table.Column{{Key: "site", Title: w.T("board.site")}}}
	for _, d := range outcomes() {
		key := outcome.Key(d)
		t.Columns = append(t.Columns, table.Column{Key: key[strings.LastIndex(key, ".")+1:], Title: w.T(key), Kind: table.Number})
	}
	for _, s := range m.Sites {
		cells := []table.Cell{table.Word(s.Label.In(w.Lang(), ""))}
		for _, d := range outcomes() {
			cells = append(cells, table.Figure(float64(s.Outcomes[d]), w.Number(s.Outcomes[d])))
		}
		t.Rows = append(t.Rows, table.Row{Cells: cells})
	}
	return t
}
