package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// ChartMark is one thing drawn in a chart. Places are 0 to 1 of the plot, from
// the left and from the bottom; in a chart of rows Y is left out.
type ChartMark struct {
	Shape          ChartShape
	Row            int // in a chart of rows, from the top
	X0, Y0, X1, Y1 float32
	Ink            look.ColorName
}

// ChartShape is how a mark is drawn: never by colour alone.
type ChartShape uint8

// The shapes.
const (
	ChartLine  ChartShape = iota // from (X0, Y0) to (X1, Y1)
	ChartDash                    // the same, thin
	ChartDot                     // at (X0, Y0)
	ChartRing                    // at (X0, Y0), hollow
	ChartBar                     // of a row, from X0 to X1
	ChartTick                    // of a row, at X0, high
	ChartShort                   // of a row, at X0, half as high
)

// ChartLabel is a word at an axis, At 0 to 1.
type ChartLabel struct {
	At   float32
	Text string
}

// ChartParams says what a chart shows. What it tells stands in a table beside
// it as well: a chart is a picture of that table.
type ChartParams struct {
	Name string // what it shows, in words
	// Rows are names at the left; without them YLabels stand there.
	Rows             []string
	XLabels, YLabels []ChartLabel
	Marks            []ChartMark
	Height           float32 // of the plot in dp, without rows; 200 if zero
}

// Chart draws lines, dots, bars and ticks on a card.
type Chart struct {
	core
	p          ChartParams
	box        *canvas.Rectangle
	rows, x, y []paragraph
	grid       []*canvas.Line
	marks      []fyne.CanvasObject
}

// NewChart returns a chart.
func NewChart(p ChartParams) *Chart {
	c := &Chart{p: p, box: &canvas.Rectangle{}}
	label := func(text string, align fyne.TextAlign) paragraph {
		return paragraph{text: text, role: look.Caption, align: align}
	}
	for _, r := range p.Rows {
		c.rows = append(c.rows, label(r, fyne.TextAlignLeading))
	}
	for _, l := range p.XLabels {
		c.x = append(c.x, label(l.Text, fyne.TextAlignCenter))
	}
	for _, l := range p.YLabels {
		c.y = append(c.y, label(l.Text, fyne.TextAlignTrailing))
	}
	for range len(p.XLabels) + len(p.YLabels) {
		c.grid = append(c.grid, &canvas.Line{})
	}
	for _, m := range p.Marks {
		switch m.Shape {
		case ChartLine, ChartDash, ChartTick, ChartShort:
			c.marks = append(c.marks, &canvas.Line{})
		case ChartDot, ChartRing:
			c.marks = append(c.marks, &canvas.Circle{})
		case ChartBar:
			c.marks = append(c.marks, &canvas.Rectangle{})
		}
	}
	c.extend(c)
	return c
}

// AccessibleName implements Named.
func (c *Chart) AccessibleName() string { return c.p.Name }

func (c *Chart) rowHigh() float32 {
	high := float32(0)
	for i := range c.rows {
		high = max(high, c.rows[i].heightFor(c.themeOf(), unbounded))
	}
	return high + 8
}

func (c *Chart) plotHigh() float32 {
	switch {
	case len(c.rows) > 0:
		return c.rowHigh() * float32(len(c.rows))
	case c.p.Height > 0:
		return c.p.Height
	}
	return 200
}

func (c *Chart) labelsWide() (wide float32) {
	for _, list := range [][]paragraph{c.rows, c.y} {
		for i := range list {
			wide = max(wide, list[i].natural(c.themeOf()))
		}
	}
	return wide + look.Gap
}

func (c *Chart) xHigh() (high float32) {
	for i := range c.x {
		high = max(high, c.x[i].heightFor(c.themeOf(), unbounded))
	}
	return high + look.Unit
}

// HeightFor implements Flowing.
func (c *Chart) HeightFor(width float32) float32 {
	c.remember(width)
	return c.plotHigh() + c.xHigh() + 2*look.Padding
}

func (c *Chart) leastWidth() float32 { return 240 }

