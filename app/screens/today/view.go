package today

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/health"
	"parvis/app/screens/pairing"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Day(t time.Time) string
	Clock(t time.Time) string
	Moment(t, now time.Time) string
	Ordinal(n int) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	Class     look.Class
	// PicturesHeld tells that pictures wait for another network now, those of studies too.
	PicturesHeld bool
	// OnShift opens the contact sheet of a shift; OnPlace lets the interviewer choose study, site and entrance; the others open
	// what they name.
	OnShift    func(interview.Shift)
	OnPlace    func()
	OnBriefing func()
	OnList     func()
	OnSend     func()
	OnSettings func()
	OnMessages func()
	OnCard     func()
	OnError    func(error)
}

// View draws the page.
type View struct {
	p       ViewParams
	page    *kit.Page
	sending *kit.Progress
}

// NewView makes the page.
func NewView(p ViewParams) *View {
	v := &View{p: p}
	v.page = kit.NewPage(kit.PageParams{Body: v.body()})
	return v
}

// Content is what the window shows.
func (v *View) Content() fyne.CanvasObject { return v.page }

// Refresh reads the state anew and shows it.
func (v *View) Refresh(ctx context.Context) {
	if err := v.p.Presenter.Read(ctx); err != nil {
		v.p.OnError(err)
		return
	}
	v.page.SetBody(v.body()...)
}

// Sending shows how far a synchronisation is, with a way to stop it; nil ends that.
func (v *View) Sending(bar *kit.Progress) {
	v.sending = bar
	v.page.SetBody(v.body()...)
}

func (v *View) body() []fyne.CanvasObject {
	w, m := v.p.Words, v.p.Presenter.Model()
	objects := []fyne.CanvasObject{
		kit.Between(kit.NewText(look.Title, w.Day(m.Day)), kit.NewButton(w.T("settings.title"), kit.Link, v.p.OnSettings)),
		kit.NewText(look.Hint, w.T("today.interviewer", "name", m.Interviewer)),
		kit.NewText(look.Label, health.Waiting(w, m.Outlook, m.Day)),
	}
	if m.Revoked {
		objects = append(objects, kit.NewTextIn(look.Strong, look.Bad, w.T("sync.revoked")))
	}
	objects = append(objects, health.Cards(health.Warnings(w, m.Device, m.Day))...)
	if m.Unread > 0 {
		objects = append(objects, kit.NewCard(kit.Between(kit.NewText(look.Heading, w.T("nav.messages")), kit.NewBadge(w.N("today.unread", m.Unread), kit.Warn)),
			kit.NewButton(w.T("today.read_messages"), kit.Quiet, v.p.OnMessages)))
	}
	if m.Plan.Any() {
		objects = append(objects, v.planCard(m))
	}
	cards := []fyne.CanvasObject{v.studyCard(m), v.interviewsCard(m)}
	more := kit.Grid(2, kit.NewButton(w.T("idcard.title"), kit.Quiet, v.p.OnCard), kit.NewButton(w.T("nav.messages"), kit.Quiet, v.p.OnMessages))
	if v.p.Class == look.Phone {
		return append(append(objects, cards...), more)
	}
	return append(objects, kit.Grid(2, cards...), more)
}

