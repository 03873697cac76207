package plan

import (
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
)

// DetailParams is what the pane of an interviewer's day needs.
type DetailParams struct {
	Model Model
	Words Words
	Key   Key
	Now   time.Time
	// Draft is the change being made; what is typed is kept in it.
	Draft *Draft
	// OnDraft draws it anew, OnSave keeps what it comes to, OnUndo takes a decision back that has not left this laptop.
	OnDraft func()
	OnSave  func([]delivery.PlannedDay)
	OnUndo  func(decision string)
	OnClose func()
}

// NewDetail shows an interviewer's day and lets one plan it; nil where the week has it not.
func NewDetail(p DetailParams) *kit.Sheet {
	c, known := p.Model.Cell(p.Key)
	if !known {
		return nil
	}
	if p.Draft.Key != p.Key {
		*p.Draft = p.Model.DraftOf(c)
	}
	var sheet *kit.Sheet
	content := p.content(c, func() {
		if sheet != nil {
			sheet.Refresh()
		}
	})
	title := p.Words.T("plan.day_of", "name", c.Interviewer, "day", p.Words.Day(DayAt(c.Date)))
	sheet = kit.NewSheet(kit.SheetParams{Title: title, Content: content, Close: p.Words.T("common.close"), OnClose: p.OnClose})
	return sheet
}

// content is what stands in the pane; settle is called where words of another length came to stand in it.
func (p DetailParams) content(c Cell, settle func()) []fyne.CanvasObject {
	w := p.Words
	out := append(p.known(c), p.open(c)...)
	if c.PlanDay.Elsewhere {
		return append(out, kit.NewText(look.Hint, w.T("plan.others_do")))
	}
	return append(out, p.form(c, settle)...)
}

// known is what became of the day.
func (p DetailParams) known(c Cell) (out []fyne.CanvasObject) {
	w, lang := p.Words, p.Words.Lang()
	drawn := ViewParams{Model: p.Model, Words: w}
	for _, d := range c.Duties {
		said, ink := drawn.state(d)
		if said == "" {
			continue
		}
		out = append(out, kit.Between(kit.NewText(look.Label, p.Model.Site(d.Site, lang)+" "+hoursOf(d)), kit.NewTextIn(look.Strong, ink, said)))
	}
	if c.Unplanned != "" {
		out = append(out, kit.NewText(look.Hint, w.T("plan.unplanned", "site", p.Model.Site(c.Unplanned, lang))))
	}
	if missed := slices.ContainsFunc(c.Duties, func(d Duty) bool { return d.State == Late || d.State == Absent }); missed {
		said := w.T("plan.never_heard")
		if !c.Heard.IsZero() {
			said = w.T("plan.last_heard", "when", w.Moment(c.Heard, p.Now))
		}
		out = append(out, kit.NewText(look.Hint, said))
	}
	if len(c.Assignments) > 0 && c.Date >= p.Model.Today && !c.Open && !c.Fetched {
		out = append(out, kit.NewText(look.Hint, w.T("plan.not_fetched")))
	}
	return out
}

// open says what central has not taken yet.
func (p DetailParams) open(c Cell) (out []fyne.CanvasObject) {
	w := p.Words
	if c.Refusal != "" {
		out = append(out, kit.NewTextIn(look.Hint, look.Bad, w.T("plan.refused", "reason", c.Refusal)))
	}
	if !c.Open {
		return out
	}
	said := kit.NewTextIn(look.Hint, look.Caution, w.T("plan.waits"))
	if !c.Undoable {
		return append(out, said)
	}
	return append(out, kit.Between(said, kit.NewButton(w.T("common.undo"), kit.Quiet, func() { p.OnUndo(c.Decision) })))
}

