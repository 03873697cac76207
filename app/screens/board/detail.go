package board

import (
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/study"
)

// DetailParams is what the pane of one line of the board needs.
type DetailParams struct {
	Model Model
	Words Words
	// Line is the key of the line, Draft the change that is being made; the view writes to it.
	Line  string
	Draft *Draft
	// OnDraft draws the pane anew after a tap; typing does not need it. OnSave keeps the draft, OnUndo takes a decision back.
	OnDraft func()
	OnSave  func([]Change)
	OnUndo  func(id string)
	OnClose func()
}

// NewDetail shows all figures of one line and lets one steer it; nil where there is no such line.
func NewDetail(p DetailParams) *kit.Sheet {
	if s, found := p.Model.added(p.Line); found {
		return kit.NewSheet(kit.SheetParams{Title: s.Name(p.Words), Content: p.sum(s), Close: p.Words.T("common.close"), OnClose: p.OnClose})
	}
	for _, l := range p.Model.Lines {
		if l.Key != p.Line {
			continue
		}
		var sheet *kit.Sheet
		content := p.content(l, func() {
			if sheet != nil {
				sheet.Refresh()
			}
		})
		sheet = kit.NewSheet(kit.SheetParams{Title: l.Name(p.Words), Content: content, Close: p.Words.T("common.close"), OnClose: p.OnClose})
		return sheet
	}
	return nil
}

// chosen is the constraint of the line that is looked at: the first where the draft is of another line.
func (p DetailParams) chosen(l Line) Constraint {
	for _, c := range l.Constraints {
		if c.Quota.Name == p.Draft.Name {
			return c
		}
	}
	*p.Draft = DraftOf(l.Constraints[0])
	return l.Constraints[0]
}

// content is what stands in the pane; settle is called where words of another length came to stand in it.
func (p DetailParams) content(l Line, settle func()) []fyne.CanvasObject {
	c := p.chosen(l)
	var out []fyne.CanvasObject
	if len(l.Constraints) > 1 {
		var chips []fyne.CanvasObject
		for _, o := range l.Constraints {
			chip := kit.NewChip(p.place(o), kit.Plain, func() { p.draft(DraftOf(o)) })
			chip.SetChosen(o.Quota.Name == c.Quota.Name)
			chips = append(chips, chip)
		}
		out = append(out, kit.Flow(chips...))
	}
	out = append(out, p.figures(c.Count, c.Quota.Kind)...)
	out = append(out, p.open(l)...)
	return append(out, p.form(c, settle)...)
}

func (p DetailParams) draft(d Draft) {
	*p.Draft = d
	p.OnDraft()
}

func (p DetailParams) place(c Constraint) string {
	w := p.Words
	if s, known := p.Model.Study.SiteByName(c.Quota.Site); known {
		return s.Label.In(w.Lang(), "")
	}
	for _, s := range p.Model.Study.Sites {
		if c.Quota.Region != "" && s.Region == c.Quota.Region {
			return regionLabel(s).In(w.Lang(), "")
		}
	}
	return w.T("board.whole_study")
}

func (p DetailParams) line(key, figure string) fyne.CanvasObject {
	return kit.Between(kit.NewText(look.Label, p.Words.T(key)), kit.NewText(look.Strong, figure))
}

// sum are the figures of a margin, of which nothing can be changed: that is done in what it sums up.
func (p DetailParams) sum(s Sum) []fyne.CanvasObject {
	kind := study.Hard
	if !s.Whole.Known {
		kind = "" // of others nothing is given out
	}
	return append(p.figures(s.Whole, kind), kit.NewText(look.Caption, p.Words.N("board.margin_of", s.Of)))
}

// figures are all that is known of a constraint of a kind, or of a sum of them.
func (p DetailParams) figures(c Count, kind study.Kind) []fyne.CanvasObject {
	w := p.Words
	out := []fyne.CanvasObject{
		p.line("steer.done", w.T("board.figure", "done", c.Done, "target", c.Target)),
		p.line("steer.today", w.Number(c.Today)),
	}
	switch {
	case kind == study.Watched:
		return append(out, kit.NewText(look.Caption, w.T("steer.watched")))
	case kind == "":
	case kind == study.Soft:
		out = append(out, kit.NewText(look.Caption, w.T("steer.soft")))
	case !c.Known:
		out = append(out, kit.NewText(look.Caption, w.T("steer.unknown")))
	default:
		out = append(out, p.line("steer.leased", w.Number(c.Leased)), p.line("steer.busy", w.Number(c.Busy)), p.line("steer.left", w.Number(c.Left)))
		if c.Provisional > 0 {
			out = append(out, p.line("steer.provisional", w.Number(c.Provisional)))
		}
	}
	if said := fills(w, c); said != "" {
		out = append(out, p.line("steer.fills", said))
	}
	return out
}

