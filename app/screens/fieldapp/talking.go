package fieldapp

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"parvis/app/screens/idcard"
	"parvis/app/screens/inbox"
	"parvis/app/shell"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

// openInbox shows what the supervisor wrote.
func (a *App) openInbox() {
	a.shell.Push(&screen{title: a.p.Words.T("nav.messages"), build: func(env shell.Env) fyne.CanvasObject {
		list, err := a.p.Store.Messages(a.ctx)
		if err != nil {
			a.trouble(err)
		}
		return inbox.New(inbox.Params{Words: env.Words, Messages: list, Now: a.p.Now(), OnBack: a.shell.Back, OnRead: func(id string) {
			if err := a.p.Store.ReadMessage(context.WithoutCancel(a.ctx), id); err != nil {
				a.trouble(err)
				return
			}
			a.agent.Kick()
			a.shell.Rebuild()
		}, OnOpen: a.openReturned})
	}})
}

// openReturned shows an interview that a supervisor sent back: there it says whether it can still be corrected. One whose correction was
// begun goes on.
func (a *App) openReturned(id string) {
	rows, err := a.p.Store.Interviews(a.ctx, fieldstore.Filter{ID: id, Limit: 1})
	switch {
	case err != nil:
		a.trouble(err)
	case len(rows) == 0:
		a.shell.Notice(a.p.Words.T("inbox.gone"))
	case rows[0].State == fieldstore.ToFinish:
		if err := a.resume(id); err != nil {
			a.trouble(err)
		}
	default:
		a.openEnded(rows[0])
	}
}

// openCard shows a passer-by who the interviewer is.
func (a *App) openCard(st study.Study) {
	a.shell.Push(&screen{title: a.p.Words.T("idcard.title"), build: func(env shell.Env) fyne.CanvasObject {
		card, err := a.p.Store.Card(a.ctx)
		if errors.Is(err, fieldstore.ErrNotFound) {
			c, unread := a.p.Store.Enrolment(a.ctx)
			card.Interviewer, err = c.Interviewer, unread
		}
		if err != nil {
			a.trouble(err)
		}
		return idcard.New(idcard.Params{Words: env.Words, Card: card, Study: st, Class: env.Class, OnBack: a.shell.Back})
	}})
}
