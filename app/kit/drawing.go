package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"parvis/app/look"
)

// Named is what can be tapped, by the words a person reads on it (or hears).
type Named interface {
	AccessibleName() string
}

// Flowing is an object whose height depends on its width because text wraps.
// Fyne asks for a minimum size without telling the width; the layouts of this
// package ask HeightFor first, and MinSize then answers for that width.
type Flowing interface {
	// HeightFor is the height in dp that the object needs at a width in dp.
	HeightFor(width float32) float32
}

// drawn is what each widget tells the one renderer they all share.
type drawn interface {
	fyne.Widget
	Flowing
	leastWidth() float32        // the narrowest it can be without cutting anything
	paint(t look.Theme)         // from state to colours and texts
	place(size fyne.Size)       // from size to positions
	parts() []fyne.CanvasObject // what is drawn now, back to front
	lastWidth() float32         // the width it was last asked about
	remember(width float32)     // notes that width
	themeOf() look.Theme        // the theme that applies
	extend(self drawn)          // binds the outer type
}

// core is the base of all widgets here.
type core struct {
	widget.BaseWidget
	self  drawn
	width float32
}

func (c *core) extend(self drawn) {
	c.self = self
	c.ExtendBaseWidget(self)
}

func (c *core) lastWidth() float32     { return c.width }
func (c *core) remember(width float32) { c.width = width }
func (c *core) themeOf() look.Theme    { return look.Of(c.self) }

// CreateRenderer is Fyne's hook.
func (c *core) CreateRenderer() fyne.WidgetRenderer {
	c.self.paint(c.themeOf())
	return &drawing{w: c.self}
}

// drawing forwards Fyne's calls to the widget that is drawn.
type drawing struct{ w drawn }

func (d *drawing) Destroy() {}

func (d *drawing) Objects() []fyne.CanvasObject { return d.w.parts() }

func (d *drawing) Layout(size fyne.Size) {
	if size.Width <= 0 {
		return // not laid out yet: wrapping into nothing is work for nothing
	}
	d.w.remember(size.Width)
	d.w.place(size)
}

// unbounded is a width at which nothing wraps.
const unbounded float32 = 1 << 20

func (d *drawing) MinSize() fyne.Size {
	least, width := d.w.leastWidth(), d.w.lastWidth()
	if width <= 0 {
		width = unbounded
	}
	return fyne.NewSize(least, d.w.HeightFor(max(width, least)))
}

func (d *drawing) Refresh() {
	d.w.paint(d.w.themeOf())
	if d.w.Size().Width > 0 {
		d.w.place(d.w.Size())
	}
	for _, o := range d.w.parts() {
		if inner, ok := o.(fyne.Widget); ok {
			inner.Refresh()
		}
	}
	canvas.Refresh(d.w)
}

// shape sets a rectangle's fill and border at once.
func shape(r *canvas.Rectangle, t look.Theme, fill, stroke look.ColorName, width, radius float32) {
	r.FillColor = t.Ink(fill)
	r.CornerRadius = radius
	r.StrokeWidth = width
	r.StrokeColor = nil
	if width > 0 {
		r.StrokeColor = t.Ink(stroke)
	}
}

// put moves and resizes.
func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(w, 0), max(h, 0)))
}
