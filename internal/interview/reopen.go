package interview

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"parvis/internal/xform"
)

// ErrTooLate: the interview may not be reopened any more.
var ErrTooLate = errors.New("the time in which the interview could be corrected is over")

// Kept is what an ended interview can be reopened from. No personal value stands in it: those were sealed, and stay so.
type Kept struct {
	Snapshot []byte
	Position string // the page it ended on
	// Sealed are the references of the values that were sealed, in any revision.
	Sealed []string
	// Until is when it is of no use any more, milliseconds UTC.
	Until int64
}

// Again says how a draft reopens an interview that had ended.
type Again struct {
	Kind   CorrectionKind // CorrectEdit or CorrectUndo
	Reason string
	At     Moment
	Base   Interview // as it stands until the draft ends
	Sealed []string
}

// Reopen makes a draft of an interview that had ended, without anything personal, for Resume to go on with. d holds what the
// interview kept of its form and its place; its Again the interview as it stands, why it is reopened and what was sealed. An undo
// puts the contact back to being interviewed. ErrTooLate where the study does not allow it any more.
func Reopen(ctx context.Context, p SessionParams, d Draft) error {
	again := *d.Again
	base := again.Base
	now := p.Now()
	switch {
	case again.Kind == CorrectUndo && now.After(base.Ended.Time().Add(UndoGrace)),
		again.Kind == CorrectEdit && (base.Void != "" || !Editable(p.Study, base.Ended, now)):
		return ErrTooLate
	}
	again.At = MomentOf(now)
	d.Again = &again
	d.ID, d.Study, d.Form, d.FormVersion = base.ID, base.Study, base.Form, base.FormVersion
	d.Shift, d.Contact, d.Site, d.Entrance, d.Interviewer = base.Shift, base.Contact, base.Site, base.Entrance, base.Interviewer
	d.Practice, d.Started, d.OpenMS, d.Language = base.Practice, base.Started, base.DurationMS, base.Language
	if again.Kind == CorrectUndo {
		d.Approach.Disposition, d.Approach.Void, d.Approach.EligibilityKnown = InProgress, false, false
	}
	step := Step{Number: 1, Kind: StepReopen, At: again.At, OpenMS: d.OpenMS, Position: d.Position}
	return p.Journal.Begin(ctx, Opening{Draft: d, Step: step, Contact: d.Approach})
}

// goOnFrom begins the paradata with those of the interview that is reopened.
func (p *paradata) goOnFrom(again *Again) {
	if again == nil {
		return
	}
	p.observations = slices.Clone(again.Base.Observations)
	p.marks = slices.Clone(again.Base.Marks)
	p.visits = slices.Clone(again.Base.Visits)
	p.events = slices.Clone(again.Base.Events)
	p.provisional = slices.ContainsFunc(p.events, func(e Event) bool { return e.Kind == EventProvisional })
	for _, a := range again.Base.Attachments {
		p.attach(Step{File: &a})
	}
	p.again = EventUndo
	if again.Kind == CorrectEdit {
		p.again, p.reason = EventCorrect, again.Reason
	}
}

// justReopened tells that nothing has been done since, so that going on is no step of its own.
func (s *Session) justReopened() bool { return s.draft.Again != nil && s.log.steps == 1 }

// Corrects tells whether this session corrects an interview that had ended; an undo goes on with it as if it had not.
func (s *Session) Corrects() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.corrects()
}

func (s *Session) corrects() bool { return s.draft.Again != nil && s.draft.Again.Kind == CorrectEdit }

// finishFromAnywhere lets a correction of an interview that had come to its end, end on whatever page it was made.
func (s *Session) finishFromAnywhere() {
	if s.corrects() && s.draft.Again.Base.BreakOffAt == "" {
		s.show(xform.Position{Kind: xform.KindEnd})
	}
}

// stillBrokenOff lets the correction of an interview that was broken off leave it broken off.
func (s *Session) stillBrokenOff(i *Interview) error {
	if !s.corrects() || s.draft.Again.Base.BreakOffAt == "" {
		return ErrNotEnded
	}
	i.BreakOffAt, i.BreakOffReason = s.draft.Again.Base.BreakOffAt, s.draft.Again.Base.BreakOffReason
	return nil
}

// Sealed tells whether the answer to a question was sealed when the interview ended and has not been replaced since.
func (s *Session) Sealed(ref xform.Ref) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sealed(ref)
}

func (s *Session) sealed(ref xform.Ref) bool {
	return s.draft.Again != nil && slices.Contains(s.draft.Again.Sealed, string(ref)) && s.in.Value(ref) == ""
}

// check is the questionnaire's own, but a sealed answer is not missing.
func (s *Session) check(ref xform.Ref) *xform.Violation {
	if v := s.in.Check(ref); v != nil && !s.excused(*v) {
		return v
	}
	return nil
}

func (s *Session) excused(v xform.Violation) bool {
	return v.Kind == xform.MissingAnswer && s.sealed(v.Ref)
}

// carryOver takes over from the revision before what the new one cannot know, and adds to the personal values those that no longer
// hold.
func (s *Session) carryOver(i *Interview, personal map[string]string) {
	again := s.draft.Again
	if again == nil {
		return
	}
	base := again.Base
	if s.corrects() {
		i.Ended, i.DurationMS, i.Hasty = base.Ended, base.DurationMS, base.Hasty
	}
	i.SealedBefore = slices.Clone(base.SealedBefore)
	if base.Sealed != "" {
		i.SealedBefore = append(i.SealedBefore, base.Sealed)
	}
	for _, ref := range again.Sealed {
		if _, given := personal[ref]; !given && !s.in.Relevant(xform.Ref(ref)) {
			personal[ref] = ""
		}
	}
	i.Corrections = corrected(base, MomentOf(s.p.Now()), again.Kind, again.Reason).Corrections
}

// kept is what the interview can be reopened from.
func (s *Session) kept(i Interview, personal map[string]string) (k Kept, err error) {
	told := map[string]bool{}
	if _, err := s.in.SnapshotWithout(func(ref xform.Ref) bool {
		if value := strings.TrimSpace(s.in.Value(ref)); s.isPersonal(ref) && utf8.RuneCountInString(value) >= shortestTold {
			told[value] = true
		}
		return false
	}); err != nil {
		return k, err
	}
	sealed := map[string]bool{}
	if s.draft.Again != nil {
		for _, ref := range s.draft.Again.Sealed {
			sealed[ref] = true
		}
	}
	for ref, value := range personal {
		sealed[ref] = value != ""
	}
	maps.DeleteFunc(sealed, func(_ string, is bool) bool { return !is })
	k = Kept{Position: s.pos.String(), Sealed: slices.Sorted(maps.Keys(sealed))}
	k.Until = max(editUntil(s.p.Study, i.Ended).UnixMilli(), s.p.Now().Add(UndoGrace).UnixMilli())
	if k.Snapshot, err = s.in.SnapshotWithout(func(ref xform.Ref) bool { return s.tells(ref, personal, told) }); err != nil {
		return k, fmt.Errorf("take down the questionnaire: %w", err)
	}
	return k, nil
}

// tells whether a node's value must not stay on the device: a personal one, relevant or not, or a computed one that contains one.
func (s *Session) tells(ref xform.Ref, personal map[string]string, told map[string]bool) bool {
	if _, is := personal[string(ref)]; is || s.isPersonal(ref) {
		return true
	}
	if _, asked := s.in.Question(ref); asked {
		return false
	}
	value := s.in.Value(ref)
	for v := range told {
		if strings.Contains(value, v) {
			return true
		}
	}
	return false
}
