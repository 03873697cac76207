package question

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// ranking brings choices into an order: a tap gives the next place, a tap on a placed one takes it back out; placed ones can be drawn up
// and down by their handles. Placed ones stand first, in their order.
type ranking struct {
	settled
	troubled
	v     *View
	it    Item
	order []string // while a finger draws, ahead of what is saved
	tiles map[string]*kit.RankTile
	hint  *kit.Text
	box   *fyne.Container
}

func newRanking(v *View, it Item) *ranking {
	r := &ranking{
		v: v, it: it, hint: kit.NewText(look.Hint, v.w.T("question.rank_hint")), troubled: newTroubled(), box: kit.Column(), tiles: map[string]*kit.RankTile{},
	}
	for _, c := range it.Choices {
		r.tiles[c.Value] = kit.NewRankTile(kit.RankTileParams{
			Text: c.Label, Handle: v.w.T("question.rank_move", "name", c.Label),
			OnTap: func() { r.tap(c.Value) }, OnMove: func(by int) { r.move(c.Value, by) }, OnDone: r.save,
		})
		r.tiles[c.Value].OnEnter(func() { v.onward(it.Ref) })
	}
	r.show(it)
	return r
}

func (r *ranking) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.problem, r.hint, r.box}
}

func (r *ranking) show(it Item) {
	r.it, r.order = it, slices.Clone(it.Chosen)
	r.say(r.v.problem(it))
	r.arrange()
}

// arrange keeps each tile what it is, since a finger may be holding one.
func (r *ranking) arrange() {
	r.box.Objects = nil
	for i, value := range r.order {
		if tile := r.tiles[value]; tile != nil {
			tile.SetRank(i + 1)
			r.box.Objects = append(r.box.Objects, tile)
		}
	}
	for _, c := range r.it.Choices {
		if !slices.Contains(r.order, c.Value) {
			r.tiles[c.Value].SetRank(0)
			r.box.Objects = append(r.box.Objects, r.tiles[c.Value])
		}
	}
	r.box.Refresh()
}

func (r *ranking) tap(value string) {
	if full(r.it, value) {
		r.say(r.v.w.N("question.full", r.it.Most))
		r.v.page.Relayout()
		return
	}
	r.order = ranked(r.order, value)
	r.save()
}

// ranked gives a value the next place or takes it out.
func ranked(order []string, value string) []string {
	order = slices.Clone(order)
	if at := slices.Index(order, value); at >= 0 {
		return slices.Delete(order, at, at+1)
	}
	return append(order, value)
}

func (r *ranking) move(value string, by int) {
	r.order = shifted(r.order, value, by)
	r.arrange()
	r.v.page.Relayout()
}

// shifted moves a value by a number of places, at most to an end.
func shifted(order []string, value string, by int) []string {
	at := slices.Index(order, value)
	if at < 0 {
		return order
	}
	to := min(max(at+by, 0), len(order)-1)
	order = slices.Delete(slices.Clone(order), at, at+1)
	return slices.Insert(order, to, value)
}

func (r *ranking) save() {
	value := strings.Join(r.order, " ")
	if value == r.it.Value {
		return
	}
	r.v.do(func(ctx context.Context) error { return r.v.p.Presenter.Write(ctx, r.it.Ref, value) })
}
