package question

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// rating is a number of stars, with the number in words below.
type rating struct {
	settled
	troubled
	v      *View
	it     Item
	points []string
	stars  *kit.Stars
	count  *kit.Text
}

func newRating(v *View, it Item) *rating {
	r := &rating{v: v, it: it, points: pointsOf(it.Range), troubled: newTroubled(), count: kit.NewText(look.Hint, "")}
	r.stars = kit.NewStars(kit.StarsParams{
		Count: len(r.points), Name: func(n int) string { return v.w.N("question.stars", n) }, OnChoose: r.choose, OnEnter: func() { v.onward(it.Ref) },
	})
	r.show(it)
	return r
}

func (r *rating) choose(n int) {
	if n < 1 || n > len(r.points) {
		return
	}
	if r.v.do(func(ctx context.Context) error { return r.v.p.Presenter.Choose(ctx, r.it.Ref, r.points[n-1]) }) && r.v.advances(r.it) {
		r.v.next()
	}
}

func (r *rating) chosen() int { return slices.Index(r.points, r.it.Value) + 1 }

func (r *rating) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.problem, r.stars, r.count}
}

func (r *rating) show(it Item) {
	r.it = it
	n := r.chosen()
	r.stars.SetChosen(n)
	r.count.SetText(r.v.w.T("question.stars_of", "n", n, "total", len(r.points)))
	if n == 0 {
		r.count.SetText(r.v.w.T("question.stars_none"))
	}
	r.say(r.v.problem(it))
}
