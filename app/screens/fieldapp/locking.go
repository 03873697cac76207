package fieldapp

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/screens/pin"
	"parvis/app/shell"
)

// locking is what opens and closes the app: nobody sees a page before the PIN, nor one that was left lying.
type locking struct {
	page *screen // the lock in front; nil while the app is open
	stop func()  // ends the present wait for disuse
	left time.Time
	held func() // what came while the device was locked; nil for nothing
}

// choosePIN is the first page of a new device.
func (a *App) choosePIN() shell.Screen {
	return a.pinPage("pin.choose_title", pin.ViewParams{
		Presenter: &pin.Presenter{Store: a.p.Store, Mode: pin.Choose}, OnDone: a.open, OnLanguage: a.openSettings,
	})
}

// lockPage stands before everything else; opened is called when the device is open again.
func (a *App) lockPage(opened func()) *screen {
	done := func() {
		a.lock.page = nil
		a.active()
		opened()
		a.release()
		a.agent.Kick()
	}
	s := a.pinPage("pin.enter_title", pin.ViewParams{
		Presenter: &pin.Presenter{Store: a.p.Store, Mode: pin.Enter}, OnDone: done,
		OnForgot: func() { a.shell.Push(a.recovery(done)) },
	})
	s.back = func() bool { return true }
	a.lock.page = s
	return s
}

func (a *App) recovery(opened func()) shell.Screen {
	return a.pinPage("pin.recover_title", pin.ViewParams{
		Presenter: &pin.Presenter{Store: a.p.Store, Mode: pin.Recover}, OnBack: a.shell.Back,
		OnDone: func() {
			a.shell.Pop()
			opened()
			a.shell.Notice(a.p.Words.T("pin.changed"))
		},
	})
}

func (a *App) changePIN() {
	a.shell.Push(a.pinPage("pin.change_title", pin.ViewParams{
		Presenter: &pin.Presenter{Store: a.p.Store, Mode: pin.Change}, OnBack: a.shell.Back,
		OnDone: func() {
			a.shell.Pop()
			a.shell.Notice(a.p.Words.T("pin.changed"))
		},
	}))
}

// confirm asks for the PIN before what a respondent was handed is given back.
func (a *App) confirm(done func(ok bool)) {
	leave := func(ok bool) {
		a.shell.Pop()
		done(ok)
		a.shell.Rebuild()
	}
	s := a.pinPage("pin.enter_title", pin.ViewParams{
		Presenter: &pin.Presenter{Store: a.p.Store, Mode: pin.Confirm}, OnDone: func() { leave(true) }, OnBack: func() { leave(false) },
	})
	s.back = func() bool { leave(false); return true }
	a.shell.Push(s)
}

// pinPage is a page about the PIN. What was typed goes with it.
func (a *App) pinPage(title string, p pin.ViewParams) *screen {
	p.Words, p.Go, p.OnError = a.p.Words, a.shell.Go, a.trouble
	var view *pin.View
	return &screen{
		title: a.p.Words.T(title),
		build: func(shell.Env) fyne.CanvasObject {
			view = pin.NewView(p)
			return view.Content()
		},
		shown: func() {
			if !fyne.CurrentDevice().IsMobile() { // on phones the keyboard comes when somebody asks for it
				view.Focus()
			}
		},
	}
}

// Lock closes the device until its PIN is entered; what was in front comes back then.
func (a *App) Lock() {
	has, err := a.p.Store.HasPIN(a.ctx)
	if err != nil || !has || a.lock.page != nil {
		return
	}
	a.p.Store.Lock()
	a.shell.Push(a.lockPage(a.shell.Pop))
}

// active is told of everything a person does, and begins the wait for disuse anew.
func (a *App) active() {
	if a.lock.stop != nil {
		a.lock.stop()
	}
	a.lock.stop = a.p.After(a.choices.LockAfter, func() { a.shell.Do(a.Lock) })
}

// Away is called when the app leaves the front: pictures that the system keeps of it show nothing.
func (a *App) Away() {
	a.lock.left = a.p.Now()
	a.shell.Cover(true)
}

// Resumed is called when the app comes to the front again: now is a good moment to send. After a long absence, or one whose length
// the clock cannot tell, the PIN comes first.
func (a *App) Resumed() {
	a.shell.Cover(false)
	// by the wall: while the device sleeps, monotonic clocks may stand
	away := a.p.Now().Round(0).Sub(a.lock.left.Round(0))
	if !a.lock.left.IsZero() && (away < 0 || away >= a.choices.LockAfter) {
		a.Lock()
	}
	a.agent.Kick()
}

// Enter opens the device by a PIN, or gives a new device its first, for devices that are prepared before somebody holds them. Call
// it before Start.
func (a *App) Enter(ctx context.Context, pin string) error { return a.p.Store.UnlockOrSetPIN(ctx, pin) }
