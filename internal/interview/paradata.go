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
	events       []Event
	entered      int64 // open time when the present page came up, milliseconds
	shown        string
	provisional  bool      // gone on with although no right was left
	resumed      int       // how often the interview was resumed on the present page
	again        EventKind // how an interview that had ended is gone on with, and why
	reason       string
	observations []Observation
	marks        []Mark
	files        map[string]Attachment // given as answers so far, by name, whether they still stand or not
	// typing holds the questions of the present page whose text is being typed, and whether they had an answer before.
	typing map[string]bool
	// was holds the answers changed on the present page since it came up or was resumed, as they were before.
	was map[string]string
}

// apply adds a step that has been kept.
func (p *paradata) apply(s Step) {
	p.steps = s.Number
	p.refused(s.Refused)
	p.tapped(s.Tap)
	p.changed(s.Changes)
	switch s.Kind {
	case StepAnswer, StepDraft:
		p.answered(s)
		p.attach(s)
	case StepObserve:
		p.observations = append(p.observations, *s.Observation)
	case StepUnobserve:
		p.observations = slices.DeleteFunc(slices.Clone(p.observations), func(o Observation) bool { return o.ID == s.Undoes })
	case StepMark:
		p.marks = append(p.marks, *s.Mark)
	case StepJump:
		p.events = append(p.events, Event{Kind: EventJump, OpenMS: s.OpenMS})
	case StepRemove:
		p.events = append(p.events, Event{Kind: EventRemove, OpenMS: s.OpenMS, Question: s.Question})
	case StepLeave:
		p.events = append(p.events, Event{Kind: EventLeave, OpenMS: s.OpenMS})
		p.was = map[string]string{}
	case StepResume:
		p.events = append(p.events, Event{Kind: EventResume, OpenMS: s.OpenMS, At: s.At})
		p.was = map[string]string{}
		p.resumed++
	case StepProvisional:
		p.events = append(p.events, Event{Kind: EventProvisional, OpenMS: s.OpenMS})
		p.provisional = true
	case StepReopen:
		p.events = append(p.events, Event{Kind: p.again, OpenMS: s.OpenMS, At: s.At, Visits: len(p.visits), Reason: p.reason})
	}
	if s.Position != p.shown {
		p.leave(s.OpenMS)
		p.enter(s)
	}
}

func (p *paradata) answered(s Step) {
	if s.Kind == StepDraft {
		p.typing[s.Question] = s.Changed
	} else {
		delete(p.typing, s.Question)
	}
	for _, w := range s.Was {
		if w.Question == "" {
			w.Question = s.Question
		}
		p.was[w.Question] = w.Old
	}
	p.tapped(s.OpenMS) // an answer that no tap was told of
	if v := p.visit(); v != nil && s.Changed && s.Kind == StepAnswer {
		v.Edits++
	}
}

// tapped notes the first tap on the present page; 0 is none.
func (p *paradata) tapped(openMS int64) {
	if v := p.visit(); v != nil && v.FirstTapMS == 0 && openMS > 0 {
		v.FirstTapMS = max(1, openMS-p.entered)
	}
}

// changed adds what became of answers to the present page's visit.
func (p *paradata) changed(changes []Change) {
	v := p.visit()
	if v == nil {
		return
	}
	for _, c := range changes {
		if c.Question == v.Question {
			c.Question = ""
		}
		c.Resumed = p.resumed
		v.Changes = append(v.Changes[:len(v.Changes):len(v.Changes)], c)
	}
}

func (p *paradata) refused(at []int64) {
	for _, openMS := range at {
		p.events = append(p.events, Event{Kind: EventRefused, OpenMS: openMS})
	}
}

// visit is the visit of the present page; nil at the end and before the first page of this session.
func (p *paradata) visit() *Visit {
	if len(p.visits) == 0 || p.shown == "" || p.shown == endPosition {
		return nil
	}
	return &p.visits[len(p.visits)-1]
}

func (p *paradata) leave(openMS int64) {
	if v := p.visit(); v != nil {
		v.DwellMS = openMS - p.entered
	}
	for i := range p.events {
		if e := &p.events[i]; e.Kind == EventEnd && e.UntilMS == 0 {
			e.UntilMS = openMS
		}
	}
}

func (p *paradata) enter(s Step) {
	p.shown, p.entered, p.resumed = s.Position, s.OpenMS, 0
	p.typing, p.was = map[string]bool{}, map[string]string{}
	switch pos, ok := xform.ParsePosition(s.Position); {
	case ok && pos.Kind == xform.KindEnd:
		p.events = append(p.events, Event{Kind: EventEnd, OpenMS: s.OpenMS})
	case ok:
		v := Visit{Question: string(pos.Ref), At: s.At, Offer: pos.Kind == xform.KindRepeatPrompt}
		if pos.Kind == xform.KindFieldList {
			v.Group = string(pos.Ref.Parent()) // the session knows better, see conclude
		}
		p.visits = append(p.visits, v)
	}
}

// endPosition is the text of the position after the last page.
const endPosition = "end"

// ended returns visits and events with the present page closed.
func (p *paradata) ended(openMS int64, last Traces) ([]Visit, []Event) {
	q := *p
	q.visits, q.events = slices.Clone(p.visits), slices.Clone(p.events)
	q.refused(last.Refused)
	q.tapped(last.Tap)
	q.changed(last.Changes)
	q.leave(openMS)
	return q.visits, q.events
}
