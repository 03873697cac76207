package deskapp

import (
	"context"
	"net/url"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/screens/settings"
	"parvis/app/screens/signin"
	"parvis/app/shell"
	"parvis/internal/delivery"
)

func (a *App) signIn() shell.Screen {
	presenter := &signin.Presenter{Agent: a.agent, Store: a.p.Store, Address: a.p.Central, User: a.p.User}
	return &screen{title: a.p.Words.T("signin.title"), build: func(env shell.Env) fyne.CanvasObject {
		return signin.NewView(signin.ViewParams{
			Presenter: presenter, Words: env.Words, Go: a.shell.Go, OnLanguage: a.openSettings, OnError: a.trouble,
			After: a.p.After, Browse: a.p.Browse,
			OnEntered: func(c delivery.Credentials) {
				a.open()
				a.tick()
				a.shell.Notice(a.p.Words.T("signin.as", "user", c.User))
			},
		}).Content()
	}}
}

// longestLeave is how long a person who signs out is kept for what is to be given back to central.
const longestLeave = 2 * time.Second

// signOut forgets the token, once what the laptop had to lend is given back where central can be reached; the work that was fetched stays,
// for the same person. It can be undone for a moment.
func (a *App) signOut() {
	c, err := a.p.Store.Credentials(a.ctx)
	if err != nil {
		a.trouble(err)
		return
	}
	if a.leaving {
		return
	}
	a.leaving = true
	a.shell.Go(func() func() {
		ctx, stop := context.WithTimeout(a.ctx, longestLeave)
		defer stop()
		err := a.agent.SignOut(ctx)
		return func() {
			a.leaving = false
			switch {
			case a.ctx.Err() != nil:
			case err != nil:
				a.trouble(err)
			default:
				a.signedOut(c)
			}
		}
	})
}

func (a *App) signedOut(c delivery.Credentials) {
	a.nav, a.crewDevices = nil, crewDevices{}
	a.p.Central, a.p.User = c.Central, c.User
	a.shell.Reset(a.signIn())
	a.shell.Undo(a.p.Words.T("signin.signed_out"), func() {
		if err := a.p.Store.SaveCredentials(a.ctx, c); err != nil {
			a.trouble(err)
			return
		}
		a.open()
	})
}

func (a *App) openSettings() {
	a.shell.Push(&screen{title: a.p.Words.T("settings.title"), build: func(env shell.Env) fyne.CanvasObject {
		return settings.NewView(settings.ViewParams{
			Words: env.Words, Choices: a.choices, Version: a.p.Version, Reads: true, OnBack: a.shell.Back, OnChange: a.changeChoices,
		})
	}})
}

func (a *App) changeChoices(c settings.Choices) {
	a.choices = c
	if err := c.Save(a.ctx, a.p.Store); err != nil {
		a.trouble(err)
	}
	a.p.Words.Use(c.Language)
	a.shell.SetLook(c.Theme())
}

// browse shows an address in the person's browser.
func browse(address string) error {
	at, err := url.Parse(address)
	if err != nil {
		return err
	}
	return fyne.CurrentApp().OpenURL(at)
}
