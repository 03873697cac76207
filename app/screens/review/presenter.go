// Package review lets a supervisor read interviews: a list, and one of them with its questions in order, exact words, what the
// interviewer perceived, and how long things took. Models are plain Go; Views draw. Personal data are sealed on the device and
// cannot be read here; the page says so.
package review

import (
	"context"

	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Store is what the screen reads.
type Store interface {
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
	// IDs narrow it to some interviews, Why says in words which; nil for all.
	IDs []string
	Why string

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
	rows, err := p.store.Interviews(ctx, desk.Filter{Study: p.study.ID, Interviewer: p.Interviewer, Disposition: p.Outcome, IDs: p.IDs, Limit: n + 1})
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
func (p *Presenter) Choose(id string) { p.chosen = id }

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
	return read(r, p.study, form, lang)
}
