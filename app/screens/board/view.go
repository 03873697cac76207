package board

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	// From is the first site shown where not all fit; OnFrom shows others.
	From   int
	OnFrom func(first int)
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	if len(p.Model.Lines) == 0 {
		return append([]fyne.CanvasObject{kit.NewEmptyState(w.T("board.none"), w.T("board.none_do"), "", nil)}, p.bySite()...)
	}
	var body []fyne.CanvasObject
	if chips := p.windows(); chips != nil {
		body = append(body, chips)
	}
	body = append(body, p.table(), kit.Flow(
		kit.NewText(look.Caption, w.T("board.legend_done")), kit.NewText(look.Caption, w.T("board.legend_open")),
		kit.NewText(look.Caption, w.T("board.counted")),
	))
	return append(body, p.bySite()...)
}

// Summary is the line under the study's name.
func Summary(w Words, m Model) string {
	said := w.N("board.total", m.Done)
	if m.Target > 0 {
		said = w.T("board.done_of", "done", m.Done, "target", m.Target)
	}
	if len(m.Lines) > 0 {
		said += ", " + w.T("board.over_quota", "over", m.Over)
	}
	return said
}

// fits is how many sites a window of a class shows beside each other.
func fits(c look.Class) int {
	switch c {
	case look.Phone:
		return 1
	case look.Tablet:
		return 3
	}
	return 5
}

// shown are the first and the last but one site in sight.
func (p ViewParams) shown() (from, to int) {
	n := fits(p.Class)
	from = min(max(p.From, 0), max(len(p.Model.Sites)-1, 0)) / n * n
	return from, min(from+n, len(p.Model.Sites))
}

// windows are chips for the groups of sites, where they do not fit beside each other; nil where they do.
func (p ViewParams) windows() fyne.CanvasObject {
	n := fits(p.Class)
	if len(p.Model.Sites) <= n {
		return nil
	}
	here, _ := p.shown()
	var chips []fyne.CanvasObject
	for first := 0; first < len(p.Model.Sites); first += n {
		last := min(first+n, len(p.Model.Sites)) - 1
		label := p.site(first)
		if last > first {
			label += " … " + p.site(last)
		}
		chip := kit.NewChip(label, kit.Plain, func() { p.OnFrom(first) })
		chip.SetChosen(first == here)
		chips = append(chips, chip)
	}
	return kit.Flow(chips...)
}

func (p ViewParams) site(i int) string { return p.Model.Sites[i].Label.In(p.Words.Lang(), "") }

func (p ViewParams) table() fyne.CanvasObject {
	w := p.Words
	from, to := p.shown()
	columns := []kit.TableColumn{{Title: "", Weight: 0.7}}
	for i := from; i < to; i++ {
		columns = append(columns, kit.TableColumn{Title: p.site(i)})
	}
	whole := len(p.Model.Sites) > 1
	if whole {
		columns = append(columns, kit.TableColumn{Title: w.T("board.whole_study")})
	}
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for _, l := range p.Model.Lines {
		cells := []kit.TableCell{{Text: l.Label.In(w.Lang(), ""), Strong: true}}
		for i := from; i < to; i++ {
			cells = append(cells, p.cell(l.BySite[i]))
		}
		if whole {
			cells = append(cells, p.cell(l.Whole))
		}
		rows = append(rows, kit.TableRow{Cells: cells})
	}
	table.SetRows(rows...)
	return table
}

func (p ViewParams) cell(c Count) kit.TableCell {
	w := p.Words
	if c.Open {
		return kit.TableCell{Text: w.Number(c.Done), Strong: true}
	}
	state := kit.CellState{Done: c.Done, Target: c.Target, Figure: w.T("board.figure", "done", c.Done, "target", c.Target)}
	state.Right = w.T("board.left", "left", max(c.Target-c.Done, 0))
	if c.Full() {
		state.Right = w.T("board.full")
	}
	return kit.TableCell{Object: kit.NewCellBar(state)}
}

// bySite is a table of what became of interviews at each site.
func (p ViewParams) bySite() []fyne.CanvasObject {
	w := p.Words
	outcomes := []interview.Disposition{interview.Complete, interview.Partial, interview.BrokeOff, interview.ScreenedOut}
	columns := []kit.TableColumn{{Title: w.T("board.site"), Weight: 2}}
	for _, d := range outcomes {
		columns = append(columns, kit.TableColumn{Title: w.T(outcome.Key(d)), Number: true})
	}
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for i, s := range p.Model.Sites {
		cells := []kit.TableCell{{Text: p.site(i), Strong: true}}
		for _, d := range outcomes {
			cells = append(cells, kit.TableCell{Text: w.Number(s.Outcomes[d])})
		}
		rows = append(rows, kit.TableRow{Cells: cells})
	}
	table.SetRows(rows...)
	return []fyne.CanvasObject{kit.NewText(look.Heading, w.T("board.by_site")), table}
}
