package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// tickMark is the tick within a filled box of 22 dp.
type tickMark [2]*canvas.Line

func newTickMark() tickMark { return tickMark{{StrokeWidth: 2.5}, {StrokeWidth: 2.5}} }

func (m tickMark) paint(t look.Theme, shown bool) {
	for _, l := range m {
		if l != nil {
			l.StrokeColor = t.Ink(look.OnPrimary)
			l.Hidden = !shown
		}
	}
}

// place lays the tick into the box whose corner is at x, y.
func (m tickMark) place(x, y float32) {
	if m[0] == nil {
		return
	}
	m[0].Position1, m[0].Position2 = fyne.NewPos(x+5.5, y+11.5), fyne.NewPos(x+9.5, y+15.5)
	m[1].Position1, m[1].Position2 = fyne.NewPos(x+9.2, y+15.5), fyne.NewPos(x+16.5, y+7)
}

func (m tickMark) objects(to []fyne.CanvasObject) []fyne.CanvasObject {
	for _, l := range m {
		if l != nil {
			to = append(to, l)
		}
	}
	return to
}
