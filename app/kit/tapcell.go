package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// TapCell is a cell of a table that is tapped by itself, where the row is not.
type TapCell struct {
	press
	name    string
	content fyne.CanvasObject
	ground  *canvas.Rectangle
}

// NewTapCell returns a cell with an accessible name.
func NewTapCell(name string, content fyne.CanvasObject, onTap func()) *TapCell {
	c := &TapCell{name: name, content: content, ground: &canvas.Rectangle{}}
	c.onTap = onTap
	c.extend(c)
	return c
}

// AccessibleName implements Named.
func (c *TapCell) AccessibleName() string { return c.name }

// HeightFor implements Flowing.
func (c *TapCell) HeightFor(width float32) float32 {
	c.remember(width)
	return max(look.Target, HeightFor(c.content, width))
}

func (c *TapCell) leastWidth() float32 { return c.content.MinSize().Width }

func (c *TapCell) paint(t look.Theme) {
	shape(c.ground, t, look.Control, look.Control, 0, look.RadiusButton)
	if !c.active() {
		c.ground.FillColor = nil
	}
}

func (c *TapCell) place(size fyne.Size) {
	put(c.ground, -look.Tight, -look.Unit, size.Width+2*look.Tight, size.Height+2*look.Unit)
	h := HeightFor(c.content, size.Width)
	put(c.content, 0, (size.Height-h)/2, size.Width, h)
	c.placeRing(size, look.RadiusButton)
}

func (c *TapCell) parts() []fyne.CanvasObject {
	return c.ringed([]fyne.CanvasObject{c.ground, c.content})
}
