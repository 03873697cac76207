package contact

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Percent(share float64) string
	Clock(t time.Time) string
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
}

// View draws the contact sheet.
type View struct {
	p       ViewParams
	page    *kit.Page
	top     *kit.TopBar
	counter *kit.Counter
	figures *kit.FigureRow
	look    *kit.Card
}

// NewView makes the sheet.
func NewView(p ViewParams) *View {
	v := &View{p: p, figures: kit.NewFigureRow(), look: kit.NewCard()}
	m := p.Presenter.Model()
	v.top = kit.NewTopBar(v.bar(m))
	v.counter = kit.NewCounter(v.counterState(m), v.pass, v.unpass)
	v.page = kit.NewPage(kit.PageParams{Top: v.top, Body: v.layout(m)})
	v.show(m)
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
		bar.Subtitle = w.T("shift.paused_since", "clock", w.Clock(m.PausedSince))
		bar.Next, bar.OnNext, bar.Quiet = w.T("shift.resume"), v.resume, false
	}
	return bar
}

func (v *View) layout(m Model) []fyne.CanvasObject {
	w := v.p.Words
	var top []fyne.CanvasObject
	if m.Paused {
		return append(top, kit.NewEmptyState(w.T("shift.paused"), w.T("shift.end_note"), w.T("shift.resume"), v.resume),
			v.figures, kit.NewButton(w.T("shift.end"), kit.Danger, v.end))
	}
	outcomes := []fyne.CanvasObject{
		kit.NewText(look.Heading, w.T("contact.what_happened")), v.outcomes(), v.figures, v.look,
		kit.NewButton(w.T("idcard.title"), kit.Link, v.p.OnCard),
	}
	if v.p.Class == look.Phone {
		return append(append(top, v.counter), outcomes...)
	}
	return append(top, kit.Grid(2, v.counter, kit.Column(outcomes...)))
}

// names are the words of the outcomes, the most frequent first; the rest stand behind More.
func names() map[interview.Disposition]string {
	return map[interview.Disposition]string{
		interview.RefusedUnknown: "contact.refused", interview.NoTime: "contact.no_time", interview.GotAway: "contact.got_away",
		interview.LanguageBarrier: "contact.language", interview.AlreadyInterviewed: "contact.already_asked",
		interview.PhysicallyUnable: "contact.unable",
	}
}

// frequent is how many outcomes beside Agreed are shown at once.
const frequent = 5

func (v *View) outcomes() fyne.CanvasObject {
	w := v.p.Words
	offered := []kit.Outcome{{Value: string(interview.InProgress), Label: w.T("contact.agreed")}}
	for i, d := range interview.AtIntroduction() {
		offered = append(offered, kit.Outcome{Value: string(d), Label: w.T(names()[d]), Rare: i >= frequent})
	}
	return kit.NewOutcomeGrid(kit.OutcomeParams{Outcomes: offered, More: w.T("common.more"), OnChoose: v.choose})
}

func (v *View) choose(value string) {
	d := interview.Disposition(value)
	if d == interview.InProgress {
		v.p.OnAgreed()
		return
	}
	if !v.do(func(ctx context.Context) error { return v.p.Presenter.Outcome(ctx, d) }) {
		return
	}
	w := v.p.Words
	v.p.OnRecorded(w.T("contact.recorded", "outcome", w.T(names()[d])), func() { v.do(v.p.Presenter.UndoOutcome) })
}

func (v *View) pass()   { v.do(v.p.Presenter.Pass) }
func (v *View) unpass() { v.do(v.p.Presenter.Unpass) }

func (v *View) pause() {
	v.rebuild(func(ctx context.Context) error { return v.p.Presenter.Pause(ctx, "") })
}
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
	v.show(v.p.Presenter.Model())
	v.page.Relayout()
	return err == nil
}

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
		kit.Count{Value: w.Percent(m.Figures.Rates.RR1), Label: w.T("contact.response")},
	)
	v.showCells(m.Cells)
}

// showCells says in words whom to look for: the emptiest cell, the next, and what is full.
func (v *View) showCells(cells []Cell) {
	w := v.p.Words
	v.look.Hidden = len(cells) == 0
	if len(cells) == 0 {
		return
	}
	lines := []fyne.CanvasObject{kit.NewText(look.Caption, w.T("contact.look_for"))}
	if cells[0].Left() == 0 {
		lines = append(lines, kit.NewText(look.Heading, w.T("contact.look_for_anyone")))
	}
	for i, c := range cells[:min(3, len(cells))] {
		if c.Left() == 0 {
			break
		}
		role := look.Caption
		if i == 0 {
			role = look.Heading
		}
		lines = append(lines, kit.NewText(role, w.N("contact.left_for_you", c.Left(), "cell", c.Label.In(w.Lang(), ""))))
	}
	if last := cells[len(cells)-1]; last.Left() == 0 {
		lines = append(lines, kit.NewText(look.Caption, w.T("contact.cell_full", "cell", last.Label.In(w.Lang(), ""))))
	}
	v.look.SetContent(lines...)
}
