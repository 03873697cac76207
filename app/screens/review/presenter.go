// Package review lets a supervisor read interviews and decide about them: a list, and one of them with its questions in order, exact
// words, what the interviewer perceived, how long things took, and what was decided. A decision is kept at once and the next interview
// comes by itself; it can be undone until it is sent. Models are plain Go; Views draw. Personal data are sealed on the device and cannot
// be read here; the page says who can.
package review

import (
	"context"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Store is what the screen reads, and where decisions are kept.
type Store interface {
	Decider
	Interviews(ctx context.Context, f desk.Filter) ([]desk.Row, error)
	Interview(ctx context.Context, id string) (desk.Reading, error)
	Form(ctx context.Context, study string) ([]byte, error)
}

// page is how many interviews are listed at once.
const page = 60

// Presenter holds what is listed and which interview is read.
type Presenter struct {
	store Store
	study study.Study
	// Interviewer and Outcome narrow the list; empty for all.
	Interviewer string
	Outcome     interview.Disposition
	Show        Show
	// Draft is the decision that is being made.
	Draft Draft
	// Keys tells that the list of keys is shown, Others that what a phone has no room for is.
	Keys, Others bool
	// IDs narrow it to some interviews, Why says in words which; nil for all.
	IDs []string
	Why string

	last   delivery.Decision
	rows   []desk.Row
	more   bool
	chosen string
	forms  questionnaires
}

// New makes a Presenter for a study and reads the first interviews.
func New(ctx context.Context, s Store, st study.Study) (*Presenter, error) {
	p := &Presenter{store: s}
	return p, p.Reload(ctx, st)
}

// Reload reads the list anew, as long as it was, by the study as it is now: a newer version may call things otherwise.
func (p *Presenter) Reload(ctx context.Context, st study.Study) error {
	p.study = st
	return p.read(ctx, max(len(p.rows), page))
}

// Narrow lists only the interviews of an interviewer, with an outcome, or both; empty for all.
func (p *Presenter) Narrow(ctx context.Context, interviewer string, outcome interview.Disposition) error {
	p.Interviewer, p.Outcome, p.IDs, p.Why = interviewer, outcome, nil, ""
	return p.read(ctx, page)
}

// NarrowTo lists only the interviews with these identifiers; why says in words which they are.
func (p *Presenter) NarrowTo(ctx context.Context, ids []string, why string) error {
	p.Interviewer, p.Outcome, p.IDs, p.Why = "", "", ids, why
	return p.read(ctx, page)
}

// More lists as many again.
func (p *Presenter) More(ctx context.Context) error { return p.read(ctx, len(p.rows)+page) }

func (p *Presenter) read(ctx context.Context, n int) error {
	f := desk.Filter{Study: p.study.ID, Interviewer: p.Interviewer, Disposition: p.Outcome, IDs: p.IDs, Limit: n + 1}
	if p.Show.narrow(&f, p.study) {
		p.rows, p.more = nil, false
		return nil
	}
	rows, err := p.store.Interviews(ctx, f)
	if err != nil {
		return err
	}
	p.more = len(rows) > n
	p.rows = rows[:min(n, len(rows))]
	return nil
}

// Rows are the interviews listed, the latest first; more tells that there are others.
func (p *Presenter) Rows() (rows []desk.Row, more bool) { return p.rows, p.more }

// Study is the study whose interviews are read.
func (p *Presenter) Study() study.Study { return p.study }

// Chosen is the interview that is read; empty for none.
func (p *Presenter) Chosen() string { return p.chosen }

// Choose chooses the interview to read; "" chooses none.
func (p *Presenter) Choose(id string) {
	if id != p.chosen {
		p.Leave()
	}
	p.chosen = id
}

// Reading is the chosen interview with texts in a language, which may be a code such as "fr".
func (p *Presenter) Reading(ctx context.Context, lang string) (Reading, error) {
	r, err := p.store.Interview(ctx, p.chosen)
	if err != nil {
		return Reading{}, err
	}
	form, err := p.forms.of(ctx, p.store, p.study)
	if err != nil {
		return Reading{}, err
	}
	reading, err := read(r, p.study, form, lang)
	if err != nil {
		return reading, err
	}
	reading.ToCall = Drawn(p.study, r)
	reading.Decided, err = p.store.Decisions(ctx, p.study.ID, p.chosen)
	return reading, err
}
