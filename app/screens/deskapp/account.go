package deskapp

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/look"
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
			OnEntered: func(c delivery.Credentials) {
				a.open()
				a.tick()
				a.shell.Notice(a.p.Words.T("signin.as", "user", c.User))
			},
		}).Content()
	}}
}

// signOut forgets the token; the work that was fetched stays, for the same person. It can be undone for a moment.
func (a *App) signOut() {
	c, err := a.p.Store.Credentials(a.ctx)
	if err != nil {
		a.trouble(err)
		return
	}
	if err := a.p.Store.SaveCredentials(a.ctx, delivery.Credentials{}); err != nil {
		a.trouble(err)
		return
	}
	a.nav = nil
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

func (a *App) readChoices(ctx context.Context) error {
	a.choices = settings.Choices{Language: a.p.Words.Lang()}
	for key, set := range map[string]func(string){
		keyLanguage: func(s string) { a.choices.Language = s },
		keySize:     func(s string) { a.choices.Size = look.ParseTextSize(s) },
		keyLight:    func(s string) { a.choices.Light = look.ParseVariant(s) },
	} {
		value, err := a.p.Store.Setting(ctx, key)
		if err != nil {
			return err
		}
		if value != "" {
			set(value)
		}
	}
	return nil
}

func (a *App) changeChoices(c settings.Choices) {
	a.choices = c
	a.keep(keyLanguage, c.Language)
	a.keep(keySize, c.Size.String())
	a.keep(keyLight, c.Light.String())
	a.p.Words.Use(c.Language)
	a.shell.SetLook(look.New(c.Light, c.Size))
}
