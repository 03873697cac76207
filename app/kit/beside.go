package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Beside sets one object of a fixed width in dp at the left and gives the other
// the rest; both take the whole height. It is for whole windows: a navigation
// beside a page, a list beside what is read.
func Beside(width float32, left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&beside{wide: width}, left, right)
}

type beside struct{ wide float32 }

// MinSize is Fyne's hook; the parts scroll, so little is enough.
func (b *beside) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(b.wide+160, 240) }

// Layout is Fyne's hook.
func (b *beside) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	put(objects[0], 0, 0, b.wide, size.Height)
	put(objects[1], b.wide, 0, size.Width-b.wide, size.Height)
}
