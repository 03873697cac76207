package interview

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parvis/internal/xform"
)

// UnfinishedError tells what is wrong with an interview that cannot end as complete yet.
type UnfinishedError struct{ Violations []xform.Violation }

func (e *UnfinishedError) Error() string {
	return fmt.Sprintf("%d answers are missing or not allowed; the first is %s", len(e.Violations), e.Violations[0].Ref)
}

// Outcome is what the disposition would be if the interview ended now: refused consent, screened out, quota full, complete at the end, and
// before it partial or broken off.
func (s *Session) Outcome() Disposition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outcome()
}

func (s *Session) outcome() Disposition {
	eligible := s.judge(s.rules.eligible)
	switch {
	case s.judge(s.rules.consent) == no && eligible == yes:
		return RefusedIntroduction
	case s.judge(s.rules.consent) == no:
		return RefusedUnknown
	case eligible == no:
		return ScreenedOut
	case s.full() && (eligible == yes || s.corrects()): // who was let go because of a quota was not asked the rest
		return QuotaFull
	case s.pos.Kind == xform.KindEnd:
		return Complete
	case s.pastThreshold():
		return Partial
	}
	return BrokeOff
}

// pastThreshold tells whether a page at or after the study's threshold question has been shown.
func (s *Session) pastThreshold() bool {
	if s.p.Study.PartialFrom == "" {
		return false
	}
	questions := s.p.Form.Questions()
	place := func(ref xform.Ref) int {
		return slices.IndexFunc(questions, func(q *xform.QuestionDef) bool { return q.Ref == ref.Generic() })
	}
	from := place(xform.Ref(s.p.Study.PartialFrom))
	return from >= 0 && slices.ContainsFunc(s.log.visits, func(v Visit) bool { return place(xform.Ref(v.Question)) >= from })
}

// Finish ends the interview as it came out: complete, screened out, quota full or consent refused. ErrNotEnded where questions are left, an
// *UnfinishedError where answers given earlier are missing or no longer allowed.
func (s *Session) Finish(ctx context.Context) (Interview, error) {
	return s.end(ctx, func(i *Interview) error {
		switch i.Disposition {
		case Partial, BrokeOff:
			return s.stillBrokenOff(i)
		case Complete:
			return s.unfinished()
		}
		return nil
	})
}

func (s *Session) unfinished() error {
	wrong := s.in.CheckAll()
	wrong = slices.DeleteFunc(wrong, func(v xform.Violation) bool {
		_, asked := s.in.Question(v.Ref) // what nobody is asked, nobody can put right
		return !asked || s.excused(v)
	})
	if len(wrong) > 0 {
		return &UnfinishedError{Violations: wrong}
	}
	return nil
}

// BreakOff ends the interview early: partial past the study's threshold, else broken off, unless consent or screener decided
// before. At the end of the questionnaire it is Finish.
func (s *Session) BreakOff(ctx context.Context, reason string) (Interview, error) {
	return s.end(ctx, func(i *Interview) error {
		i.BreakOffReason = reason
		switch i.Disposition {
		case Complete:
			return s.unfinished()
		case Partial, BrokeOff:
			i.BreakOffAt = string(s.pos.Ref)
		}
		return nil
	})
}

// Void ends an interview that must not count, such as one started by mistake. It is kept and sent like any other.
func (s *Session) Void(ctx context.Context, reason string) (Interview, error) {
	if reason == "" {
		reason = "void"
	}
	return s.end(ctx, func(i *Interview) error {
		i.Void = reason
		if i.Disposition == Complete || i.Disposition == Partial {
			i.Disposition = BrokeOff
		}
		return nil
	})
}

func (s *Session) end(ctx context.Context, decide func(*Interview) error) (Interview, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Interview{}, ErrClosed
	}
	pos := s.pos
	e, err := s.conclude(decide)
	if err == nil {
		err = s.p.Journal.End(ctx, e)
	}
	if err != nil {
		if unfinished := (*UnfinishedError)(nil); errors.As(err, &unfinished) {
			s.refused = append(s.refused, s.open())
		}
		if back := s.restore(pos); back != nil {
			err = fmt.Errorf("%w; and the saved interview could not be read back: %w", err, back)
		}
		return Interview{}, err
	}
	s.closed, s.contact = true, e.Contact
	return e.Interview, nil
}

// conclude makes the interview and its contact's last revision.
func (s *Session) conclude(decide func(*Interview) error) (Ending, error) {
	s.finishFromAnywhere()
	d, openMS := s.draft, s.open()
	i := Interview{
		ID: d.ID, Study: d.Study, Form: d.Form, FormVersion: d.FormVersion, Shift: d.Shift, Contact: d.Contact, Site: d.Site,
		Entrance: d.Entrance, Interviewer: d.Interviewer, Practice: d.Practice, Language: d.Language, Started: d.Started,
		Ended: MomentOf(s.p.Now()), DurationMS: openMS, Disposition: s.outcome(),
		Observations: s.log.observations, Marks: s.log.marks,
	}
	i.Visits, i.Events = s.log.ended(openMS, Traces{Tap: s.tap, Changes: s.changes(), Refused: s.refused})
	s.nameGroups(i.Visits)
	i.Hasty = s.hasty(i.Visits)
	if err := decide(&i); err != nil {
		return Ending{}, err
	}
	if !s.corrects() { // the questionnaire's own time of the end is that of the talk, not of the correction
		if err := s.in.Finish(); err != nil && xform.CodeOf(err) != xform.BadForm {
			return Ending{}, fmt.Errorf("end the questionnaire: %w", err)
		}
	}
	if i.Disposition == Complete || i.Disposition == Partial || i.Disposition == BrokeOff {
		i.Cells = s.cells()
	}
	xml, personal, err := s.submission()
	if err != nil {
		return Ending{}, fmt.Errorf("write the answers: %w", err)
	}
	i.Answers = string(xml)
	s.carryOver(&i, personal)
	if i.Attachments, err = s.attachments(); err != nil {
		return Ending{}, fmt.Errorf("list the files: %w", err)
	}
	if len(personal) > 0 {
		if i.Sealed, err = s.p.Seal(s.p.Study.Recipients, personal); err != nil {
			return Ending{}, fmt.Errorf("seal the personal data: %w", err)
		}
	}
	kept, err := s.kept(i, personal)
	if err != nil {
		return Ending{}, fmt.Errorf("keep what could be reopened: %w", err)
	}
	c := s.contact
	c.Disposition, c.Interview, c.Void = i.Disposition, i.ID, i.Void != ""
	c.ContactMade = true
	c.EligibilityKnown = i.Disposition == ScreenedOut || i.Disposition == QuotaFull || s.judge(s.rules.eligible) == yes && i.Disposition != RefusedUnknown
	return Ending{Interview: i, Contact: c, Kept: kept}, nil
}
