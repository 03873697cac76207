package question

import (
	"context"
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// partial is a date of which only the month and the year are known, or the year: months to tap, the year to type or to tap where it is
// this one or the last.
type partial struct {
	troubled
	v      *View
	it     Item
	month  int // from 1; 0 for none
	months []*kit.Option
	year   *kit.Entry
	note   *kit.Text
	dirty  bool
}

func newPartial(v *View, it Item) *partial {
	p := &partial{v: v, it: it, troubled: newTroubled(), note: kit.NewText(look.Caption, "").Held()}
	month, year := shownMonth(it.Value)
	p.year = kit.NewEntry(kit.EntryParams{
		Name: it.Label, Kind: kit.Integer, Text: year, Placeholder: v.w.T("question.year_hint"),
		OnChange: func(string) { p.changed() }, OnSubmit: func(string) { p.submitted() },
	})
	if it.Kind == Month {
		for n := 1; n <= 12; n++ {
			o := kit.NewOption(strconv.Itoa(n), v.w.T(fmt.Sprintf("date.month_%d", n)), true, func() { p.choose(n) })
			o.OnEnter(func() { v.onward(it.Ref) })
			p.months = append(p.months, o)
		}
	}
	p.setMonth(month)
	p.show(it)
	return p
}

func (p *partial) setMonth(month int) {
	p.month = month
	for i, o := range p.months {
		o.SetChosen(i+1 == month)
	}
}

func (p *partial) choose(month int) {
	p.setMonth(month)
	p.changed()
}

// submitted goes from the year to the months, where none is chosen yet.
func (p *partial) submitted() {
	if len(p.months) > 0 && p.month == 0 {
		p.v.focus(p.months[0])
		return
	}
	p.v.onward(p.it.Ref)
}

func (p *partial) value() (string, bool) {
	month := p.month
	if p.it.Kind == Year && p.year.Text != "" {
		month = 1
	}
	return storedMonth(month, p.year.Text)
}

func (p *partial) changed() {
	p.dirty = true
	value, ok := p.value()
	if !ok {
		p.note.SetText("")
		return
	}
	p.v.touched()
	if err := p.v.p.Presenter.Draft(context.Background(), p.it.Ref, value); err != nil {
		p.v.p.OnError(err)
		return
	}
	p.note.SetText(p.v.w.T("question.saved"))
}

func (p *partial) settle(ctx context.Context) (bool, error) {
	if !p.dirty {
		return true, nil
	}
	value, ok := p.value()
	if !ok {
		return false, nil
	}
	if err := p.v.p.Presenter.Write(ctx, p.it.Ref, value); err != nil {
		return true, err
	}
	p.dirty = false
	return true, nil
}

func (p *partial) objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{p.problem}
	if p.v.p.Now != nil {
		var chips []fyne.CanvasObject
		for back := range 3 {
			year := strconv.Itoa(p.v.p.Now().Year() - back)
			chips = append(chips, kit.NewChip(year, kit.Plain, func() { p.year.SetText(year) }))
		}
		objects = append(objects, kit.Flow(chips...))
	}
	objects = append(objects, p.year)
	if len(p.months) > 0 {
		months := make([]fyne.CanvasObject, len(p.months))
		for i, o := range p.months {
			months[i] = o
		}
		objects = append(objects, kit.Grid(3, months...))
	}
	return append(objects, p.note)
}

func (p *partial) show(it Item) {
	p.it = it
	p.say(p.v.problem(it))
}
