package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// flowLayout is a layout whose height depends on the width.
type flowLayout interface {
	fyne.Layout
	heightFor(objects []fyne.CanvasObject, width float32) float32
}

// HeightFor is the height in dp that any object needs at a width in dp. What
// does not flow answers with its minimum height.
func HeightFor(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case Flowing:
		return o.HeightFor(width)
	case *fyne.Container:
		if l, ok := o.Layout.(flowLayout); ok {
			return l.heightFor(o.Objects, width)
		}
	}
	return o.MinSize().Height
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	for i, o := range objects {
		if !o.Visible() {
			shown := append([]fyne.CanvasObject(nil), objects[:i]...)
			for _, o := range objects[i+1:] {
				if o.Visible() {
					shown = append(shown, o)
				}
			}
			return shown
		}
	}
	return objects
}

func widest(objects []fyne.CanvasObject) float32 {
	var wide float32
	for _, o := range objects {
		wide = max(wide, o.MinSize().Width)
	}
	return wide
}

// flow is what the layouts share: the width they were last asked about.
type flow struct{ width float32 }

func (f *flow) ask(objects []fyne.CanvasObject, l flowLayout) fyne.Size {
	least := l.(interface {
		leastWidth([]fyne.CanvasObject) float32
	}).leastWidth(objects)
	width := f.width
	if width <= 0 {
		width = unbounded
	}
	return fyne.NewSize(least, l.heightFor(objects, max(width, least)))
}

// Column stacks objects at full width with a gap of 12 dp.
func Column(objects ...fyne.CanvasObject) *fyne.Container { return ColumnGap(look.Gap, objects...) }

// ColumnGap stacks objects at full width with a gap in dp.
func ColumnGap(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&column{gap: gap}, objects...)
}

type column struct {
	flow
	gap  float32
	grow fyne.CanvasObject // takes the height that is left over
}

func (c *column) leastWidth(objects []fyne.CanvasObject) float32 { return widest(visible(objects)) }

func (c *column) naturalWidth(objects []fyne.CanvasObject) float32 {
	_, largest := naturals(objects)
	return largest
}

func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size { return c.ask(objects, c) }

func (c *column) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	c.width = width
	var y float32
	for i, o := range visible(objects) {
		if i > 0 {
			y += c.gap
		}
		y += HeightFor(o, width)
	}
	return y
}

func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	spare := size.Height - c.heightFor(objects, size.Width)
	var y float32
	for _, o := range visible(objects) {
		h := HeightFor(o, size.Width)
		if o == c.grow && spare > 0 {
			h += spare
		}
		put(o, 0, y, size.Width, h)
		y += h + c.gap
	}
}

// Flow sets objects side by side at their own width and wraps, gaps of 8 dp.
func Flow(objects ...fyne.CanvasObject) *fyne.Container { return FlowGap(look.Tight, objects...) }

// FlowGap is Flow with a gap in dp.
func FlowGap(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&wrapping{gap: gap}, objects...)
}

type wrapping struct {
	flow
	gap float32
}

func (w *wrapping) leastWidth(objects []fyne.CanvasObject) float32 { return widest(visible(objects)) }

func (w *wrapping) naturalWidth(objects []fyne.CanvasObject) float32 {
	sum, _ := naturals(objects)
	return sum + float32(max(len(objects)-1, 0))*w.gap
}

func (w *wrapping) MinSize(objects []fyne.CanvasObject) fyne.Size { return w.ask(objects, w) }

func (w *wrapping) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	w.width = width
	return w.each(objects, width, func(fyne.CanvasObject, float32, float32, float32, float32) {})
}

func (w *wrapping) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	w.width = size.Width
	w.each(objects, size.Width, put)
}

func (w *wrapping) each(objects []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	var x, y, row float32
	for _, o := range visible(objects) {
		wide := min(natural(o), width)
		high := HeightFor(o, wide)
		if x > 0 && x+wide > width+0.5 {
			x, y, row = 0, y+row+w.between(o), 0
		}
		do(o, x, y, wide, high)
		x += wide + w.gap
		row = max(row, high)
	}
	return y + row
}

// between is the gap above a new row: none above chips, which bring their own.
func (w *wrapping) between(o fyne.CanvasObject) float32 {
	if _, chip := o.(*Chip); chip {
		return 0
	}
	return w.gap
}

// natural is the width an object likes best: that of its text on one line.
func natural(o fyne.CanvasObject) float32 {
	switch o := o.(type) {
	case interface{ naturalWidth() float32 }:
		return o.naturalWidth()
	case *fyne.Container:
		if l, ok := o.Layout.(interface {
			naturalWidth([]fyne.CanvasObject) float32
		}); ok {
			return l.naturalWidth(visible(o.Objects))
		}
	}
	return o.MinSize().Width
}

func naturals(objects []fyne.CanvasObject) (sum, largest float32) {
	for _, o := range objects {
		n := natural(o)
		sum, largest = sum+n, max(largest, n)
	}
	return sum, largest
}

// Grid sets objects in equal columns with gaps of 10 dp; it uses fewer columns
// where the longest word would not fit.
func Grid(columns int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&grid{columns: columns, gap: gridGap}, objects...)
}

const gridGap float32 = 10

type grid struct {
	flow
	columns int
	gap     float32
}

func (g *grid) leastWidth(objects []fyne.CanvasObject) float32 { return widest(visible(objects)) }

func (g *grid) naturalWidth(objects []fyne.CanvasObject) float32 {
	_, largest := naturals(objects)
	n := float32(max(min(g.columns, len(objects)), 1))
	return n*largest + (n-1)*g.gap
}

func (g *grid) MinSize(objects []fyne.CanvasObject) fyne.Size { return g.ask(objects, g) }

func (g *grid) fit(objects []fyne.CanvasObject, width float32) (columns int, wide float32) {
	least := widest(objects)
	for n := max(g.columns, 1); ; n-- {
		wide = (width - float32(n-1)*g.gap) / float32(n)
		if wide >= least || n == 1 {
			return n, wide
		}
	}
}

func (g *grid) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	g.width = width
	return g.each(objects, width, nil)
}

func (g *grid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	g.width = size.Width
	g.each(objects, size.Width, put)
}

func (g *grid) each(objects []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	objects = visible(objects)
	n, wide := g.fit(objects, width)
	var y float32
	for first := 0; first < len(objects); first += n {
		row := objects[first:min(first+n, len(objects))]
		var high float32
		for _, o := range row {
			high = max(high, HeightFor(o, wide))
		}
		if do != nil {
			for i, o := range row {
				do(o, float32(i)*(wide+g.gap), y, wide, high)
			}
		}
		y += high + g.gap
	}
	return max(y-g.gap, 0)
}
