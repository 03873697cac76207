package contact

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// tools lead to what is needed a few times a shift.
func (v *View) tools() fyne.CanvasObject {
	w := v.p.Words
	noting := w.T("weather.title")
	if weather := v.p.Presenter.Model().Weather; weather != "" {
		noting = w.T("weather." + weather)
	}
	return kit.Grid(2,
		kit.NewButton(w.T("count.title"), kit.Quiet, v.correct),
		kit.NewButton(noting, kit.Quiet, v.note).Called(w.T("weather.title")))
}

// paused is what the sheet shows while nobody counts.
func (v *View) paused(m Model) []fyne.CanvasObject {
	w := v.p.Words
	reason, words := m.Pause.Reason, m.Pause.Words
	keep := func() {
		if err := v.p.Presenter.Explain(context.Background(), reason, words); err != nil {
			v.p.OnError(err)
		}
	}
	reasons := chips(interview.PauseReasons(), "shift.pause_", w, reason, func(chosen string) { reason = chosen; keep() })
	own := kit.NewField(w.T("shift.pause_words"), kit.EntryParams{Text: words, OnChange: func(s string) { words = s; keep() }})
	return []fyne.CanvasObject{
		kit.NewText(look.Title, w.T("shift.paused")), kit.NewText(look.Heading, w.T("shift.pause_why")), reasons, own,
		kit.NewButton(w.T("shift.resume"), kit.Primary, v.resume).Tall(look.ButtonLarge),
		v.figures, kit.NewText(look.Hint, w.T("shift.end_note")), kit.NewButton(w.T("shift.end"), kit.Danger, v.end),
	}
}

// chips is a list to choose one from, with the chosen one marked. Their words stand under the prefix.
func chips(values []string, prefix string, w Words, chosen string, onChoose func(string)) *fyne.Container {
	all := map[string]*kit.Chip{}
	var objects []fyne.CanvasObject
	for _, value := range values {
		chip := kit.NewChip(w.T(prefix+value), kit.Plain, func() {
			onChoose(value)
			for other, c := range all {
				c.SetChosen(other == value)
			}
		})
		chip.SetChosen(value == chosen)
		all[value] = chip
		objects = append(objects, chip)
	}
	return kit.Flow(objects...)
}

// correct opens the page that puts the count right.
func (v *View) correct() {
	c, w := v.p.Presenter.Count(), v.p.Words
	v.p.OnPage(w.T("count.title"), func(leave func()) fyne.CanvasObject { return v.correcting(c, leave) })
}

// note opens the page for weather and events.
func (v *View) note() {
	n, w := v.p.Presenter.Note(), v.p.Words
	v.p.OnPage(w.T("weather.title"), func(leave func()) fyne.CanvasObject { return v.noting(n, leave) })
}

func (v *View) noting(n *Note, leave func()) fyne.CanvasObject {
	w := v.p.Words
	try := func(err error) {
		if err != nil {
			v.p.OnError(err)
		}
	}
	saved := kit.NewText(look.Caption, w.T("weather.saved"))
	var weather *fyne.Container
	var objects []fyne.CanvasObject
	for _, name := range interview.Weathers() {
		objects = append(objects, kit.NewChip(w.T("weather."+name), kit.Plain, func() {
			try(n.Weather(context.Background(), name))
			mark(weather, n.Note().Weather)
		}))
	}
	weather = kit.Flow(objects...)
	mark(weather, n.Note().Weather)
	words := kit.NewField(w.T("weather.note"), kit.EntryParams{
		Kind: kit.Verbatim, Rows: 3, Text: n.Note().Words, Placeholder: w.T("weather.note_hint"),
		OnChange: func(s string) { try(n.Write(context.Background(), s)) },
	})
	body := []fyne.CanvasObject{kit.NewText(look.Heading, w.T("weather.now")), weather, words, saved}
	if len(n.Before) > 0 {
		body = append(body, kit.NewText(look.Heading, w.T("weather.noted")))
	}
	for _, note := range n.Before {
		body = append(body, kit.NewText(look.Body, v.noted(note)))
	}
	top := kit.NewTopBar(kit.TopBarParams{
		Back: w.T("common.back"), OnBack: leave, Title: w.T("weather.title"), Next: w.T("common.done"), OnNext: leave,
	})
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}

// mark shows which weather is noted.
func mark(weather *fyne.Container, noted string) {
	for i, name := range interview.Weathers() {
		weather.Objects[i].(*kit.Chip).SetChosen(name == noted)
	}
}

// noted is a note in a line: "14:02 Rain. A market on the square".
func (v *View) noted(n interview.ShiftNote) string {
	said := v.p.Words.Clock(n.At.Time())
	if n.Weather != "" {
		said += " " + v.p.Words.T("weather."+n.Weather)
	}
	if n.Words != "" {
		said += " " + n.Words
	}
	return said
}
