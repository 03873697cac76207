package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// Between sets one object at the left, where it takes the room, and one at the
// right at its own width; where the two do not fit beside each other the
// second goes below.
func Between(left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&between{gap: look.Gap}, left, right)
}

type between struct {
	flow
	gap float32
}

func (b *between) leastWidth(objects []fyne.CanvasObject) float32 { return widest(visible(objects)) }

func (b *between) naturalWidth(objects []fyne.CanvasObject) float32 {
	sum, _ := naturals(objects)
	return sum + b.gap
}

func (b *between) MinSize(objects []fyne.CanvasObject) fyne.Size { return b.ask(objects, b) }

// beside tells the widths of the two when they share a line.
func (b *between) beside(objects []fyne.CanvasObject, width float32) (left, right float32, ok bool) {
	right = natural(objects[1])
	left = width - right - b.gap
	return left, right, left >= min(natural(objects[0]), width*0.45) && left >= objects[0].MinSize().Width
}

func (b *between) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	b.width = width
	if len(objects) != 2 || !objects[0].Visible() || !objects[1].Visible() {
		var h float32
		for _, o := range visible(objects) {
			h += HeightFor(o, width)
		}
		return h
	}
	if left, right, ok := b.beside(objects, width); ok {
		return max(HeightFor(objects[0], left), HeightFor(objects[1], right))
	}
	return HeightFor(objects[0], width) + look.Unit + HeightFor(objects[1], width)
}

func (b *between) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	b.width = size.Width
	shown := visible(objects)
	if len(shown) != 2 {
		for _, o := range shown {
			put(o, 0, 0, size.Width, size.Height)
		}
		return
	}
	left, right, ok := b.beside(shown, size.Width)
	if !ok {
		h := HeightFor(shown[0], size.Width)
		put(shown[0], 0, 0, size.Width, h)
		put(shown[1], 0, h+look.Unit, min(natural(shown[1]), size.Width), HeightFor(shown[1], size.Width))
		return
	}
	hl, hr := HeightFor(shown[0], left), HeightFor(shown[1], right)
	put(shown[0], 0, (size.Height-hl)/2, left, hl)
	put(shown[1], size.Width-right, (size.Height-hr)/2, right, hr)
}

// Inset surrounds an object with space in dp.
func Inset(pad float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(&inset{pad: pad}, o)
}

type inset struct {
	flow
	pad float32
}

func (i *inset) leastWidth(objects []fyne.CanvasObject) float32 {
	return widest(visible(objects)) + 2*i.pad
}

func (i *inset) naturalWidth(objects []fyne.CanvasObject) float32 {
	_, largest := naturals(objects)
	return largest + 2*i.pad
}

func (i *inset) MinSize(objects []fyne.CanvasObject) fyne.Size { return i.ask(objects, i) }

func (i *inset) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	i.width = width
	var h float32
	for _, o := range visible(objects) {
		h = max(h, HeightFor(o, width-2*i.pad))
	}
	return h + 2*i.pad
}

func (i *inset) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	i.width = size.Width
	for _, o := range objects {
		put(o, i.pad, i.pad, size.Width-2*i.pad, size.Height-2*i.pad)
	}
}
