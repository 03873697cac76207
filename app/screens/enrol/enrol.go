// Package enrol is the first screen of a new device: the address of central, the one-time code, and nothing else. The Presenter
// is plain Go; the View draws.
package enrol

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// Enroller turns a code into this device's identity and fetches what it is entitled to.
type Enroller interface {
	Enrol(ctx context.Context, central, code string) (delivery.Credentials, error)
	Sync(ctx context.Context) (agent.Report, error)
}

// Presenter holds what was typed and what is wrong with it.
type Presenter struct {
	Agent         Enroller
	Address, Code string
}

// Fault says which field something is wrong with, as a key of the interface's texts; both empty where nothing is.
type Fault struct{ Address, Code, Other string }

// Fill takes a link out of what was typed or pasted, as a QR code holds it, into both fields; it is false where there is none.
func (p *Presenter) Fill(pasted string) bool {
	central, code, ok := protocol.ReadEnrolLink(pasted)
	if ok {
		p.Address, p.Code = central, code
	}
	return ok
}

// Check looks at what was typed before anything is sent.
func (p *Presenter) Check() Fault {
	if _, err := agent.Address(p.Address); err != nil {
		return Fault{Address: "enrol.address_bad"}
	}
	if strings.TrimSpace(p.Code) == "" {
		return Fault{Code: "enrol.code_missing"}
	}
	return Fault{}
}

// Join enrols and fetches the studies. A device that enrolled but could not fetch them is enrolled all the same: they come with
// the next synchronisation.
func (p *Presenter) Join(ctx context.Context) (delivery.Credentials, error) {
	c, err := p.Agent.Enrol(ctx, p.Address, strings.TrimSpace(p.Code))
	if err != nil {
		return c, err
	}
	_, _ = p.Agent.Sync(ctx) // its outcome stands in the log of synchronisations and on the day's page
	return c, nil
}

// FaultOf says where an error of Join belongs on the page.
func FaultOf(err error) Fault {
	switch agent.ReasonOf(err) {
	case "":
		return Fault{}
	case agent.BadCode:
		return Fault{Code: "enrol.code_wrong"}
	case agent.BadAddress, agent.Insecure:
		return Fault{Address: "enrol.address_bad"}
	case agent.Offline, agent.NotCentral:
		return Fault{Other: "enrol.offline"}
	}
	return Fault{Other: agent.Explain(err).Key}
}

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
	// OnEnrolled is called when the device has its identity; OnLanguage offers the languages of the interface.
	OnEnrolled func(delivery.Credentials)
	OnLanguage func()
}

// View draws the screen.
type View struct {
	p             ViewParams
	page          *kit.Page
	address, code *kit.Field
	join          *kit.Button
	said          *kit.Text
}

// NewView makes the screen.
func NewView(p ViewParams) *View {
	v := &View{p: p, said: kit.NewTextIn(look.Strong, look.Bad, "")}
	w := p.Words
	v.address = kit.NewField(w.T("enrol.address"), kit.EntryParams{
		Text: p.Presenter.Address, Placeholder: w.T("enrol.address_hint"), OnChange: func(s string) { v.typed(&p.Presenter.Address, s) },
	})
	v.code = kit.NewField(w.T("enrol.code"), kit.EntryParams{
		Kind: kit.Code, Text: p.Presenter.Code, Placeholder: w.T("enrol.code_hint"), OnChange: func(s string) { v.typed(&p.Presenter.Code, s) },
		OnSubmit: func(string) { v.start() },
	})
	v.join = kit.NewButton(w.T("enrol.join"), kit.Primary, v.start).Tall(look.ButtonLarge)
	v.page = kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{
		kit.Between(kit.NewText(look.Title, w.T("enrol.title")), kit.NewButton(w.T("common.language"), kit.Link, p.OnLanguage)),
		kit.NewText(look.Body, w.T("enrol.intro")),
		kit.NewCard(v.address, v.code, kit.NewText(look.Caption, w.T("enrol.code_hint_link")), v.said, v.join),
	}})
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// typed keeps what stands in a field, or fills both from a link that was pasted into it.
func (v *View) typed(into *string, text string) {
	*into = text
	if v.p.Presenter.Fill(text) {
		address, code := v.p.Presenter.Address, v.p.Presenter.Code
		v.address.Entry().SetText(address)
		v.code.Entry().SetText(code)
		v.show(Fault{})
	}
}

func (v *View) start() {
	if f := v.p.Presenter.Check(); f != (Fault{}) {
		v.show(f)
		return
	}
	v.show(Fault{})
	v.join.SetText(v.p.Words.T("enrol.working"))
	v.join.Disable()
	v.p.Go(func() func() {
		c, err := v.p.Presenter.Join(context.Background())
		return func() {
			v.join.SetText(v.p.Words.T("enrol.join"))
			v.join.Enable()
			if err != nil {
				v.show(FaultOf(err))
				return
			}
			v.p.OnEnrolled(c)
		}
	})
}

func (v *View) show(f Fault) {
	say := func(key string) string {
		if key == "" {
			return ""
		}
		return v.p.Words.T(key)
	}
	v.address.SetMessage(say(f.Address))
	v.code.SetMessage(say(f.Code))
	v.said.SetText(say(f.Other))
	v.page.Relayout()
}
