package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// navRow is one item.
type navRow struct {
	press
	item   NavItem
	chosen bool
	box    *canvas.Rectangle
	bar    *canvas.Rectangle // so that the choice shows without colour
	label  paragraph
	badge  paragraph
}

func newNavRow(item NavItem) *navRow {
	r := &navRow{item: item, box: &canvas.Rectangle{}, bar: &canvas.Rectangle{}}
	r.label = paragraph{text: item.Label, role: look.Action}
	r.badge = paragraph{text: item.Badge, role: look.Caption, bold: true}
	r.extend(r)
	return r
}

// AccessibleName implements Named.
func (r *navRow) AccessibleName() string { return r.item.Label }

func (r *navRow) textWidth(width float32) float32 {
	w := width - 2*look.Padding
	if r.badge.text != "" {
		w -= r.badge.natural(r.themeOf()) + look.Tight
	}
	return w
}

func (r *navRow) HeightFor(width float32) float32 {
	r.remember(width)
	return max(look.Target, r.label.heightFor(r.themeOf(), r.textWidth(width))+look.Padding)
}

func (r *navRow) leastWidth() float32 { return 120 }

func (r *navRow) paint(t look.Theme) {
	r.label.ink, r.badge.ink = look.Text, look.Muted
	shape(r.box, t, look.Tint, look.Primary, 0, look.RadiusButton)
	shape(r.bar, t, look.Primary, look.Primary, 0, 2)
	r.bar.Hidden = !r.chosen
	switch {
	case r.chosen:
		r.label.ink, r.badge.ink = look.Primary, look.Primary
	case r.active():
		r.box.FillColor = t.Ink(look.Control)
	default:
		r.box.FillColor = nil
	}
}

func (r *navRow) place(size fyne.Size) {
	t := r.themeOf()
	put(r.box, 0, 0, size.Width, size.Height)
	put(r.bar, 0, size.Height/2-12, 4, 24)
	w := r.textWidth(size.Width)
	r.label.place(t, look.Padding, (size.Height-r.label.heightFor(t, w))/2, w)
	bw := r.badge.natural(t)
	r.badge.place(t, size.Width-look.Padding-bw, (size.Height-r.badge.heightFor(t, bw))/2, bw)
	r.placeRing(size, look.RadiusButton)
}

func (r *navRow) parts() []fyne.CanvasObject {
	return r.ringed(r.badge.objects(r.label.objects([]fyne.CanvasObject{r.box, r.bar})))
}
