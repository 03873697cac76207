package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Ribbon is a band across the whole width that says what everything below it is: practice. It cannot be tapped.
type Ribbon struct {
	core
	label paragraph
	box   *canvas.Rectangle
}

// NewRibbon returns a ribbon.
func NewRibbon(text string) *Ribbon {
	r := &Ribbon{box: &canvas.Rectangle{}}
	r.label = paragraph{text: text, role: look.Caption, bold: true, ink: look.OnPractice, align: fyne.TextAlignCenter}
	r.extend(r)
	return r
}

// Text is what it says.
func (r *Ribbon) Text() string { return r.label.text }

// HeightFor implements Flowing.
func (r *Ribbon) HeightFor(width float32) float32 {
	r.remember(width)
	return r.label.heightFor(r.themeOf(), width-2*look.Padding) + look.Tight
}

func (r *Ribbon) leastWidth() float32 { return r.label.longest(r.themeOf()) + 2*look.Padding }

func (r *Ribbon) paint(t look.Theme) { shape(r.box, t, look.Practice, look.Practice, 0, 0) }

func (r *Ribbon) place(size fyne.Size) {
	put(r.box, 0, 0, size.Width, size.Height)
	r.label.place(r.themeOf(), look.Padding, look.Unit, size.Width-2*look.Padding)
}

func (r *Ribbon) parts() []fyne.CanvasObject {
	return r.label.objects([]fyne.CanvasObject{r.box})
}
