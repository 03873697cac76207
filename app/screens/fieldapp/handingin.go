package fieldapp

import (
	"errors"
	"fmt"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/screens/handin"
	"parvis/app/shell"
	"parvis/sync/agent"
)

// openHandIn shows what is unsent and saves it as a file that only central can open.
func (a *App) openHandIn() {
	a.shell.Push(&screen{title: a.p.Words.T("handin.title"), build: func(env shell.Env) fyne.CanvasObject {
		if err := a.p.Store.AnnounceShift(a.ctx); err != nil {
			a.trouble(err)
		}
		made, err := a.agent.HandIn(a.ctx)
		if err != nil {
			a.handInTrouble(err)
			return kit.NewPage(kit.PageParams{Top: kit.NewTopBar(kit.TopBarParams{Back: env.Words.T("common.back"), OnBack: a.shell.Back, Title: env.Words.T("handin.title")})})
		}
		outlook, err := a.p.Store.Outlook(a.ctx)
		if err != nil {
			a.trouble(err)
		}
		return handin.New(handin.Params{
			Words: env.Words, Interviews: made.Interviews, Records: made.Records, Pictures: made.Pictures, Unfinished: outlook.ToFinish,
			OnBack: a.shell.Back, OnSave: func() { a.saveHandIn(made) },
		})
	}})
}

// saveHandIn writes the file where the interviewer wants it. Nothing changes on the device: what was handed in may still be sent.
func (a *App) saveHandIn(made agent.HandedIn) {
	save := a.p.SaveFile
	if save == nil {
		save = a.shell.SaveFile
	}
	save(fmt.Sprintf("parvis-%s.age", a.p.Now().Format("2006-01-02-1504")), made.File, func(saved bool, err error) {
		switch {
		case err != nil:
			a.trouble(err)
		case saved:
			a.shell.Notice(a.p.Words.N("handin.saved", made.Records))
		}
	})
}

func (a *App) handInTrouble(err error) {
	var e *agent.Error
	if errors.As(err, &e) && e.Reason == agent.CentralTooOld {
		a.shell.Trouble(shell.Trouble{What: a.p.Words.T("handin.no_key"), Safe: a.p.Words.T("error.saved_here"), Do: a.p.Words.T("handin.no_key_do")})
		return
	}
	a.trouble(err)
}
