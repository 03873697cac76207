// Package pairing is where an interviewer pairs the device with the supervisor's laptop, by the code the laptop shows, and sees what is
// with it. The Presenter is plain Go; the View draws.
package pairing

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// Pairer pairs this device with a laptop.
type Pairer interface {
	Pair(ctx context.Context, p protocol.Pairing) (delivery.Relay, error)
}

// Presenter holds what was typed or pasted.
type Presenter struct {
	Agent Pairer
	Text  string
}

// Check is the key of what is wrong with what was typed; "" where it is a code.
func (p *Presenter) Check() string {
	if _, ok := protocol.ReadPairing(p.Text); !ok {
		return "laptop.bad_code"
	}
	return ""
}

// Pair uses the code.
func (p *Presenter) Pair(ctx context.Context) (delivery.Relay, error) {
	shown, ok := protocol.ReadPairing(p.Text)
	if !ok {
		return delivery.Relay{}, &agent.Error{Reason: agent.BadCode, Doing: "pairing"}
	}
	return p.Agent.Pair(ctx, shown)
}

// FaultOf is the key of what a person reads of an error of Pair.
func FaultOf(err error) string {
	switch agent.ReasonOf(err) {
	case "":
		return ""
	case agent.Offline, agent.NotCentral:
		return "laptop.unreached"
	case agent.CentralTooOld:
		return "laptop.no_key"
	}
	return agent.Explain(err).Key
}

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Moment(t, now time.Time) string
}

// With says what of the unsent lies with the laptop; empty lines are left out.
func With(w Words, l fieldstore.WithLaptop, now time.Time) (lines []string) {
	when := w.Moment(time.UnixMilli(l.Since).In(now.Location()), now)
	if l.Interviews > 0 {
		lines = append(lines, w.N("laptop.with", l.Interviews, "when", when))
	} else if l.Records > 0 {
		lines = append(lines, w.N("laptop.others", l.Records, "when", when))
	}
	return lines
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	Relay     delivery.Relay // the zero Relay where none is paired
	With      fieldstore.WithLaptop
	Now       time.Time
	// Go runs work in the background and then shows its outcome.
	Go               func(work func() (show func()))
	OnBack, OnForget func()
	OnPaired         func(delivery.Relay)
}

// NewView makes the page.
func NewView(p ViewParams) fyne.CanvasObject {
	w := p.Words
	top := kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: p.OnBack, Title: w.T("laptop.title")})
	page := kit.NewPage(kit.PageParams{Top: top})
	field := kit.NewField(w.T("laptop.code"), kit.EntryParams{
		Text: p.Presenter.Text, Placeholder: w.T("laptop.code_hint"), OnChange: func(s string) { p.Presenter.Text = s },
	})
	say := func(key string) {
		said := ""
		if key != "" {
			said = w.T(key)
		}
		field.SetMessage(said)
		page.Relayout()
	}
	var pair *kit.Button
	pair = kit.NewButton(w.T("laptop.pair"), kit.Primary, func() {
		if key := p.Presenter.Check(); key != "" {
			say(key)
			return
		}
		say("")
		pair.SetText(w.T("laptop.pairing"))
		pair.Disable()
		p.Go(func() func() {
			relay, err := p.Presenter.Pair(context.Background())
			return func() {
				pair.SetText(w.T("laptop.pair"))
				pair.Enable()
				if err != nil {
					say(FaultOf(err))
					return
				}
				p.OnPaired(relay)
			}
		})
	}).Tall(look.ButtonLarge)
	body := []fyne.CanvasObject{kit.NewText(look.Body, w.T("laptop.what"))}
	card := []fyne.CanvasObject{field, pair}
	if !p.Relay.IsZero() {
		body = append(body, p.paired())
		card = append([]fyne.CanvasObject{kit.NewText(look.Label, w.T("laptop.pair_another"))}, card...)
	}
	page.SetBody(append(body, kit.NewCard(card...))...)
	return page
}

// paired is which laptop it is and what lies with it.
func (p ViewParams) paired() fyne.CanvasObject {
	w := p.Words
	seen := w.Moment(time.UnixMilli(p.Relay.LastSeen).In(p.Now.Location()), p.Now)
	card := []fyne.CanvasObject{kit.NewText(look.Strong, w.T("laptop.paired", "name", p.Relay.Name, "when", seen))}
	for _, line := range With(w, p.With, p.Now) {
		card = append(card, kit.NewText(look.Hint, line))
	}
	return kit.NewCard(append(card, kit.NewButton(w.T("laptop.forget"), kit.Quiet, p.OnForget))...)
}
