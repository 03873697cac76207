package interview

import (
	"context"
	"errors"
	"slices"

	"parvis/internal/xform"
)

// Observe keeps what the interviewer perceived and returns its identifier. Question, moment and the time since the page appeared
// are filled in where they are missing.
func (s *Session) Observe(ctx context.Context, o Observation) (string, error) {
	if !inGrid(o.Valence) || !inGrid(o.Energy) {
		return "", errors.New("valence and energy are -2 to 2")
	}
	if o.Rating != nil && (*o.Rating < 1 || *o.Rating > 5) {
		return "", errors.New("an impression is 1 to 5")
	}
	if o.ID == "" {
		o.ID = s.p.NewID()
	}
	err := s.change(ctx, func() (*Step, error) {
		step := s.step(StepObserve, xform.Ref(o.Question))
		s.place(&step, &o.Question, &o.At, &o.SinceMS)
		step.Observation = &o
		return &step, nil
	})
	if err != nil {
		return "", err
	}
	return o.ID, nil
}

func inGrid(v *int) bool { return v == nil || (-2 <= *v && *v <= 2) }

// UndoObservation takes an observation back; one that is not there is no error.
func (s *Session) UndoObservation(ctx context.Context, id string) error {
	return s.change(ctx, func() (*Step, error) {
		if !slices.ContainsFunc(s.log.observations, func(o Observation) bool { return o.ID == id }) {
			return nil, errNothing
		}
		step := s.step(StepUnobserve, "")
		step.Undoes = id
		return &step, nil
	})
}

// Mark keeps a probe or a pause within a verbatim.
func (s *Session) Mark(ctx context.Context, m Mark) error {
	if m.Kind != MarkProbe && m.Kind != MarkPause {
		return errors.New("a mark is a probe or a pause")
	}
	return s.change(ctx, func() (*Step, error) {
		step := s.step(StepMark, xform.Ref(m.Question))
		s.place(&step, &m.Question, &m.At, &m.SinceMS)
		step.Mark = &m
		return &step, nil
	})
}

// place fills in where and when something was perceived.
func (s *Session) place(step *Step, question *string, at *Moment, since *int64) {
	if *question == "" {
		*question = string(s.pos.Ref)
	}
	step.Question = *question
	if at.IsZero() {
		*at, *since = step.At, step.OpenMS-s.log.entered
	}
}

// Observations are those that stand, in order.
func (s *Session) Observations() []Observation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log.observations)
}

// Marks are those set so far, in order.
func (s *Session) Marks() []Mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log.marks)
}
