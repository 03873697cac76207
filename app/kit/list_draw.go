package kit

import (
	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// HeightFor implements Flowing: a list takes what there is.
func (l *List) HeightFor(width float32) float32 {
	l.remember(width)
	return 240
}

func (l *List) leastWidth() float32 { return 200 }

func (l *List) paint(look.Theme) { l.tall = 0 }

func (l *List) place(size fyne.Size) {
	l.measure(size.Width)
	put(l.list, 0, 0, size.Width, size.Height)
}

func (l *List) parts() []fyne.CanvasObject { return []fyne.CanvasObject{l.list} }
