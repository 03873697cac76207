package interview

import (
	"errors"
	"slices"

	"parvis/internal/xform"
)

// errNothing ends a change that changes nothing.
var errNothing = errors.New("nothing to change")

// paradata is what the steps of an interview add up to. It is made from steps alone, so that a resumed interview has the same as
// one that went on.
type paradata struct {
	steps        int
	visits       []Visit
	entered      int64 // open time when the present page came up, milliseconds
	shown        string
	observations []Observation
	marks        []Mark
	files        map[string]Attachment // given as answers so far, by name, whether they still stand or not
	// typing holds the questions of the present page whose text is being typed, and whether they had an answer before.
	typing map[string]bool
}

// apply adds a step that has been kept.
func (p *paradata) apply(s Step) {
	p.steps = s.Number
	switch s.Kind {
	case StepAnswer, StepDraft:
		p.tapped(s)
		p.attach(s)
	case StepObserve:
		p.observations = append(p.observations, *s.Observation)
	case StepUnobserve:
		p.observations = slices.DeleteFunc(slices.Clone(p.observations), func(o Observation) bool { return o.ID == s.Undoes })
	case StepMark:
		p.marks = append(p.marks, *s.Mark)
	}
	if s.Position != p.shown {
		p.leave(s.OpenMS)
		p.enter(s)
	}
}

func (p *paradata) tapped(s Step) {
	if s.Kind == StepDraft {
		p.typing[s.Question] = s.Changed
	} else {
		delete(p.typing, s.Question)
	}
	if len(p.visits) == 0 {
		return
	}
	v := &p.visits[len(p.visits)-1]
	if v.FirstTapMS == 0 {
		v.FirstTapMS = max(1, s.OpenMS-p.entered)
	}
	if s.Changed && s.Kind == StepAnswer {
		v.Edits++
	}
}

func (p *paradata) leave(openMS int64) {
	if p.shown != "" && len(p.visits) > 0 && p.shown != endPosition {
		p.visits[len(p.visits)-1].DwellMS = openMS - p.entered
	}
}

func (p *paradata) enter(s Step) {
	p.shown, p.entered, p.typing = s.Position, s.OpenMS, map[string]bool{}
	pos, ok := xform.ParsePosition(s.Position)
	if !ok || pos.Kind == xform.KindEnd {
		return
	}
	p.visits = append(p.visits, Visit{Question: string(pos.Ref), At: s.At})
}

// endPosition is the text of the position after the last page.
const endPosition = "end"

// ended returns the visits with the present one closed.
func (p *paradata) ended(openMS int64) []Visit {
	q := *p
	q.visits = slices.Clone(p.visits)
	q.leave(openMS)
	return q.visits
}
