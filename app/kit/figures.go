package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Count is a figure and what it counts: "42" "asked".
type Count struct{ Value, Label string }

// FigureRow is a card with a few figures beside each other; where they do not
// fit on one line each has its own.
type FigureRow struct {
	core
	box    *canvas.Rectangle
	values []paragraph
	labels []paragraph
}

// NewFigureRow returns a row of figures.
func NewFigureRow(counts ...Count) *FigureRow {
	f := &FigureRow{box: &canvas.Rectangle{}}
	f.extend(f)
	f.set(counts)
	return f
}

// Set shows other figures.
func (f *FigureRow) Set(counts ...Count) {
	f.set(counts)
	f.Refresh()
}

func (f *FigureRow) set(counts []Count) {
	if len(counts) != len(f.values) {
		f.values, f.labels = make([]paragraph, len(counts)), make([]paragraph, len(counts))
	}
	for i, c := range counts {
		f.values[i].text, f.values[i].role = c.Value, look.Strong
		f.labels[i].text, f.labels[i].role = c.Label, look.Hint
	}
}

const figureSpace float32 = 5 // between a figure and its words

func (f *FigureRow) pair(t look.Theme, i int) float32 {
	return f.values[i].natural(t) + figureSpace + f.labels[i].natural(t)
}

func (f *FigureRow) total(t look.Theme) float32 {
	var w float32
	for i := range f.values {
		w += f.pair(t, i)
	}
	return w
}

func (f *FigureRow) oneLine(t look.Theme, width float32) bool {
	return f.total(t)+float32(len(f.values)-1)*look.Tight <= width-2*look.Padding
}

func (f *FigureRow) line(t look.Theme) float32 {
	return measure("Ég", t.Type(look.Strong)).Height
}

// HeightFor implements Flowing.
func (f *FigureRow) HeightFor(width float32) float32 {
	f.remember(width)
	t := f.themeOf()
	if f.oneLine(t, width) {
		return max(look.Target, f.line(t)+2*look.Gap)
	}
	return float32(len(f.values))*f.line(t) + 2*look.Gap
}

func (f *FigureRow) leastWidth() float32 {
	var w float32
	for i := range f.values {
		w = max(w, f.pair(f.themeOf(), i))
	}
	return w + 2*look.Padding
}

func (f *FigureRow) paint(t look.Theme) {
	shape(f.box, t, look.Surface, look.Line, t.LineWidth(), look.RadiusCard)
}

func (f *FigureRow) place(size fyne.Size) {
	t := f.themeOf()
	put(f.box, 0, 0, size.Width, size.Height)
	x, y, line := look.Padding, look.Gap, f.line(t)
	one := f.oneLine(t, size.Width)
	var gap float32
	if one {
		y = (size.Height - line) / 2
		gap = (size.Width - 2*look.Padding - f.total(t)) / float32(max(len(f.values)-1, 1))
	}
	for i := range f.values {
		w := f.values[i].natural(t)
		f.values[i].place(t, x, y, w)
		// Both stand on one base line: the smaller words begin lower.
		small := f.labels[i].heightFor(t, unbounded)
		f.labels[i].place(t, x+w+figureSpace, y+(line-small)*0.78, f.labels[i].natural(t))
		if one {
			x += f.pair(t, i) + gap
		} else {
			y += line
		}
	}
}

func (f *FigureRow) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{f.box}
	for i := range f.values {
		o = f.labels[i].objects(f.values[i].objects(o))
	}
	return o
}
