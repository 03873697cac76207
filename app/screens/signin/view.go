package signin

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/sync/agent"
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
	// After runs f once after d unless stopped.
	After func(d time.Duration, f func()) (stop func())
	// Browse shows an address in the person's browser.
	Browse func(address string) error
	// OnEntered is called when somebody is signed in; OnLanguage offers the languages of the interface.
	OnEntered  func(delivery.Credentials)
	OnLanguage func()
	// OnError is called when the laptop cannot read its own data.
	OnError func(error)
}

// View draws the screen.
type View struct {
	p                             ViewParams
	page                          *kit.Page
	card                          *kit.Card
	address, user, password, code *kit.Field
	enter, organisation           *kit.Button
	said, told                    *kit.Text // what is wrong, and what goes on

	offered bool   // an organisation's account, by the central of the address
	unask   func() // keeps the address that is being typed from being asked about
	stop    func() // ends what waits for the browser; nil where nothing does
}

// addressRests is how long nobody types before central is asked what it offers.
const addressRests = 700 * time.Millisecond

// NewView makes the screen.
func NewView(p ViewParams) *View {
	v := &View{p: p, said: kit.NewTextIn(look.Strong, look.Bad, ""), told: kit.NewText(look.Strong, ""), unask: func() {}}
	w, s := p.Words, p.Presenter
	v.address = kit.NewField(w.T("enrol.address"), kit.EntryParams{
		Text: s.Address, Placeholder: w.T("enrol.address_hint"), OnChange: func(text string) {
			s.Address = text
			v.ask()
		},
	})
	v.user = kit.NewField(w.T("signin.user"), kit.EntryParams{Text: s.User, OnChange: func(text string) { s.User = text }})
	v.password = kit.NewField(w.T("signin.password"), kit.EntryParams{
		Kind: kit.Secret, OnChange: func(text string) { s.Password = text }, OnSubmit: func(string) { v.start() },
	})
	v.code = kit.NewField(w.T("signin.code"), kit.EntryParams{
		Kind: kit.Integer, Placeholder: w.T("signin.code_hint"), OnChange: func(text string) { s.Code = text }, OnSubmit: func(string) { v.start() },
	})
	v.enter = kit.NewButton(w.T("signin.button"), kit.Primary, v.start).Tall(look.ButtonLarge)
	v.organisation = kit.NewButton(w.T("signin.organisation"), kit.Quiet, v.browse).Tall(look.ButtonLarge)
	v.card = kit.NewCard()
	v.page = kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.Between(kit.NewText(look.Title, "Parvis"), kit.NewButton(w.T("common.language"), kit.Link, p.OnLanguage)),
		kit.NewText(look.Body, w.T("signin.intro")),
		v.card,
	}})
	v.arrange()
	v.ask()
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// arrange puts on the card what is asked for.
func (v *View) arrange() {
	on := []fyne.CanvasObject{v.address, v.user, v.password}
	if v.p.Presenter.Asked {
		on = append(on, v.code)
	}
	on = append(on, v.said, v.told, v.enter)
	if v.offered {
		on = append(on, v.organisation)
	}
	v.card.SetContent(on...)
	v.page.Relayout()
}

// ask finds out what the central of the address offers, once nobody has typed for a moment.
func (v *View) ask() {
	v.unask()
	address := v.p.Presenter.Address
	v.unask = v.p.After(addressRests, func() {
		v.p.Go(func() func() {
			offered := v.p.Presenter.Offered(context.Background(), address)
			return func() {
				if offered != v.offered && address == v.p.Presenter.Address {
					v.offered = offered
					v.arrange()
				}
			}
		})
	})
}

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
	v.busy(true)
	v.p.Go(func() func() {
		c, err := v.p.Presenter.Enter(context.Background())
		return func() {
			v.enter.SetText(v.p.Words.T("signin.button"))
			v.entered(c, err)
		}
	})
}

// browse signs in in the browser; once more stops that.
func (v *View) browse() {
	if v.stop != nil {
		v.stop()
		return
	}
	v.show(Fault{})
	v.enter.Disable()
	v.organisation.SetText(v.p.Words.T("common.cancel"))
	v.told.SetText(v.p.Words.T("signin.organisation_working"))
	v.page.Relayout()
	var ctx context.Context
	ctx, v.stop = context.WithCancel(context.Background())
	v.p.Go(func() func() {
		c, err := v.p.Presenter.EnterWithOrganisation(ctx, v.p.Browse, v.browserSays)
		return func() {
			v.stop()
			v.stop = nil
			v.organisation.SetText(v.p.Words.T("signin.organisation"))
			v.told.SetText("")
			v.entered(c, err)
		}
	})
}

// browserSays is what stands in the browser when the person goes back to the app.
func (v *View) browserSays(reason agent.Reason) string {
	if reason == "" {
		return v.p.Words.T("signin.organisation_done")
	}
	return v.p.Words.T("signin." + string(reason))
}

func (v *View) busy(on bool) {
	for _, b := range []*kit.Button{v.enter, v.organisation} {
		if on {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

func (v *View) entered(c delivery.Credentials, err error) {
	v.busy(false)
	if !v.p.Presenter.Asked {
		v.password.Entry().SetText("")
	}
	v.code.Entry().SetText("")
	v.arrange()
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
	v.code.SetMessage(say(f.Code))
	v.said.SetText(say(f.Other))
	v.page.Relayout()
}
