package board

import "parvis/internal/export/table"

// Table is the board as it is exported: for each cell and site what is done and what is wanted.
func Table(w Words, m Model) table.Table {
	t := table.Table{Title: w.T("board.title"), Columns: []table.Column{
		{Key: "cell", Title: w.T("board.cell")}, {Key: "site", Title: w.T("board.site")},
		{Key: "done", Title: w.T("board.done"), Kind: table.Number}, {Key: "target", Title: w.T("board.target"), Kind: table.Number},
	}}
	add := func(l Line, site string, c Count) {
		target := table.None()
		if !c.Open {
			target = table.Figure(float64(c.Target), w.Number(c.Target))
		}
		t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{
			table.Word(l.Label.In(w.Lang(), "")), table.Word(site), table.Figure(float64(c.Done), w.Number(c.Done)), target,
		}})
	}
	for _, l := range m.Lines {
		for n, s := range m.Sites {
			add(l, s.Label.In(w.Lang(), s.Name), l.BySite[n])
		}
		add(l, w.T("board.whole_study"), l.Whole)
	}
	return t
}
