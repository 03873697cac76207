// Package preview asks a questionnaire in the field app's own screens, for its author to try. It keeps nothing: no shift, no
// contact, no answer outlives the window.
//
// It knows the question page, interview's rules and a study laid out in memory; it must not know of stores or the network.
package preview

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
	"parvis/app/screens/question"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/study/folder"
	"parvis/internal/xform"
)

// Params is what a preview needs.
type Params struct {
	Window   fyne.Window
	Words    *words.Words
	Contents folder.Contents
	Now      func() time.Time
	NewID    func() string
	After    func(d time.Duration, f func()) (stop func())
	Do       func(func())
	Logger   *slog.Logger
}

// App is the running preview. Its methods belong to the interface's goroutine.
type App struct {
	p        Params
	study    study.Study
	form     *xform.Form
	shell    *shell.Shell
	session  *interview.Session
	asking   *question.Presenter
	pictures map[string]fyne.Resource
	view     *question.View // nil at the end
}

// New reads the questionnaire; Start asks it.
func New(p Params) (*App, error) {
	a := &App{p: p, study: p.Contents.Study, pictures: map[string]fyne.Resource{}}
	// a session refuses personal questions where nobody could open the answers; here they go nowhere
	a.study.Recipients = []string{"nobody"}
	var err error
	a.form, err = xform.Parse(bytes.NewReader(p.Contents.XForm), xform.ParseOptions{Resource: a.resource})
	if err != nil {
		return nil, fmt.Errorf("read the questionnaire: %w", err)
	}
	a.shell = shell.New(shell.Params{Window: p.Window, Words: p.Words, After: p.After, Do: p.Do, Log: p.Logger})
	return a, nil
}

// Start shows the first page.
func (a *App) Start() error {
	if err := a.begin(); err != nil {
		return err
	}
	a.p.Window.SetContent(a.shell.Root())
	a.shell.Reset(&page{a})
	return nil
}

// Shell is the frame the screens stand in.
func (a *App) Shell() *shell.Shell { return a.shell }

// Question is the page in front, for whoever watches the preview from outside.
func (a *App) Question() (m question.Model, ok bool) { return a.asking.Model(), true }

// begin starts a fresh interview at the study's first site.
func (a *App) begin() error {
	site := a.study.Sites[0]
	session, err := interview.Start(context.Background(), interview.SessionParams{
		Study: a.study, Form: a.form, Journal: forgetful{}, Seal: sealNothing, Now: a.p.Now, NewID: a.p.NewID, Logger: a.p.Logger,
		Language: a.p.Words.Lang(),
		Shift: interview.Shift{
			ID: a.p.NewID(), Study: a.study.ID, Site: site.Name, Entrance: site.Entrances[0].Name, Practice: true,
			Interval: a.study.IntervalAt(site.Name, site.Entrances[0].Name),
		},
	})
	if err != nil {
		return fmt.Errorf("begin the questionnaire: %w", err)
	}
	a.session = session
	a.asking = question.New(question.Params{Interview: session, Study: a.study, Here: a.study.Sites[0].Location,
		Pictures: kept{session, map[string][]byte{}},
	})
	return nil
}

// again asks from the beginning.
func (a *App) again() {
	if err := a.begin(); err != nil {
		a.trouble(err)
		return
	}
	a.shell.Rebuild()
}

func (a *App) trouble(err error) { a.shell.Notice(err.Error()) }

func (a *App) resource(uri string) (io.ReadCloser, error) {
	file, there := a.p.Contents.Media[path.Base(uri)]
	if !there {
		return nil, fmt.Errorf("%s: %w", uri, fs.ErrNotExist)
	}
	return io.NopCloser(bytes.NewReader(file)), nil
}

func (a *App) picture(name string) fyne.Resource {
	r, known := a.pictures[name]
	if file, there := a.p.Contents.Media[path.Base(name)]; !known && there {
		r = fyne.NewStaticResource(name, file)
		a.pictures[name] = r
	}
	return r
}

// page is the one screen: the present page of the questionnaire, or its end.
type page struct{ *App }

// Title implements shell.Screen.
func (s *page) Title() string { return s.study.Title.In(s.p.Words.Lang(), "") }

// Content implements shell.Screen.
func (s *page) Content(env shell.Env) fyne.CanvasObject {
	if s.session.Ended() && !s.asking.Given() { // the end is the interviewer's
		s.view = nil
		return s.end()
	}
	p := question.ViewParams{
		Presenter: s.asking, Words: s.p.Words, Class: env.Class, Picture: s.picture, Practice: true, Now: s.p.Now, OnUndo: s.shell.Undo,
		OnMoved: func(bool) { s.moved() }, OnLeave: func() {}, OnError: s.trouble, ChooseFile: s.shell.OpenFileOf,
	}
	if w, ok := s.p.Words.In(study.LanguageCode(s.session.Language())); ok {
		p.Spoken = w
	}
	s.view = question.NewView(p)
	return s.view.Content()
}

// Back implements shell.Backer: the page before, or what lies over this one.
func (s *page) Back() bool {
	if s.view != nil {
		s.view.Back()
	}
	return s.view != nil
}

// Key implements shell.Keyer: a keyboard answers.
func (s *page) Key(name fyne.KeyName) bool { return s.view != nil && s.view.Key(name) }

// moved shows the page that came up, and puts the cursor where one types.
func (s *page) moved() {
	s.shell.Rebuild()
	if s.view != nil {
		s.view.Focus(s.p.Window.Canvas())
	}
}

// end tells what the interview would count as.
func (s *page) end() fyne.CanvasObject {
	w := s.p.Words
	back := func() {
		if err := s.session.Back(context.Background()); err != nil {
			s.trouble(err)
		}
		s.shell.Rebuild()
	}
	return kit.NewPage(kit.PageParams{
		Top: kit.NewTopBar(kit.TopBarParams{Back: w.T("common.back"), OnBack: back, Title: w.T("question.end_title")}),
		Body: []fyne.CanvasObject{
			kit.NewBadge(w.T("today.practice_note"), kit.Warn),
			kit.NewText(look.Title, w.T("question.end_title")),
			kit.NewText(look.Body, w.T("preview.outcome", "outcome", w.T(outcome.Key(s.session.Outcome())))),
			kit.NewButton(w.T("preview.again"), kit.Primary, s.again).Tall(look.ButtonHuge),
		},
	})
}

// forgetful is a journal that keeps nothing.
type forgetful struct{}

func (forgetful) Begin(context.Context, interview.Opening) error { return nil }
func (forgetful) Save(context.Context, interview.Saving) error   { return nil }
func (forgetful) SaveReserving(context.Context, interview.Saving, []string) ([]string, error) {
	return nil, nil
}
func (forgetful) End(context.Context, interview.Ending) error { return nil }

func sealNothing([]string, map[string]string) (string, error) { return "", nil }
