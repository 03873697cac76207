package contact

import (
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// name is whom a cell counts, in words.
func (c Cell) name(w Words) string {
	name := c.Label.In(w.Lang(), "")
	switch {
	case c.Today:
		return w.T("quota.today", "cell", name)
	case len(c.Wave) > 0:
		return w.T("quota.wave", "cell", name, "wave", c.Wave.In(w.Lang(), ""))
	}
	return name
}

// left says how many of a cell are wanted here, and what others may still do.
func (v *View) left(c Cell) string {
	w := v.p.Words
	if c.Leased && c.Elsewhere > 0 {
		return w.N("contact.left_and_elsewhere", c.Left(), "cell", c.name(w), "elsewhere", w.Number(c.Elsewhere))
	}
	return w.N("contact.left_for_you", c.Left(), "cell", c.name(w))
}

// full says that a cell is full, for everybody or for this device alone.
func (v *View) full(c Cell) string {
	w := v.p.Words
	if c.Apart {
		return w.T("contact.cell_apart", "cell", c.name(w))
	}
	if c.Untold {
		return w.T("contact.cell_untold", "cell", c.name(w))
	}
	if c.Leased && c.Elsewhere > 0 {
		return w.T("contact.cell_elsewhere", "cell", c.name(w), "elsewhere", w.Number(c.Elsewhere))
	}
	return w.T("contact.cell_full", "cell", c.name(w))
}

// showGroups says whom to look for, and in a card of its own which totals are full: where a hard one is, it is no use to look for anybody.
// Behind that stand all groups in figures.
func (v *View) showGroups(m Model) {
	w := v.p.Words
	full, hard := fullTotals(m.Groups)
	v.over.Hidden, v.look.Hidden = len(full) == 0, len(m.Groups) == 0 || hard
	figures := kit.NewButton(w.T("contact.groups"), kit.Link, v.groups)
	var lines []fyne.CanvasObject
	for _, c := range full {
		lines = append(lines, kit.NewText(look.Heading, v.full(c)))
	}
	if hard {
		v.over.SetContent(append(lines, kit.NewText(look.Hint, w.T("contact.total_hard")), figures)...)
		return
	}
	v.over.SetContent(append(lines, kit.NewText(look.Hint, w.T("contact.total_soft")))...)
	lines = []fyne.CanvasObject{kit.NewText(look.Caption, w.T("contact.look_for"))}
	if len(m.Cells) > 0 {
		lines = append(lines, v.lookFor(m.Cells)...)
	} else {
		lines = append(lines, v.lookFor(m.Groups)...) // totals alone
	}
	v.look.SetContent(append(lines, figures)...)
}

// lookFor says whom to look for among cells, the emptiest first.
func (v *View) lookFor(cells []Cell) (lines []fyne.CanvasObject) {
	if len(cells) > 0 && cells[0].Left() == 0 {
		lines = append(lines, kit.NewText(look.Heading, v.p.Words.T("contact.look_for_nobody")))
	}
	for i, c := range cells[:min(3, len(cells))] {
		if c.Left() == 0 {
			break
		}
		role := look.Caption
		if i == 0 {
			role = look.Heading
		}
		lines = append(lines, kit.NewText(role, v.left(c)))
	}
	var full []string
	for _, c := range cells {
		if c.Left() == 0 {
			full = append(full, v.full(c))
		}
	}
	if len(full) > 0 {
		lines = append(lines, kit.NewText(look.Caption, strings.Join(full, "; "))) // in one paragraph, since there may be many
	}
	return lines
}

// groups opens the page of all quotas that can fill here, in figures.
func (v *View) groups() {
	w, list := v.p.Words, v.p.Presenter.Model().Groups
	v.p.OnPage(w.T("contact.groups"), func(leave func()) fyne.CanvasObject {
		top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: leave, Title: w.T("contact.groups")})
		var cards []fyne.CanvasObject
		for _, c := range list {
			cards = append(cards, kit.NewCard(kit.NewText(look.Strong, c.name(w)), v.group(c)))
		}
		if v.p.Class != look.Phone {
			cards = []fyne.CanvasObject{kit.Grid(2, cards...)}
		}
		body := append([]fyne.CanvasObject{kit.NewText(look.Caption, w.T("contact.groups_known"))}, cards...)
		return kit.NewPage(kit.PageParams{Top: top, Body: body})
	})
}

// group is one quota: how many are done and go on, how many are left here, and how many are open elsewhere.
func (v *View) group(c Cell) fyne.CanvasObject {
	w := v.p.Words
	state := kit.CellState{Done: c.Done, Target: c.Target, Figure: w.T("contact.group_done", "done", w.Number(c.Done), "target", w.Number(c.Target))}
	var said []string
	if c.Leased {
		state.Leased = c.Going + c.Mine
	}
	if c.Going > 0 {
		said = append(said, w.N("contact.group_going", c.Going))
	}
	switch {
	case c.Apart:
		said = append(said, w.T("contact.group_apart"))
	case c.Done >= c.Target:
		state.Right = w.T("contact.group_full")
	case c.Left() == 0:
		said = append(said, w.T("contact.group_none"))
	default:
		said = append(said, w.N("contact.group_left", c.Left()))
	}
	if c.Leased && c.Elsewhere > 0 {
		said = append(said, w.N("contact.group_elsewhere", c.Elsewhere))
	}
	state.Note = strings.Join(said, ", ")
	return kit.NewCellBar(state)
}
