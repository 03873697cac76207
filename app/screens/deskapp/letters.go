package deskapp

import (
	"fyne.io/fyne/v2"

	"parvis/app/screens/letters"
	"parvis/app/screens/plan"
	"parvis/app/shell"
	"parvis/internal/study"
	"parvis/sync/agent"
)

// messagesShown is how many messages stand on the page.
const messagesShown = 50

// letters is where one writes to the field.
func (a *App) letters(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w := a.p.Words
	people, err := a.p.Store.Interviewers(a.ctx, st.ID, "")
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	list, err := a.p.Store.Messages(a.ctx, st.ID, messagesShown)
	if err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = w.T("nav.messages")
	p.body = letters.NewView(letters.ViewParams{
		Words: w, Letter: &a.letter, Recipients: letters.Recipients(people), Messages: list, Now: a.p.Now(),
		OnTo: a.shell.Rebuild, OnSend: func() { a.sendLetter(st) },
	})
	return a.page(env, p)
}

// sendLetter hands central what was written. Without a connection it stays written, and one is told.
func (a *App) sendLetter(st study.Study) {
	request, ok := a.letter.Request(st.ID)
	if !ok {
		return
	}
	a.letter.Sending = true
	a.shell.Rebuild()
	a.shell.Go(func() func() {
		err := a.agent.SendMessage(a.ctx, request)
		return func() {
			a.letter.Sending = false
			if err == nil {
				a.letter.Text = ""
			}
			a.shell.Rebuild()
			if err != nil {
				a.unsent(st, err)
				return
			}
			a.shell.Notice(a.p.Words.T("letters.sent"))
		}
	})
}

// unsent says why a message did not go out, and that it is still here.
func (a *App) unsent(st study.Study, err error) {
	a.p.Logger.Error("the message was not sent", "error", err)
	t := a.explain(err)
	t.Safe, t.Do = a.p.Words.T("letters.kept"), ""
	if agent.ReasonOf(err) == agent.Offline {
		t.OnAction = func() { a.sendLetter(st) }
	}
	a.shell.Trouble(t)
}

// writing tells that a message, a reason or a plan is being written, under which nothing should be drawn anew.
func (a *App) writing() bool {
	return a.tab == tabLetters && a.letter.Text != "" || a.tab == tabPlan && a.plan.open != (plan.Key{}) || a.tab == tabDevices && a.crewDevices.ending != nil
}
