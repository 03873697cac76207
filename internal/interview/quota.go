package interview

import (
	"context"
	"slices"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// Reserver is a Journal that also knows the device's rights to fill hard quotas.
type Reserver interface {
	// SaveReserving is Save, and in the same transaction brings what the interview has reserved to the hard constraints among cells: a
	// right in each, or in none where one has none left. It returns those that are full, and none of a study in which central has not said
	// what this device may do.
	SaveReserving(ctx context.Context, s Saving, cells []string) (full []string, err error)
}

// Held is what an interview has of its quotas.
type Held struct {
	Decided bool     // the screener has told the constraints
	Cells   []string // the hard ones the respondent falls in
	Full    []string // those in which no right was left; then nothing is reserved
}

// hard is a quota that must not overshoot, at the interview's site.
type hard struct {
	name string
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
		list = append(list, hard{q.Name, c})
	}
	return list, nil
}

// screened tells the hard constraints the respondent falls in, as soon as nothing can change that any more: who belongs to the population
// has been seen, and every question that one of them reads is answered or not asked.
func (s *Session) screened() (cells []string, decided bool) {
	if s.judge(s.rules.eligible) != yes || s.judge(s.rules.consent) == no {
		return nil, false
	}
	for _, q := range s.hard {
		if slices.ContainsFunc(q.reads, func(ref xform.Ref) bool {
			return s.in.Relevant(ref) && s.in.Value(ref) == "" && s.pos.Kind != xform.KindEnd
		}) {
			return nil, false
		}
	}
	for _, q := range s.hard {
		if !q.rule.Always() {
			v, err := s.in.Eval(q.rule.XPath)
			if err != nil {
				s.p.Logger.Warn("a quota's condition failed", "study", s.p.Study.ID, "quota", q.name)
				continue
			}
			if !v.Bool() {
				continue
			}
		}
		cells = append(cells, q.name)
	}
	return cells, true
}

// save has the journal keep a change, and where the change decides the quotas, reserve the rights.
func (s *Session) save(ctx context.Context, c Saving) error {
	r, ok := s.p.Journal.(Reserver)
	if !ok || len(s.hard) == 0 || s.draft.Practice || s.draft.Again != nil {
		return s.p.Journal.Save(ctx, c)
	}
	cells, decided := s.screened()
	if !decided || s.held.Decided && slices.Equal(cells, s.held.Cells) {
		return s.p.Journal.Save(ctx, c)
	}
	full, err := r.SaveReserving(ctx, c, cells)
	if err == nil {
		s.held = Held{Decided: true, Cells: cells, Full: full}
	}
	return err
}

// QuotaFull lists the hard constraints that are full for this device, of an interview that goes on; empty for none.
func (s *Session) QuotaFull() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.held.Full)
}

// full tells whether the interview is to end because a quota is.
func (s *Session) full() bool { return len(s.held.Full) > 0 && !s.corrects() }

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
