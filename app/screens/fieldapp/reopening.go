package fieldapp

import (
	"context"

	"fyne.io/fyne/v2"

	"parvis/app/screens/closing"
	"parvis/app/screens/ended"
	"parvis/app/shell"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// reopenEnded makes a draft of an interview that had ended; resume goes on with it.
func (a *App) reopenEnded(id string, kind interview.CorrectionKind, reason string) error {
	ctx := context.WithoutCancel(a.ctx)
	e, err := a.p.Store.Ended(ctx, id)
	if err != nil {
		return err
	}
	form, err := a.form(e.Study)
	if err != nil {
		return err
	}
	e.Draft.Again.Kind, e.Draft.Again.Reason = kind, reason
	return interview.Reopen(ctx, a.sessionParams(e.Study, form), e.Draft)
}

// offerBack lets an ending be taken back for a few seconds. It is committed all the same: a kill in between leaves it ended.
func (a *App) offerBack(done interview.Interview, said string) {
	a.shell.Undo(said, func() {
		if err := a.reopenEnded(done.ID, interview.CorrectUndo, "undo"); err != nil {
			a.trouble(err)
			return
		}
		a.shell.Pop()
		if err := a.resume(done.ID); err != nil {
			a.trouble(err)
		}
	})
}

// openEnded shows an interview of the list that has ended.
func (a *App) openEnded(row fieldstore.InterviewRow) {
	a.shell.Push(&screen{title: a.p.Words.T("ended.title"), build: func(env shell.Env) fyne.CanvasObject {
		model, err := ended.Read(a.ctx, a.p.Store, row, a.p.Now())
		if err != nil {
			a.trouble(err)
		}
		return ended.NewView(ended.ViewParams{
			Model: model, Words: env.Words, Now: a.p.Now(), OnBack: a.shell.Back,
			OnCorrect: func() { a.askWhy(row) },
			OnVoid:    func(reason string) { a.void(row.ID, reason) },
			OnCount: func() {
				if err := a.p.Store.UnvoidInterview(a.ctx, row.ID); err != nil {
					a.trouble(err)
					return
				}
				a.shell.Pop()
				a.shell.Notice(a.p.Words.T("ended.counts_again"))
			},
		})
	}})
}

func (a *App) void(id, reason string) {
	ctx := context.WithoutCancel(a.ctx)
	if err := a.p.Store.VoidInterview(ctx, id, reason); err != nil {
		a.trouble(err)
		return
	}
	a.agent.Kick()
	a.shell.Pop()
	a.shell.Undo(a.p.Words.T("ended.voided"), func() {
		if err := a.p.Store.UnvoidInterview(ctx, id); err != nil {
			a.trouble(err)
			return
		}
		a.shell.Rebuild()
	})
}

// askWhy asks for the reason before anything can be changed: it travels with the correction.
func (a *App) askWhy(row fieldstore.InterviewRow) {
	a.shell.Push(&screen{title: a.p.Words.T("ended.correct"), build: func(env shell.Env) fyne.CanvasObject {
		return ended.NewWhy(ended.WhyParams{Words: env.Words, OnBack: a.shell.Back, OnWhy: func(reason string) {
			if err := a.reopenEnded(row.ID, interview.CorrectEdit, reason); err != nil {
				a.trouble(err)
				return
			}
			a.shell.Pop()
			a.shell.Pop()
			if err := a.resume(row.ID); err != nil {
				a.trouble(err)
			}
		}})
	}})
}

// correction is the page in the middle of a correction: to choose an answer, to save, or to leave it as it was.
func (c *conversation) correction(back func()) fyne.CanvasObject {
	return closing.NewCorrection(closing.CorrectionParams{
		Words: c.a.p.Words, OnBack: back, OnOutline: c.outline, OnSave: c.saveCorrection, OnLater: c.later, OnLeave: c.withdraw,
	})
}

// stopCorrecting shows that page over a question.
func (c *conversation) stopCorrecting() {
	a := c.a
	a.shell.Push(&screen{title: a.p.Words.T("ended.correct"), build: func(shell.Env) fyne.CanvasObject { return c.correction(a.shell.Back) }})
}

// toQuestions leaves the pages that lie over the conversation.
func (c *conversation) toQuestions() {
	for c.a.shell.Depth() > c.depth {
		c.a.shell.Pop()
	}
}

func (c *conversation) saveCorrection() {
	a := c.a
	c.toQuestions()
	done, err := c.session.Finish(context.WithoutCancel(a.ctx))
	if c.unfinished(err) {
		return
	}
	if err != nil {
		a.trouble(err)
		return
	}
	c.leave()
	a.agent.Kick()
	a.shell.Pop()
	a.shell.Notice(a.p.Words.T("ended.corrected", "n", len(done.Corrections)))
}

func (c *conversation) later() {
	c.toQuestions()
	if err := c.session.Leave(c.a.ctx); err != nil { // the answers are saved; only the time of leaving is not
		c.a.p.Logger.Warn("the time of leaving an interview was not kept", "error", err)
	}
	c.leave()
	c.a.shell.Pop()
	c.a.shell.Notice(c.a.p.Words.T("error.saved_here"))
}

func (c *conversation) withdraw() {
	a := c.a
	if err := a.p.Store.Withdraw(context.WithoutCancel(a.ctx), c.session.ID()); err != nil {
		a.trouble(err)
		return
	}
	c.toQuestions()
	c.leave()
	a.shell.Pop()
	a.shell.Notice(a.p.Words.T("ended.left"))
}
