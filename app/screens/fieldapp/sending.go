package fieldapp

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/screens/settings"
	"parvis/app/shell"
	"parvis/sync/agent"
)

// Synchronise lets the open shift's state be sent and exchanges everything with central once.
func (a *App) Synchronise(ctx context.Context) (agent.Report, error) {
	if err := a.p.Store.AnnounceShift(ctx); err != nil {
		return agent.Report{}, err
	}
	return a.agent.Sync(ctx)
}

func (a *App) sent(report agent.Report, err error) {
	w := a.p.Words
	switch {
	case agent.ReasonOf(err) == agent.Erase: // the page that is left says it
	case err != nil && agent.ReasonOf(err) == agent.Cancelled:
		a.shell.Notice(w.T("sync.stopped"))
	case err != nil && a.sentByLaptop(report):
	case err != nil && report.RelayError != "" && agent.ReasonOf(err) == agent.Offline:
		// Nobody was reached, and there are two ways to mend that.
		t := a.explain(err)
		t.Do = w.T("laptop.unreached")
		if report.RelayError == "sync.error."+string(agent.WrongRelay) {
			t.Do = w.T(report.RelayError)
		}
		a.shell.Trouble(t)
	case err != nil:
		a.trouble(err)
	case report.Held > 0:
		a.shell.Notice(w.T("sync.done_but") + " " + w.N("sync.held", report.Held))
	case report.AttachmentsRefused > 0:
		a.shell.Notice(w.T("sync.done_but") + " " + w.N("sync.refused_pictures", report.AttachmentsRefused))
	case report.Sent > 0:
		a.shell.Notice(w.N("sync.done_count", report.Sent))
	default:
		a.shell.Notice(w.T("sync.done"))
	}
}

// holdsPictures tells whether pictures wait for another network now.
func (a *App) holdsPictures() bool {
	hold := settings.HoldMedia(a.p.Store, a.p.Metered)
	return hold != nil && hold(a.ctx)
}

// knowsCosts tells whether the device can tell now which networks cost by the byte.
func (a *App) knowsCosts() bool {
	if a.p.Metered == nil {
		return false
	}
	_, known := a.p.Metered()
	return known
}

// progress is what a person reads while it runs.
func (a *App) progress(p agent.Progress) string {
	switch p.Stage {
	case agent.StageDeliver:
		return a.p.Words.T("sync.sending", "n", int(p.Done), "total", int(p.Total))
	case agent.StageAttach:
		return a.p.Words.T("sync.sending_pictures", "percent", int(p.Done*100/max(p.Total, 1)))
	}
	return a.p.Words.T("sync.fetching")
}

// synchronised is called from the agent's goroutine after every synchronisation; pages that show what waits are drawn anew.
func (a *App) synchronised(_ agent.Report, err error) {
	if agent.ReasonOf(err) == agent.Erase {
		a.shell.Do(a.erased)
		return
	}
	a.shell.Do(func() {
		s, ok := a.shell.Top().(*screen)
		if ok && s.exchanged != nil {
			s.exchanged()
			return
		}
		if ok && a.syncing.Bar() == nil && (s.title == a.p.Words.T("today.title") || s.title == a.p.Words.T("interviews.title")) {
			a.shell.Rebuild()
		}
	})
}

// erased is all there is left after the owner of the study ordered the device to be erased.
func (a *App) erased() {
	if a.lock.stop != nil {
		a.lock.stop()
	}
	w := a.p.Words
	a.front = nil
	a.shell.Reset(&screen{title: w.T("sync.error.erase"), back: func() bool { return true }, build: func(shell.Env) fyne.CanvasObject {
		return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{kit.NewEmptyState(w.T("sync.error.erase"), w.T("error.erased_do"), "", nil)}})
	}})
}
