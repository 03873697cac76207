package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// TableColumn is one column of a table.
type TableColumn struct {
	Title  string
	Weight float32 // share of the width left over; 1 if zero
	Number bool    // figures stand at the right
	Order  Order   // how the rows stand by it
	OnTap  func()  // sorts by it; nil: it only names
}

// TableCell is words, or an object such as a CellBar.
type TableCell struct {
	Text   string
	Strong bool
	Ink    look.ColorName // empty: text
	Object fyne.CanvasObject
}

// TableRow is one row of a table.
type TableRow struct {
	Name  string // accessible name of a row that can be tapped
	Cells []TableCell
	OnTap func() // nil: the row only shows
}

// Table is quiet: a header, rows, thin rules, on a card. All rows are drawn, so
// it is for boards of up to some hundred rows; longer lists use List.
type Table struct {
	core
	box     *canvas.Rectangle
	columns []TableColumn
	heads   []*tableHead
	rule    *canvas.Rectangle
	rows    []*tableRow
}

// NewTable returns a table without rows.
func NewTable(columns ...TableColumn) *Table {
	t := &Table{box: &canvas.Rectangle{}, rule: &canvas.Rectangle{}}
	t.extend(t)
	t.setColumns(columns)
	return t
}

// SetColumns replaces the columns.
func (t *Table) SetColumns(columns ...TableColumn) {
	t.setColumns(columns)
	t.Refresh()
}

func (t *Table) setColumns(columns []TableColumn) {
	t.columns = columns
	t.heads = make([]*tableHead, len(columns))
	for i, c := range columns {
		t.heads[i] = newTableHead(c)
	}
}

// SetRows replaces the rows.
func (t *Table) SetRows(rows ...TableRow) {
	t.rows = t.rows[:0]
	for _, r := range rows {
		t.rows = append(t.rows, newTableRow(t, r))
	}
	t.Refresh()
}

func sideOf(c TableColumn) fyne.TextAlign {
	if c.Number {
		return fyne.TextAlignTrailing
	}
	return fyne.TextAlignLeading
}

const tableGap float32 = 24 // between columns

// widths gives every column what its longest word needs, text columns up to
// what they like, and shares what is left by weight.
func (t *Table) widths(width float32) []float32 {
	th := t.themeOf()
	n := len(t.columns)
	least, like := make([]float32, n), make([]float32, n)
	for i := range t.columns {
		least[i], like[i] = t.heads[i].longest(th), t.heads[i].natural(th)
		for _, r := range t.rows {
			l, k := r.wants(i, th)
			least[i], like[i] = max(least[i], l), max(like[i], k)
		}
	}
	room := width - 2*look.Padding - float32(n-1)*tableGap
	return share(t.columns, least, like, room)
}

// share gives every column its weight's part of the room; columns that like
// more than their part take it first, and where not all fit, all give way
// between what they like and what they need.
func share(columns []TableColumn, least, like []float32, room float32) []float32 {
	var sumLeast, sumLike float32
	for i := range columns {
		sumLeast += least[i]
		sumLike += like[i]
	}
	if sumLike <= room {
		return shareFreely(columns, like, room)
	}
	out := make([]float32, len(columns))
	for i := range columns {
		out[i] = least[i] * room / max(sumLeast, 1)
		if sumLeast <= room {
			out[i] = least[i] + (like[i]-least[i])*(room-sumLeast)/max(sumLike-sumLeast, 1)
		}
	}
	return out
}

func shareFreely(columns []TableColumn, like []float32, room float32) []float32 {
	out := make([]float32, len(columns))
	fixed := make([]bool, len(columns))
	for changed := true; changed; {
		changed = false
		rest, weights := room, float32(0)
		for i, c := range columns {
			if fixed[i] {
				rest -= like[i]
			} else {
				weights += weightOf(c)
			}
		}
		for i, c := range columns {
			if fixed[i] {
				continue
			}
			out[i] = rest * weightOf(c) / max(weights, 1e-6)
			if out[i] < like[i] {
				out[i], fixed[i], changed = like[i], true, true
			}
		}
	}
	return out
}

func weightOf(c TableColumn) float32 {
	if c.Weight == 0 {
		return 1
	}
	return c.Weight
}

func (t *Table) headHeight(widths []float32) float32 {
	var h float32
	for i := range t.heads {
		h = max(h, t.heads[i].HeightFor(widths[i]))
	}
	return h
}

// HeightFor implements Flowing.
func (t *Table) HeightFor(width float32) float32 {
	t.remember(width)
	widths := t.widths(width)
	h := t.headHeight(widths)
	for _, r := range t.rows {
		h += r.heightAt(widths)
	}
	return h + look.Tight
}

func (t *Table) leastWidth() float32 { return 240 }

func (t *Table) paint(th look.Theme) {
	shape(t.box, th, look.Surface, look.Line, th.LineWidth(), look.RadiusCard)
	shape(t.rule, th, look.Line, look.Line, 0, 0)
}

func (t *Table) place(size fyne.Size) {
	put(t.box, 0, 0, size.Width, size.Height)
	widths := t.widths(size.Width)
	x, head := look.Padding, t.headHeight(widths)
	for i := range t.heads {
		put(t.heads[i], x, 0, widths[i], head)
		x += widths[i] + tableGap
	}
	put(t.rule, look.Padding, head-1, size.Width-2*look.Padding, 1)
	y := head
	for i, r := range t.rows {
		h := r.heightAt(widths)
		r.columns, r.last = widths, i == len(t.rows)-1
		put(r, 0, y, size.Width, h)
		r.place(r.Size())
		y += h
	}
}

func (t *Table) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{t.box, t.rule}
	for _, h := range t.heads {
		o = append(o, h)
	}
	for _, r := range t.rows {
		o = append(o, r)
	}
	return o
}
