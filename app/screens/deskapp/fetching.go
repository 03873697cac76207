package deskapp

import (
	"errors"

	"parvis/app/shell"
	"parvis/internal/sqlitefile"
	"parvis/sync/agent"
)

func (a *App) sent(report agent.Report, err error) {
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

// progress is what a person reads while it runs.
func (a *App) progress(p agent.Progress) string {
	if p.Stage == agent.StagePull && p.Done > 0 {
		return a.p.Words.N("board.fetched", int(p.Done))
	}
	return a.p.Words.T("sync.fetching")
}

// synchronised is called from the agent's goroutine after every synchronisation. The counts are drawn anew; what somebody reads
// stays where it is, and only its age changes.
func (a *App) synchronised(report agent.Report, _ error) {
	a.shell.Do(func() {
		if report.Pulled > 0 {
			a.digest()
		}
		if a.nav != nil {
			a.nav.SetFoot(a.foot())
		}
		if a.syncing.Bar() == nil && a.shell.Depth() == 1 && a.signedIn() && (report.Pulled > 0 || a.tab == tabPlan) && a.tab != tabReview && !a.writing() {
			a.shell.Rebuild()
		}
		if a.tab == tabDevices {
			a.askCodes()
		}
		if report.Forwarded+report.NotForwarded > 0 {
			a.carriedMore()
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
	case errors.Is(err, errPort):
		return shell.Trouble{What: w.T("carry.start_failed")}
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
		return shell.Trouble{What: w.T("board.offline"), Safe: w.T("board.offline_safe"), Do: w.T("board.offline_do"), Action: w.T("common.retry"), OnAction: a.syncing.Now}
	case agent.SignInAgain, agent.Revoked, agent.NotEnrolled:
		return shell.Trouble{What: w.T("sync.error.sign_in_again"), Safe: w.T("board.offline_safe"), Action: w.T("signin.button"), OnAction: again}
	}
	return shell.Trouble{What: w.T(agent.Explain(err).Key), Safe: w.T("board.offline_safe")}
}
