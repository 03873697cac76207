package today

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
)

// PlaceView lets the interviewer choose study, site and entrance: three short lists on one page, the chosen ones marked.
type PlaceView struct {
	p      ViewParams
	page   *kit.Page
	onDone func()
}

// NewPlaceView makes the page; onDone leaves it.
func NewPlaceView(p ViewParams, onDone func()) *PlaceView {
	v := &PlaceView{p: p, onDone: onDone}
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: onDone, Title: w.T("today.change_place"), Next: w.T("common.done"), OnNext: onDone})
	v.page = kit.NewPage(kit.PageParams{Top: top, Body: v.body()})
	return v
}

// Content is what the window shows.
func (v *PlaceView) Content() fyne.CanvasObject { return v.page }

func (v *PlaceView) body() []fyne.CanvasObject {
	w, m, lang := v.p.Words, v.p.Presenter.Model(), v.p.Words.Lang()
	var objects []fyne.CanvasObject
	section := func(title string) { objects = append(objects, kit.NewText(look.Heading, title)) }
	tile := func(label string, chosen bool, study, site, entrance string) {
		t := kit.NewTile(label, kit.One, func() { v.choose(study, site, entrance) })
		t.SetChosen(chosen)
		objects = append(objects, t)
	}
	if len(m.Studies) > 1 {
		section(w.T("today.choose_study"))
		for _, s := range m.Studies {
			tile(s.Title.In(lang, ""), s.ID == m.Study.ID, s.ID, "", "")
		}
	}
	section(w.T("today.choose_site"))
	for _, s := range m.Study.Sites {
		tile(s.Label.In(lang, ""), s.Name == m.Site.Name, m.Study.ID, s.Name, "")
	}
	section(w.T("today.choose_entrance"))
	for _, e := range m.Site.Entrances {
		tile(e.Label.In(lang, ""), e.Name == m.Entrance.Name, m.Study.ID, m.Site.Name, e.Name)
	}
	return objects
}

func (v *PlaceView) choose(study, site, entrance string) {
	if err := v.p.Presenter.Choose(context.Background(), study, site, entrance); err != nil {
		v.p.OnError(err)
		return
	}
	v.page.SetBody(v.body()...)
}

// NewBriefingView shows the study's briefing and the words to say who one is.
func NewBriefingView(p ViewParams, onDone func()) fyne.CanvasObject {
	w, m, lang := p.Words, p.Presenter.Model(), p.Words.Lang()
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: onDone, Title: w.T("today.briefing")})
	body := []fyne.CanvasObject{kit.NewText(look.Title, m.Study.Title.In(lang, ""))}
	if words := m.Study.Identity.In(lang, ""); words != "" {
		body = append(body, kit.NewCard(kit.NewText(look.Caption, w.T("contact.introduce")), kit.NewText(look.Body, words)))
	}
	if words := m.Study.Briefing.In(lang, ""); words != "" {
		body = append(body, kit.NewText(look.Body, words))
	} else {
		body = append(body, kit.NewText(look.Hint, w.T("today.no_briefing")))
	}
	if m.Study.Agency != "" {
		body = append(body, kit.NewText(look.Hint, m.Study.Agency+"  "+m.Study.AgencyPhone))
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: body})
}
