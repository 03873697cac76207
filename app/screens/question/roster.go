package question

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
	"parvis/internal/xform"
)

// roster lists the members of a repeat with their first answer: one can be opened or taken out, another can be added. Next goes on.
func (v *View) roster(r xform.RepeatInfo) []fyne.CanvasObject {
	objects := []fyne.CanvasObject{kit.NewText(v.p.Class.Question(), r.Label), kit.NewText(look.Hint, v.w.N("question.so_far", r.Count))}
	var rows []fyne.CanvasObject
	for _, m := range v.model.Members {
		rows = append(rows, v.member(m, r.CanRemove))
	}
	if len(rows) > 0 {
		objects = append(objects, kit.NewCard(kit.ColumnGap(0, rows...)))
	}
	add := v.w.T("question.add_one")
	if r.Label != "" {
		add = v.w.T("question.add_another", "name", r.Label)
	}
	return append(objects, kit.NewButton(add, kit.Primary, func() {
		v.goes(func(ctx context.Context) error { return v.p.Presenter.AddRepeat(ctx, r) })
	}).Tall(look.ButtonLarge))
}

func (v *View) member(m interview.Member, removable bool) fyne.CanvasObject {
	name := v.memberName(m)
	row := kit.RowParams{Title: name, Subtitle: m.First.Label}
	if m.First.Value == "" {
		row.Subtitle = v.w.T("outline.empty")
	}
	if m.Page != (xform.Position{}) {
		row.OnTap = func() { v.goes(func(ctx context.Context) error { return v.p.Presenter.OpenMember(ctx, m) }) }
	}
	if !removable {
		return kit.NewListRow(row)
	}
	remove := kit.NewButton(v.w.T("common.remove"), kit.Link, func() { v.removeMember(m, name) }).Called(v.w.T("question.remove_named", "name", name))
	return kit.Between(kit.NewListRow(row), remove)
}

// memberName is a member's first answer, else its number.
func (v *View) memberName(m interview.Member) string {
	if said := m.First.Said(); said != "" {
		return said
	}
	return v.w.T("question.member", "n", m.Number)
}

func (v *View) removeMember(m interview.Member, name string) {
	v.goes(func(ctx context.Context) error { return v.p.Presenter.RemoveMember(ctx, m) })
	v.undo(v.w.T("question.removed", "name", name), v.p.Presenter.PutBack)
}

// goes runs a deed that may lead to another page.
func (v *View) goes(deed func(context.Context) error) {
	if err := deed(context.Background()); err != nil {
		v.p.OnError(err)
	}
	v.rebuilt()
}
