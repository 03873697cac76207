package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// tableRow draws one row with the widths its table gives it.
type tableRow struct {
	press
	name    string
	cells   []TableCell
	texts   []paragraph
	columns []float32
	last    bool
	ground  *canvas.Rectangle
	rule    *canvas.Rectangle
}

func newTableRow(t *Table, r TableRow) *tableRow {
	row := &tableRow{name: r.Name, ground: &canvas.Rectangle{}, rule: &canvas.Rectangle{}}
	row.cells = r.Cells[:min(len(r.Cells), len(t.columns))]
	row.texts = make([]paragraph, len(row.cells))
	for i, c := range row.cells {
		row.texts[i] = paragraph{text: c.Text, role: look.Label, bold: c.Strong, ink: c.Ink, align: sideOf(t.columns[i])}
	}
	row.onTap = r.OnTap
	row.disabled = r.OnTap == nil
	row.extend(row)
	return row
}

// AccessibleName implements Named.
func (r *tableRow) AccessibleName() string {
	if r.name == "" && len(r.cells) > 0 {
		return r.cells[0].Text
	}
	return r.name
}

// wants tells the least and the liked width of a cell.
func (r *tableRow) wants(i int, t look.Theme) (least, like float32) {
	if i >= len(r.cells) {
		return 0, 0
	}
	if o := r.cells[i].Object; o != nil {
		return o.MinSize().Width, natural(o)
	}
	return r.texts[i].longest(t), r.texts[i].natural(t)
}

func (r *tableRow) heightAt(widths []float32) float32 {
	high, pad := float32(0), look.Gap
	for i := range r.cells {
		high = max(high, r.cellHeight(i, widths[i]))
	}
	return max(look.Target, high+2*pad)
}

func (r *tableRow) cellHeight(i int, width float32) float32 {
	if o := r.cells[i].Object; o != nil {
		return HeightFor(o, width)
	}
	return r.texts[i].heightFor(r.themeOf(), width)
}

func (r *tableRow) HeightFor(float32) float32 {
	if r.columns == nil {
		return look.Target
	}
	return r.heightAt(r.columns)
}

func (r *tableRow) leastWidth() float32 { return 0 }

func (r *tableRow) paint(t look.Theme) {
	shape(r.rule, t, look.Line, look.Line, 0, 0)
	shape(r.ground, t, look.Control, look.Control, 0, look.RadiusButton)
	if r.onTap == nil || !r.active() {
		r.ground.FillColor = nil
	}
}

func (r *tableRow) place(size fyne.Size) {
	t := r.themeOf()
	put(r.ground, look.Tight, 2, size.Width-look.Padding, size.Height-4)
	put(r.rule, look.Padding, size.Height-1, size.Width-2*look.Padding, 1)
	r.rule.Hidden = r.last
	x := look.Padding
	for i := range r.cells {
		if i >= len(r.columns) {
			break
		}
		w := r.columns[i]
		h := r.cellHeight(i, w)
		y := (size.Height - h) / 2
		if o := r.cells[i].Object; o != nil {
			put(o, x, y, w, h)
		} else {
			r.texts[i].place(t, x, y, w)
		}
		x += w + tableGap
	}
	r.placeRing(size, look.RadiusButton)
}

func (r *tableRow) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.ground, r.rule}
	for i := range r.cells {
		if c := r.cells[i].Object; c != nil {
			o = append(o, c)
			continue
		}
		o = r.texts[i].objects(o)
	}
	return r.ringed(o)
}
