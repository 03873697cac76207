package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Strip is a bar at the bottom of a page: its objects side by side at their
// own width, as many as fit in one row; the last one always fits, since it
// leads to the rest.
type Strip struct {
	core
	box, rule *canvas.Rectangle
	objects   []fyne.CanvasObject
}

// NewStrip returns a strip. For observations: a PadMini, chips, More.
func NewStrip(objects ...fyne.CanvasObject) *Strip {
	s := &Strip{box: &canvas.Rectangle{}, rule: &canvas.Rectangle{}, objects: objects}
	s.extend(s)
	return s
}

// SetObjects replaces what it holds.
func (s *Strip) SetObjects(objects ...fyne.CanvasObject) {
	s.objects = objects
	s.Refresh()
}

// HeightFor implements Flowing.
func (s *Strip) HeightFor(width float32) float32 {
	s.remember(width)
	h := look.Target
	for _, o := range s.objects {
		h = max(h, HeightFor(o, natural(o)))
	}
	return h + 20
}

func (s *Strip) leastWidth() float32 { return 200 }

func (s *Strip) paint(t look.Theme) {
	shape(s.box, t, look.Surface, look.Surface, 0, 0)
	shape(s.rule, t, look.Line, look.Line, 0, 0)
}

// place drops the objects before the last that would not fit; the first stays. For the left hand it begins at the right, so that
// the last one lies under the thumb.
func (s *Strip) place(size fyne.Size) {
	t := s.themeOf()
	put(s.box, 0, 0, size.Width, size.Height)
	put(s.rule, 0, 0, size.Width, t.LineWidth())
	n := len(s.objects)
	if n == 0 {
		return
	}
	last := natural(s.objects[n-1])
	x, right := barSide, size.Width-barSide
	for i, o := range s.objects {
		w := natural(o)
		room := right - x
		if i < n-1 {
			room -= last + look.Tight
		}
		o.Hide()
		if w <= room || i == 0 || i == n-1 {
			o.Show()
			h := HeightFor(o, w)
			wide := min(w, right-x)
			left := x
			if t.Hand() == look.Left {
				left = size.Width - x - wide
			}
			put(o, left, (size.Height-h)/2, wide, h)
			x += w + look.Tight
		}
	}
}

func (s *Strip) parts() []fyne.CanvasObject {
	return append([]fyne.CanvasObject{s.box, s.rule}, s.objects...)
}
