package board

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Clock(t time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Model Model
	Words Words
	Class look.Class
	// Narrow: a pane takes part of the window.
	Narrow bool
	// From is the first site shown where not all fit; OnFrom shows others.
	From   int
	OnFrom func(first int)
	// OnChoose shows the board in another way; nil where there is no choice.
	OnChoose func(Choice)
	// OnOpen opens a line, by its key; nil where lines only show. OnUndo takes a decision back that no line is left for.
	OnOpen func(key string)
	OnUndo func(id string)
}

// NewView makes what stands below the page's header.
func NewView(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	body := p.dropped()
	if len(p.Model.Lines) == 0 {
		body = append(body, kit.NewEmptyState(w.T("board.none"), w.T("board.none_do"), "", nil))
		return body
	}
	if chips := p.choices(); chips != nil {
		body = append(body, chips)
	}
	if chips := p.windows(); chips != nil && !p.gridded() {
		body = append(body, chips)
	}
	legend := []fyne.CanvasObject{kit.NewText(look.Caption, w.T("board.legend_done")), kit.NewText(look.Caption, w.T("board.legend_open"))}
	if p.Model.Enforced {
		legend = slices.Insert(legend, 1, fyne.CanvasObject(kit.NewText(look.Caption, w.T("board.legend_leased"))))
	} else {
		legend = append(legend, kit.NewText(look.Caption, w.T("board.counted")))
	}
	if p.gridded() {
		body = append(body, p.grids()...)
	} else {
		body = append(body, p.table(p.Model.Lines))
		body = append(body, p.margins()...)
	}
	body = append(body, kit.Flow(legend...))
	if p.OnOpen != nil {
		body = append(body, kit.NewText(look.Caption, w.T("board.tap_to_steer")))
	}
	return body
}

// Summary is the line under the study's name.
func Summary(w Words, m Model) string {
	said := w.N("board.total", m.Done)
	if all, ok := m.ofWave(); ok {
		said = w.T("board.done_of", "done", all.Whole.Done, "target", all.Whole.Target)
	} else if m.Target > 0 {
		said = w.T("board.done_of", "done", m.Done, "target", m.Target)
	}
	if len(m.Lines) > 0 {
		said += ", " + w.T("board.over_quota", "over", m.Over)
	}
	return said
}

// fits is how many sites are shown beside each other.
func (p ViewParams) fits() int {
	switch {
	case p.Class == look.Phone, p.Class == look.Tablet && p.Narrow:
		return 1
	case p.Class == look.Laptop && p.Narrow:
		return 2
	case p.Class == look.Tablet:
		return 3
	}
	return 5
}

// shown are the first and the last but one site in sight.
func (p ViewParams) shown() (from, to int) {
	n := p.fits()
	from = min(max(p.From, 0), max(len(p.Model.Places)-1, 0)) / n * n
	return from, min(from+n, len(p.Model.Places))
}

// windows are chips for the groups of sites, where they do not fit beside each other; nil where they do.
func (p ViewParams) windows() fyne.CanvasObject {
	n := p.fits()
	if len(p.Model.Places) <= n {
		return nil
	}
	here, _ := p.shown()
	var chips []fyne.CanvasObject
	for first := 0; first < len(p.Model.Places); first += n {
		last := min(first+n, len(p.Model.Places)) - 1
		label := p.place(first)
		if last > first {
			label += " … " + p.place(last)
		}
		chip := kit.NewChip(label, kit.Plain, func() { p.OnFrom(first) })
		chip.SetChosen(first == here)
		chips = append(chips, chip)
	}
	return kit.Flow(chips...)
}

func (p ViewParams) place(i int) string {
	return p.Model.Places[i].Label.In(p.Words.Lang(), "")
}

