package today

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// planCard says where the supervisor wants the interviewer to be: today in large letters, the next days below. It asks nothing; what
// came or changed has a mark until it was seen.
func (v *View) planCard(m Model) fyne.CanvasObject {
	w, p := v.p.Words, m.Plan
	title := w.T("plan.yours")
	if len(p.Today) == 0 {
		title = w.T("plan.none_today")
	}
	var head fyne.CanvasObject = kit.NewText(look.Section, title)
	if p.News {
		head = kit.Between(head, kit.NewBadge(w.T("plan.changed"), kit.Warn))
	}
	card := []fyne.CanvasObject{head}
	for _, a := range p.Today {
		card = append(card, kit.NewText(look.Heading, w.T("plan.today_hours", "from", a.From, "to", a.To)), kit.NewText(look.Body, v.place(m, a)))
		if a.Note != "" {
			card = append(card, kit.NewText(look.Hint, a.Note))
		}
	}
	for _, a := range p.Next {
		said := w.T("plan.next_line", "day", w.Day(a.Day()), "from", a.From, "to", a.To, "place", v.place(m, a))
		if a.Note != "" {
			said += " " + a.Note
		}
		card = append(card, kit.NewText(look.Hint, said))
	}
	for _, date := range p.Gone {
		if day, err := time.Parse(time.DateOnly, date); err == nil {
			card = append(card, kit.NewText(look.Hint, w.T("plan.gone_line", "day", w.Day(day))))
		}
	}
	if p.News {
		card = append(card, kit.NewButton(w.T("plan.seen"), kit.Quiet, v.seen))
	}
	return kit.NewCard(card...)
}

// place is an assignment's site and entrance, and its study where there are several.
func (v *View) place(m Model, a Assignment) string {
	w, lang := v.p.Words, v.p.Words.Lang()
	said := a.Site.Label.In(lang, "")
	if said == "" { // a newer version of the study has it
		said = a.Site.Name
	}
	if a.Entrance.Name != "" {
		said = w.T("today.place", "site", said, "entrance", a.Entrance.Label.In(lang, ""))
	}
	if len(m.Studies) > 1 {
		said += " · " + a.Study.Title.In(lang, "")
	}
	return said
}

func (v *View) seen() {
	if err := v.p.Presenter.Seen(context.Background()); err != nil {
		v.p.OnError(err)
		return
	}
	v.page.SetBody(v.body()...)
}
