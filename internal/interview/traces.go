package interview

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parvis/internal/xform"
)

// Touched notes the first tap or keystroke on the answers of the present page; later ones are of no account. It is kept with the
// next step, so that it costs nothing of its own.
func (s *Session) Touched() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tap == 0 {
		s.tap = max(1, s.open())
	}
}

// Leave notes that the interview will be gone on with later. Whoever goes on resumes its draft.
func (s *Session) Leave(ctx context.Context) error {
	return s.change(ctx, func() (*Step, error) {
		step := s.step(StepLeave, "")
		step.Changes = s.changes()
		return &step, nil
	})
}

// trace completes a step with what is told of the page it was done on: before are its questions as they stood, left what had
// become of its answers.
func (s *Session) trace(step *Step, before []xform.Question, left []Change) {
	step.Refused = s.refused
	if v := s.log.visit(); v != nil && v.FirstTapMS == 0 {
		step.Tap = s.tap
	}
	if step.Position != s.log.shown {
		step.Changes = left
		return
	}
	for _, q := range before {
		if s.in.Value(q.Ref) == q.Value || s.told(q.Ref) || q.ReadOnly {
			continue
		}
		w := Change{Old: q.Value}
		if string(q.Ref) != step.Question {
			w.Question = string(q.Ref)
		}
		step.Was = append(step.Was, w)
	}
}

// traced forgets what a step that was kept has told.
func (s *Session) traced(step Step) {
	s.refused = nil
	if step.Position != s.log.shown {
		s.tap = 0
	}
}

// told reports whether a change of the answer need not be noted: what it was on this page is known, or nobody may know it.
func (s *Session) told(ref xform.Ref) bool {
	_, known := s.log.was[string(ref)]
	return known || s.isPersonal(ref)
}

// changes are what has become of the answers of the present page since it came up or was resumed.
func (s *Session) changes() []Change {
	var all []Change
	for question, old := range s.log.was {
		if now := s.in.Value(xform.Ref(question)); now != old {
			all = append(all, Change{Question: question, Old: old, New: now})
		}
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(s.order(a.Question)-s.order(b.Question), strings.Compare(a.Question, b.Question))
	})
	return all
}

// nameGroups says of pages of several questions which group they show: the innermost around the first question may be a smaller one.
func (s *Session) nameGroups(visits []Visit) {
	for i := range visits {
		if v := &visits[i]; v.Group != "" {
			if group, _ := s.in.Shape(xform.Position{Kind: xform.KindFieldList, Ref: xform.Ref(v.Question)}); group != "" {
				v.Group = string(group)
			}
		}
	}
}

// order is the place of a question on the present page.
func (s *Session) order(question string) int {
	return slices.IndexFunc(s.page.Questions, func(q xform.Question) bool { return string(q.Ref) == question })
}
