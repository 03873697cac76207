package deskapp

import (
	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/shell"
)

// The places the navigation leads to.
const (
	tabBoard    = "board"
	tabPeople   = "people"
	tabPlan     = "plan"
	tabReview   = "review"
	tabLetters  = "letters"
	tabTablets  = "tablets"
	tabDevices  = "devices"
	tabFlags    = "flags"
	tabProgress = "progress"
	goSettings  = "settings"
	goSignedOut = "signed_out"
)

// listWidth is the width in dp of a list beside what is read.
const listWidth float32 = 400

// open shows the place in sight, with nothing behind it.
func (a *App) open() {
	a.shell.Reset(&screen{title: "Parvis", build: a.desk, key: a.reviewKey, rune: a.reviewRune})
}

// desk builds the place in sight: beside the navigation on a laptop, under a bar that leads to it on anything narrower.
func (a *App) desk(env shell.Env) fyne.CanvasObject {
	a.nav = nil
	content := a.place(env)
	if env.Class != look.Laptop {
		return content
	}
	a.nav = a.navigation(a.goTo)
	return kit.Beside(max(kit.NavWidth, a.nav.MinSize().Width), a.nav, content)
}

func (a *App) place(env shell.Env) fyne.CanvasObject {
	if a.tab == tabTablets {
		return a.page(env, a.carryPlace(env, part{}))
	}
	st, many, err := a.chosenStudy()
	switch {
	case err != nil:
		a.trouble(err)
		return a.page(env, part{title: "Parvis"})
	case st.ID == "":
		w := a.p.Words
		return a.page(env, part{title: "Parvis", body: []fyne.CanvasObject{kit.NewEmptyState(w.T("today.no_study"), w.T("board.no_study_do"), "", nil)}})
	}
	p := part{title: st.Title.In(a.p.Words.Lang(), ""), many: many}
	switch a.tab {
	case tabPeople:
		return a.people(env, st, p)
	case tabPlan:
		return a.planned(env, st, p)
	case tabReview:
		return a.review(env, st, p)
	case tabLetters:
		return a.letters(env, st, p)
	case tabDevices:
		return a.devices(env, st, p)
	case tabFlags:
		return a.flagged(env, st, p)
	case tabProgress:
		return a.progressed(env, st, p)
	}
	return a.board(env, st, p)
}

func (a *App) navigation(onGo func(string)) *kit.SideNav {
	w := a.p.Words
	return kit.NewSideNav(kit.SideNavParams{
		Name: "Parvis", Chosen: a.tab, Foot: a.foot(), OnGo: onGo,
		Items: []kit.NavItem{
			{Key: tabBoard, Label: w.T("nav.quotas")},
			{Key: tabPeople, Label: w.T("nav.interviewers")},
			{Key: tabPlan, Label: w.T("nav.plan")},
			{Key: tabProgress, Label: w.T("nav.progress")},
			{Key: tabFlags, Label: w.T("nav.flags")},
			{Key: tabReview, Label: w.T("nav.review")},
			{Key: tabLetters, Label: w.T("nav.messages")},
			{Key: tabDevices, Label: w.T("nav.devices")},
			{Key: tabTablets, Label: w.T("nav.tablets")},
			{Key: goSettings, Label: w.T("nav.settings")},
			{Key: goSignedOut, Label: w.T("signin.sign_out")},
		},
	})
}

func (a *App) goTo(key string) {
	switch key {
	case goSettings:
		a.openSettings()
	case goSignedOut:
		a.signOut()
	default:
		a.tab, a.person, a.cell, a.plan = key, "", "", planning{}
		a.crewDevices.leave()
		if key == tabDevices {
			a.askCodes()
		}
		a.shell.Rebuild()
	}
}

// openMenu shows the navigation on a page of its own.
func (a *App) openMenu() {
	a.shell.Push(&screen{title: a.p.Words.T("nav.menu"), build: func(shell.Env) fyne.CanvasObject {
		return a.navigation(func(key string) {
			a.shell.Pop()
			a.goTo(key)
		})
	}})
}

// part is what a place shows.
type part struct {
	title, subtitle string
	many            bool // there are other studies to choose
	body            []fyne.CanvasObject
	sheet           *kit.Sheet
}

// page puts a header over a place: what it is, how old the picture is, Sync now.
func (a *App) page(env shell.Env, p part) *kit.Page {
	w := a.p.Words
	var top fyne.CanvasObject
	var body []fyne.CanvasObject
	head := kit.ColumnGap(0, kit.NewText(look.Title, p.title), kit.NewText(look.Hint, p.subtitle))
	var buttons []fyne.CanvasObject
	if p.many {
		buttons = append(buttons, kit.NewButton(w.T("board.change_study"), kit.Quiet, a.openStudies))
	}
	if env.Class == look.Laptop {
		buttons = append(buttons, kit.NewButton(w.T("sync.now"), kit.Primary, a.syncing.Now))
	} else {
		top = kit.NewTopBar(kit.TopBarParams{
			Back: w.T("nav.menu"), OnBack: a.openMenu, Title: w.T(titleOf(a.tab)), Subtitle: a.foot(), Next: w.T("sync.now"), OnNext: a.syncing.Now,
		})
	}
	if len(buttons) > 0 {
		body = append(body, kit.Between(head, kit.Flow(buttons...)))
	} else {
		body = append(body, head)
	}
	if a.syncing.Bar() != nil {
		body = append(body, a.syncing.Bar())
	}
	return kit.NewPage(kit.PageParams{Top: top, Body: append(body, p.body...), Sheet: p.sheet, Wide: true})
}

func titleOf(tab string) string {
	return map[string]string{tabBoard: "nav.quotas", tabPeople: "nav.interviewers", tabPlan: "nav.plan", tabReview: "nav.review", tabLetters: "nav.messages", tabFlags: "nav.flags", tabProgress: "nav.progress", tabTablets: "nav.tablets", tabDevices: "nav.devices"}[tab]
}