// open are the changes of this line that central has not answered.
func (p DetailParams) open(l Line) (out []fyne.CanvasObject) {
	w := p.Words
	for _, u := range p.Model.Open {
		for _, c := range l.Constraints {
			if _, named := u.Aims[c.Quota.Name]; !named {
				continue
			}
			said := kit.NewTextIn(look.Hint, look.Caution, w.T("steer.waits", "reason", u.Reason))
			if u.Undoable {
				out = append(out, kit.Between(said, kit.NewButton(w.T("common.undo"), kit.Quiet, func() { p.OnUndo(u.ID) })))
			} else {
				out = append(out, said)
			}
			break
		}
	}
	return out
}

// form is where a target is changed.
func (p DetailParams) form(c Constraint, settle func()) []fyne.CanvasObject {
	w, d := p.Words, p.Draft
	preview := kit.NewText(look.Body, "")
	wrong := kit.NewText(look.Hint, "")
	save := kit.NewButton(w.T("steer.save"), kit.Primary, func() {
		if list, problem := p.Model.Preview(*d); problem == "" {
			p.OnSave(list)
		}
	})
	show := func() {
		defer settle()
		list, problem := p.Model.Preview(*d)
		said := ""
		if problem != NoChange && problem != NoTarget {
			said = p.preview(list)
		}
		preview.SetText(said)
		if problem == "" {
			wrong.SetText("")
			save.Enable()
			return
		}
		wrong.SetText(w.T(string(problem)))
		save.Disable()
	}
	out := []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("steer.change")),
		kit.NewField(w.T("steer.target"), kit.EntryParams{Kind: kit.Integer, Text: d.Target, Placeholder: w.Number(c.Target), OnChange: func(text string) { d.Target = text; show() }}),
	}
	closing := kit.NewChip(w.T("steer.close"), kit.Plain, func() { d.Close = !d.Close; p.OnDraft() })
	closing.SetChosen(d.Close)
	out = append(out, kit.Flow(closing))
	if partners := p.Model.Partners(c.Quota.Name); len(partners) > 0 {
		nobody := kit.NewChip(w.T("steer.with_nobody"), kit.Plain, func() { d.With = ""; p.OnDraft() })
		nobody.SetChosen(d.With == "")
		chips := []fyne.CanvasObject{nobody}
		for _, o := range partners {
			_, line, _ := p.Model.find(o.Quota.Name)
			chip := kit.NewChip(line.Label.In(w.Lang(), ""), kit.Plain, func() { d.With = o.Quota.Name; p.OnDraft() })
			chip.SetChosen(d.With == o.Quota.Name)
			chips = append(chips, chip)
		}
		out = append(out, kit.NewText(look.Label, w.T("steer.with")), kit.Flow(chips...))
	}
	out = append(out, kit.NewField(w.T("steer.reason"), kit.EntryParams{
		Kind: kit.Line, Text: d.Reason, Placeholder: w.T("steer.reason_hint"), OnChange: func(text string) { d.Reason = text; show() },
	}), preview, wrong, save)
	show()
	return out
}

// preview says what a draft comes to.
func (p DetailParams) preview(list []Change) string {
	w := p.Words
	var lines []string
	for _, c := range list {
		who := c.Cell.In(w.Lang(), "")
		if c.To != c.Target {
			lines = append(lines, w.T("steer.from_to", "who", who, "from", w.Number(c.Target), "to", w.Number(c.To)))
		}
		switch {
		case c.Close && !c.Closed:
			lines = append(lines, w.T("steer.closes", "who", who))
		case c.Reopened:
			lines = append(lines, w.T("steer.opens", "who", who))
		}
		switch {
		case !c.Known:
		case c.TooMany > 0:
			lines = append(lines, w.N("steer.too_many", c.TooMany))
		case c.Give > 0:
			lines = append(lines, w.N("steer.can_give", c.Give))
		default:
			lines = append(lines, w.T("steer.nothing_more"))
		}
	}
	return strings.Join(lines, "\n")
}

// fills says when a quota is full, at today's rate.
func fills(w Words, c Count) string {
	switch {
	case c.Full():
		return w.T("board.full")
	case c.Closed:
		return w.T("board.closed")
	case !c.Fills.At.IsZero():
		return w.T("board.fills_at", "clock", w.Clock(c.Fills.At))
	case c.Fills.Days > 0:
		return w.N("board.fills_days", c.Fills.Days)
	}
	return ""
}
