package review

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"parvis/app/kit"
	"parvis/app/look"
	"parvis/app/screens/outcome"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Has(key string) bool
	Moment(t, now time.Time) string
	DayAndClock(t time.Time) string
	Lang() string
}

// ViewParams is what a View needs.
type ViewParams struct {
	Presenter *Presenter
	Words     Words
	Now       time.Time
	// OnNarrow lists only an interviewer's interviews or those with an outcome; OnMore lists more of them; OnChoose reads one.
	OnNarrow func(interviewer string, outcome interview.Disposition)
	OnMore   func()
	OnChoose func(id string)
	// Class is that of the window; on anything narrower than a laptop the interview that is read has a page of its own.
	Class look.Class
	// OnShow lists only interviews that stand in some way; Do decides.
	OnShow func(Show)
	Do     Actions
	// Typing is told which entry waits for words; nil for nobody.
	Typing func(*kit.Entry)
	// Chosen is told which row is that of the interview that is read; nil for nobody.
	Chosen func(fyne.CanvasObject)
	// Progress and Checks are how far the review and the calls have got.
	Progress Progress
	Checks   []desk.BackChecks

	open *open // the page of the interview that is read
	// Flagged says why an interview deserves a look, OnFlagged shows its interviewer's flags; nil where nobody looks.
	Flagged   func(interview.Interview) []string
	OnFlagged func(interviewer string)
}

// NewList makes the list of interviews below a page's header.
func NewList(p ViewParams) []fyne.CanvasObject {
	w := p.Words
	rows, more := p.Presenter.Rows()
	narrowed := p.Presenter.Interviewer != "" || p.Presenter.Outcome != "" || p.Presenter.Show != ShowAll || p.Presenter.IDs != nil
	if len(rows) == 0 && !narrowed {
		return []fyne.CanvasObject{kit.NewEmptyState(w.T("review.none"), w.T("review.none_do"), "", nil)}
	}
	body := []fyne.CanvasObject{p.progress(), p.shows()}
	if chips := p.chips(); len(chips) > 0 {
		body = append(body, kit.Flow(chips...))
	}
	if p.Presenter.Show == ShowToCall && p.Class != look.Laptop {
		body = append(body, p.checks()...)
	}
	if len(rows) == 0 {
		body = append(body, p.empty())
	}
	var lines []fyne.CanvasObject
	for _, r := range rows {
		line := kit.NewListRow(p.row(r))
		if r.ID == p.Presenter.Chosen() && p.Chosen != nil {
			p.Chosen(line)
		}
		lines = append(lines, line)
	}
	body = append(body, kit.ColumnGap(0, lines...))
	if more {
		body = append(body, kit.NewButton(w.T("review.more"), kit.Quiet, p.OnMore))
	}
	return body
}

// progress is how many of the interviews have been reviewed.
func (p ViewParams) progress() fyne.CanvasObject {
	g := p.Progress
	bar := kit.NewProgress("", "", nil)
	bar.Set(float64(g.Reviewed)/float64(max(g.All, 1)), p.Words.T("review.progress", "done", g.Reviewed, "all", g.All))
	return bar
}

// shows choose interviews by how they stand.
func (p ViewParams) shows() fyne.CanvasObject {
	w := p.Words
	var chips []fyne.CanvasObject
	for _, s := range Shows() {
		label := w.T("review.all")
		if s != ShowAll {
			label = w.T("review.show_" + string(s))
		}
		if n := p.Progress.Of[delivery.ReviewState(s)]; n > 0 {
			label = w.T("review.counted", "label", label, "n", n)
		}
		c := kit.NewChip(label, kit.Plain, func() { p.OnShow(s) })
		c.SetChosen(p.Presenter.Show == s)
		chips = append(chips, c)
	}
	return kit.Flow(chips...)
}

// empty says why nothing is listed.
func (p ViewParams) empty() fyne.CanvasObject {
	key := map[Show]string{ShowOpen: "review.all_done", ShowToCall: "review.none_to_call"}[p.Presenter.Show]
	if key == "" {
		key = "review.none_fits"
	}
	return kit.NewEmptyState(p.Words.T(key), p.Words.T(key+"_do"), "", nil)
}

// chips narrow the list further.
func (p ViewParams) chips() []fyne.CanvasObject {
	w, now := p.Words, p.Presenter
	chip := func(label string, chosen bool, tap func()) fyne.CanvasObject {
		c := kit.NewChip(label, kit.Plain, tap)
		c.SetChosen(chosen)
		return c
	}
	var chips []fyne.CanvasObject
	if now.Show == ShowAll {
		for _, d := range []interview.Disposition{interview.Complete, interview.Partial, interview.BrokeOff, interview.ScreenedOut} {
			other := d
			if now.Outcome == d {
				other = ""
			}
			chips = append(chips, chip(w.T(outcome.Key(d)), now.Outcome == d, func() { p.OnNarrow(now.Interviewer, other) }))
		}
	}
	if now.Interviewer != "" {
		chips = append(chips, chip(w.T("today.interviewer", "name", now.Interviewer), true, func() { p.OnNarrow("", now.Outcome) }))
	}
	if now.IDs != nil {
		chips = append(chips, chip(now.Why, true, func() { p.OnNarrow("", "") }))
	}
	return chips
}

