package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// Point is one point of a scale.
type Point struct {
	Value string // what choosing it stores
	Label string // what is read on it
}

// ScaleParams says what a scale offers.
type ScaleParams struct {
	Points    []Point
	Chosen    string // value of the chosen point; empty if none
	Low, High string // words for the two ends; may be empty
	OnChoose  func(value string)
}

// ScaleStrip is a numeric scale (0 to 10, 1 to 5) or a Likert scale with words.
// Points share one row where every one keeps 48 dp, else numbers wrap into a
// grid and words are stacked.
type ScaleStrip struct {
	core
	points    []*Option
	low, high paragraph
	short     bool
	onChoose  func(string)
}

// NewScaleStrip returns a scale.
func NewScaleStrip(p ScaleParams) *ScaleStrip {
	s := &ScaleStrip{onChoose: p.OnChoose, short: true}
	s.low = paragraph{text: p.Low, role: look.Caption}
	s.high = paragraph{text: p.High, role: look.Caption, align: fyne.TextAlignTrailing}
	for i, point := range p.Points {
		o := NewOption(point.Value, point.Label, true, nil)
		o.onTap = func() { s.choose(o) }
		o.chosen = point.Value == p.Chosen && p.Chosen != ""
		if i == 0 && p.Low != "" && !strings.HasPrefix(p.Low, point.Label) {
			o.name = point.Label + ", " + p.Low
		}
		if i == len(p.Points)-1 && p.High != "" && !strings.HasPrefix(p.High, point.Label) {
			o.name = point.Label + ", " + p.High
		}
		s.short = s.short && len([]rune(point.Label)) <= 3
		s.points = append(s.points, o)
	}
	if !s.short {
		for _, o := range s.points {
			o.label.role = look.Action
		}
	}
	s.extend(s)
	return s
}

func (s *ScaleStrip) choose(o *Option) {
	s.SetChosen(o.value)
	if s.onChoose != nil {
		s.onChoose(o.value)
	}
}

// Options are its points, from the low end to the high.
func (s *ScaleStrip) Options() []*Option { return s.points }

// SetChosen shows the point with that value as chosen, or none.
func (s *ScaleStrip) SetChosen(value string) {
	for _, o := range s.points {
		o.SetChosen(o.value == value && value != "")
	}
}

// Chosen is the value of the chosen point; empty if none.
func (s *ScaleStrip) Chosen() string {
	for _, o := range s.points {
		if o.chosen {
			return o.value
		}
	}
	return ""
}

// columns tells how many points share a row of that width, and the gap.
func (s *ScaleStrip) columns(width float32) (n int, gap float32) {
	total := len(s.points)
	if total == 0 {
		return 1, 0
	}
	least := look.Target
	for _, o := range s.points {
		least = max(least, o.leastWidth())
	}
	if float32(total)*(least+look.Tight)-look.Tight <= width {
		return total, look.Tight
	}
	if !s.short {
		return 1, look.Tight
	}
	return max(int((width+gridGap)/(max(least, 72)+gridGap)), 1), gridGap
}

func (s *ScaleStrip) each(width float32, do func(o *Option, x, y, w, h float32)) float32 {
	n, gap := s.columns(width)
	wide := (width - float32(n-1)*gap) / float32(n)
	var y float32
	for first := 0; first < len(s.points); first += n {
		row := s.points[first:min(first+n, len(s.points))]
		var high float32
		for _, o := range row {
			high = max(high, o.HeightFor(wide))
		}
		if n == 1 {
			high = max(high-look.Tight, look.TileHeight)
		}
		for i, o := range row {
			do(o, float32(i)*(wide+gap), y, wide, high)
		}
		y += high + gap
	}
	return max(y-gap, 0)
}

func (s *ScaleStrip) ends(width float32) (low, high float32) {
	t := s.themeOf()
	half := (width - look.Padding) / 2
	if s.low.natural(t)+s.high.natural(t)+look.Padding <= width {
		return s.low.natural(t), s.high.natural(t)
	}
	return half, half
}

// HeightFor implements Flowing.
func (s *ScaleStrip) HeightFor(width float32) float32 {
	s.remember(width)
	t := s.themeOf()
	y := s.each(width, func(*Option, float32, float32, float32, float32) {})
	low, high := s.ends(width)
	if h := max(s.low.heightFor(t, low), s.high.heightFor(t, high)); h > 0 {
		y += look.Gap + h
	}
	return y
}

func (s *ScaleStrip) leastWidth() float32 {
	least := look.Target
	for _, o := range s.points {
		least = max(least, o.leastWidth())
	}
	return least
}

func (s *ScaleStrip) paint(look.Theme) {}

func (s *ScaleStrip) place(size fyne.Size) {
	t := s.themeOf()
	y := s.each(size.Width, func(o *Option, x, y, w, h float32) { put(o, x, y, w, h) }) + look.Gap
	low, high := s.ends(size.Width)
	s.low.place(t, 0, y, low)
	s.high.place(t, size.Width-high, y, high)
}

func (s *ScaleStrip) parts() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, 0, len(s.points)+4)
	for _, p := range s.points {
		o = append(o, p)
	}
	return s.high.objects(s.low.objects(o))
}
