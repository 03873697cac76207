package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// ChipKind tells what a chip stands for.
type ChipKind uint8

const (
	// Plain is a probe or another small action.
	Plain ChipKind = iota
	// Observation is a cue: chosen it has the accent, which belongs to
	// observations alone.
	Observation
)

// Chip is a few words on a pill: 40 dp high, 48 dp to touch.
type Chip struct {
	press
	kind   ChipKind
	chosen bool
	label  paragraph
	box    *canvas.Rectangle
}

// NewChip returns a chip that is not chosen.
func NewChip(text string, kind ChipKind, onTap func()) *Chip {
	c := &Chip{kind: kind, box: &canvas.Rectangle{}}
	c.label = paragraph{text: text, role: look.Label, align: fyne.TextAlignCenter}
	c.onTap = onTap
	c.extend(c)
	return c
}

// Chosen tells whether it is chosen.
func (c *Chip) Chosen() bool { return c.chosen }

// SetChosen shows it as chosen or not.
func (c *Chip) SetChosen(on bool) {
	if c.chosen == on {
		return
	}
	c.chosen = on
	c.Refresh()
}

// SetText changes the words.
func (c *Chip) SetText(text string) {
	if c.label.text == text {
		return
	}
	c.label.text = text
	c.Refresh()
}

// AccessibleName implements Named.
func (c *Chip) AccessibleName() string { return c.label.text }

const (
	chipPad   float32 = 14
	chipEdge  float32 = 9                             // the least beside bold words
	chipSlack         = look.Target - look.ChipHeight // touched but not seen
)

// HeightFor implements Flowing.
func (c *Chip) HeightFor(width float32) float32 {
	c.remember(width)
	return max(look.ChipHeight, c.label.heightFor(c.themeOf(), width-2*chipEdge)+look.Gap) + chipSlack
}

func (c *Chip) leastWidth() float32 {
	return max(look.Target, min(c.label.longest(c.themeOf()), leastText)+2*chipPad)
}

// naturalWidth leaves room for the words in bold, so that choosing a chip never
// moves the others.
func (c *Chip) naturalWidth() float32 {
	plain, bold := c.label, c.label
	plain.bold, bold.bold = false, true
	t := c.themeOf()
	return max(look.Target, plain.natural(t)+2*chipPad, bold.natural(t)+2*chipEdge)
}

func (c *Chip) paint(t look.Theme) {
	fill, ink, stroke, width := c.quiet(), look.Text, look.Line, float32(0)
	if t.Variant() == look.Sunlight {
		width = t.LineWidth()
	}
	if c.chosen {
		fill, ink, width = look.Primary, look.OnPrimary, 0
		if c.kind == Observation {
			fill, ink = look.Accent, look.OnAccent
		}
	}
	if c.disabled {
		ink = look.Muted
	}
	shape(c.box, t, fill, stroke, width, 0)
	c.label.ink, c.label.bold = ink, c.chosen
}

func (c *Chip) place(size fyne.Size) {
	t := c.themeOf()
	high := size.Height - chipSlack
	c.box.CornerRadius = min(high/2, look.ChipHeight/2)
	put(c.box, 0, chipSlack/2, size.Width, high)
	h := c.label.heightFor(t, size.Width-2*chipEdge)
	c.label.place(t, chipEdge, (size.Height-h)/2, size.Width-2*chipEdge)
	c.placeRing(size, size.Height/2)
}

func (c *Chip) parts() []fyne.CanvasObject {
	return c.ringed(c.label.objects([]fyne.CanvasObject{c.box}))
}
