package deskapp

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/review"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// readOf lists the interviews of one interviewer.
func (a *App) readOf(st study.Study, code string) {
	err := a.reader(st)
	if err == nil {
		a.reading.Show = review.ShowAll
		err = a.reading.Narrow(a.ctx, code, "")
	}
	if err != nil {
		a.trouble(err)
		return
	}
	a.goTo(tabReview)
}

// reader makes sure that there is a list of the study's interviews, as new as the store. It begins with those to review.
func (a *App) reader(st study.Study) (err error) {
	if a.reading != nil {
		return a.reading.Reload(a.ctx, st)
	}
	if a.reading, err = review.New(a.ctx, a.p.Store, st); err != nil {
		return err
	}
	return a.reading.ShowOnly(a.ctx, review.ShowOpen)
}

func (a *App) review(env shell.Env, st study.Study, p part) fyne.CanvasObject {
	w := a.p.Words
	if err := a.reader(st); err != nil {
		a.trouble(err)
		return a.page(env, p)
	}
	p.subtitle = w.T("review.title")
	wide := env.Class == look.Laptop
	view := a.reviewing(env)
	view.OnChoose = func(id string) {
		a.reading.Choose(id)
		if wide {
			a.afterwards(nil)
			return
		}
		a.openReading()
	}
	p.body = review.NewList(view)
	list := a.page(env, p)
	a.list = list
	if !wide {
		return list
	}
	rows, _ := a.reading.Rows()
	if len(rows) == 0 && a.reading.Chosen() == "" && a.reading.Show != review.ShowToCall {
		return list
	}
	return kit.Beside(listWidth, list, a.one(view, nil))
}

// openReading shows the interview that is read on a page of its own.
func (a *App) openReading() {
	w := a.p.Words
	a.shell.Push(&screen{
		title: w.T("review.title"), left: func() { a.reading.Choose("") }, key: a.reviewKey, rune: a.reviewRune,
		build: func(env shell.Env) fyne.CanvasObject {
			if env.Class == look.Laptop { // the window has grown: the list has room beside it
				return a.one(a.reviewing(env), kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: a.shell.Back, Title: w.T("review.title")}))
			}
			return a.one(a.reviewing(env), kit.NewTopBar(kit.TopBarParams{
				Back: w.T("common.back"), OnBack: a.shell.Back, Title: w.T("review.title"), Next: w.T("common.next"), OnNext: func() { a.acts().Step(1) },
			}))
		},
	})
}

// reviewing is what the views of the review need.
func (a *App) reviewing(env shell.Env) review.ViewParams {
	view := review.ViewParams{Presenter: a.reading, Words: a.p.Words, Now: a.p.Now(), Do: a.acts(), Class: env.Class}
	view.OnNarrow = func(code string, d interview.Disposition) { a.afterwards(a.reading.Narrow(a.ctx, code, d)) }
	view.Flagged = func(i interview.Interview) []string { return a.reasons(a.reading.Study(), i) }
	view.OnFlagged = func(code string) { a.goTo(tabPeople); a.openPerson(code) }
	view.OnMore = func() { a.afterwards(a.reading.More(a.ctx)) }
	view.OnShow = func(s review.Show) {
		a.reading.Choose("")
		a.afterwards(a.reading.ShowOnly(a.ctx, s))
	}
	view.Chosen = func(o fyne.CanvasObject) { a.row = o }
	view.Typing = func(e *kit.Entry) { a.typing = e }
	var err error
	if view.Progress, err = a.reading.Progress(a.ctx); err != nil {
		a.trouble(err)
	}
	if a.reading.Show == review.ShowToCall {
		if view.Checks, err = a.reading.BackChecks(a.ctx); err != nil {
			a.trouble(err)
		}
	}
	return view
}

