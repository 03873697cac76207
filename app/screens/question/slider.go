package question

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/xform"
)

// slider is a number within bounds: the whole range as a strip when it is short, else the figure large over a line to tap or draw
// along, with one step less and one step more for the last point.
type slider struct {
	settled
	troubled
	v      *View
	it     Item
	points []string
	strip  *kit.ScaleStrip
	track  *kit.Track
	figure *kit.Text
	less   *kit.Button
	more   *kit.Button
}

// shortRange is how many points fit on a strip.
const shortRange = 11

func newSlider(v *View, it Item) *slider {
	s := &slider{v: v, it: it, points: pointsOf(it.Range), troubled: newTroubled(), figure: kit.NewText(look.Title, "")}
	switch n := len(s.points); {
	case n > shortRange:
		s.track = kit.NewTrack(kit.TrackParams{
			Name: it.Label, Points: n, At: slices.Index(s.points, it.Value),
			OnMove: func(at int) { v.touched(); s.figure.SetText(s.points[at]) }, OnChoose: func(at int) { s.set(s.points[at]) },
		})
	case n > 0:
		params := kit.ScaleParams{OnChoose: s.set}
		for _, p := range s.points {
			params.Points = append(params.Points, kit.Point{Value: p, Label: p})
		}
		s.strip = kit.NewScaleStrip(params)
	}
	if s.track != nil {
		s.track.OnEnter(func() { v.onward(it.Ref) })
	}
	if s.strip != nil {
		for _, o := range s.strip.Options() {
			o.OnEnter(func() { v.onward(it.Ref) })
		}
	}
	s.less = kit.NewButton("−", kit.Quiet, func() { s.step(-1) }).Called(v.w.T("common.less")).Tall(look.ButtonLarge)
	s.more = kit.NewButton("+", kit.Quiet, func() { s.step(1) }).Called(v.w.T("common.more")).Tall(look.ButtonLarge)
	s.show(it)
	return s
}

// pointsOf are the values a range allows, lowest first; none where it allows too many to tell.
func pointsOf(r *xform.RangeOf) []string {
	if r == nil || r.Step == 0 {
		return nil
	}
	n := int((r.End-r.Start)/r.Step + 0.5)
	if n < 0 || n > 1000 {
		return nil
	}
	points := make([]string, 0, n+1)
	for i := range n + 1 {
		points = append(points, number(r.Start+float64(i)*r.Step))
	}
	return points
}

func number(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.6f", f), "0"), ".")
}

func (s *slider) set(value string) {
	s.v.do(func(ctx context.Context) error { return s.v.p.Presenter.Choose(ctx, s.it.Ref, value) })
}

// step moves by steps; from nothing it begins in the middle.
func (s *slider) step(by int) {
	if len(s.points) > 0 {
		s.set(s.points[kit.Step(slices.Index(s.points, s.it.Value), by, len(s.points))])
	}
}

func (s *slider) objects() []fyne.CanvasObject {
	if s.strip != nil {
		return []fyne.CanvasObject{s.problem, s.strip}
	}
	objects := []fyne.CanvasObject{s.problem, s.figure.Centered()}
	if s.track != nil {
		ends := kit.Between(kit.NewText(look.Caption, s.points[0]), kit.NewText(look.Caption, s.points[len(s.points)-1]))
		objects = append(objects, s.track, ends)
	}
	return append(objects, kit.Grid(2, s.less, s.more))
}

func (s *slider) show(it Item) {
	s.it = it
	if s.strip != nil {
		s.strip.SetChosen(it.Value)
	}
	if s.track != nil {
		s.track.SetAt(slices.Index(s.points, it.Value))
	}
	s.figure.SetText(it.Value)
	if it.Value == "" {
		s.figure.SetText("–")
	}
	s.say(s.v.problem(it))
}
