// Package deskapp puts the supervisor's screens together: the navigation, what stands beside it, and how the laptop is signed in
// and synchronised. It is what app/supervisor shows and what the tour drives. Everything shown is read from the laptop's own
// store, so that it works without a connection; how old the picture is stands on every screen.
package deskapp

import (
	"context"
	"log/slog"
	"net"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/screens/board"
	"parvis/app/screens/letters"
	"parvis/app/screens/people"
	"parvis/app/screens/progress"
	"parvis/app/screens/review"
	"parvis/app/screens/settings"
	"parvis/app/screens/syncing"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
)

// Params is what the app needs.
type Params struct {
	Window fyne.Window
	Words  *words.Words
	Store  *desk.Store
	// NewAgent makes the agent of the store; progress and finished are called from its goroutine.
	NewAgent func(progress func(agent.Progress), finished func(agent.Report, error)) (*agent.Agent, error)
	Now      func() time.Time
	// After runs f once after d unless stopped; shell.AfterTimer is the real one.
	After func(d time.Duration, f func()) (stop func())
	// Do runs f where widgets may be touched; nil for fyne.Do.
	Do      func(func())
	Logger  *slog.Logger // nil for silence
	Version string
	// Central and User are filled in on the sign-in screen.
	Central, User string
	// Browse shows an address in the person's browser; nil for the system's own way.
	Browse func(address string) error
	// OpenFile lets a person choose a file of at most most bytes; nil for the system's own way.
	OpenFile func(extension string, most int64, done func(data []byte, err error))
	// Listen opens where tablets connect, Addresses are this laptop's own; nil for the usual port and the system's own.
	Listen    func() (net.Listener, error)
	Addresses func() []string
	// SaveFile lets a person choose where a file goes; nil for the system's own way.
	SaveFile func(name string, data []byte, done func(saved bool, err error))
}

// App is the running supervisor app. Its methods belong to the interface's goroutine, Background excepted.
type App struct {
	p       Params
	shell   *shell.Shell
	agent   *agent.Agent
	choices settings.Choices

	tab      string          // the key of the place in sight
	study    string          // the study in sight; empty before any has come
	from     int             // first site shown on the board
	boarded  board.Choice    // how the board is shown
	cell     string          // the line of the board that is open
	aim      board.Draft     // the target being changed
	crew     people.Choice   // which interviewers, and how they are shown
	pictured progress.Choice // what the pictures show
	plan     planning        // who works where
	person   string          // the interviewer whose details are open
	letter   letters.Letter  // the message being written

	crewDevices crewDevices // devices and codes

	reading *review.Presenter // nil until the list of interviews is opened
	typing  *kit.Entry        // where words are waited for; nil for nowhere
	list    *kit.Page         // the list of interviews in sight, with the row of the one that is read
	row     fyne.CanvasObject
	unsend  func()       // takes back that decisions are sent soon
	nav     *kit.SideNav // the navigation in sight; nil where it has a page of its own
	leaving bool         // the person is being signed out

	carry   *carrying // nil while tablets cannot connect
	syncing *syncing.Syncing
	untick  func() // ends the clock that renews the picture's age
	ctx     context.Context
	close   context.CancelFunc
}

// Keys of what is kept between two runs.
const (
	keyStudy = "desk.study"
)

// New makes the app; Start shows it.
func New(p Params) (*App, error) {
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.Browse == nil {
		p.Browse = browse
	}
	if p.Listen == nil {
		p.Listen = listen
	}
	if p.Addresses == nil {
		p.Addresses = addresses
	}
	a := &App{p: p, tab: tabBoard, untick: func() {}, unsend: func() {}}
	a.ctx, a.close = context.WithCancel(context.Background())
	var err error
	if a.agent, err = p.NewAgent(func(p agent.Progress) { a.syncing.Progressed(p) }, a.synchronised); err != nil {
		return nil, err
	}
	if a.choices, err = settings.Read(a.ctx, p.Store, p.Words.Lang()); err != nil {
		return nil, err
	}
	p.Words.Use(a.choices.Language)
	a.shell = shell.New(shell.Params{Window: p.Window, Words: p.Words, After: p.After, Do: p.Do, Log: p.Logger})
	a.syncing = syncing.New(syncing.Params{Shell: a.shell, Agent: a.agent, Sync: a.agent.Sync, Say: a.progress, Ended: a.sent, Logger: p.Logger})
	return a, nil
}

// Start shows the board, or the sign-in screen where nobody is signed in. Whose token has ended still reads what is here.
func (a *App) Start() {
	fyne.CurrentApp().Settings().SetTheme(a.choices.Theme())
	a.p.Window.SetContent(a.shell.Root())
	c, err := a.p.Store.Credentials(a.ctx)
	if err == nil && c.IsZero() {
		a.shell.Reset(a.signIn())
		return
	}
	a.open()
	if err != nil {
		a.trouble(err)
	}
	a.tick()
}

// Background synchronises on the persisted schedule until the app closes; call it once the app has started.
func (a *App) Background() {
	a.digest()
	a.syncing.Background()
	a.shell.Do(a.carriesAgain)
}

// Resumed is called when the app comes to the front again: now is a good moment to fetch.
func (a *App) Resumed() { a.agent.Kick() }

// Close stops what runs; everything is saved already.
func (a *App) Close() {
	a.untick()
	a.stopCarrying()
	a.syncing.Close()
	a.close()
}

// Shell is the frame the screens stand in.
func (a *App) Shell() *shell.Shell { return a.shell }

// tick renews the age of the picture every minute, so that it never claims to be younger than it is.
func (a *App) tick() {
	a.untick()
	a.untick = a.p.After(time.Minute, func() {
		a.shell.Do(func() {
			if a.nav != nil {
				a.nav.SetFoot(a.foot())
			}
			a.tick()
		})
	})
}

func (a *App) keep(key, value string) {
	if err := a.p.Store.SaveSetting(a.ctx, key, value); err != nil {
		a.trouble(err)
	}
}

// screen is a shell.Screen of functions.
type screen struct {
	title string
	build func(shell.Env) fyne.CanvasObject
	left  func()
	key   func(fyne.KeyName) bool
	rune  func(rune) bool
}

func (s *screen) Title() string                           { return s.title }
func (s *screen) Content(env shell.Env) fyne.CanvasObject { return s.build(env) }

// Key and Rune take what is typed while nothing has the focus.
func (s *screen) Key(name fyne.KeyName) bool { return s.key != nil && s.key(name) }
func (s *screen) Rune(r rune) bool           { return s.rune != nil && s.rune(r) }

// Left runs when the screen leaves the stack.
func (s *screen) Left() {
	if s.left != nil {
		s.left()
	}
}