// form is where a day is planned.
func (p DetailParams) form(c Cell, settle func()) (out []fyne.CanvasObject) {
	w, m, d := p.Words, p.Model, p.Draft
	wrong := kit.NewText(look.Hint, "")
	save := kit.NewButton(w.T("plan.save"), kit.Primary, func() {
		if days, problem := m.Preview(*d); problem == "" {
			p.OnSave(days)
		}
	})
	show := func() {
		defer settle()
		_, problem := m.Preview(*d)
		if problem == "" {
			wrong.SetText("")
			save.Enable()
			return
		}
		wrong.SetText(w.T(string(problem)))
		save.Disable()
	}
	for n := range d.Parts {
		out = append(out, p.part(n, show)...)
	}
	if len(d.Parts) < delivery.MostOfADay {
		out = append(out, kit.NewButton(w.T("plan.add"), kit.Link, func() {
			d.Parts = append(d.Parts, m.NewPart(*d))
			p.OnDraft()
		}))
	}
	if dates := m.CanCopyTo(c.Key()); len(dates) > 0 {
		out = append(out, kit.NewText(look.Label, w.T("plan.also")), p.also(dates))
	}
	out = append(out, wrong, save)
	if len(c.Assignments) > 0 {
		out = append(out, kit.NewButton(w.T("plan.take_away"), kit.Quiet, func() {
			p.OnSave([]delivery.PlannedDay{{Interviewer: c.Interviewer, Date: c.Date}})
		}))
	}
	show()
	return out
}

// also are chips for the other days that are to be the same.
func (p DetailParams) also(dates []string) fyne.CanvasObject {
	d, drawn := p.Draft, ViewParams{Words: p.Words}
	var chips []fyne.CanvasObject
	for _, date := range dates {
		at := slices.Index(d.Also, date)
		chip := kit.NewChip(drawn.short(date), kit.Plain, func() {
			if at < 0 {
				d.Also = append(d.Also, date)
			} else {
				d.Also = slices.Delete(d.Also, at, at+1)
			}
			p.OnDraft()
		})
		chip.SetChosen(at >= 0)
		chips = append(chips, chip)
	}
	return kit.Flow(chips...)
}

// part is where one assignment is changed; show is called after what is typed.
func (p DetailParams) part(n int, show func()) (out []fyne.CanvasObject) {
	w, d := p.Words, p.Draft
	part := &d.Parts[n]
	if len(d.Parts) > 1 {
		out = append(out, kit.Between(kit.NewText(look.Heading, w.T("plan.part", "n", strconv.Itoa(n+1))), kit.NewButton(w.T("plan.remove"), kit.Link, func() {
			d.Parts = slices.Delete(d.Parts, n, n+1)
			p.OnDraft()
		})))
	}
	out = append(out, p.places(part)...)
	hour := func(key, now string, typed *string) fyne.CanvasObject {
		return kit.NewField(w.T(key), kit.EntryParams{Kind: kit.Moment, Text: *typed, Placeholder: now, OnChange: func(text string) { *typed = text; show() }})
	}
	note := kit.NewField(w.T("plan.note"), kit.EntryParams{Kind: kit.Line, Text: part.Note, Placeholder: w.T("plan.note_hint"), OnChange: func(text string) { part.Note = text; show() }})
	return append(out, kit.Grid(2, hour("plan.from", part.From, &part.TypedFrom), hour("plan.to", part.To, &part.TypedTo)), note)
}

// places are chips for the site and, where there are several, its entrances.
func (p DetailParams) places(part *Part) []fyne.CanvasObject {
	w, lang := p.Words, p.Words.Lang()
	chip := func(label string, chosen bool, site, entrance string) fyne.CanvasObject {
		c := kit.NewChip(label, kit.Plain, func() {
			part.Site, part.Entrance = site, entrance
			p.OnDraft()
		})
		c.SetChosen(chosen)
		return c
	}
	var sites, doors []fyne.CanvasObject
	for _, s := range p.Model.Study.Sites {
		only := ""
		if len(s.Entrances) == 1 {
			only = s.Entrances[0].Name
		}
		sites = append(sites, chip(labelled(s.Label, lang, s.Name), s.Name == part.Site, s.Name, only))
		if s.Name != part.Site || len(s.Entrances) < 2 {
			continue
		}
		doors = append(doors, chip(w.T("plan.any_entrance"), part.Entrance == "", s.Name, ""))
		for _, e := range s.Entrances {
			doors = append(doors, chip(labelled(e.Label, lang, e.Name), e.Name == part.Entrance, s.Name, e.Name))
		}
	}
	out := []fyne.CanvasObject{kit.NewText(look.Label, w.T("plan.where")), kit.Flow(sites...)}
	if len(doors) > 0 {
		out = append(out, kit.Flow(doors...))
	}
	return out
}
