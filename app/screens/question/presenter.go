package question

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
)

// Conversation is what the page needs of a running interview. Every method that changes something has saved it when it returns.
type Conversation interface {
	Page() xform.Page
	Position() xform.Position
	Progress() (at, about int)
	Answer(ctx context.Context, ref xform.Ref, value string) error
	Draft(ctx context.Context, ref xform.Ref, value string) error
	Touched()
	Next(ctx context.Context) ([]xform.Violation, error)
	Back(ctx context.Context) error
	// GoTo goes to a page without checking the present one.
	GoTo(ctx context.Context, pos xform.Position) error
	// Check says what is wrong with one answer; nil where nothing is.
	Check(ref xform.Ref) *xform.Violation
	AddRepeat(ctx context.Context, ref xform.Ref) error
	RemoveRepeat(ctx context.Context, ref xform.Ref) error
	// PutBack undoes RemoveRepeat as long as nothing else was done.
	PutBack(ctx context.Context) error
	// Roster lists the members of the repeat the page belongs to.
	Roster() []interview.Member
	Language() string
	SetLanguage(ctx context.Context, language string) error
	Mark(ctx context.Context, m interview.Mark) error
	Marks() []interview.Mark
	// Sealed tells that the answer was sealed when the interview ended; it can only be replaced.
	Sealed(ref xform.Ref) bool
}

// Params is what a Presenter needs.
type Params struct {
	Interview Conversation
	Study     study.Study
	// Here is where the interview takes place, as a study's site has its location; "" where nobody knows.
	Here string
	// Pictures keeps pictures given as answers; nil where none can be kept.
	Pictures Pictures
}

// Presenter holds the state of the question page.
type Presenter struct {
	p          Params
	violations map[xform.Ref]xform.Violation
	former     map[xform.Ref]string // the picture that an answer of this page gave way to
	short      map[xform.Ref]bool   // has fewer choices than asked for

	folds  bool           // tables are divided
	folded xform.Position // the page that was last looked at
	step   int
	steps  [][]Item // of the present page; nil where it is not divided

	cover     Cover
	covered   xform.Ref
	given     bool // the respondent holds the device
	returning bool // and is to give it back

	searched indexed
}

// New makes the presenter of a running interview.
func New(p Params) *Presenter {
	return &Presenter{p: p, violations: map[xform.Ref]xform.Violation{}, short: map[xform.Ref]bool{}}
}

// Model is the page as it stands now.
func (p *Presenter) Model() Model {
	page := p.p.Interview.Page()
	m := Model{Section: page.Section, Ended: p.p.Interview.Position().Kind == xform.KindEnd}
	m.At, m.About = p.p.Interview.Progress()
	m.Language, m.Other = p.languages()
	if page.Position.Kind == xform.KindRepeatPrompt {
		m.Prompt, m.Members = page.Repeat, p.p.Interview.Roster()
	}
	m.Given, m.Returning = p.given, p.returning
	for _, q := range page.Questions {
		it := p.item(q)
		it.Sealed = p.p.Interview.Sealed(q.Ref)
		m.Items = append(m.Items, it)
		m.Own = m.Own || selfCompleted(q)
		if q.Ref == p.covered {
			m.Cover, m.Covered = p.cover, it
		}
	}
	p.fold(&m, page.Position)
	return m
}

func (p *Presenter) item(q xform.Question) Item {
	it := Item{Question: q, Kind: kindOf(q), Chosen: strings.Fields(q.Value), Former: p.former[q.Ref]}
	it.Least, it.Most = limits(q)
	it.Short = p.short[q.Ref]
	if v, wrong := p.violations[q.Ref]; wrong {
		it.Problem, it.Broken = v.Message, v.Kind
	}
	if it.Kind == Place {
		it.Here = p.p.Here
	}
	if it.Kind == Scale {
		it.Choices = points(q)
		it.Low, it.High = ends(q)
	}
	if it.Kind == Verbatim {
		it.Probes = p.p.Study.Probes
		for _, m := range p.p.Interview.Marks() {
			if m.Question == string(q.Ref) {
				it.Marks = append(it.Marks, m)
			}
		}
	}
	return it
}

// settle forgets what was wrong with an answer that is given anew.
func (p *Presenter) settle(ref xform.Ref) {
	delete(p.violations, ref)
	delete(p.short, ref)
}

// wrong tells whether the page cannot be left.
func (p *Presenter) wrong() bool {
	for _, short := range p.short {
		if short {
			return true
		}
	}
	return len(p.violations) > 0
}

// Choose answers a single choice; choosing it again leaves it chosen.
func (p *Presenter) Choose(ctx context.Context, ref xform.Ref, value string) error {
	p.settle(ref)
	return p.p.Interview.Answer(ctx, ref, value)
}

