package interview

import (
	"context"
	"slices"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// Held is what an interview has of its quotas.
type Held struct {
	Decided bool     // the screener has told the constraints
	Cells   []string // the hard ones the respondent falls in
	Full    []string // those in which no right was left; then nothing is reserved
}

// hard is a quota that must not overshoot, at the interview's site.
type hard struct {
	study.Quota
	condition
}

func compileHard(form *xform.Form, st study.Study, site string) (list []hard, err error) {
	at, _ := st.SiteByName(site)
	for _, q := range st.Quotas {
		if q.Kind != study.Hard || !q.AppliesAt(at) {
			continue
		}
		c, err := compileRule(form, "quota "+q.Name, q.Condition)
		if err != nil {
			return nil, err
		}
		list = append(list, hard{q, c})
	}
	return list, nil
}

// screened tells the hard constraints the respondent falls in, as soon as nothing can change that any more: who belongs to the population
// has been seen, and every question that one of them reads is answered, passed over or not asked.
func (s *Session) screened() (cells []string, decided bool) {
	if s.judge(s.rules.eligible) != yes || s.judge(s.rules.consent) == no {
		return nil, false
	}
	for _, q := range s.hard {
		if slices.ContainsFunc(q.reads, func(ref xform.Ref) bool {
			return s.in.Relevant(ref) && s.in.Value(ref) == "" && s.pos.Kind != xform.KindEnd && !s.passedOver(ref)
		}) {
			return nil, false
		}
	}
	for _, q := range s.hard {
		if !q.rule.Always() {
			v, err := s.in.Eval(q.rule.XPath)
			if err != nil {
				s.p.Logger.Warn("a quota's condition failed", "study", s.p.Study.ID, "quota", q.Name)
				continue
			}
			if !v.Bool() {
				continue
			}
		}
		cells = append(cells, s.p.Study.AccountOn(q.Quota, s.day()))
	}
	return cells, true
}

// passedOver tells whether the page of a question was shown and the interview has come past it.
func (s *Session) passedOver(ref xform.Ref) bool {
	for _, p := range s.in.Pages() {
		if p == s.pos {
			return false
		}
		shown := slices.ContainsFunc(s.log.visits, func(v Visit) bool { return v.Question == string(p.Ref) })
		if shown && slices.ContainsFunc(s.in.Page(p).Questions, func(q xform.Question) bool { return q.Ref == ref }) {
			return true
		}
	}
	return false
}

// day is the local date on which the interview began: a target for a day or wave counts it there, however late it ends or is corrected.
func (s *Session) day() string { return study.DayOf(s.draft.Started.Time()) }

// save has the journal keep a change, and where the change decides the quotas, reserve the rights.
func (s *Session) save(ctx context.Context, c Saving) error {
	if len(s.hard) == 0 || s.draft.Practice || s.corrects() {
		return s.p.Journal.Save(ctx, c)
	}
	cells, decided := s.screened()
	if !decided || s.held.Decided && slices.Equal(cells, s.held.Cells) {
		return s.p.Journal.Save(ctx, c)
	}
	return s.reserve(ctx, c, cells)
}

// QuotaFull lists the hard constraints that are full for this device, of an interview that goes on; empty for none.
func (s *Session) QuotaFull() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.held.Full)
}

// reserveAt takes the rights that going on to a page decides, before it is shown: where one is missing nobody is asked what stands there.
func (s *Session) reserveAt(ctx context.Context, next xform.Position) error {
	if len(s.hard) == 0 || s.draft.Practice || s.corrects() {
		return nil
	}
	here := s.pos
	s.pos = next
	cells, decided := s.screened()
	s.pos = here
	if !decided || s.held.Decided && slices.Equal(cells, s.held.Cells) {
		return nil
	}
	return s.reserve(ctx, s.saving(nil, nil), cells)
}

// reserve has the journal keep a change, if any, and reserve the rights.
func (s *Session) reserve(ctx context.Context, c Saving, cells []string) error {
	full, err := s.p.Journal.SaveReserving(ctx, c, cells)
	if err == nil {
		s.held = Held{Decided: true, Cells: cells, Full: full}
	}
	return err
}

// reserveAnew takes again what an interview gave back when it ended, where that ending is taken back: there may be no right left by now.
func (s *Session) reserveAnew(ctx context.Context) error {
	cells, decided := s.screened()
	if len(s.hard) == 0 || s.draft.Practice || s.corrects() || !decided {
		return nil
	}
	return s.reserve(ctx, s.saving(nil, nil), cells)
}

// full tells whether the interview is to end because a quota is. A correction puts answers right and asks nobody anything more.
func (s *Session) full() bool {
	if s.corrects() {
		return s.draft.Again.Base.Disposition == QuotaFull
	}
	return len(s.held.Full) > 0 && !s.log.provisional
}

// MayGoOn tells whether the study lets the interview go on although a quota is full for this device.
func (s *Session) MayGoOn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mayGoOn()
}

func (s *Session) mayGoOn() bool { return s.full() && !s.corrects() && s.p.Study.ProvisionalInterviews }

// GoOn goes on with the question after the screener although a quota is full for this device. The interview counts in no quota until a
// supervisor accepts it, unless a right has come by its end. Where MayGoOn does not hold nothing happens.
func (s *Session) GoOn(ctx context.Context) error {
	return s.change(ctx, func() (*Step, error) {
		if !s.mayGoOn() {
			return nil, errNothing
		}
		to := s.pos
		if to.Kind == xform.KindEnd {
			if before, ok := s.before(); ok {
				to, _ = s.in.Next(before)
			}
		}
		step := s.move(to)
		step.Kind = StepProvisional
		return step, nil
	})
}

// before is the page shown before the end that a full quota led to.
func (s *Session) before() (xform.Position, bool) {
	pages := s.in.Pages()
	for _, v := range slices.Backward(s.log.visits) {
		if i := slices.IndexFunc(pages, func(p xform.Position) bool { return string(p.Ref) == v.Question && p.Kind != xform.KindEnd }); i >= 0 {
			return pages[i], true
		}
	}
	return s.in.Prev(s.pos)
}
