package board

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/quota"
)

// mostWaves is how many waves can be chosen, the latest.
const mostWaves = 6

// mostAcross is how many columns a grid has beside its totals.
func (p ViewParams) mostAcross() int {
	switch {
	case p.Class == look.Phone, p.Class == look.Tablet && p.Narrow:
		return 0
	case p.Class == look.Tablet, p.Narrow:
		return 3
	}
	return 6
}

// fitting are the grids that can stand as rows and columns here.
func (p ViewParams) fitting() (list []Grid) {
	for _, g := range p.Model.Grids {
		if across, two := g.Two(); two && len(g.Axes[across].Values) <= p.mostAcross() {
			list = append(list, g)
		}
	}
	return list
}

func (p ViewParams) griddable() bool { return len(p.fitting()) > 0 }

func (p ViewParams) gridded() bool { return p.Model.Choice.Grid && p.griddable() }

// margins are the sums over the study's own lines, grouped by what they go over.
func (p ViewParams) margins() (body []fyne.CanvasObject) {
	for _, g := range p.Model.Grids {
		added := g.Added()
		if len(added) == 0 {
			continue
		}
		body = append(body, kit.NewText(look.Heading, p.title(g)))
		var lines []Line
		for i, s := range added {
			if i > 0 && over(s) != over(added[i-1]) {
				body, lines = append(body, p.table(lines)), nil
			}
			lines = append(lines, s.Line)
		}
		body = append(body, p.table(lines))
	}
	return body
}

// over is the axis a margin has a value of; quota.All for that of everybody.
func over(s Sum) int {
	for i, v := range s.Values {
		if v != quota.All {
			return i
		}
	}
	return quota.All
}

// title names a grid by its dimensions.
func (p ViewParams) title(g Grid) string {
	var names []string
	for _, a := range g.Axes {
		names = append(names, p.axis(a))
	}
	return g.Like.during(p.Words, strings.Join(names, " × "))
}

// axis names a dimension by its question: what is asked is too long for a heading.
func (p ViewParams) axis(a quota.Axis) string {
	first, size := utf8.DecodeRuneInString(a.Question)
	return string(unicode.ToUpper(first)) + strings.ReplaceAll(a.Question[size:], "_", " ")
}

// grids are rows and columns of one place, with totals at the right and at the bottom.
func (p ViewParams) grids() (body []fyne.CanvasObject) {
	w, m := p.Words, p.Model
	if len(m.Places) > 1 {
		chips := []fyne.CanvasObject{p.placeChip("", w.T("board.whole_study"))}
		for _, place := range m.Places {
			chips = append(chips, p.placeChip(place.Name, place.Label.In(w.Lang(), "")))
		}
		body = append(body, kit.Flow(chips...))
	}
	for _, g := range p.fitting() {
		body = append(body, kit.NewText(look.Heading, p.title(g)), p.grid(g))
	}
	return append(body, p.beside()...)
}

// beside are the lines that stand in none of the grids shown.
func (p ViewParams) beside() []fyne.CanvasObject {
	in := map[string]bool{}
	for _, g := range p.fitting() {
		for _, list := range [][]Sum{g.Cells, g.Margins} {
			for _, s := range list {
				in[s.Opens] = true
			}
		}
	}
	var lines []Line
	for _, l := range p.Model.Lines {
		if !in[l.Key] {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []fyne.CanvasObject{kit.NewText(look.Heading, p.Words.T("board.beside")), p.table(lines)}
}

func (p ViewParams) placeChip(name, label string) fyne.CanvasObject {
	to := p.Model.Choice
	to.Place = name
	c := kit.NewChip(label, kit.Plain, func() { p.OnChoose(to) })
	c.SetChosen(p.Model.Place == name)
	return c
}

func (p ViewParams) grid(g Grid) fyne.CanvasObject {
	w := p.Words
	across, _ := g.Two()
	down := 1 - across
	columns := []kit.TableColumn{{Title: p.axis(g.Axes[down]), Weight: 0.7}}
	for _, v := range g.Axes[across].Values {
		columns = append(columns, kit.TableColumn{Title: v.Label.In(w.Lang(), "")})
	}
	columns = append(columns, kit.TableColumn{Title: w.T("board.sum")})
	table := kit.NewTable(columns...)
	var rows []kit.TableRow
	for row := range len(g.Axes[down].Values) + 1 {
		values := []int{quota.All, quota.All}
		name := w.T("board.sum")
		if row < len(g.Axes[down].Values) {
			values[down], name = row, g.Axes[down].Values[row].Label.In(w.Lang(), "")
		}
		cells := []kit.TableCell{{Text: name, Strong: true}}
		for column := range g.Axes[across].Values {
			values[across] = column
			cells = append(cells, p.gridCell(g, values))
		}
		values[across] = quota.All
		rows = append(rows, kit.TableRow{Name: name, Cells: append(cells, p.gridCell(g, values))})
	}
	table.SetRows(rows...)
	return table
}

// gridCell is one cell or margin at the place shown; tapped, it opens the line of it.
func (p ViewParams) gridCell(g Grid, values []int) kit.TableCell {
	s, there := g.At(values...)
	if !there {
		return kit.TableCell{Text: "–"}
	}
	cell := p.cell(p.shownOf(s.Line))
	if p.OnOpen == nil {
		return cell
	}
	key := s.Opens
	if key == "" {
		key = s.Key
	}
	if cell.Object == nil {
		cell.Object = kit.NewText(look.Strong, cell.Text)
	}
	return kit.TableCell{Object: kit.NewTapCell(s.Name(p.Words), cell.Object, func() { p.OnOpen(key) })}
}

// shownOf is a line's count at the place shown.
func (p ViewParams) shownOf(l Line) Count {
	for i, place := range p.Model.Places {
		if place.Name == p.Model.Place {
			return l.ByPlace[i]
		}
	}
	return l.Whole
}
