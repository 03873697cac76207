package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// answerCell is where a row and a column of an AnswerTable meet: a ring or a box in a rounded field.
type answerCell struct {
	press
	name   string
	many   bool
	chosen bool
	box    *canvas.Rectangle
	mark   *canvas.Rectangle
	inner  *canvas.Rectangle
	tick   tickMark
}

func newAnswerCell(name string, many bool, onTap func()) *answerCell {
	c := &answerCell{name: name, many: many, box: &canvas.Rectangle{}, mark: &canvas.Rectangle{}, inner: &canvas.Rectangle{}, tick: newTickMark()}
	c.onTap = onTap
	c.extend(c)
	return c
}

// AccessibleName implements Named.
func (c *answerCell) AccessibleName() string { return c.name }

// HeightFor implements Flowing.
func (c *answerCell) HeightFor(width float32) float32 {
	c.remember(width)
	return look.TileHeight
}

func (c *answerCell) leastWidth() float32 { return look.Target }

func (c *answerCell) setChosen(on bool) {
	if c.chosen == on {
		return
	}
	c.chosen = on
	c.Refresh()
}

func (c *answerCell) paint(t look.Theme) {
	radius := tileDot / 2
	if c.many {
		radius = 6
	}
	fill := look.Surface
	switch {
	case c.chosen:
		shape(c.box, t, look.Tint, look.Primary, t.ChosenWidth(), look.RadiusButton)
		shape(c.mark, t, look.Primary, look.Primary, 0, radius)
	default:
		if c.active() {
			fill = look.Pressed
		}
		shape(c.box, t, fill, look.Line, t.LineWidth(), look.RadiusButton)
		shape(c.mark, t, look.Surface, look.Muted, 2, radius)
	}
	shape(c.inner, t, look.Tint, look.Tint, 0, 4)
	c.inner.Hidden = !c.chosen || c.many
	c.tick.paint(t, c.chosen && c.many)
}

func (c *answerCell) place(size fyne.Size) {
	put(c.box, 0, 0, size.Width, size.Height)
	x, y := (size.Width-tileDot)/2, (size.Height-tileDot)/2
	put(c.mark, x, y, tileDot, tileDot)
	put(c.inner, x+7, y+7, 8, 8)
	c.tick.place(x, y)
	c.placeRing(size, look.RadiusButton)
}

func (c *answerCell) parts() []fyne.CanvasObject {
	return c.ringed(c.tick.objects([]fyne.CanvasObject{c.box, c.mark, c.inner}))
}
