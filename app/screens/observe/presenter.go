// Package observe is the observation strip and its sheet: what the interviewer perceives, one tap a record, never modal. The
// Presenter is plain Go; the View draws. It knows observations and nothing of questionnaires or storage.
package observe

import (
	"context"
	"slices"
	"strings"
	"time"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// UndoFor is how long an observation can be taken back by one tap.
const UndoFor = 5 * time.Second

// Recorder keeps observations and puts moment and the time since the page appeared to them; each call has saved when it returns.
type Recorder interface {
	Observe(ctx context.Context, o interview.Observation) (id string, err error)
	UndoObservation(ctx context.Context, id string) error
	Observations() []interview.Observation
}

// Params is what a Presenter needs.
type Params struct {
	Recorder Recorder
	Study    study.Study
	Now      func() time.Time
	// Question is the reference of the question on the page.
	Question func() string
}

// Presenter holds the state of the strip and the sheet.
type Presenter struct {
	p        Params
	last     string    // the observation that can still be taken back
	lastTime time.Time // with the monotonic clock's reading in it
}

// New makes a presenter.
func New(p Params) *Presenter { return &Presenter{p: p} }

// Cue is something an interviewer may notice. Own ones carry the study's label; of the others the interface's texts know the name.
type Cue struct {
	Name   string
	Label  study.Text
	Chosen bool // noted on this question already
}

// Model is what strip and sheet show.
type Model struct {
	// Valence and Energy are the last mark on this question; Marked tells whether there is one.
	Valence, Energy int
	Marked          bool
	Cues            []Cue
	CanUndo         bool
	// Timeline is everything observed in this interview, the newest first.
	Timeline []interview.Observation
}

// Model is the state now.
func (p *Presenter) Model() Model {
	ref := p.p.Question()
	m := Model{Cues: p.cues(), CanUndo: p.canUndo()}
	for _, o := range p.p.Recorder.Observations() {
		m.Timeline = append(m.Timeline, o)
		if o.Question != ref {
			continue
		}
		if o.Valence != nil && o.Energy != nil {
			m.Valence, m.Energy, m.Marked = *o.Valence, *o.Energy, true
		}
		if at := slices.IndexFunc(m.Cues, func(c Cue) bool { return c.Name == o.Cue }); at >= 0 {
			m.Cues[at].Chosen = true
		}
	}
	slices.Reverse(m.Timeline)
	return m
}

func (p *Presenter) cues() []Cue {
	var cues []Cue
	for _, c := range p.p.Study.Cues {
		cues = append(cues, Cue{Name: c.Name, Label: c.Label})
	}
	if len(cues) == 0 {
		for _, name := range interview.Cues() {
			cues = append(cues, Cue{Name: name})
		}
	}
	return cues
}

// Mark records how it sounds: valence and energy, -2 to 2 each.
func (p *Presenter) Mark(ctx context.Context, valence, energy int) error {
	return p.record(ctx, interview.Observation{Valence: &valence, Energy: &energy})
}

// Cue records something noticed.
func (p *Presenter) Cue(ctx context.Context, name string) error {
	return p.record(ctx, interview.Observation{Cue: name})
}

// Note records a remark in the interviewer's own words; blanks alone are none.
func (p *Presenter) Note(ctx context.Context, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return p.record(ctx, interview.Observation{Note: text})
}

func (p *Presenter) record(ctx context.Context, o interview.Observation) error {
	o.Question = p.p.Question()
	id, err := p.p.Recorder.Observe(ctx, o)
	if err != nil {
		return err
	}
	p.last, p.lastTime = id, p.p.Now()
	return nil
}

// Undo takes the last observation back while that is still possible; later it does nothing.
func (p *Presenter) Undo(ctx context.Context) error {
	if !p.canUndo() {
		return nil
	}
	if err := p.p.Recorder.UndoObservation(ctx, p.last); err != nil {
		return err
	}
	p.last = ""
	return nil
}

func (p *Presenter) canUndo() bool { return p.last != "" && p.p.Now().Sub(p.lastTime) <= UndoFor }
