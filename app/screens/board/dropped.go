package board

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// Dropped is a change of targets that central has not answered and cannot take: it names a quota that the study no longer has, so that no
// line of the board may be left to take it back from.
type Dropped struct {
	desk.Unanswered
	Asked []Asked // by name
}

// Asked is what a change wants of one quota.
type Asked struct {
	Name  string     // the quota's, as the workbook has it
	Label study.Text // its line's; nil where the study no longer has it
	delivery.Aim
}

// dropped are those of the open changes that name a quota which is not there, the oldest first.
func (m Model) dropped() (list []Dropped) {
	for _, u := range m.Open {
		d, gone := Dropped{Unanswered: u}, false
		for _, name := range slices.Sorted(maps.Keys(u.Aims)) {
			_, line, found := m.find(name)
			d.Asked = append(d.Asked, Asked{Name: name, Label: line.Label, Aim: u.Aims[name]})
			gone = gone || !found
		}
		if gone {
			list = append(list, d)
		}
	}
	return list
}

// dropped lists changes that no line may be left to take back from; nothing where there are none.
func (p ViewParams) dropped() []fyne.CanvasObject {
	list := p.Model.dropped()
	if len(list) == 0 {
		return nil
	}
	w := p.Words
	card := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("board.dropped")), kit.NewText(look.Hint, w.T("board.dropped_do"))}
	for _, d := range list {
		said := kit.ColumnGap(look.Tight, p.asked(d)...)
		if !d.Undoable || p.OnUndo == nil {
			card = append(card, said)
			continue
		}
		card = append(card, kit.Between(said, kit.NewButton(w.T("common.undo"), kit.Quiet, func() { p.OnUndo(d.ID) })))
	}
	return []fyne.CanvasObject{kit.NewCard(card...)}
}

// asked says what a change wants, and why.
func (p ViewParams) asked(d Dropped) (said []fyne.CanvasObject) {
	w := p.Words
	for _, a := range d.Asked {
		who := a.Label.In(w.Lang(), "")
		if who == "" {
			who = a.Name
		}
		said = append(said, kit.NewText(look.Strong, w.T("board.dropped_target", "who", who, "target", w.Number(a.Target))))
		if a.Closed {
			said = append(said, kit.NewText(look.Body, w.T("steer.closes", "who", who)))
		}
	}
	return append(said, kit.NewTextIn(look.Hint, look.Caution, w.T("steer.waits", "reason", d.Reason)))
}
