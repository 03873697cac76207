package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Option is one cell of a grid: words in the middle of a rounded box. Scales
// and outcomes are made of it.
type Option struct {
	press
	value  string
	name   string
	high   float32
	solid  bool // chosen fills it with primary instead of the tint
	chosen bool
	label  paragraph
	box    *canvas.Rectangle
}

// NewOption returns an option of 64 dp height that is not chosen. Solid ones
// fill with the primary colour when chosen.
func NewOption(value, text string, solid bool, onTap func()) *Option {
	o := &Option{value: value, high: look.ButtonLarge, solid: solid, box: &canvas.Rectangle{}}
	o.label = paragraph{text: text, role: look.Action, align: fyne.TextAlignCenter}
	if solid {
		o.label.role = look.Heading
	}
	o.onTap = onTap
	o.extend(o)
	return o
}

// Value is what it stands for.
func (o *Option) Value() string { return o.value }

// Chosen tells whether it is chosen.
func (o *Option) Chosen() bool { return o.chosen }

// SetChosen shows it as chosen or not.
func (o *Option) SetChosen(on bool) {
	if o.chosen == on {
		return
	}
	o.chosen = on
	o.Refresh()
}

// AccessibleName implements Named.
func (o *Option) AccessibleName() string {
	if o.name != "" {
		return o.name
	}
	return o.label.text
}

// HeightFor implements Flowing.
func (o *Option) HeightFor(width float32) float32 {
	o.remember(width)
	return max(o.high, o.label.heightFor(o.themeOf(), width-2*look.Tight)+2*look.Tight)
}

func (o *Option) leastWidth() float32 {
	return max(look.Target, min(o.label.longest(o.themeOf()), leastText)+2*look.Tight)
}

func (o *Option) paint(t look.Theme) {
	fill, ink, stroke, width := look.Surface, look.Text, look.Line, t.LineWidth()
	switch {
	case o.chosen && o.solid:
		fill, ink, stroke, width = look.Primary, look.OnPrimary, look.Primary, t.ChosenWidth()
	case o.chosen:
		fill, stroke, width = look.Tint, look.Primary, t.ChosenWidth()
	case o.active():
		fill = look.Pressed
	}
	if o.disabled {
		ink = look.Muted
	}
	shape(o.box, t, fill, stroke, width, look.RadiusTile)
	o.label.ink = ink
}

func (o *Option) place(size fyne.Size) {
	t := o.themeOf()
	put(o.box, 0, 0, size.Width, size.Height)
	wide := size.Width - 2*look.Tight
	o.label.place(t, look.Tight, (size.Height-o.label.heightFor(t, wide))/2, wide)
	o.placeRing(size, look.RadiusTile)
}

func (o *Option) parts() []fyne.CanvasObject {
	return o.ringed(o.label.objects([]fyne.CanvasObject{o.box}))
}
