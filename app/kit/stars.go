package kit

import (
	"fmt"
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// StarsParams says what stars rate.
type StarsParams struct {
	Count    int
	Name     func(n int) string // "3 stars"; what a star is called
	OnChoose func(n int)
	OnEnter  func() // what Enter does on a star; nil for choosing it
}

// Stars is a rating from one star to some, each at least 48 dp wide. Up to the chosen one they are filled, the others are outlines.
type Stars struct {
	core
	stars []*star
}

// NewStars returns a rating without an answer.
func NewStars(p StarsParams) *Stars {
	s := &Stars{}
	for n := 1; n <= p.Count; n++ {
		st := &star{name: p.Name(n), image: &canvas.Image{FillMode: canvas.ImageFillContain}}
		st.onTap, st.onEnter = func() { p.OnChoose(n) }, p.OnEnter
		st.extend(st)
		s.stars = append(s.stars, st)
	}
	s.extend(s)
	return s
}

// SetChosen fills the first n stars.
func (s *Stars) SetChosen(n int) {
	for i, st := range s.stars {
		if filled := i < n; st.filled != filled {
			st.filled = filled
			st.Refresh()
		}
	}
}

// Stops are the stars, for the arrow keys.
func (s *Stars) Stops() (all []fyne.Focusable) {
	for _, st := range s.stars {
		all = append(all, st)
	}
	return all
}

// columns tells how many stars share a row: all, or as many as make even rows.
func (s *Stars) columns(width float32) int {
	n := len(s.stars)
	for rows := 1; rows <= n; rows++ {
		inRow := (n + rows - 1) / rows
		if float32(inRow)*(look.Target+look.Unit)-look.Unit <= width {
			return inRow
		}
	}
	return 1
}

// HeightFor implements Flowing.
func (s *Stars) HeightFor(width float32) float32 {
	s.remember(width)
	if len(s.stars) == 0 {
		return 0
	}
	n := s.columns(width)
	rows := (len(s.stars) + n - 1) / n
	return float32(rows)*(look.ButtonLarge+look.Unit) - look.Unit
}

func (s *Stars) leastWidth() float32 { return look.Target }

func (s *Stars) paint(look.Theme) {}

func (s *Stars) place(size fyne.Size) {
	n := s.columns(size.Width)
	wide := min((size.Width+look.Unit)/float32(n)-look.Unit, 80)
	for i, st := range s.stars {
		put(st, float32(i%n)*(wide+look.Unit), float32(i/n)*(look.ButtonLarge+look.Unit), wide, look.ButtonLarge)
	}
}

func (s *Stars) parts() (o []fyne.CanvasObject) {
	for _, st := range s.stars {
		o = append(o, st)
	}
	return o
}

type star struct {
	press
	name   string
	filled bool
	image  *canvas.Image
}

// AccessibleName implements Named.
func (s *star) AccessibleName() string { return s.name }

// HeightFor implements Flowing.
func (s *star) HeightFor(width float32) float32 {
	s.remember(width)
	return look.ButtonLarge
}

func (s *star) leastWidth() float32 { return look.Target }

func (s *star) paint(t look.Theme) {
	fill, line := look.Surface, look.Muted
	switch {
	case s.filled:
		fill, line = look.Primary, look.Primary
	case s.active():
		fill = look.Pressed
	}
	r := starDrawn(t.Ink(fill), t.Ink(line))
	if s.image.Resource == nil || s.image.Resource.Name() != r.Name() {
		s.image.Resource = r
		s.image.Refresh()
	}
}

func (s *star) place(size fyne.Size) {
	put(s.image, look.Unit, look.Unit, size.Width-2*look.Unit, size.Height-2*look.Unit)
	s.placeRing(size, look.RadiusButton)
}

func (s *star) parts() []fyne.CanvasObject { return s.ringed([]fyne.CanvasObject{s.image}) }

// starDrawn is a five-pointed star; the toolkit has no shape for it, so it is a small drawing.
func starDrawn(fill, line color.Color) fyne.Resource {
	const path = "M24 5l5.9 12 13.2 1.9-9.6 9.3 2.3 13.2L24 35.2l-11.8 6.2 2.3-13.2-9.6-9.3L18.1 17z"
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path d="%s" fill="%s" stroke="%s" stroke-width="2.5" stroke-linejoin="round"/></svg>`, path, hexOf(fill), hexOf(line))
	return fyne.NewStaticResource("star-"+hexOf(fill)[1:]+hexOf(line)[1:]+".svg", []byte(svg))
}

func hexOf(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return "#" + two(r) + two(g) + two(b)
}

func two(v uint32) string {
	s := strconv.FormatUint(uint64(v>>8), 16)
	if len(s) < 2 {
		return "0" + s
	}
	return s
}
