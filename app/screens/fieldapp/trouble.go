package fieldapp

import (
	"errors"

	"parvis/app/position"
	"parvis/app/shell"
	"parvis/internal/sqlitefile"
	"parvis/sync/agent"
)

// trouble shows an error as a person reads it: what happened, what is safe, what to do. The details go to the log, which holds
// no answers.
func (a *App) trouble(err error) {
	a.p.Logger.Error("trouble", "error", err)
	a.shell.Trouble(a.explain(err))
}

// explain is the one place where an error becomes words.
func (a *App) explain(err error) shell.Trouble {
	w := a.p.Words
	safe := w.T("error.saved_here")
	var sync *agent.Error
	switch {
	case errors.Is(err, sqlitefile.ErrFull):
		return shell.Trouble{What: w.T("error.disk_full"), Safe: w.T("error.earlier_safe"), Do: w.T("error.disk_full_do")}
	case errors.Is(err, sqlitefile.ErrLocked):
		return shell.Trouble{What: w.T("error.locked")}
	case errors.Is(err, sqlitefile.ErrNewer):
		return shell.Trouble{What: w.T("error.newer")}
	case errors.Is(err, sqlitefile.ErrDamaged):
		return shell.Trouble{What: w.T("error.damaged"), Safe: w.T("error.damaged_safe"), Do: w.T("error.damaged_do")}
	case errors.Is(err, position.ErrNotAllowed):
		return shell.Trouble{What: w.T("place.not_allowed"), Do: w.T("place.not_allowed_do")}
	case errors.Is(err, position.ErrUnknown):
		return shell.Trouble{What: w.T("place.unknown"), Do: w.T("place.unknown_do")}
	case errors.As(err, &sync):
		return shell.Trouble{What: w.T(agent.Explain(err).Key)}
	}
	return shell.Trouble{What: w.T("error.not_saved"), Safe: safe, Do: w.T("error.not_saved_do")}
}

// tellRescue says that the data file had been damaged, and what became of it.
func (a *App) tellRescue() {
	r := a.p.Store.Rescued()
	if r == nil {
		return
	}
	w := a.p.Words
	t := shell.Trouble{What: w.T("rescue.was_damaged"), Safe: w.T("rescue.all"), Do: w.T("rescue.do")}
	if !r.Whole {
		t.Safe = w.T("rescue.most")
	}
	a.shell.Trouble(t)
}

// lookForDamage reads the data file through, beside the screens; damage is said as soon as it is found.
func (a *App) lookForDamage() {
	a.shell.Go(func() func() {
		if err := a.p.Store.Check(a.ctx); errors.Is(err, sqlitefile.ErrDamaged) {
			return func() { a.trouble(err) }
		}
		return nil
	})
}
