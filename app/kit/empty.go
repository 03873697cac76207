package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// EmptyState fills a place where nothing is yet: what would be here, and what
// brings it here.
type EmptyState struct {
	core
	ring, dot *canvas.Circle
	title     paragraph
	text      paragraph
	action    *Button
}

// NewEmptyState returns an empty state; no words on the action, no button.
func NewEmptyState(title, text, action string, onAction func()) *EmptyState {
	e := &EmptyState{ring: &canvas.Circle{StrokeWidth: 2}, dot: &canvas.Circle{}}
	e.title = paragraph{text: title, role: look.Heading, align: fyne.TextAlignCenter}
	e.text = paragraph{text: text, role: look.Hint, align: fyne.TextAlignCenter}
	e.action = NewButton(action, Quiet, onAction)
	e.action.Hidden = action == ""
	e.extend(e)
	return e
}

const emptyRing float32 = 40

func (e *EmptyState) inner(width float32) float32 { return min(width-2*look.Padding, 440) }

// HeightFor implements Flowing.
func (e *EmptyState) HeightFor(width float32) float32 {
	e.remember(width)
	t, w := e.themeOf(), e.inner(width)
	h := 2*look.PaddingWide + emptyRing + look.Gap + e.title.heightFor(t, w) + look.Unit + e.text.heightFor(t, w)
	if e.action.Visible() {
		h += look.Padding + e.action.HeightFor(w)
	}
	return h
}

func (e *EmptyState) leastWidth() float32 { return 200 }

func (e *EmptyState) paint(t look.Theme) {
	e.ring.StrokeColor = t.Ink(look.Muted)
	e.dot.FillColor = t.Ink(look.Track)
	if t.Variant() == look.Sunlight {
		e.dot.FillColor = t.Ink(look.Muted)
	}
}

func (e *EmptyState) place(size fyne.Size) {
	t, w := e.themeOf(), e.inner(size.Width)
	x, y := (size.Width-w)/2, look.PaddingWide
	put(e.ring, (size.Width-emptyRing)/2, y, emptyRing, emptyRing)
	put(e.dot, (size.Width-12)/2, y+(emptyRing-12)/2, 12, 12)
	y += emptyRing + look.Gap
	y += e.title.place(t, x, y, w) + look.Unit
	y += e.text.place(t, x, y, w) + look.Padding
	if e.action.Visible() {
		bw := min(e.action.naturalWidth()+look.PaddingWide, w)
		put(e.action, (size.Width-bw)/2, y, bw, e.action.HeightFor(bw))
	}
}

func (e *EmptyState) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{e.ring, e.dot}
	return append(e.text.objects(e.title.objects(o)), e.action)
}