func (p ViewParams) row(r desk.Row) kit.RowParams {
	w := p.Words
	row := kit.RowParams{
		Title: p.place(r.Site), Subtitle: w.T("today.interviewer", "name", r.Interviewer), Trailing: w.Moment(r.Started.Time(), p.Now),
		Badge: w.T(outcome.Key(r.Disposition)), Kind: kit.Calm, Chosen: r.ID == p.Presenter.Chosen(),
		OnTap: func() { p.OnChoose(r.ID) },
	}
	if minutes := int(r.DurationMS / 60000); minutes > 0 {
		row.Subtitle += " · " + w.N("interviews.minutes", minutes)
	}
	if r.Void {
		row.Subtitle += " · " + row.Badge
		row.Badge, row.Kind = w.T("interviews.void"), kit.Warn
	}
	switch r.Review {
	case delivery.ReviewAccepted:
		row.Badge, row.Kind = w.T("review.state_accepted"), kit.Fine
	case delivery.ReviewRejected:
		row.Badge, row.Kind = w.T("review.state_rejected"), kit.Alarm
	case delivery.ReviewReturned:
		row.Badge, row.Kind = w.T("review.state_returned"), kit.Warn
	}
	if r.BackCheck != "" {
		row.Subtitle += " · " + w.T("review.result_"+string(r.BackCheck))
	}
	if r.Pending {
		row.Subtitle += " · " + w.T("review.pending")
	}
	return row
}

func (p ViewParams) place(site string) string {
	st := p.Presenter.Study()
	if s, ok := st.SiteByName(site); ok {
		if label := s.Label.In(p.Words.Lang(), ""); label != "" {
			return label
		}
	}
	return site
}

// NewEmpty is what stands beside the list while no interview has been chosen.
func NewEmpty(w Words) fyne.CanvasObject {
	return kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{kit.NewEmptyState(w.T("review.choose"), "", "", nil)}})
}

// open is what of a page changes while one types.
type open struct {
	done *kit.Button // closes the draft; nil where there is none
}

// NewReading draws one interview.
func NewReading(p ViewParams, r Reading, top fyne.CanvasObject) fyne.CanvasObject {
	w := p.Words
	p.open = &open{}
	var bottom fyne.CanvasObject
	body := []fyne.CanvasObject{
		kit.Between(kit.NewText(look.Question, p.place(r.Site)), kit.NewBadge(w.T(outcome.Key(r.Disposition)), kit.Calm)),
	}
	if draft := p.draft(r); draft != nil {
		body = append(body, draft)
	} else {
		bottom = p.acts(r)
	}
	for _, line := range p.about(r) {
		body = append(body, kit.NewText(look.Hint, line))
	}
	for _, line := range p.warnings(r) {
		body = append(body, kit.NewTextIn(look.Hint, look.Bad, line))
	}
	body = append(body, p.history(r)...)
	body = append(body, p.flagged(r)...)
	body = append(body, kit.NewText(look.Heading, w.T("review.answers")))
	for _, a := range r.Answers {
		body = append(body, p.answer(r, a))
	}
	body = append(body, kit.NewText(look.Heading, w.T("review.observations")))
	if len(r.Noted) == 0 {
		body = append(body, kit.NewText(look.Hint, w.T("review.nothing_noted")))
	}
	for _, n := range r.Noted {
		body = append(body, kit.ColumnGap(0, kit.NewText(look.Label, p.noted(n)), kit.NewText(look.Caption, n.At)))
	}
	body = append(body, kit.NewText(look.Heading, w.T("review.timings")))
	for _, line := range p.timings(r) {
		body = append(body, kit.NewText(look.Hint, line))
	}
	params := kit.PageParams{Top: top, Body: body, Bottom: bottom}
	switch {
	case p.Presenter.Keys:
		params.Sheet = p.keys()
	case p.Presenter.Others && p.Presenter.Draft.Kind == "":
		params.Sheet = p.moreActs(r)
	}
	return kit.NewPage(params)
}

func (p ViewParams) about(r Reading) []string {
	w := p.Words
	lines := []string{w.T("today.interviewer", "name", r.Interviewer) + ", " + w.DayAndClock(r.Started.Time())}
	if r.Language != "" {
		lines = append(lines, w.T("review.language", "language", r.Language))
	}
	if len(r.Cells) > 0 {
		lines = append(lines, w.T("review.cells", "cells", strings.Join(r.Cells, ", ")))
	}
	for _, c := range r.Corrections {
		lines = append(lines, p.correction(c))
	}
	if r.ToCall {
		lines = append(lines, w.T("review.to_call"))
	}
	if r.Record.ReceivedAt > 0 {
		at := time.UnixMilli(r.Record.ReceivedAt).In(p.Now.Location())
		lines = append(lines, w.T("review.received", "when", w.Moment(at, p.Now)))
	}
	return lines
}

func (p ViewParams) warnings(r Reading) (lines []string) {
	w := p.Words
	if r.Void != "" {
		lines = append(lines, w.T("review.void", "why", p.reason("closing.void_", r.Void)))
	}
	if r.BrokeOffAt != "" {
		lines = append(lines, w.T("review.broke_off_at", "question", r.BrokeOffAt))
	}
	if r.Fast {
		lines = append(lines, w.T("review.fast", "minutes", p.Presenter.Study().MinSeconds/60))
	}
	if old := r.decidedOf(); old > 0 && old < r.Record.Revision {
		lines = append(lines, w.T("review.changed_since", "old", old, "new", r.Record.Revision))
	}
	if r.Unnamed {
		lines = append(lines, w.T("review.no_questionnaire"))
	}
	return lines
}

func (p ViewParams) timings(r Reading) []string {
	w := p.Words
	lines := []string{
		w.T("review.started_ended", "started", r.Started.Time().Format("15:04:05"), "ended", r.Ended.Time().Format("15:04:05")) + ", " +
			w.T("review.duration", "minutes", int((r.DurationMS+30000)/60000)),
		w.N("review.times", len(r.Visits)),
	}
	if r.Longest != nil {
		lines = append(lines, w.T("review.longest", "question", r.Longest.Label, "seconds", int((r.Longest.DwellMS+500)/1000)))
	}
	return lines
}
