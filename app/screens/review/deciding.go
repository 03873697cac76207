package review

import (
	"context"
	"errors"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// Decider is where decisions are kept.
type Decider interface {
	Decide(ctx context.Context, d delivery.Decision) (delivery.Decision, error)
	Undo(ctx context.Context, id string) error
	Decisions(ctx context.Context, study, subject string) ([]desk.Decided, error)
	Reviewed(ctx context.Context, study, interviewer string) (map[delivery.ReviewState]int, error)
	BackChecks(ctx context.Context, st study.Study) ([]desk.BackChecks, error)
}

// Show is which interviews are listed by how they stand.
type Show string

// What can be listed.
const (
	ShowAll      Show = ""
	ShowOpen     Show = "open"
	ShowAccepted Show = "accepted"
	ShowRejected Show = "rejected"
	ShowReturned Show = "returned"
	ShowToCall   Show = "to_call" // drawn for a back-check, and nobody has spoken to the respondent
)

// Shows lists them in the order in which they are offered.
func Shows() []Show {
	return []Show{ShowOpen, ShowAccepted, ShowRejected, ShowReturned, ShowToCall, ShowAll}
}

// narrow says it to the store; none tells that nothing can fit.
func (s Show) narrow(f *desk.Filter, st study.Study) (none bool) {
	switch s {
	case ShowOpen, ShowAccepted, ShowRejected, ShowReturned:
		f.Review = delivery.ReviewState(s)
	case ShowToCall:
		f.DrawnBelow, f.ToCall = st.DrawBelow(), true
		return f.DrawnBelow == 0
	}
	return false
}

// Progress is how far the review has got.
type Progress struct {
	Reviewed, All int // accepted or rejected, of those that are to be reviewed
	Of            map[delivery.ReviewState]int
}

// Progress counts the interviews of the interviewer in sight, or of all.
func (p *Presenter) Progress(ctx context.Context) (Progress, error) {
	counts, err := p.store.Reviewed(ctx, p.study.ID, p.Interviewer)
	g := Progress{Of: counts, Reviewed: counts[delivery.ReviewAccepted] + counts[delivery.ReviewRejected]}
	for _, n := range counts {
		g.All += n
	}
	return g, err
}

// BackChecks is how far the calls have got, by interviewer: of the one in sight, or of all.
func (p *Presenter) BackChecks(ctx context.Context) ([]desk.BackChecks, error) {
	list, err := p.store.BackChecks(ctx, p.study)
	return slices.DeleteFunc(list, func(b desk.BackChecks) bool { return p.Interviewer != "" && b.Interviewer != p.Interviewer }), err
}

// ShowOnly lists only interviews that stand in some way, and begins with the first where none of them is read.
func (p *Presenter) ShowOnly(ctx context.Context, s Show) error {
	p.Show = s
	if s != ShowAll {
		p.Outcome = ""
	}
	return p.read(ctx, page)
}

// Step reads the interview that is so many rows below the one that is read, or the first; it stays within what is listed, of which it
// reads more where there is more.
func (p *Presenter) Step(ctx context.Context, by int) error {
	at := p.at()
	if at+by >= len(p.rows) && p.more {
		if err := p.More(ctx); err != nil {
			return err
		}
	}
	if len(p.rows) == 0 {
		return nil
	}
	if at < 0 && by > 0 {
		by--
		at = 0
	}
	p.Choose(p.rows[min(max(at+by, 0), len(p.rows)-1)].ID)
	return nil
}

// at is the row of the interview that is read; -1 where it is not listed.
func (p *Presenter) at() int {
	return slices.IndexFunc(p.rows, func(r desk.Row) bool { return r.ID == p.chosen })
}

// Begin begins a decision about the interview that is read.
func (p *Presenter) Begin(kind delivery.DecisionKind) {
	p.Others = false
	if p.chosen != "" {
		p.Draft = Draft{Kind: kind}
	}
}

// Leave leaves the decision that was begun.
func (p *Presenter) Leave() { p.Draft = Draft{} }

// Decide decides as the draft says; the next interview is then read. It does nothing where the draft does not say enough.
func (p *Presenter) Decide(ctx context.Context) (done bool, err error) {
	if p.chosen == "" || !p.Draft.Ready() {
		return false, nil
	}
	r, err := p.store.Interview(ctx, p.chosen)
	if err != nil {
		return false, err
	}
	d, err := p.Draft.decision(p.study.ID, p.chosen, r.Record.Revision)
	if err != nil {
		return false, err
	}
	next := p.chosen
	if p.Draft.moves() {
		if next, err = p.below(ctx); err != nil {
			return false, err
		}
	}
	if d, err = p.store.Decide(ctx, d); err != nil {
		return false, err
	}
	p.last = d
	p.Leave()
	if err := p.read(ctx, max(len(p.rows), page)); err != nil {
		return true, err
	}
	p.Choose(next)
	return true, nil
}

// below is the interview that stands below the one that is read, or above where it is the last one; "" for neither.
func (p *Presenter) below(ctx context.Context) (string, error) {
	at := p.at()
	if at == len(p.rows)-1 && p.more {
		if err := p.More(ctx); err != nil {
			return "", err
		}
	}
	switch {
	case at >= 0 && at+1 < len(p.rows):
		return p.rows[at+1].ID, nil
	case p.Show == ShowAll:
		return p.chosen, nil
	case at > 0:
		return p.rows[at-1].ID, nil
	}
	return "", nil
}

// Last is the decision made last, as long as it can be tried to undo; the zero Decision for none.
func (p *Presenter) Last() delivery.Decision { return p.last }

// Undo takes the decision made last back and reads its interview again. It fails with desk.ErrSent once that is too late, and does
// nothing where there is none.
func (p *Presenter) Undo(ctx context.Context) (done bool, err error) {
	last := p.last
	if last.ID == "" {
		return false, nil
	}
	p.last = delivery.Decision{}
	if err := p.store.Undo(ctx, last.ID); err != nil {
		if errors.Is(err, fieldstore.ErrNotFound) {
			return false, nil
		}
		return false, err
	}
	p.Leave()
	if err := p.read(ctx, max(len(p.rows), page)); err != nil {
		return true, err
	}
	p.Choose(last.Subject)
	return true, nil
}

// Drawn tells whether an interview is among those to be called back.
func Drawn(st study.Study, r desk.Reading) bool {
	i := r.Interview
	return i.Disposition == interview.Complete && i.Void == "" && study.Draw(st.ID, i.Interviewer, r.Record.ID) < st.DrawBelow()
}
