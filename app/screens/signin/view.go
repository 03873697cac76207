package signin

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	// Go runs work in the background and then shows its outcome.
	Go func(work func() (show func()))
	// OnEntered is called when somebody is signed in; OnLanguage offers the languages of the interface.
	OnEntered  func(delivery.Credentials)
	OnLanguage func()
	// OnError is called when the laptop cannot read its own data.
	OnError func(error)
}

// View draws the screen.
type View struct {
	p                       ViewParams
	page                    *kit.Page
	address, user, password *kit.Field
	enter                   *kit.Button
	said                    *kit.Text
}

// NewView makes the screen.
func NewView(p ViewParams) *View {
	v := &View{p: p, said: kit.NewTextIn(look.Strong, look.Bad, "")}
	w, s := p.Words, p.Presenter
	v.address = kit.NewField(w.T("enrol.address"), kit.EntryParams{
		Text: s.Address, Placeholder: w.T("enrol.address_hint"), OnChange: func(text string) { s.Address = text },
	})
	v.user = kit.NewField(w.T("signin.user"), kit.EntryParams{Text: s.User, OnChange: func(text string) { s.User = text }})
	v.password = kit.NewField(w.T("signin.password"), kit.EntryParams{
		Kind: kit.Secret, OnChange: func(text string) { s.Password = text }, OnSubmit: func(string) { v.start() },
	})
	v.enter = kit.NewButton(w.T("signin.button"), kit.Primary, v.start).Tall(look.ButtonLarge)
	v.page = kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.Between(kit.NewText(look.Title, "Parvis"), kit.NewButton(w.T("common.language"), kit.Link, p.OnLanguage)),
		kit.NewText(look.Body, w.T("signin.intro")),
		kit.NewCard(v.address, v.user, v.password, v.said, v.enter),
	}})
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

func (v *View) start() {
	f, err := v.p.Presenter.Check(context.Background())
	if err != nil {
		v.p.OnError(err)
		return
	}
	v.show(f)
	if !f.None() {
		return
	}
	v.enter.SetText(v.p.Words.T("signin.working"))
	v.enter.Disable()
	v.p.Go(func() func() {
		c, err := v.p.Presenter.Enter(context.Background())
		return func() { v.entered(c, err) }
	})
}

func (v *View) entered(c delivery.Credentials, err error) {
	v.enter.SetText(v.p.Words.T("signin.button"))
	v.enter.Enable()
	v.password.Entry().SetText("")
	if err != nil {
		v.show(FaultOf(err))
		return
	}
	v.p.OnEntered(c)
}

func (v *View) show(f Fault) {
	say := func(key string) string {
		if key == "" {
			return ""
		}
		return v.p.Words.T(key, f.Args...)
	}
	v.address.SetMessage(say(f.Address))
	v.user.SetMessage(say(f.User))
	v.password.SetMessage(say(f.Password))
	v.said.SetText(say(f.Other))
	v.page.Relayout()
}