func (c *Chart) paint(t look.Theme) {
	shape(c.box, t, look.Surface, look.Line, t.LineWidth(), look.RadiusCard)
	for _, l := range c.grid {
		l.StrokeColor, l.StrokeWidth = t.Ink(look.Line), 1
	}
	for i, m := range c.p.Marks {
		ink := m.Ink
		if ink == "" {
			ink = look.Primary
		}
		switch o := c.marks[i].(type) {
		case *canvas.Line:
			o.StrokeColor, o.StrokeWidth = t.Ink(ink), 2.5
			if m.Shape == ChartDash || m.Shape == ChartTick || m.Shape == ChartShort {
				o.StrokeWidth = 1.5
			}
		case *canvas.Circle:
			o.FillColor, o.StrokeColor, o.StrokeWidth = t.Ink(ink), t.Ink(ink), 2
			if m.Shape == ChartRing {
				o.FillColor = t.Ink(look.Surface)
			}
		case *canvas.Rectangle:
			shape(o, t, ink, look.Line, t.LineWidth(), 4)
		}
	}
}

const dot float32 = 5 // its radius

func (c *Chart) place(size fyne.Size) {
	t := c.themeOf()
	put(c.box, 0, 0, size.Width, size.Height)
	left, top, high := look.Padding+c.labelsWide(), look.Padding, c.plotHigh()
	wide := size.Width - left - look.Padding - 24 // room for half of the last label
	row := c.rowHigh()
	for i := range c.rows {
		c.rows[i].place(t, look.Padding, top+float32(i)*row+4, left)
	}
	edge := float32(-1 << 10)
	for i, l := range c.p.XLabels {
		x, half := left+l.At*wide, c.x[i].natural(t)/2
		vertical(c.grid[i], x, top, top+high)
		c.x[i].lines = c.x[i].lines[:0]
		from := max(look.Padding, min(x-half-2, size.Width-look.Padding-2*half-4)) // none stands out of the card
		if from > edge {                                                           // what would lie on the label before is left out
			c.x[i].place(t, from, top+high+look.Unit, 2*half+4)
			edge = from + 2*half + look.Gap
		}
	}
	for i, l := range c.p.YLabels {
		y := top + (1-l.At)*high
		g := c.grid[len(c.p.XLabels)+i]
		g.Position1, g.Position2 = fyne.NewPos(left, y), fyne.NewPos(left+wide, y)
		h := c.y[i].heightFor(t, left)
		c.y[i].place(t, look.Padding, y-h/2, left-look.Padding-look.Tight)
	}
	for i, m := range c.p.Marks {
		x0, x1 := left+m.X0*wide, left+m.X1*wide
		y0, y1 := top+(1-m.Y0)*high, top+(1-m.Y1)*high
		middle := top + (float32(m.Row)+0.5)*row
		if len(c.rows) > 0 {
			y0, y1 = middle, middle
		}
		switch m.Shape {
		case ChartLine, ChartDash:
			o := c.marks[i].(*canvas.Line)
			if len(c.rows) > 0 { // a line through all rows
				y0, y1 = top, top+high
			}
			o.Position1, o.Position2 = fyne.NewPos(x0, y0), fyne.NewPos(x1, y1)
		case ChartDot, ChartRing:
			put(c.marks[i], x0-dot, y0-dot, 2*dot, 2*dot)
		case ChartBar:
			put(c.marks[i], x0, middle-row/2+4, max(x1-x0, 2), row-8)
		case ChartTick:
			vertical(c.marks[i].(*canvas.Line), x0, middle-row/2+5, middle+row/2-5)
		case ChartShort:
			vertical(c.marks[i].(*canvas.Line), x0, middle, middle+row/2-5)
		}
	}
}

func vertical(l *canvas.Line, x, from, to float32) {
	l.Position1, l.Position2 = fyne.NewPos(x, from), fyne.NewPos(x, to)
}

func (c *Chart) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{c.box}
	for _, l := range c.grid {
		o = append(o, l)
	}
	o = append(o, c.marks...)
	for _, list := range [][]paragraph{c.rows, c.x, c.y} {
		for i := range list {
			o = list[i].objects(o)
		}
	}
	return o
}
