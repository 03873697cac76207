package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// Either shows a table where its columns have room for their words, and what
// says the same in another way where they have not: on narrow windows, and at
// large text sizes.
func Either(table *Table, narrow fyne.CanvasObject) *fyne.Container {
	return container.New(&either{}, table, narrow)
}

type either struct{ wide float32 }

func (e *either) choose(objects []fyne.CanvasObject, width float32) fyne.CanvasObject {
	table := objects[0].(*Table)
	shown, other := objects[0], objects[1]
	if table.needs() > width {
		shown, other = other, shown
	}
	if other.Visible() {
		other.Hide()
	}
	if !shown.Visible() {
		shown.Show()
	}
	return shown
}

func (e *either) leastWidth([]fyne.CanvasObject) float32 { return 240 }

func (e *either) naturalWidth(objects []fyne.CanvasObject) float32 { return natural(objects[0]) }

func (e *either) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	e.wide = width
	return HeightFor(e.choose(objects, width), width)
}

// MinSize is Fyne's hook.
func (e *either) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if e.wide <= 0 {
		return fyne.NewSize(240, 0)
	}
	return fyne.NewSize(240, e.heightFor(objects, e.wide))
}

// Layout is Fyne's hook.
func (e *either) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width > 0 {
		e.wide = size.Width
		put(e.choose(objects, size.Width), 0, 0, size.Width, size.Height)
	}
}

// needs is the width in dp at which no word of a table is broken.
func (t *Table) needs() float32 {
	th := t.themeOf()
	wide := 2*look.Padding + float32(len(t.columns)-1)*tableGap
	for i := range t.columns {
		least := t.heads[i].longest(th)
		for _, r := range t.rows {
			l, _ := r.wants(i, th)
			least = max(least, l)
		}
		wide += least
	}
	return wide
}
