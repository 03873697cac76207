// Package shell holds the frame in which screens come and go: a stack with
// Back, size classes, banners over whatever screen is shown, and the one way
// back from the background to the interface.
//
// It knows Fyne, the kit, the look and the words; it must not know any screen,
// study or store.
//
//	s := shell.New(shell.Params{Window: w, Words: words, After: shell.AfterTimer})
//	w.SetContent(s.Root())
//	s.Reset(today.New(...))           // the first screen
//	s.Push(question.New(...))         // Back returns
//	s.Undo("Recorded: Refused", "Undo", func() { ... })
//	s.Go(func() func() { r := slow(); return func() { show(r) } })
package shell

import (
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/words"
)

// Screen is one thing a person does. It keeps its state outside of Content,
// which is called anew whenever size class, language or look change.
type Screen interface {
	// Title names the screen for windows and tests, already translated.
	Title() string
	// Content builds what is shown; usually a kit.Page.
	Content(env Env) fyne.CanvasObject
}

// Env is what a screen may use while it builds its content.
type Env struct {
	Shell *Shell
	Words *words.Words
	Class look.Class
}

// Shower is told each time it becomes the screen in sight.
type Shower interface{ Shown() }

// Leaver is told when it leaves the stack for good.
type Leaver interface{ Left() }

// Backer may take Back for itself (to close its sheet, to go to the question
// before) and tells whether it did.
type Backer interface{ Back() bool }

// Keyer may take a key typed while nothing has the focus and tells whether it
// did.
type Keyer interface{ Key(fyne.KeyName) bool }

// Runer may take a letter typed while nothing has the focus and tells whether
// it did.
type Runer interface{ Rune(rune) bool }

// Params is what a shell needs.
type Params struct {
	Window fyne.Window  // its canvas gives keys and focus; nil in tests of screens alone
	Words  *words.Words // required
	// After runs f once after d, outside the interface's goroutine, unless stop
	// is called first. AfterTimer is the real one.
	After func(d time.Duration, f func()) (stop func())
	// Do runs f in the interface's goroutine; fyne.Do if nil.
	Do  func(f func())
	Log *slog.Logger // nothing is logged if nil
	// Moved is told of every screen that comes or goes; nil: nobody.
	Moved func()
	// Ribbon is what stands across the top of every screen, such as that all of it is practice; nil or "" for nothing.
	Ribbon func() string
	// Quit is called by Back on the last screen of the stack; nil: nothing.
	Quit func()
}

// AfterTimer is time.AfterFunc in the shape Params wants.
func AfterTimer(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// Shell is the frame. All methods but Go and Do belong to the interface's
// goroutine.
type Shell struct {
	p     Params
	stack []Screen
	class look.Class
	look  look.Theme
	frame *frame
	stop  func() // ends the time of the banner
	shown int    // counts banners, so that an old timer closes no new one
}

// New returns a shell without screens.
func New(p Params) *Shell {
	if p.Do == nil {
		p.Do = fyne.Do
	}
	if p.After == nil {
		p.After = AfterTimer
	}
	s := &Shell{p: p, stop: func() {}, look: look.Current()}
	s.frame = newFrame(s)
	p.Words.OnChange(s.Rebuild)
	if p.Window != nil {
		p.Window.Canvas().SetOnTypedKey(s.typed)
		p.Window.Canvas().SetOnTypedRune(func(r rune) {
			if k, ok := s.Top().(Runer); ok {
				k.Rune(r)
			}
		})
	}
	return s
}

// Root is the content of the window.
func (s *Shell) Root() fyne.CanvasObject { return s.frame }

// Words gives the interface's texts.
func (s *Shell) Words() *words.Words { return s.p.Words }

// Class is the size class of the window now.
func (s *Shell) Class() look.Class { return s.class }

// Push shows a screen; Back returns to the one before.
func (s *Shell) Push(next Screen) {
	s.stack = append(s.stack, next)
	s.show()
}

// Replace shows a screen instead of the one in sight.
func (s *Shell) Replace(next Screen) {
	if n := len(s.stack); n > 0 {
		old := s.stack[n-1]
		s.stack = s.stack[:n-1]
		left(old)
	}
	s.Push(next)
}

// Reset shows a screen with nothing behind it.
func (s *Shell) Reset(first Screen) {
	old := s.stack
	s.stack = nil
	for i := len(old) - 1; i >= 0; i-- {
		left(old[i])
	}
	s.Push(first)
}

// Pop leaves the screen in sight without asking it; the last one stays.
func (s *Shell) Pop() {
	n := len(s.stack)
	if n < 2 {
		return
	}
	old := s.stack[n-1]
	s.stack = s.stack[:n-1]
	left(old)
	s.show()
}

// Back is what the Back button, the phone's back key and Escape do: the screen
// may take it for itself, else the one before is shown.
func (s *Shell) Back() {
	if b, ok := s.Top().(Backer); ok && b.Back() {
		return
	}
	if len(s.stack) < 2 {
		if s.p.Quit != nil {
			s.p.Quit()
		}
		return
	}
	s.Pop()
}

// Top is the screen in sight; nil before the first.
func (s *Shell) Top() Screen {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

// Depth is the number of screens on the stack.
func (s *Shell) Depth() int { return len(s.stack) }

// Rebuild makes the screen in sight build its content anew.
func (s *Shell) Rebuild() {
	if top := s.Top(); top != nil {
		s.frame.setRibbon(s.ribbon())
		s.frame.show(top.Content(Env{Shell: s, Words: s.p.Words, Class: s.class}))
	}
}

func (s *Shell) ribbon() string {
	if s.p.Ribbon == nil {
		return ""
	}
	return s.p.Ribbon()
}

// show puts the top of the stack in sight; a banner speaks of the screen before and goes with it.
func (s *Shell) show() {
	if s.p.Moved != nil {
		s.p.Moved()
	}
	s.CloseBanner()
	if s.p.Window != nil {
		s.p.Window.Canvas().Unfocus()
	}
	s.Rebuild()
	if shower, ok := s.Top().(Shower); ok {
		shower.Shown()
	}
}

func left(old Screen) {
	if l, ok := old.(Leaver); ok {
		l.Left()
	}
}

// resized is told by the frame; a new class needs a new content.
func (s *Shell) resized(width float32) {
	if c := look.ClassOf(width); c != s.class {
		s.class = c
		s.Rebuild()
	}
}

// Cover hides the screen in sight behind the bare ground, or shows it again.
func (s *Shell) Cover(covered bool) {
	s.frame.covered = covered
	s.frame.Refresh()
}

// SetLook changes colours and text size of the whole app at once.
func (s *Shell) SetLook(t look.Theme) {
	s.look = t
	fyne.CurrentApp().Settings().SetTheme(t)
	s.frame.Refresh()
	s.Rebuild()
}

// Look is the look in use.
func (s *Shell) Look() look.Theme { return look.Current() }

// Do runs f in the interface's goroutine; call it from any other.
func (s *Shell) Do(f func()) { s.p.Do(f) }

// Go runs work in the background and what it returns in the interface's
// goroutine: work computes, the result shows. A nil result shows nothing.
func (s *Shell) Go(work func() (show func())) {
	go func() {
		if show := work(); show != nil {
			s.p.Do(show)
		}
	}()
}

func (s *Shell) typed(e *fyne.KeyEvent) {
	if k, ok := s.Top().(Keyer); ok && k.Key(e.Name) {
		return
	}
	switch e.Name {
	case fyne.KeyEscape, mobile.KeyBack:
		s.Back()
	}
}

var _ kit.Flowing = (*frame)(nil)