// Toggle adds a choice to a multiple answer or takes it out. A choice that excludes the others takes their place, and gives way
// when one of them is chosen. Where the answer is full nothing is added.
func (p *Presenter) Toggle(ctx context.Context, it Item, value string) error {
	if full(it, value) {
		return nil
	}
	p.settle(it.Ref)
	return p.p.Interview.Answer(ctx, it.Ref, strings.Join(toggled(it, value), " "))
}

func toggled(it Item, value string) []string {
	if slices.Contains(it.Chosen, value) {
		return slices.DeleteFunc(slices.Clone(it.Chosen), func(v string) bool { return v == value })
	}
	excludes := exclusive(it.Question)
	if slices.Contains(excludes, value) {
		return []string{value}
	}
	var chosen []string
	for _, c := range it.Choices { // in the order of the list, so that equal answers are equal bytes
		if c.Value == value || slices.Contains(it.Chosen, c.Value) && !slices.Contains(excludes, c.Value) {
			chosen = append(chosen, c.Value)
		}
	}
	return chosen
}

// Write answers with text, a number or a date.
func (p *Presenter) Write(ctx context.Context, ref xform.Ref, value string) error {
	p.settle(ref)
	return p.p.Interview.Answer(ctx, ref, strings.TrimSpace(value))
}

// Draft keeps what is being written without treating it as final.
func (p *Presenter) Draft(ctx context.Context, ref xform.Ref, value string) error {
	return p.p.Interview.Draft(ctx, ref, value)
}

// Touched tells that somebody began to answer.
func (p *Presenter) Touched() { p.p.Interview.Touched() }

// Clear takes an answer back.
func (p *Presenter) Clear(ctx context.Context, ref xform.Ref) error { return p.Write(ctx, ref, "") }

// Probe notes that a follow-up was asked where the text now ends; Pause that the respondent fell silent.
func (p *Presenter) Probe(ctx context.Context, ref xform.Ref, name, text string) error {
	return p.mark(ctx, ref, interview.Mark{Kind: interview.MarkProbe, Label: name}, text)
}

// Pause notes that the respondent fell silent where the text now ends.
func (p *Presenter) Pause(ctx context.Context, ref xform.Ref, text string) error {
	return p.mark(ctx, ref, interview.Mark{Kind: interview.MarkPause}, text)
}

func (p *Presenter) mark(ctx context.Context, ref xform.Ref, m interview.Mark, text string) error {
	m.Question, m.Position = string(ref), utf8.RuneCountInString(text)
	return p.p.Interview.Mark(ctx, m)
}

// Next moves on where nothing is wrong with the page; otherwise it stays and the items say why. Moved tells which.
func (p *Presenter) Next(ctx context.Context) (moved bool, err error) {
	p.forget()
	p.Model() // divides the page by what is answered now
	if moved, done := p.within(); done {
		return moved, nil
	}
	for _, q := range p.p.Interview.Page().Questions {
		if tooFew(p.item(q)) {
			p.short[q.Ref] = true
		}
	}
	if p.wrong() {
		p.toTrouble()
		return false, nil
	}
	violations, err := p.p.Interview.Next(ctx)
	for _, v := range violations {
		p.violations[v.Ref] = v
	}
	if err != nil || len(violations) > 0 {
		p.toTrouble()
		return false, err
	}
	p.step, p.former = 0, nil
	p.arrived()
	return true, nil
}

// Back returns to the page before, or within a divided page to the row before. While the respondent holds the device nothing happens.
func (p *Presenter) Back(ctx context.Context) error {
	if p.given {
		return nil
	}
	p.forget()
	p.former = nil
	if p.step > 0 && len(p.steps) > 0 {
		p.step--
		return nil
	}
	before := p.p.Interview.Position()
	if err := p.p.Interview.Back(ctx); err != nil {
		return err
	}
	if p.p.Interview.Position() != before {
		p.step = lastStep
	}
	p.arrived()
	return nil
}

func (p *Presenter) forget() {
	clear(p.violations)
	clear(p.short)
}

// AddRepeat begins another round of the repeat the prompt is about.
func (p *Presenter) AddRepeat(ctx context.Context, r xform.RepeatInfo) error {
	return p.p.Interview.AddRepeat(ctx, r.Ref)
}

// RemoveMember takes a member of a repeat out, with its answers.
func (p *Presenter) RemoveMember(ctx context.Context, m interview.Member) error {
	return p.p.Interview.RemoveRepeat(ctx, m.Ref)
}

// PutBack undoes RemoveMember as long as nothing else was done.
func (p *Presenter) PutBack(ctx context.Context) error { return p.p.Interview.PutBack(ctx) }

// OpenMember goes to the first page of a member.
func (p *Presenter) OpenMember(ctx context.Context, m interview.Member) error {
	p.step = 0
	return p.p.Interview.GoTo(ctx, m.Page)
}
