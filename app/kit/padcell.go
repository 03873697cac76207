package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// padCell is one cell. The pad takes the keyboard, so that 25 cells are not 25
// stops of Tab.
type padCell struct {
	core
	at     Mark
	name   string
	marked bool
	onTap  func()
	box    *canvas.Rectangle
	dot    *canvas.Circle
}

func newPadCell(at Mark, onTap func()) *padCell {
	c := &padCell{at: at, onTap: onTap, box: &canvas.Rectangle{}, dot: &canvas.Circle{}}
	c.extend(c)
	return c
}

// Tapped is Fyne's hook.
func (c *padCell) Tapped(*fyne.PointEvent) { c.onTap() }

// AccessibleName implements Named.
func (c *padCell) AccessibleName() string { return c.name }

func (c *padCell) setMarked(on bool) {
	if c.marked == on {
		return
	}
	c.marked = on
	c.Refresh()
}

func (c *padCell) HeightFor(float32) float32 { return look.Target }
func (c *padCell) leastWidth() float32       { return look.Target }

func (c *padCell) paint(t look.Theme) {
	fill, width := look.Control, float32(0)
	if t.Variant() == look.Sunlight {
		width = t.LineWidth()
	}
	c.dot.FillColor = t.Ink(look.Line)
	if c.marked {
		fill, width = look.Accent, 0
		c.dot.FillColor = t.Ink(look.OnAccent)
	}
	shape(c.box, t, fill, look.Line, width, look.RadiusButton)
}

// place draws a dot in the marked cell, and a faint one in the middle of the
// pad to show where neither good nor bad, neither calm nor tense lies.
func (c *padCell) place(size fyne.Size) {
	put(c.box, 0, 0, size.Width, size.Height)
	d := float32(8)
	if c.marked {
		d = 14
	}
	put(c.dot, (size.Width-d)/2, (size.Height-d)/2, d, d)
}

func (c *padCell) parts() []fyne.CanvasObject {
	if c.marked || c.at == (Mark{}) {
		return []fyne.CanvasObject{c.box, c.dot}
	}
	return []fyne.CanvasObject{c.box}
}
