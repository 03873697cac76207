package fieldapp

import (
	"context"

	"parvis/app/kit"
	"parvis/sync/agent"
)

// send synchronises now, because a person asked for it; the page shows how far it is and offers to stop it.
func (a *App) send() {
	if a.sending != nil {
		return
	}
	w := a.p.Words
	ctx, stop := context.WithCancel(a.ctx)
	a.stop = stop
	a.sending = kit.NewProgress(w.T("sync.connecting"), w.T("common.stop"), func() { a.stop() })
	a.shell.Rebuild()
	a.quiet.Add(1)
	a.shell.Go(func() func() {
		defer a.quiet.Done()
		report, err := a.Synchronise(ctx)
		stop()
		return func() { a.sent(report, err) }
	})
}

// Synchronise lets the open shift's state be sent and exchanges everything with central once.
func (a *App) Synchronise(ctx context.Context) (agent.Report, error) {
	if err := a.p.Store.AnnounceShift(ctx); err != nil {
		return agent.Report{}, err
	}
	return a.agent.Sync(ctx)
}

func (a *App) sent(report agent.Report, err error) {
	a.sending = nil
	a.shell.Rebuild()
	w := a.p.Words
	switch {
	case err != nil && agent.ReasonOf(err) == agent.Cancelled:
		a.shell.Notice(w.T("sync.stopped"))
	case err != nil:
		a.trouble(err)
	case report.Sent > 0:
		a.shell.Notice(w.N("sync.done_count", report.Sent))
	default:
		a.shell.Notice(w.T("sync.done"))
	}
}

// progressed is called from the agent's goroutine.
func (a *App) progressed(p agent.Progress) {
	a.shell.Do(func() {
		if a.sending == nil {
			return
		}
		w := a.p.Words
		fraction := 0.0
		if p.Total > 0 {
			fraction = float64(p.Done) / float64(p.Total)
		}
		words := map[agent.Stage]string{
			agent.StagePull:    w.T("sync.fetching"),
			agent.StageDeliver: w.T("sync.sending", "n", int(p.Done), "total", int(p.Total)),
			agent.StageBlobs:   w.T("sync.fetching"),
		}[p.Stage]
		a.sending.Set(fraction, words)
	})
}

// synchronised is called from the agent's goroutine after every synchronisation; pages that show what waits are drawn anew.
func (a *App) synchronised(agent.Report, error) {
	a.shell.Do(func() {
		if s, ok := a.shell.Top().(*screen); ok && a.sending == nil && (s.title == a.p.Words.T("today.title") || s.title == a.p.Words.T("interviews.title")) {
			a.shell.Rebuild()
		}
	})
}
