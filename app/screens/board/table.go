package board

import (
	"slices"

	"parvis/internal/export/table"
)

// Table is the board as it is exported: for each cell and place what is done, of it today, what is wanted, out, open and waiting. Margins
// come after the study's own lines, marked as such: whoever adds up leaves them out.
func Table(w Words, m Model) table.Table {
	t := table.Table{Title: w.T("board.title"), Columns: []table.Column{
		{Key: "cell", Title: w.T("board.cell")}, {Key: "row", Title: w.T("board.row")}, {Key: "site", Title: w.T("board.site")},
		{Key: "done", Title: w.T("board.done"), Kind: table.Number}, {Key: "today", Title: w.T("steer.today"), Kind: table.Number},
		{Key: "target", Title: w.T("board.target"), Kind: table.Number}, {Key: "leased", Title: w.T("steer.leased"), Kind: table.Number},
		{Key: "open", Title: w.T("steer.left"), Kind: table.Number}, {Key: "provisional", Title: w.T("steer.provisional"), Kind: table.Number},
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
			figure(c.Leased, c.Known), figure(c.Left, c.Known), figure(c.Provisional, c.Known),
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
