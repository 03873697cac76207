package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// PadMini is the small pad of the strip: it shows the last mark, and a tap
// opens the sheet.
type PadMini struct {
	press
	name  string
	mark  *Mark
	cells [5][5]*canvas.Rectangle
}

// NewPadMini returns a small pad; name is what a tap does, in words.
func NewPadMini(name string, mark *Mark, onTap func()) *PadMini {
	d := &PadMini{name: name, mark: mark}
	for row := range d.cells {
		for col := range d.cells[row] {
			d.cells[row][col] = &canvas.Rectangle{}
		}
	}
	d.onTap = onTap
	d.extend(d)
	return d
}

// SetMark shows a mark, or none for nil.
func (d *PadMini) SetMark(m *Mark) { d.mark = m; d.Refresh() }

// AccessibleName implements Named.
func (d *PadMini) AccessibleName() string { return d.name }

// HeightFor implements Flowing.
func (d *PadMini) HeightFor(float32) float32 { return look.Target }
func (d *PadMini) leastWidth() float32       { return look.Target }

func (d *PadMini) paint(t look.Theme) {
	for row := range d.cells {
		for col, c := range d.cells[row] {
			fill, width := d.quiet(), float32(0)
			if t.Variant() == look.Sunlight {
				width = 1
			}
			if d.mark != nil && *d.mark == (Mark{Valence: col - PadRange, Energy: PadRange - row}) {
				fill = look.Accent
			}
			shape(c, t, fill, look.Line, width, 2)
		}
	}
}

func (d *PadMini) place(size fyne.Size) {
	const cell, gap = 8, 2
	left, top := (size.Width-5*cell-4*gap)/2, (size.Height-5*cell-4*gap)/2
	for row := range d.cells {
		for col, c := range d.cells[row] {
			x, y, side := left+float32(col)*(cell+gap), top+float32(row)*(cell+gap), float32(cell)
			if d.mark != nil && *d.mark == (Mark{Valence: col - PadRange, Energy: PadRange - row}) {
				x, y, side = x-1, y-1, side+2
			}
			put(c, x, y, side, side)
		}
	}
	d.placeRing(size, 6)
}

func (d *PadMini) parts() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, 0, 26)
	for _, row := range d.cells {
		for _, c := range row {
			o = append(o, c)
		}
	}
	return d.ringed(o)
}
