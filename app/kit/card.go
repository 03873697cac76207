package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Card holds a few things that belong together on a rounded surface.
type Card struct {
	core
	box     *canvas.Rectangle
	content *fyne.Container
	fill    look.ColorName
}

// NewCard returns a card with its objects stacked, 8 dp apart.
func NewCard(objects ...fyne.CanvasObject) *Card {
	c := &Card{box: &canvas.Rectangle{}, content: ColumnGap(look.Tight, objects...), fill: look.Surface}
	c.extend(c)
	return c
}

// Filled gives the card the primary colour; what lies on it must use OnPrimary.
func (c *Card) Filled(on bool) *Card {
	fill := look.Surface
	if on {
		fill = look.Primary
	}
	if fill != c.fill {
		c.fill = fill
		c.Refresh()
	}
	return c
}

// SetContent replaces what lies on the card.
func (c *Card) SetContent(objects ...fyne.CanvasObject) {
	c.content.Objects = objects
	c.content.Refresh() // a container of unchanged size lays new objects out only when told
	c.Refresh()
}

// HeightFor implements Flowing.
func (c *Card) HeightFor(width float32) float32 {
	c.remember(width)
	return HeightFor(c.content, width-2*look.Padding) + 2*look.Padding
}

func (c *Card) leastWidth() float32 { return c.content.MinSize().Width + 2*look.Padding }

func (c *Card) paint(t look.Theme) {
	shape(c.box, t, c.fill, look.Line, t.LineWidth(), look.RadiusCard)
}

func (c *Card) place(size fyne.Size) {
	put(c.box, 0, 0, size.Width, size.Height)
	put(c.content, look.Padding, look.Padding, size.Width-2*look.Padding, size.Height-2*look.Padding)
}

func (c *Card) parts() []fyne.CanvasObject { return []fyne.CanvasObject{c.box, c.content} }