// one is the interview that is read, or what stands there while none has been chosen.
func (a *App) one(view review.ViewParams, top fyne.CanvasObject) fyne.CanvasObject {
	switch {
	case a.reading.Chosen() != "":
	case a.reading.Show == review.ShowToCall:
		return review.NewChecks(view)
	default:
		return review.NewEmpty(a.p.Words)
	}
	r, err := a.reading.Reading(a.ctx, a.p.Words.Lang())
	if err != nil {
		a.trouble(err)
		return kit.NewPage(kit.PageParams{Top: top})
	}
	return review.NewReading(view, r, top)
}

// acts are what the buttons and the keys of the review do.
func (a *App) acts() review.Actions {
	return review.Actions{
		Step: func(by int) {
			if err := a.reading.Step(a.ctx, by); err != nil {
				a.trouble(err)
				return
			}
			if a.shell.Class() != look.Laptop && a.shell.Depth() == 1 && a.reading.Chosen() != "" {
				a.openReading()
				return
			}
			a.afterwards(nil)
		},
		Begin: func(kind delivery.DecisionKind) {
			a.reading.Begin(kind)
			if a.reading.Draft.Ready() {
				a.decide()
				return
			}
			a.afterwards(nil)
		},
		Pick: func(n int) {
			if a.reading.Pick(n) {
				a.decide()
			}
		},
		Decide: a.decide,
		Leave: func() {
			a.reading.Leave()
			a.afterwards(nil)
		},
		Undo: a.undo,
		More: func() {
			a.reading.Others = !a.reading.Others
			a.afterwards(nil)
		},
		Keys: func() {
			a.reading.Keys = !a.reading.Keys
			a.afterwards(nil)
		},
	}
}

// decide keeps the decision that was made and goes to the next interview. It is sent once it can no longer be taken back with a tap.
func (a *App) decide() {
	done, err := a.reading.Decide(context.WithoutCancel(a.ctx))
	if err != nil || !done {
		a.afterwards(err)
		return
	}
	a.sendSoon()
	if a.reading.Chosen() == "" && a.shell.Depth() > 1 {
		a.shell.Pop()
	}
	a.afterwards(nil)
	a.shell.Undo(a.p.Words.T("review.undo_"+string(a.reading.Last().Kind)), a.undo)
}

// sendSoon has the decisions sent when the time of the undo bar is over, counted from the latest.
func (a *App) sendSoon() {
	a.unsend()
	a.unsend = a.p.After(shell.UndoTime+time.Second, a.agent.Kick)
}

func (a *App) undo() {
	done, err := a.reading.Undo(context.WithoutCancel(a.ctx))
	switch {
	case errors.Is(err, desk.ErrSent):
		a.shell.Notice(a.p.Words.T("review.sent_already"))
	case err != nil:
		a.trouble(err)
	case done:
		if a.shell.Class() != look.Laptop && a.shell.Depth() == 1 {
			a.openReading()
		}
		a.afterwards(nil)
		a.shell.Notice(a.p.Words.T("review.undone"))
	}
}

// afterwards draws what was done, leaves the list where it was scrolled to, and puts the cursor where words are waited for.
func (a *App) afterwards(err error) {
	var at fyne.Position
	if a.list != nil {
		at = a.list.Scroll().Offset
	}
	a.typing, a.row = nil, nil
	a.shell.Rebuild()
	if a.list != nil && a.row != nil {
		a.list.Scroll().ScrollToOffset(at)
		a.list.Reveal(a.row)
	}
	if err != nil {
		a.trouble(err)
	}
	if c := a.p.Window.Canvas(); a.typing != nil {
		c.Focus(a.typing)
	} else {
		c.Unfocus()
	}
}

// reviewRune and reviewKey are the keys of the review.
func (a *App) reviewRune(r rune) bool {
	return a.tab == tabReview && a.reading != nil && a.reading.Rune(r, a.acts())
}

func (a *App) reviewKey(name fyne.KeyName) bool {
	return a.tab == tabReview && a.reading != nil && a.reading.Key(name, a.acts())
}
