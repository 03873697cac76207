package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// CounterState is what a counter shows; all words come translated.
type CounterState struct {
	Caption string // "Passers-by"
	Count   string // "213", formatted
	Undo    string // "Undo"; empty hides it
	Passed  int    // of the present interval: filled dots
	Every   int    // the sampling interval: all dots
	Note    string // "2 more, then approach"
	Action  string // "+1 passes", or "Approach this one" when due
	Due     bool   // the whole card turns primary
}

// Counter is the footfall counter: the largest thing on the contact sheet. A thumb anywhere on it counts, beside the button that
// takes a count back.
type Counter struct {
	core
	onTap   func()
	state   CounterState
	box     *canvas.Rectangle
	caption paragraph
	count   paragraph
	note    paragraph
	dots    []*canvas.Circle
	action  *Button
	undo    *Button
}

// NewCounter returns a counter; onAction is called by the large button, onUndo
// by the small one.
func NewCounter(s CounterState, onAction, onUndo func()) *Counter {
	c := &Counter{box: &canvas.Rectangle{}, onTap: onAction}
	c.caption = paragraph{role: look.Hint}
	c.count = paragraph{role: look.Figure, align: fyne.TextAlignCenter}
	c.note = paragraph{role: look.Hint, align: fyne.TextAlignCenter}
	c.action = NewButton(s.Action, Primary, onAction).Tall(look.ButtonHuge)
	c.undo = NewButton(s.Undo, Link, onUndo)
	c.undo.pad = look.Tight
	c.extend(c)
	c.set(s)
	return c
}

// Set shows another state.
func (c *Counter) Set(s CounterState) {
	if c.state == s {
		return
	}
	c.set(s)
	c.Refresh()
}

func (c *Counter) set(s CounterState) {
	c.state = s
	c.caption.text, c.count.text, c.note.text = s.Caption, s.Count, s.Note
	c.action.label.text, c.undo.label.text = s.Action, s.Undo
	c.action.kind, c.undo.kind = Primary, Link
	if s.Due {
		c.action.kind, c.undo.kind = OnFilled, Primary
	}
	c.undo.Hidden = s.Undo == ""
}

// Tapped is Fyne's hook: what lies beside the buttons counts too.
func (c *Counter) Tapped(*fyne.PointEvent) { c.onTap() }

// AccessibleName implements Named.
func (c *Counter) AccessibleName() string { return c.state.Caption + " " + c.state.Count }

// Action is the large button.
func (c *Counter) Action() *Button { return c.action }

// UndoButton is the small button.
func (c *Counter) UndoButton() *Button { return c.undo }

const (
	dotSize float32 = 14
	dotGap  float32 = 10
	maxDots         = 40
)

// dotRows lays the dots of one interval in rows that fit.
func (c *Counter) dotRows(width float32) (perRow, rows int) {
	n := min(max(c.state.Every, 0), maxDots)
	if n < 2 {
		return 0, 0
	}
	perRow = min(n, max(int((width+dotGap)/(dotSize+dotGap)), 1))
	return perRow, (n + perRow - 1) / perRow
}

func (c *Counter) dotsHeight(width float32) float32 {
	if _, rows := c.dotRows(width); rows > 0 {
		return look.Tight + float32(rows)*(dotSize+dotGap) - dotGap + look.Gap
	}
	return 0
}

func (c *Counter) headHeight() float32 {
	return max(look.Target-look.Tight, c.caption.heightFor(c.themeOf(), unbounded))
}

// figureHeight is less than the line height of so large a figure, which has
// room for accents that digits lack.
func (c *Counter) figureHeight(width float32) float32 {
	return c.count.heightFor(c.themeOf(), width) * 0.82
}

// HeightFor implements Flowing.
func (c *Counter) HeightFor(width float32) float32 {
	c.remember(width)
	t, w := c.themeOf(), width-2*look.Padding
	return c.headHeight() + c.figureHeight(w) + c.dotsHeight(w) + c.note.heightFor(t, w) +
		look.Gap + c.action.HeightFor(w) + 2*look.Padding
}

func (c *Counter) leastWidth() float32 {
	return max(c.action.leastWidth(), c.count.natural(c.themeOf())) + 2*look.Padding
}

func (c *Counter) paint(t look.Theme) {
	fill, ink, quiet := look.Surface, look.Text, look.Muted
	if c.state.Due {
		fill, ink, quiet = look.Primary, look.OnPrimary, look.OnPrimary
	}
	shape(c.box, t, fill, look.Line, t.LineWidth(), look.RadiusCard)
	c.caption.ink, c.note.ink, c.count.ink = quiet, quiet, ink
	c.note.bold = c.state.Due
	c.paintDots(t)
}

func (c *Counter) paintDots(t look.Theme) {
	n := min(max(c.state.Every, 0), maxDots)
	if n < 2 {
		n = 0
	}
	for len(c.dots) < n {
		c.dots = append(c.dots, &canvas.Circle{})
	}
	c.dots = c.dots[:n]
	full, empty := look.Primary, look.Track
	if c.state.Due {
		full, empty = look.OnPrimary, look.Primary
	}
	for i, d := range c.dots {
		d.StrokeWidth, d.StrokeColor = 0, nil
		if i < c.state.Passed {
			d.FillColor = t.Ink(full)
			continue
		}
		d.FillColor = t.Ink(empty)
		if t.Variant() == look.Sunlight {
			d.StrokeWidth, d.StrokeColor = 2, t.Ink(look.Line)
		}
	}
}

func (c *Counter) place(size fyne.Size) {
	t, pad, w := c.themeOf(), look.Padding, size.Width-2*look.Padding
	put(c.box, 0, 0, size.Width, size.Height)
	head := c.headHeight()
	undo := c.undo.naturalWidth()
	c.caption.place(t, pad, pad+(head-c.caption.heightFor(t, w-undo))/2-look.Unit, w-undo)
	put(c.undo, size.Width-pad-undo+c.undo.pad, look.Tight, undo, look.Target)
	y := pad + head
	fig := c.figureHeight(w)
	c.count.place(t, pad, y-fig*0.11, w)
	y += fig
	y = c.placeDots(pad, y, w)
	y += c.note.place(t, pad, y, w) + look.Gap
	put(c.action, pad, y, w, size.Height-pad-y)
}

func (c *Counter) placeDots(x, y, w float32) float32 {
	perRow, rows := c.dotRows(w)
	if rows == 0 {
		return y
	}
	for i, d := range c.dots {
		row := i / perRow
		inRow := min(perRow, len(c.dots)-row*perRow)
		left := x + (w-float32(inRow)*(dotSize+dotGap)+dotGap)/2
		put(d, left+float32(i%perRow)*(dotSize+dotGap), y+look.Tight+float32(row)*(dotSize+dotGap), dotSize, dotSize)
	}
	return y + c.dotsHeight(w)
}

func (c *Counter) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{c.box}
	for _, d := range c.dots {
		o = append(o, d)
	}
	o = c.note.objects(c.count.objects(c.caption.objects(o)))
	return append(o, c.undo, c.action)
}
