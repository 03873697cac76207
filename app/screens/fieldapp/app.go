// Package fieldapp puts the interviewer's screens together: which comes after which, what is read and saved between them, and
// what happens when the app is opened again after a kill. It is what app/field shows and what the end-to-end test drives.
package fieldapp

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/position"
	"parvis/app/screens/settings"
	"parvis/app/screens/syncing"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/internal/fieldstore"
	"parvis/sync/agent"
)

// Params is what the app needs.
type Params struct {
	Window fyne.Window
	Words  *words.Words
	Store  *fieldstore.Store
	// NewAgent makes the agent of the store; progress is called from its goroutine.
	NewAgent func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error)
	// Now is the wall clock; its monotonic reading measures durations.
	Now func() time.Time
	// After runs f once after d unless stopped; shell.AfterTimer is the real one.
	After func(d time.Duration, f func()) (stop func())
	// Do runs f where widgets may be touched; nil for fyne.Do.
	Do    func(func())
	NewID func() string
	// Locate is where the device is; nil where it cannot tell.
	Locate func() (position.Position, error)
	// Metered tells whether the network costs by the byte, and whether that is known; nil where the device cannot tell.
	Metered settings.Metered
	// KeepAwake keeps the screen on or lets it go dark; nil for the toolkit's driver.
	KeepAwake func(on bool)
	Logger    *slog.Logger // nil for silence
	Version   string
	// SaveFile lets a person choose where a file goes; nil for the system's own way.
	SaveFile func(name string, data []byte, done func(saved bool, err error))
	// OpenFile lets a person choose a file; nil for the system's own way.
	OpenFile func(extensions []string, most int64, done func(data []byte, err error))
	// Central and Code are filled in on the enrolment screen.
	Central, Code string
}

// App is the running field app. Its methods belong to the interface's goroutine, Background excepted.
type App struct {
	p       Params
	shell   *shell.Shell
	agent   *agent.Agent
	choices settings.Choices
	front   *conversation // the interview in front; nil where none is
	lock    locking

	syncing *syncing.Syncing
	ctx     context.Context
	close   context.CancelFunc
}

// Keys of what is kept between two runs.
const (
	// keyFront is the interview that was in front when the app was last seen.
	keyFront = "front.interview"
	// keySheet tells that the contact sheet was in front.
	keySheet = "front.contact_sheet"
)

// New makes the app; Start shows it.
func New(p Params) (*App, error) {
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.KeepAwake == nil {
		p.KeepAwake = fyne.CurrentApp().Driver().SetDisableScreenBlanking
	}
	a := &App{p: p}
	a.ctx, a.close = context.WithCancel(context.Background())
	var err error
	if a.agent, err = p.NewAgent(func(p agent.Progress) { a.syncing.Progressed(p) }, a.synchronised); err != nil {
		return nil, err
	}
	if a.choices, err = settings.Read(a.ctx, p.Store, p.Words.Lang()); err != nil {
		return nil, err
	}
	p.Words.Use(a.choices.Language)
	a.shell = shell.New(shell.Params{Window: p.Window, Words: p.Words, After: p.After, Do: p.Do, Log: p.Logger, Moved: a.active, Ribbon: a.ribbon})
	a.syncing = syncing.New(syncing.Params{Shell: a.shell, Agent: a.agent, Sync: a.Synchronise, Say: a.progress, Ended: a.sent, Logger: p.Logger})
	return a, nil
}

// Start shows the app: the PIN first, unless Enter was given it.
func (a *App) Start() {
	fyne.CurrentApp().Settings().SetTheme(a.choices.Theme())
	a.p.Window.SetContent(a.shell.Root())
	has, err := a.p.Store.HasPIN(a.ctx)
	switch {
	case err != nil:
		a.shell.Reset(a.lockPage(a.open))
		a.trouble(err)
	case !has:
		a.shell.Reset(a.choosePIN())
	case a.p.Store.IsLocked():
		a.shell.Reset(a.lockPage(a.open))
	default:
		a.open()
	}
}

// open shows the screen the app was left at: an interview that was interrupted, the contact sheet, the day's page, or enrolment.
func (a *App) open() {
	a.active()
	c, err := a.p.Store.Enrolment(a.ctx)
	switch {
	case err != nil:
		a.shell.Reset(a.today())
		a.trouble(err)
	case c.IsZero():
		a.shell.Reset(a.enrolment())
	default:
		a.reopen()
	}
	a.tellRescue()
}

// reopen goes back to where the interviewer was. Where that cannot be read any more, the day's page lists what is to finish.
func (a *App) reopen() {
	a.shell.Reset(a.today())
	shift, err := a.p.Store.CurrentShift(a.ctx)
	open := err == nil
	front, err := a.p.Store.Setting(a.ctx, keyFront)
	if err != nil {
		a.trouble(err)
		return
	}
	sheet, _ := a.p.Store.Setting(a.ctx, keySheet)
	if open && (sheet != "" || front != "") {
		a.openContacts(shift)
	}
	if front == "" {
		return
	}
	switch err := a.resume(front); {
	case err == nil:
		a.shell.Notice(a.p.Words.T("question.resumed"))
	case errors.Is(err, fieldstore.ErrNotFound): // it had ended; only the note of it was left
		a.setFront("")
	default:
		a.trouble(err)
	}
}

// Background looks for damage once and synchronises on the persisted schedule until the app closes; call it once the app has started.
func (a *App) Background() {
	a.lookForDamage()
	a.syncing.Background()
}

// Close stops what runs; everything is saved already.
func (a *App) Close() {
	if a.lock.stop != nil {
		a.lock.stop()
	}
	a.syncing.Close()
	a.close()
}

// Shell is the frame the screens stand in.
func (a *App) Shell() *shell.Shell { return a.shell }

func (a *App) setFront(interview string) { a.keep(keyFront, interview) }

func (a *App) keep(key, value string) {
	if err := a.p.Store.SaveSetting(a.ctx, key, value); err != nil {
		a.trouble(err)
	}
}

// screen is a shell.Screen of two functions.
type screen struct {
	title string
	build func(shell.Env) fyne.CanvasObject
	back  func() bool
	key   func(fyne.KeyName) bool
	shown func()
	// exchanged runs instead of a rebuild after an exchange with central while the screen is in front.
	exchanged func()
}

func (s *screen) Title() string                           { return s.title }
func (s *screen) Content(env shell.Env) fyne.CanvasObject { return s.build(env) }

// Back lets the screen take the key for itself.
func (s *screen) Back() bool { return s.back != nil && s.back() }

// Key lets the screen take a key for itself.
func (s *screen) Key(name fyne.KeyName) bool { return s.key != nil && s.key(name) }

// Shown runs when the screen is in front again.
func (s *screen) Shown() {
	if s.shown != nil {
		s.shown()
	}
}
