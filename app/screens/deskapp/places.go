package deskapp

import (
	"slices"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/board"
	"parvis/app/screens/people"
	"parvis/app/screens/progress"
	"parvis/app/shell"
	"parvis/internal/export/table"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

// chosenStudy is the study in sight: the one chosen before, or else the first; many tells that there are others.
func (a *App) chosenStudy() (st study.Study, many bool, err error) {
	all, err := a.p.Store.Studies(a.ctx)
	if err != nil || len(all) == 0 {
		return st, false, err
	}
	if a.study == "" {
		if a.study, err = a.p.Store.Setting(a.ctx, keyStudy); err != nil {
			return st, false, err
		}
	}
	at := max(slices.IndexFunc(all, func(s fieldstore.StudyState) bool { return s.ID == a.study }), 0)
	if a.study != all[at].ID {
		a.study, a.reading = all[at].ID, nil
	}
	return all[at].Study, len(all) > 1, nil
}

// openStudies lets one choose another study.
func (a *App) openStudies() {
	w := a.p.Words
	a.shell.Push(&screen{title: w.T("today.choose_study"), build: func(shell.Env) fyne.CanvasObject {
		all, err := a.p.Store.Studies(a.ctx)
		if err != nil {
			a.trouble(err)
		}
		var body []fyne.CanvasObject
		for _, st := range all {
			tile := kit.NewTile(st.Title.In(w.Lang(), ""), kit.One, func() {
				a.study, a.reading, a.from, a.cell, a.boarded, a.crew, a.pictured, a.person, a.plan = st.ID, nil, 0, "", board.Choice{}, people.Choice{}, progress.Choice{}, "", planning{}
				a.keep(keyStudy, st.ID)
				a.shell.Pop()
			})
			tile.SetChosen(st.ID == a.study)
			body = append(body, tile)
		}
		top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: a.shell.Back, Title: w.T("today.choose_study")})
		return kit.NewPage(kit.PageParams{Top: top, Body: body})
	}})
}

func (a *App) board(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w := a.p.Words
	m, err := board.Read(a.ctx, a.p.Store, st.ID, a.p.Now(), a.boarded)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = board.Summary(w, m)
	view := board.ViewParams{Model: m, Words: w, Class: env.Class, Narrow: a.cell != "", From: a.from, OnOpen: a.openCell, OnUndo: a.unsteer, OnChoose: func(c board.Choice) {
		a.boarded, a.from = c, 0
		a.shell.Rebuild()
	}, OnFrom: func(first int) {
		a.from = first
		a.shell.Rebuild()
	}}
	p.body = append(board.NewView(view), a.exporting(func() table.Table { return board.Table(w, m) }))
	p.body = append(append(p.body, board.BySite(view)...), a.exporting(func() table.Table { return board.SitesTable(w, m) }))
	if a.cell != "" {
		p.sheet = a.steering(st, m)
	}
	if n, err := a.p.Store.Unreadable(a.ctx); err == nil && n > 0 {
		p.body = append(p.body, kit.NewTextIn(look.Hint, look.Bad, w.N("board.unreadable", n)))
	}
	return a.page(env, p)
}
