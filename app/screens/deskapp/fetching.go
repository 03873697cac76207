package deskapp

import (
	"context"
	"errors"

	"parvis/app/kit"
	"parvis/app/shell"
	"parvis/internal/sqlitefile"
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
		report, err := a.agent.Sync(ctx)
		stop()
		return func() { a.sent(report, err) }
	})
}

func (a *App) sent(report agent.Report, err error) {
	a.sending = nil
	a.shell.Rebuild()
	w := a.p.Words
	switch {
	case err != nil && agent.ReasonOf(err) == agent.Cancelled:
		a.shell.Notice(w.T("sync.error.cancelled"))
	case err != nil:
		a.trouble(err)
	case report.Pulled > 0:
		a.shell.Notice(w.N("board.fetched", report.Pulled))
	default:
		a.shell.Notice(w.T("board.up_to_date"))
	}
}

// progressed is called from the agent's goroutine.
func (a *App) progressed(p agent.Progress) {
	a.shell.Do(func() {
		if a.sending == nil {
			return
		}
		w, fraction := a.p.Words, 0.0
		if p.Total > 0 {
			fraction = float64(p.Done) / float64(p.Total)
		}
		said := w.T("sync.fetching")
		if p.Stage == agent.StagePull && p.Done > 0 {
			said = w.N("board.fetched", int(p.Done))
		}
		a.sending.Set(fraction, said)
	})
}

// synchronised is called from the agent's goroutine after every synchronisation. The counts are drawn anew; what somebody reads
// stays where it is, and only its age changes.
func (a *App) synchronised(report agent.Report, _ error) {
	a.shell.Do(func() {
		if a.nav != nil {
			a.nav.SetFoot(a.foot())
		}
		if a.sending == nil && a.shell.Depth() == 1 && a.signedIn() && report.Pulled > 0 && a.tab != tabReview {
			a.shell.Rebuild()
		}
	})
}

// signedIn tells whether somebody was signed in, be it that the token has ended.
func (a *App) signedIn() bool {
	c, err := a.p.Store.Credentials(a.ctx)
	return err == nil && !c.IsZero()
}

// trouble shows an error as a person reads it. The details go to the log, which holds no answers.
func (a *App) trouble(err error) {
	a.p.Logger.Error("trouble", "error", err)
	a.shell.Trouble(a.explain(err))
}

// explain is the one place where an error becomes words.
func (a *App) explain(err error) shell.Trouble {
	w := a.p.Words
	var sync *agent.Error
	switch {
	case errors.Is(err, sqlitefile.ErrFull):
		return shell.Trouble{What: w.T("error.disk_full"), Do: w.T("error.disk_full_do")}
	case errors.Is(err, sqlitefile.ErrLocked):
		return shell.Trouble{What: w.T("error.locked")}
	case errors.Is(err, sqlitefile.ErrNewer):
		return shell.Trouble{What: w.T("error.newer")}
	case errors.As(err, &sync):
		return a.explainSync(sync)
	}
	return shell.Trouble{What: w.T("error.title"), Safe: w.T("board.offline_safe"), Do: w.T("error.restart_do")}
}

func (a *App) explainSync(err *agent.Error) shell.Trouble {
	w := a.p.Words
	again := func() { a.shell.Reset(a.signIn()) }
	switch err.Reason {
	case agent.Offline:
		return shell.Trouble{What: w.T("board.offline"), Safe: w.T("board.offline_safe"), Do: w.T("board.offline_do"), Action: w.T("common.retry"), OnAction: a.send}
	case agent.SignInAgain, agent.Revoked, agent.NotEnrolled:
		return shell.Trouble{What: w.T("sync.error.sign_in_again"), Safe: w.T("board.offline_safe"), Action: w.T("signin.button"), OnAction: again}
	}
	return shell.Trouble{What: w.T(agent.Explain(err).Key), Safe: w.T("board.offline_safe")}
}
