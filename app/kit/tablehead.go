package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Order is how rows stand by a column.
type Order uint8

// The orders.
const (
	Unsorted Order = iota
	Ascending
	Descending
)

// tableHead is a column's title that sorts when it is tapped; a chevron beside
// it tells the order: upwards for ascending.
type tableHead struct {
	press
	title       paragraph
	order       Order
	ground      *canvas.Rectangle
	left, right *canvas.Line
}

const (
	chevron    float32 = 9 // its width in dp
	chevronGap float32 = 5
)

func newTableHead(c TableColumn) *tableHead {
	h := &tableHead{order: c.Order, ground: &canvas.Rectangle{}, left: &canvas.Line{}, right: &canvas.Line{}}
	h.title = paragraph{text: c.Title, role: look.Section, ink: look.Muted, align: sideOf(c)}
	h.onTap = c.OnTap
	h.disabled = c.OnTap == nil
	h.extend(h)
	return h
}

// AccessibleName implements Named.
func (h *tableHead) AccessibleName() string { return h.title.text }

func (h *tableHead) mark() float32 {
	if h.order == Unsorted {
		return 0
	}
	return chevron + chevronGap
}

func (h *tableHead) longest(t look.Theme) float32 { return h.title.longest(t) + h.mark() }
func (h *tableHead) natural(t look.Theme) float32 { return h.title.natural(t) + h.mark() }

// HeightFor implements Flowing.
func (h *tableHead) HeightFor(width float32) float32 {
	h.remember(width)
	if h.title.text == "" {
		return 0
	}
	high := h.title.heightFor(h.themeOf(), width-h.mark()) + 2*look.Gap
	if h.onTap != nil {
		high = max(high, look.Target)
	}
	return high
}

func (h *tableHead) leastWidth() float32 { return h.longest(h.themeOf()) }

func (h *tableHead) paint(t look.Theme) {
	h.title.ink = look.Muted
	if h.order != Unsorted {
		h.title.ink = look.Primary
	}
	fill := look.Surface
	if h.active() {
		fill = look.Pressed
	}
	shape(h.ground, t, fill, fill, 0, look.RadiusButton)
	for _, l := range []*canvas.Line{h.left, h.right} {
		l.StrokeColor, l.StrokeWidth = t.Ink(look.Primary), 2
	}
}

func (h *tableHead) place(size fyne.Size) {
	t := h.themeOf()
	put(h.ground, -look.Unit, 4, size.Width+2*look.Unit, size.Height-8)
	high := h.title.heightFor(t, size.Width-h.mark())
	h.title.place(t, h.mark(), (size.Height-high)/2, size.Width-h.mark())
	x := float32(0)
	if h.title.align == fyne.TextAlignTrailing {
		x = max(0, size.Width-h.title.natural(t)-h.mark())
	} else {
		h.title.place(t, 0, (size.Height-high)/2, size.Width-h.mark())
		x = min(h.title.natural(t), size.Width-h.mark()) + chevronGap
	}
	top, low := size.Height/2-2.5, size.Height/2+2.5
	if h.order == Descending {
		top, low = low, top
	}
	h.left.Position1, h.left.Position2 = fyne.NewPos(x, low), fyne.NewPos(x+chevron/2, top)
	h.right.Position1, h.right.Position2 = fyne.NewPos(x+chevron/2, top), fyne.NewPos(x+chevron, low)
	h.placeRing(size, look.RadiusButton)
}

func (h *tableHead) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{h.ground}
	if h.order != Unsorted {
		o = append(o, h.left, h.right)
	}
	return h.ringed(h.title.objects(o))
}
