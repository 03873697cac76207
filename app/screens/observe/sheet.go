package observe

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// timelineLength bounds how much of the interview's observations the sheet shows.
const timelineLength = 6

// sheet is the large form of the strip.
type sheet struct {
	v     *View
	sheet *kit.Sheet
	pad   *kit.Pad
	undo  *kit.Button
	chips []*kit.Chip
	past  *fyne.Container
	head  *kit.Text
}

func newSheet(v *View) *sheet {
	w := v.p.Words
	s := &sheet{v: v, past: kit.ColumnGap(look.Tight), head: kit.NewText(look.Heading, w.T("observe.this_interview"))}
	s.pad = kit.NewPad(kit.PadParams{
		Name:       v.nameOf,
		OnMark:     s.mark,
		HighEnergy: w.T("observe.high_energy"), LowEnergy: w.T("observe.low_energy"),
		Unpleasant: w.T("observe.unpleasant"), Pleasant: w.T("observe.pleasant"),
	})
	s.undo = kit.NewButton(w.T("observe.undo"), kit.Link, func() { v.do(v.p.Presenter.Undo) })
	var chips []fyne.CanvasObject
	for _, cue := range v.p.Presenter.Model().Cues {
		chip := kit.NewChip(v.label(cue), kit.Observation, func() {
			v.do(func(ctx context.Context) error { return v.p.Presenter.Cue(ctx, cue.Name) })
		})
		s.chips = append(s.chips, chip)
		chips = append(chips, chip)
	}
	note := kit.NewEntry(kit.EntryParams{Name: w.T("observe.note"), Placeholder: w.T("observe.note"), Kind: kit.Line})
	keep := kit.NewChip(w.T("observe.keep_note"), kit.Plain, func() {
		if v.do(func(ctx context.Context) error { return v.p.Presenter.Note(ctx, note.Text) }) {
			note.SetText("")
		}
	})
	s.sheet = kit.NewSheet(kit.SheetParams{
		Title: w.T("observe.title"), Note: w.T("observe.perceived_by_you"),
		Close: w.T("common.close"), OnClose: v.p.OnClose,
		Content: []fyne.CanvasObject{s.pad, kit.Flow(chips...), kit.Between(note, keep), s.undo, s.head, s.past},
	})
	return s
}

func (s *sheet) mark(m kit.Mark) {
	s.v.do(func(ctx context.Context) error { return s.v.p.Presenter.Mark(ctx, m.Valence, m.Energy) })
}

func (s *sheet) show(m Model) {
	s.pad.SetMark(markOf(m))
	for i, chip := range s.chips {
		chip.SetChosen(m.Cues[i].Chosen)
	}
	if m.CanUndo {
		s.undo.Enable()
	} else {
		s.undo.Disable()
	}
	s.past.RemoveAll()
	for _, o := range m.Timeline[:min(timelineLength, len(m.Timeline))] {
		s.past.Add(kit.NewText(look.Caption, s.v.line(o, m.Cues)))
	}
	s.head.Hidden = len(m.Timeline) == 0
}
