package fieldapp

import (
	"fyne.io/fyne/v2"

	"parvis/app/screens/pairing"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// openPairing pairs the device with the supervisor's laptop, or shows what is with it.
func (a *App) openPairing() {
	presenter := &pairing.Presenter{Agent: a.agent}
	a.shell.Push(&screen{title: a.p.Words.T("laptop.title"), build: func(env shell.Env) fyne.CanvasObject {
		relay, err := a.p.Store.Relay(a.ctx)
		if err != nil {
			a.trouble(err)
		}
		with, err := a.p.Store.WithLaptop(a.ctx)
		if err != nil {
			a.trouble(err)
		}
		return pairing.NewView(pairing.ViewParams{
			Presenter: presenter, Words: env.Words, Relay: relay, With: with, Now: a.p.Now(), Go: a.shell.Go, OnBack: a.shell.Back,
			OnPaired: func(r delivery.Relay) {
				a.shell.Back()
				a.shell.Notice(a.p.Words.T("laptop.paired_now", "name", r.Name))
			},
			OnForget: func() { a.forgetLaptop(relay) },
		})
	}})
}

// forgetLaptop can be undone for a moment.
func (a *App) forgetLaptop(relay delivery.Relay) {
	forget := func(r delivery.Relay, after func()) {
		a.shell.Go(func() func() {
			err := a.agent.UseRelay(a.ctx, r)
			return func() {
				if err != nil {
					a.trouble(err)
					return
				}
				a.shell.Rebuild()
				after()
			}
		})
	}
	forget(delivery.Relay{}, func() {
		a.shell.Undo(a.p.Words.T("laptop.forgotten"), func() { forget(relay, func() {}) })
	})
}

// sentByLaptop says what became of a synchronisation in which the laptop stood in for central; it is false where none did.
func (a *App) sentByLaptop(report agent.Report) bool {
	w := a.p.Words
	switch {
	case !report.Relayed:
		return false
	case report.Carried > 0:
		a.shell.Notice(w.N("laptop.given", report.Carried))
	case report.Sent > 0:
		a.shell.Notice(w.N("sync.done_count", report.Sent))
	default:
		a.shell.Notice(w.T("laptop.nothing_new"))
	}
	return true
}