func (v *View) studyCard(m Model) fyne.CanvasObject {
	w, lang := v.p.Words, v.p.Words.Lang()
	if m.Study.ID == "" {
		return kit.NewEmptyState(w.T("today.no_study"), w.T("today.no_study_do"), w.T("sync.now"), v.p.OnSend)
	}
	card := []fyne.CanvasObject{
		kit.NewText(look.Section, m.Study.Title.In(lang, "")),
		kit.NewText(look.Heading, w.T("today.place", "site", m.Site.Label.In(lang, ""), "entrance", m.Entrance.Label.In(lang, ""))),
		kit.NewText(look.Hint, v.about(m)),
	}
	if m.Plan.Elsewhere {
		card = append(card, kit.NewTextIn(look.Hint, look.Caution, w.T("plan.elsewhere", "place", v.place(m, *m.Plan.Now))))
	}
	if m.Shift.ID != "" {
		since := w.T("today.shift_running", "clock", w.Clock(m.Shift.Started.Time()))
		return kit.NewCard(append(card, kit.NewText(look.Caption, since),
			kit.NewButton(w.T("today.resume_shift"), kit.Primary, func() { v.p.OnShift(m.Shift) }).Tall(look.ButtonLarge),
			kit.NewButton(w.T("today.briefing"), kit.Quiet, v.p.OnBriefing))...)
	}
	start := kit.NewButton(w.T("today.start_shift"), kit.Primary, func() { v.start(false) }).Tall(look.ButtonLarge)
	practice := kit.NewButton(w.T("today.practice"), kit.Quiet, func() { v.start(true) })
	if !m.Ready {
		missing := "today.questionnaire_missing"
		if v.p.PicturesHeld {
			missing = "today.showcards_held"
		}
		card = append(card, kit.NewTextIn(look.Hint, look.Bad, w.T(missing)))
		start.Disable()
		practice.Disable()
	}
	return kit.NewCard(append(card, start,
		kit.Grid(2, kit.NewButton(w.T("today.briefing"), kit.Quiet, v.p.OnBriefing), practice),
		kit.NewButton(w.T("today.change_place"), kit.Link, v.p.OnPlace))...)
}

// about is the study in a line: whom to approach, how long it takes, what the respondent gets.
func (v *View) about(m Model) string {
	w := v.p.Words
	said := []string{w.T("today.everyone")}
	if m.Interval > 1 {
		said[0] = w.T("today.every", "nth", w.Ordinal(m.Interval))
	}
	if m.Study.Minutes > 0 {
		said = append(said, w.N("today.minutes", m.Study.Minutes))
	}
	if incentive := m.Study.Incentive.In(w.Lang(), ""); incentive != "" {
		said = append(said, strings.TrimSuffix(incentive, ".")+".")
	}
	return strings.Join(said, " ")
}

func (v *View) start(practice bool) {
	shift, err := v.p.Presenter.Start(context.Background(), practice)
	if err != nil {
		v.p.OnError(err)
		return
	}
	v.p.OnShift(shift)
}

func (v *View) interviewsCard(m Model) fyne.CanvasObject {
	w, o := v.p.Words, m.Outlook
	var head fyne.CanvasObject = kit.NewText(look.Heading, w.T("today.my_interviews"))
	switch {
	case o.InterviewsWaiting > 0:
		head = kit.Between(head, kit.NewBadge(w.N("today.waiting", o.InterviewsWaiting), kit.Calm))
	case o.LastSent > 0 && o.PicturesWaiting == 0: // before that "all sent" would be true and say nothing
		head = kit.Between(head, kit.NewBadge(w.T("today.all_sent"), kit.Fine))
	}
	card := []fyne.CanvasObject{head, kit.NewText(look.Hint, w.T("today.saved_here"))}
	for _, line := range pairing.With(w, o.WithLaptop, m.Day) {
		card = append(card, kit.NewText(look.Hint, line))
	}
	if o.PicturesWaiting > 0 {
		waiting := "today.pictures_waiting"
		if v.p.PicturesHeld {
			waiting = "sync.held"
		}
		card = append(card, kit.NewText(look.Hint, w.N(waiting, o.PicturesWaiting)))
	}
	if o.Quarantined > 0 {
		card = append(card, kit.NewTextIn(look.Hint, look.Bad, w.N("sync.set_aside", o.Quarantined)))
	}
	if o.ToFinish > 0 {
		card = append(card, kit.NewText(look.Body, w.N("today.to_finish", o.ToFinish)))
	}
	if v.sending != nil {
		return kit.NewCard(append(card, v.sending, kit.NewButton(w.T("today.open_list"), kit.Quiet, v.p.OnList))...)
	}
	return kit.NewCard(append(card, kit.Grid(2,
		kit.NewButton(w.T("today.open_list"), kit.Quiet, v.p.OnList),
		kit.NewButton(w.T("today.send_now"), kit.Quiet, v.p.OnSend)))...)
}
