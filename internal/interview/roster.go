package interview

import (
	"context"
	"slices"

	"parvis/internal/xform"
)

// Member is one of a repeat, as a roster lists them.
type Member struct {
	Ref    xform.Ref
	Number int            // from 1
	Page   xform.Position // its first page; none where nothing of it is asked now
	First  xform.Question // its first question with an answer; its first question where none has
}

// Roster lists the members of the repeat that the present page belongs to or offers to add to; none where there is no repeat.
func (s *Session) Roster() []Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.page.Repeat == nil {
		return nil
	}
	pages := s.in.Pages()
	var members []Member
	for n := range s.page.Repeat.Count {
		ref := s.page.Repeat.Ref.Sibling(n)
		m := Member{Ref: ref, Number: n + 1}
		for _, pos := range pages {
			if !within(pos.Ref, ref) || pos.Kind == xform.KindRepeatPrompt {
				continue
			}
			if m.Page == (xform.Position{}) {
				m.Page = pos
			}
			if m.introduce(s.in.Page(pos).Questions) {
				break
			}
		}
		members = append(members, m)
	}
	return members
}

// introduce takes the first question with an answer and tells whether there was one.
func (m *Member) introduce(questions []xform.Question) bool {
	questions = slices.DeleteFunc(slices.Clone(questions), func(q xform.Question) bool { return !q.Asks() })
	if len(questions) == 0 {
		return false
	}
	if m.First.Ref == "" {
		m.First = questions[0]
	}
	if i := slices.IndexFunc(questions, func(q xform.Question) bool { return q.Value != "" }); i >= 0 {
		m.First = questions[i]
		return true
	}
	return false
}

// removal is a member that was taken out, and the interview before that.
type removal struct {
	ref    xform.Ref
	step   int
	before []byte
	at     xform.Position
}

// PutBack undoes RemoveRepeat, with every answer, as long as nothing else was done; else ErrTooLate.
func (s *Session) PutBack(ctx context.Context) error {
	return s.change(ctx, func() (*Step, error) {
		r := s.removed
		if r.before == nil || r.step != s.log.steps {
			return nil, ErrTooLate
		}
		in, err := s.p.Form.Restore(r.before, s.world())
		if err != nil {
			return nil, err
		}
		s.in, s.removed = in, removal{}
		s.in.SetLanguage(s.draft.Language)
		s.show(r.at)
		step := s.step(StepAdd, r.ref)
		return &step, nil
	})
}

// Check says what is wrong with the answer to one question; nil where nothing is.
func (s *Session) Check(ref xform.Ref) *xform.Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in.Check(ref)
}
