package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// Rail sets objects side by side at their own width, gaps of 8 dp, on one line that is pushed sideways where they do not all fit:
// for suggestions above an entry, which must stay near the top of a phone.
func Rail(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewHScroll(container.New(rail{}, objects...))
}

type rail struct{}

// MinSize is Fyne's hook.
func (rail) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, o := range visible(objects) {
		if i > 0 {
			size.Width += look.Tight
		}
		wide := natural(o)
		size.Width += wide
		size.Height = max(size.Height, HeightFor(o, wide))
	}
	return size
}

// Layout is Fyne's hook.
func (rail) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var x float32
	for _, o := range visible(objects) {
		wide := natural(o)
		put(o, x, 0, wide, size.Height)
		x += wide + look.Tight
	}
}
