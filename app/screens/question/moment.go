package question

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// moment is a day, a time of day, or both, typed in figures; a chip fills in the present.
type moment struct {
	troubled
	v          *View
	it         Item
	day, clock *kit.Entry // nil where not asked
	note       *kit.Text
	dirty      bool
}

func newMoment(v *View, it Item) *moment {
	m := &moment{v: v, it: it, troubled: newTroubled(), note: kit.NewText(look.Caption, "").Held()}
	day, clock := shownMoment(it.Kind, it.Value)
	entry := func(name, hint, text string) *kit.Entry {
		return kit.NewEntry(kit.EntryParams{
			Name: name, Kind: kit.Moment, Text: text, Placeholder: v.w.T(hint), OnChange: func(string) { m.changed() }, OnSubmit: func(string) { v.onward(it.Ref) },
		})
	}
	if it.Kind != Clock {
		m.day = entry(it.Label, "question.date_hint", day)
	}
	if it.Kind != Day {
		m.clock = entry(it.Label, "question.time_hint", clock)
	}
	if it.Kind == DayClock {
		m.clock = entry(it.Label+", "+v.w.T("question.time_hint"), "question.time_hint", clock)
	}
	if it.Kind == DayClock {
		m.day.OnSubmitted = func(string) { v.focus(m.clock) }
	}
	m.show(it)
	return m
}

func (m *moment) typed() (day, clock string) {
	if m.day != nil {
		day = m.day.Text
	}
	if m.clock != nil {
		clock = m.clock.Text
	}
	return day, clock
}

func (m *moment) value() (string, bool) {
	day, clock := m.typed()
	zone := time.Local
	if m.v.p.Now != nil {
		zone = m.v.p.Now().Location()
	}
	return storedMoment(m.it.Kind, day, clock, zone)
}

// changed saves at every keystroke what already is an answer; the rest waits for settle.
func (m *moment) changed() {
	m.dirty = true
	value, ok := m.value()
	if !ok {
		m.note.SetText("")
		return
	}
	m.v.touched()
	if err := m.v.p.Presenter.Draft(context.Background(), m.it.Ref, value); err != nil {
		m.v.p.OnError(err)
		return
	}
	m.note.SetText(m.v.w.T("question.saved"))
}

func (m *moment) settle(ctx context.Context) (bool, error) {
	if !m.dirty {
		return true, nil
	}
	value, ok := m.value()
	if !ok {
		return false, nil
	}
	if err := m.v.p.Presenter.Write(ctx, m.it.Ref, value); err != nil {
		return true, err
	}
	m.dirty = false
	return true, nil
}

// now fills in the present.
func (m *moment) now() {
	at := m.v.p.Now()
	if m.day != nil {
		m.day.SetText(at.Format("2-1-2006"))
	}
	if m.clock != nil {
		m.clock.SetText(at.Format("15:04"))
	}
}

func (m *moment) objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{m.problem}
	if m.v.p.Now != nil {
		key := "question.now"
		if m.it.Kind == Day {
			key = "common.today"
		}
		objects = append(objects, kit.Flow(kit.NewChip(m.v.w.T(key), kit.Plain, m.now)))
	}
	switch {
	case m.day != nil && m.clock != nil:
		objects = append(objects, kit.Grid(2, m.day, m.clock))
	case m.day != nil:
		objects = append(objects, m.day)
	default:
		objects = append(objects, m.clock)
	}
	return append(objects, m.note)
}

func (m *moment) show(it Item) {
	m.it = it
	m.say(m.v.problem(it))
}
