package contact

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/health"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Percent(share float64) string
	Clock(t time.Time) string
	Moment(t, now time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	Class     look.Class
	// OnToday leaves for the day's page; OnAgreed starts an interview; OnEnded is called after the shift was closed; OnRecorded
	// after an outcome was saved, with its words and how to undo it; OnCard shows the passer-by who the interviewer is; OnError is
	// called when something could not be saved.
	OnCard     func()
	OnToday    func()
	OnAgreed   func()
	OnEnded    func()
	OnRecorded func(words string, undo func())
	OnError    func(error)
	// OnPage shows a page of its own over the sheet; build is given what leaves it.
	OnPage func(title string, build func(leave func()) fyne.CanvasObject)
	// OnNotice says in passing that something was done.
	OnNotice func(words string)
}

// View draws the contact sheet.
type View struct {
	p       ViewParams
	page    *kit.Page
	top     *kit.TopBar
	counter *kit.Counter
	figures *kit.FigureRow
	over    *kit.Card // the totals that are full
	look    *kit.Card
	soFar   *kit.Card
	waiting *kit.Text
	wrong   *fyne.Container // what is wrong with the device
	middle  *fyne.Container // what is asked of the present contact
	asked   Asking          // what the middle shows
}

// NewView makes the sheet.
func NewView(p ViewParams) *View {
	v := &View{p: p, figures: kit.NewFigureRow(), over: kit.NewCard(), look: kit.NewCard(), soFar: kit.NewCard(), waiting: kit.NewText(look.Caption, "")}
	v.wrong, v.middle = kit.ColumnGap(look.Tight), kit.Column()
	m := p.Presenter.Model()
	v.top = kit.NewTopBar(v.bar(m))
	v.counter = kit.NewCounter(v.counterState(m), v.pass, v.unpass)
	v.ask(m)
	v.show(m)
	v.page = kit.NewPage(kit.PageParams{Top: v.top, Body: v.layout(m)})
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

func (v *View) bar(m Model) kit.TopBarParams {
	w := v.p.Words
	bar := kit.TopBarParams{
		Back: w.T("common.today"), OnBack: v.p.OnToday,
		Title: m.Entrance.In(w.Lang(), ""), Subtitle: w.T("shift.since", "clock", w.Clock(m.Since)),
		Next: w.T("shift.pause"), OnNext: v.pause, Quiet: true,
	}
	if m.Paused {
		bar.Subtitle = w.T("shift.paused_since", "clock", w.Clock(m.Pause.From.Time()))
		bar.Next, bar.OnNext, bar.Quiet = w.T("shift.resume"), v.resume, false
	}
	return bar
}

func (v *View) layout(m Model) []fyne.CanvasObject {
	w := v.p.Words
	top := []fyne.CanvasObject{v.waiting, v.wrong}
	if m.Paused {
		return append(top, v.paused(m)...)
	}
	card := kit.NewButton(w.T("idcard.title"), kit.Link, v.p.OnCard)
	rest := []fyne.CanvasObject{v.middle, v.figures, v.look, card, v.tools(), v.soFar}
	top = append(top, v.over)
	if v.p.Class == look.Phone {
		return append(append(top, v.counter), rest...)
	}
	return append(top, kit.Grid(2, kit.Column(v.counter, v.tools(), v.soFar), kit.Column(v.middle, v.figures, v.look, card)))
}

func (v *View) pass()   { v.do(v.p.Presenter.Pass) }
func (v *View) unpass() { v.do(v.p.Presenter.Unpass) }

func (v *View) pause()  { v.rebuild(v.p.Presenter.Pause) }
func (v *View) resume() { v.rebuild(v.p.Presenter.Resume) }

func (v *View) end() {
	if err := v.p.Presenter.End(context.Background()); err != nil {
		v.p.OnError(err)
		return
	}
	v.p.OnEnded()
}

func (v *View) rebuild(deed func(context.Context) error) {
	if v.do(deed) {
		v.page.SetBody(v.layout(v.p.Presenter.Model())...)
	}
}

func (v *View) do(deed func(context.Context) error) bool {
	err := deed(context.Background())
	if err != nil {
		v.p.OnError(err)
	}
	m := v.p.Presenter.Model()
	turned := m.Asking != v.asked
	if turned {
		v.ask(m)
	}
	v.show(m)
	v.page.Relayout()
	if turned {
		v.turn(m)
	}
	return err == nil
}

// turn brings what is asked into sight, and afterwards the counter again.
func (v *View) turn(m Model) {
	if m.Asking == AskOutcome {
		v.page.Scroll().ScrollToTop()
		return
	}
	v.page.Reveal(v.middle)
}

// Exchanged shows anew what waits, after an exchange with central, and leaves all else as it is.
func (v *View) Exchanged() { v.do(v.p.Presenter.ReadDelivery) }

func (v *View) counterState(m Model) kit.CounterState {
	w := v.p.Words
	s := kit.CounterState{
		Caption: w.T("contact.passers_by"), Count: w.Number(m.Passed), Passed: m.Step, Every: m.Every, Due: m.Due,
		Note: w.N("contact.more_then_approach", m.More), Action: w.T("contact.plus_one"),
	}
	if m.CanUndo {
		s.Undo = w.T("common.undo")
	}
	if m.Due {
		s.Note = w.T("contact.approach_this_one")
	}
	return s
}

func (v *View) show(m Model) {
	w := v.p.Words
	v.top.Set(v.bar(m))
	v.counter.Set(v.counterState(m))
	v.figures.Set(
		kit.Count{Value: w.Number(m.Figures.Approached), Label: w.T("contact.asked")},
		kit.Count{Value: w.Number(m.Figures.Completes), Label: w.T("contact.done")},
		kit.Count{Value: v.rate(m, m.Figures.Rates.RR1), Label: "RR1"},
	)
	v.showDevice(m)
	v.showSoFar(m)
	v.showFull(m.Full)
	v.showCells(m.Cells)
}

// showDevice says what waits to be sent, and in a line each what is wrong; what to do about it stands on the day's page.
func (v *View) showDevice(m Model) {
	now := v.p.Presenter.Now()
	v.waiting.SetText(health.Waiting(v.p.Words, m.Outlook, now))
	var lines []fyne.CanvasObject
	for _, warning := range health.Warnings(v.p.Words, m.Device, now) {
		lines = append(lines, kit.NewBadge(warning.What, kit.Warn))
	}
	v.wrong.Objects, v.wrong.Hidden = lines, len(lines) == 0
	v.wrong.Refresh()
}
