package question

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/xform"
)

// listed is a long list: a search, what it found, and what is chosen in words. Beside other questions it is one line that opens the
// list over the page.
type listed struct {
	settled
	troubled
	v      *View
	it     Item
	index  index
	hits   []int
	search *kit.Entry
	found  *kit.Text
	chosen *kit.Text
	list   *kit.List
	line   *kit.ListRow
}

func newListed(v *View, it Item) *listed {
	l := &listed{v: v, it: it, troubled: newTroubled(), found: kit.NewText(look.Caption, ""), chosen: kit.NewText(look.Strong, "")}
	if v.model.Cover != List && !v.alone() {
		l.line = kit.NewListRow(kit.RowParams{})
		l.line.OnEnter(func() { v.onward(it.Ref) })
		l.show(it)
		return l
	}
	l.index = v.p.Presenter.searched.of(it.Choices)
	l.hits = l.index.find("")
	l.search = kit.NewEntry(kit.EntryParams{
		Name: v.w.T("question.search_choices"), Placeholder: v.w.T("question.search_choices"), OnChange: l.look, OnSubmit: l.enter,
	})
	l.list = kit.NewList(func() int { return len(l.hits) }, l.row)
	l.show(it)
	l.look("")
	return l
}

func (l *listed) row(i int) kit.RowParams {
	c := l.it.Choices[l.hits[i]]
	p := kit.RowParams{Title: c.Label, OnTap: func() { l.tap(c.Value) }}
	if slices.Contains(l.it.Chosen, c.Value) {
		p.Chosen, p.Badge, p.Kind = true, l.v.w.T("question.chosen"), kit.Fine
	}
	return p
}

func (l *listed) look(typed string) {
	l.hits = l.index.find(typed)
	l.found.SetText(l.v.w.N("question.choices_found", len(l.hits)))
	l.list.Reload()
}

// enter chooses the first of what was found; with nothing typed it goes on.
func (l *listed) enter(typed string) {
	if strings.TrimSpace(typed) == "" {
		l.v.onward(l.it.Ref)
		return
	}
	if len(l.hits) > 0 {
		first := l.it.Choices[l.hits[0]].Value
		l.search.SetText("") // the whole list is there again
		l.tap(first)
	}
}

func (l *listed) tap(value string) {
	v := l.v
	if l.it.Control == xform.Select {
		v.toggle(l.it, value, l.troubled)
		return
	}
	if !v.do(func(ctx context.Context) error { return v.p.Presenter.Choose(ctx, l.it.Ref, value) }) {
		return
	}
	switch {
	case v.model.Cover == List:
		v.uncover()
	case v.advances(l.it):
		v.next()
	}
}

func (l *listed) objects() []fyne.CanvasObject {
	if l.line != nil {
		return []fyne.CanvasObject{l.problem, kit.NewCard(l.line)}
	}
	return []fyne.CanvasObject{l.problem, l.search, kit.Between(l.chosen, l.found), l.list}
}

func (l *listed) grows() fyne.CanvasObject { return l.list }

func (l *listed) show(it Item) {
	l.it = it
	l.say(l.v.problem(it))
	said := it.Said()
	if l.line != nil {
		p := kit.RowParams{Title: said, Trailing: l.v.w.T("common.change"), OnTap: l.open}
		if said == "" {
			p.Title, p.Trailing = l.v.w.T("question.choose_from", "count", len(it.Choices)), ""
		}
		l.line.Set(p)
		return
	}
	l.chosen.SetText(said)
	l.chosen.Hidden = said == ""
	l.list.Reload()
}

func (l *listed) open() {
	if l.v.settle() {
		l.v.p.Presenter.ShowList(l.it.Ref)
		l.v.rebuilt()
	}
}

// listPage is the list of one of several questions, over them.
func (v *View) listPage() *kit.Page {
	l := newListed(v, v.model.Covered)
	v.answers = []answer{l}
	top := kit.NewTopBar(kit.TopBarParams{Back: v.w.T("common.done"), OnBack: v.uncover, Title: v.model.Covered.Label})
	return kit.NewPage(kit.PageParams{Top: top, Body: l.objects(), Grow: l.list})
}
