package fieldapp

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/contact"
	"parvis/app/screens/enrol"
	"parvis/app/screens/interviews"
	"parvis/app/screens/settings"
	"parvis/app/screens/today"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func (a *App) enroller() *enrol.Presenter {
	return &enrol.Presenter{Agent: a.agent, Address: a.p.Central, Code: a.p.Code}
}

// Join enrols with the address and the code the app was given, for devices that are prepared before somebody holds them. It waits
// for the network; call it before Start. A device that is enrolled stays as it is.
func (a *App) Join(ctx context.Context) error {
	if c, err := a.p.Store.Enrolment(ctx); err != nil || !c.IsZero() {
		return err
	}
	_, err := a.enroller().Join(ctx)
	return err
}

func (a *App) enrolment() shell.Screen {
	presenter := a.enroller()
	return &screen{title: a.p.Words.T("enrol.title"), build: func(env shell.Env) fyne.CanvasObject {
		return enrol.NewView(enrol.ViewParams{
			Presenter: presenter, Words: env.Words, Go: a.shell.Go, OnLanguage: a.openSettings,
			OnEnrolled: func(c delivery.Credentials) {
				a.shell.Reset(a.today())
				a.shell.Notice(a.p.Words.T("enrol.done", "name", c.Interviewer))
			},
		}).Content()
	}}
}

// today is the day's page; it reads its state anew whenever it comes to the front.
func (a *App) today() shell.Screen {
	s := &screen{title: a.p.Words.T("today.title")}
	s.build = func(env shell.Env) fyne.CanvasObject {
		presenter, err := today.New(a.ctx, today.Params{Store: a.p.Store, Now: a.p.Now})
		if err != nil {
			a.trouble(err)
			return kit.NewPage(kit.PageParams{})
		}
		p := a.todayParams(presenter, env.Class)
		view := today.NewView(p)
		if a.syncing.Bar() != nil {
			view.Sending(a.syncing.Bar())
		}
		return view.Content()
	}
	s.shown = func() { a.keep(keySheet, "") }
	return s
}

func (a *App) todayParams(presenter *today.Presenter, class look.Class) today.ViewParams {
	p := today.ViewParams{Presenter: presenter, Words: a.p.Words, Class: class, OnError: a.trouble, PicturesHeld: a.holdsPictures()}
	p.OnShift = a.openContacts
	p.OnList = a.openInterviews
	p.OnSend = a.syncing.Now
	p.OnSettings = a.openSettings
	p.OnMessages = a.openInbox
	p.OnCard = func() { a.openCard(presenter.Model().Study) }
	p.OnPlace = func() {
		a.shell.Push(&screen{title: a.p.Words.T("today.change_place"), build: func(shell.Env) fyne.CanvasObject {
			return today.NewPlaceView(p, a.shell.Back).Content()
		}})
	}
	p.OnBriefing = func() {
		a.shell.Push(&screen{title: a.p.Words.T("today.briefing"), build: func(shell.Env) fyne.CanvasObject {
			return today.NewBriefingView(p, a.shell.Back)
		}})
	}
	return p
}

// openContacts shows the contact sheet of a shift.
func (a *App) openContacts(shift interview.Shift) {
	st, err := a.p.Store.Study(a.ctx, shift.Study)
	if err != nil {
		a.trouble(err)
		return
	}
	s := &screen{title: a.p.Words.T("contact.title")}
	s.build = func(env shell.Env) fyne.CanvasObject {
		current, err := a.p.Store.Shift(a.ctx, shift.ID)
		if err != nil {
			a.trouble(err)
			current = shift
		}
		presenter, err := contact.New(a.ctx, contact.Params{Store: activeSheet{a.p.Store, a.active}, Study: st, Shift: current, Now: a.p.Now, NewID: a.p.NewID})
		if err != nil {
			a.trouble(err)
		}
		view := contact.NewView(contact.ViewParams{
			Presenter: presenter, Words: env.Words, Class: env.Class, OnError: a.trouble, OnNotice: a.shell.Notice,
			OnPage: func(title string, build func(leave func()) fyne.CanvasObject) {
				a.shell.Push(&screen{title: title, build: func(shell.Env) fyne.CanvasObject { return build(a.shell.Back) }})
			},
			OnToday:    a.shell.Back,
			OnCard:     func() { a.openCard(st) },
			OnAgreed:   func() { a.begin(presenter, st, current) },
			OnRecorded: a.shell.Undo,
			OnEnded: func() {
				a.shell.Back()
				a.shell.Notice(a.p.Words.T("shift.ended", "clock", a.p.Words.Clock(a.p.Now())))
				a.agent.Kick()
			},
		})
		s.exchanged = view.Exchanged
		return view.Content()
	}
	s.shown = func() { a.keep(keySheet, shift.ID) }
	a.shell.Push(s)
}

func (a *App) openInterviews() {
	s := &screen{title: a.p.Words.T("interviews.title")}
	s.build = func(env shell.Env) fyne.CanvasObject {
		model, err := interviews.Read(a.ctx, a.p.Store)
		if err != nil {
			a.trouble(err)
		}
		return interviews.NewView(interviews.ViewParams{
			Model: model, Words: env.Words, Now: a.p.Now(), Sending: a.syncing.Bar(), OnBack: a.shell.Back, OnSend: a.syncing.Now,
			OnOpen: a.openEnded,
			OnResume: func(r fieldstore.InterviewRow) {
				if err := a.resume(r.ID); err != nil {
					a.trouble(err)
				}
			},
		})
	}
	a.shell.Push(s)
}

func (a *App) openSettings() {
	a.shell.Push(&screen{title: a.p.Words.T("settings.title"), build: func(env shell.Env) fyne.CanvasObject {
		return settings.NewView(settings.ViewParams{
			Words: env.Words, Choices: a.choices, Version: a.p.Version, OnBack: a.shell.Back, OnChange: a.changeChoices,
			OnPIN: a.changePIN, OnLock: a.Lock, OnHandIn: a.openHandIn, OnLaptop: a.openPairing, KnowsCosts: a.knowsCosts(),
		})
	}})
}

func (a *App) changeChoices(c settings.Choices) {
	before := a.choices
	a.choices = c
	if err := c.Save(a.ctx, a.p.Store); err != nil {
		a.trouble(err)
	}
	a.p.Words.Use(c.Language)
	a.shell.SetLook(c.Theme())
	a.active()
	if before.WiFi && !c.WiFi {
		a.agent.Kick() // what was held may go
	}
}
