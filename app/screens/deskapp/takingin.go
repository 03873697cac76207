package deskapp

import (
	"context"

	"parvis/app/shell"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// openTakeIn lets a supervisor bring to central what a device that cannot sync any more handed in as a file.
func (a *App) openTakeIn() {
	open := a.p.OpenFile
	if open == nil {
		open = a.shell.OpenFile
	}
	open(".age", protocol.MaxHandInBytes, func(file []byte, err error) {
		switch {
		case err != nil:
			a.takeInTrouble(err)
		case file != nil:
			a.takeIn(file)
		}
	})
}

func (a *App) takeIn(file []byte) {
	a.shell.Go(func() func() {
		answer, err := a.agent.TakeIn(context.WithoutCancel(a.ctx), file)
		return func() {
			if err != nil {
				a.takeInTrouble(err)
				return
			}
			a.shell.Notice(a.p.Words.N("takein.done", answer.Received, "who", answer.Interviewer, "twice", answer.Duplicates))
			a.agent.Kick()
		}
	})
}

// takeInTrouble tells a wrong file from a wrong connection.
func (a *App) takeInTrouble(err error) {
	switch agent.ReasonOf(err) {
	case agent.Refused, agent.Storage:
		a.p.Logger.Error("a file was not taken in", "error", err)
		a.shell.Trouble(shell.Trouble{What: a.p.Words.T("takein.bad")})
	default:
		a.trouble(err)
	}
}
