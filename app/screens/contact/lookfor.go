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

// showCells says in words whom to look for: the emptiest cell, the next, and which are full.
func (v *View) showCells(cells []Cell) {
	w := v.p.Words
	v.look.Hidden = len(cells) == 0
	if len(cells) == 0 {
		return
	}
	lines := []fyne.CanvasObject{kit.NewText(look.Caption, w.T("contact.look_for"))}
	if cells[0].Left() == 0 {
		lines = append(lines, kit.NewText(look.Heading, w.T("contact.look_for_nobody")))
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
	v.look.SetContent(lines...)
}

// showFull says in a card of its own that a total is full: then it is no use to look for anybody of some cell.
func (v *View) showFull(totals []Total) {
	v.over.Hidden = len(totals) == 0
	var lines []fyne.CanvasObject
	hint := "contact.total_soft"
	for _, t := range totals {
		lines = append(lines, kit.NewText(look.Heading, v.full(t.Cell)))
		if !t.Soft {
			hint = "contact.total_hard"
		}
	}
	v.over.SetContent(append(lines, kit.NewText(look.Hint, v.p.Words.T(hint)))...)
}