// choices are chips for how the board is shown.
func (p ViewParams) choices() fyne.CanvasObject {
	if p.OnChoose == nil {
		return nil
	}
	w, as := p.Words, p.Model.Choice
	var chips []fyne.CanvasObject
	chip := func(label string, chosen bool, then func(*Choice)) {
		to := as
		then(&to)
		c := kit.NewChip(label, kit.Plain, func() { p.OnChoose(to) })
		c.SetChosen(chosen)
		chips = append(chips, c)
	}
	if len(p.Model.Waves) == 0 {
		chip(w.T("board.so_far"), !as.Today, func(c *Choice) { c.Today = false })
	}
	for _, wave := range p.Model.Waves[max(len(p.Model.Waves)-mostWaves, 0):] {
		chip(wave.Label.In(w.Lang(), ""), !as.Today && wave.Name == p.Model.Wave, func(c *Choice) { c.Today, c.Wave = false, wave.Name })
	}
	chip(w.T("steer.today"), as.Today, func(c *Choice) { c.Today, c.Wave = true, "" })
	if p.Model.HasRegions {
		chip(w.T("board.sites"), !as.Regions, func(c *Choice) { c.Regions, c.Place = false, "" })
		chip(w.T("board.regions"), as.Regions, func(c *Choice) { c.Regions, c.Place = true, "" })
	}
	if p.griddable() {
		chip(w.T("board.as_lines"), !as.Grid, func(c *Choice) { c.Grid = false })
		chip(w.T("board.as_grid"), as.Grid, func(c *Choice) { c.Grid = true })
	}
	return kit.Flow(chips...)
}

// table is one row for each line.
func (p ViewParams) table(lines []Line) fyne.CanvasObject {
	w := p.Words
	from, to := p.shown()
	columns := []kit.TableColumn{{Title: "", Weight: 0.7}}
	for i := from; i < to; i++ {
		columns = append(columns, kit.TableColumn{Title: p.place(i)})
	}
	whole := len(p.Model.Places) > 1
	if whole {
		columns = append(columns, kit.TableColumn{Title: w.T("board.whole_study")})
	}
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for _, l := range lines {
		cells := []kit.TableCell{{Text: p.Model.short(w, l), Strong: true}}
		for i := from; i < to; i++ {
			cells = append(cells, p.cell(l.ByPlace[i]))
		}
		if whole {
			cells = append(cells, p.cell(l.Whole))
		}
		row := kit.TableRow{Name: l.Name(w), Cells: cells}
		if p.OnOpen != nil {
			row.OnTap = func() { p.OnOpen(l.Key) }
		}
		rows = append(rows, row)
	}
	table.SetRows(rows...)
	return table
}

func (p ViewParams) cell(c Count) kit.TableCell {
	w := p.Words
	switch {
	case p.Model.Today:
		return kit.TableCell{Text: w.Number(c.Today), Strong: true}
	case c.Open:
		return kit.TableCell{Text: w.Number(c.Done), Strong: true}
	}
	return kit.TableCell{Object: p.bar(c)}
}

// bar shows as done what counts towards the target: of several quotas that are added up, what one has too many fills no other.
func (p ViewParams) bar(c Count) fyne.CanvasObject {
	w := p.Words
	state := kit.CellState{Done: c.Done, Leased: c.Leased, Target: c.Target, Figure: w.T("board.figure", "done", c.Done, "target", c.Target), Right: fills(w, c)}
	if c.Missing > 0 {
		state.Done = c.Target - c.Missing
	}
	if state.Right == "" {
		state.Right = w.T("board.left", "left", c.Missing)
	}
	state.Note = p.note(c)
	return kit.NewCellBar(state)
}

// note says what a bar cannot: rights out and open, what goes on of those out, what waits.
func (p ViewParams) note(c Count) string {
	w := p.Words
	var said []string
	if c.Known && !c.Full() {
		said = append(said, w.T("board.leased_open", "leased", c.Leased, "open", c.Left))
	}
	if c.Busy > 0 {
		said = append(said, w.N("board.busy", c.Busy))
	}
	if c.Provisional > 0 {
		said = append(said, w.N("board.provisional", c.Provisional))
	}
	if c.Pending {
		said = append(said, w.T("board.unsent"))
	}
	return strings.Join(said, ", ")
}

// BySite is a table of what became of interviews at each site.
func BySite(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	columns := []kit.TableColumn{{Title: w.T("board.site"), Weight: 2}}
	for _, d := range outcomes() {
		columns = append(columns, kit.TableColumn{Title: w.T(outcome.Key(d)), Number: true})
	}
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for _, s := range p.Model.Sites {
		cells := []kit.TableCell{{Text: s.Label.In(w.Lang(), ""), Strong: true}}
		for _, d := range outcomes() {
			cells = append(cells, kit.TableCell{Text: w.Number(s.Outcomes[d])})
		}
		rows = append(rows, kit.TableRow{Cells: cells})
	}
	table.SetRows(rows...)
	return []fyne.CanvasObject{kit.NewText(look.Heading, w.T("board.by_site")), table}
}
