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
	Next(ctx context.Context) ([]xform.Violation, error)
	Back(ctx context.Context) error
	AddRepeat(ctx context.Context, ref xform.Ref) error
	Language() string
	SetLanguage(ctx context.Context, language string) error
	Mark(ctx context.Context, m interview.Mark) error
	Marks() []interview.Mark
}

// Params is what a Presenter needs.
type Params struct {
	Interview Conversation
	Study     study.Study
	// Pictures keeps pictures given as answers; nil where none can be kept.
	Pictures Pictures
}

// Presenter holds the state of the question page.
type Presenter struct {
	p          Params
	violations map[xform.Ref]xform.Violation
	former     map[xform.Ref]string // the picture that an answer of this page gave way to
}

// New makes the presenter of a running interview.
func New(p Params) *Presenter { return &Presenter{p: p} }

// Model is everything the page shows.
type Model struct {
	At, About int
	Section   string
	Items     []Item
	// Prompt is set on the page that offers another round of a repeat.
	Prompt *xform.RepeatInfo
	// Ended means the last page lies behind.
	Ended bool
	// Language is the tag of the language being asked in, "EN"; Other that of the one a tap changes to, empty where there is none.
	Language, Other string
	Practice        bool
}

// Item is one question of the page.
type Item struct {
	xform.Question
	Kind Kind
	// Chosen are the values of a choice.
	Chosen []string
	// Problem is why Next did not move on; empty where nothing is wrong or the form has no words for it, then Broken says which rule.
	Problem string
	Broken  xform.ViolationKind
	// Low and High are the words at the ends of a scale.
	Low, High string
	// Probes are the study's follow-ups, for verbatims.
	Probes []study.Phrase
	// Former is the picture that this answer gave way to and that can come back; "" for none.
	Former string
	// Marks are the probes and pauses set in this verbatim, by position.
	Marks []interview.Mark
}

// Model is the page as it stands now.
func (p *Presenter) Model() Model {
	page := p.p.Interview.Page()
	m := Model{Section: page.Section, Ended: p.p.Interview.Position().Kind == xform.KindEnd}
	m.At, m.About = p.p.Interview.Progress()
	m.Language, m.Other = p.languages()
	if page.Position.Kind == xform.KindRepeatPrompt {
		m.Prompt = page.Repeat
	}
	for _, q := range page.Questions {
		m.Items = append(m.Items, p.item(q))
	}
	return m
}

func (p *Presenter) item(q xform.Question) Item {
	it := Item{Question: q, Kind: kindOf(q), Chosen: strings.Fields(q.Value), Former: p.former[q.Ref]}
	if v, wrong := p.violations[q.Ref]; wrong {
		it.Problem, it.Broken = v.Message, v.Kind
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

// Choose answers a single choice; choosing it again leaves it chosen.
func (p *Presenter) Choose(ctx context.Context, ref xform.Ref, value string) error {
	delete(p.violations, ref)
	return p.p.Interview.Answer(ctx, ref, value)
}

// Toggle adds a choice to a multiple answer or takes it out. A choice that excludes the others takes their place, and gives way
// when one of them is chosen.
func (p *Presenter) Toggle(ctx context.Context, it Item, value string) error {
	delete(p.violations, it.Ref)
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
	delete(p.violations, ref)
	return p.p.Interview.Answer(ctx, ref, strings.TrimSpace(value))
}

// Draft keeps what is being written without treating it as final.
func (p *Presenter) Draft(ctx context.Context, ref xform.Ref, value string) error {
	return p.p.Interview.Draft(ctx, ref, value)
}

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
	violations, err := p.p.Interview.Next(ctx)
	p.violations = make(map[xform.Ref]xform.Violation, len(violations))
	for _, v := range violations {
		p.violations[v.Ref] = v
	}
	if err == nil && len(violations) == 0 {
		p.former = nil
	}
	return err == nil && len(violations) == 0, err
}

// Back returns to the page before.
func (p *Presenter) Back(ctx context.Context) error {
	p.violations, p.former = nil, nil
	return p.p.Interview.Back(ctx)
}

// AddRepeat begins another round of the repeat the prompt is about.
func (p *Presenter) AddRepeat(ctx context.Context, r xform.RepeatInfo) error {
	return p.p.Interview.AddRepeat(ctx, r.Ref)
}

// Languages lists the languages the questionnaire can be asked in, as it names them.
func (p *Presenter) Languages() []string { return p.p.Study.Languages }

// SetLanguage asks in another language.
func (p *Presenter) SetLanguage(ctx context.Context, language string) error {
	return p.p.Interview.SetLanguage(ctx, language)
}

// SwitchLanguage asks in the next of the questionnaire's languages.
func (p *Presenter) SwitchLanguage(ctx context.Context) error {
	if next, ok := p.next(); ok {
		return p.SetLanguage(ctx, next)
	}
	return nil
}

func (p *Presenter) next() (string, bool) {
	all := p.p.Study.Languages
	if len(all) < 2 {
		return "", false
	}
	at := slices.Index(all, p.p.Interview.Language())
	return all[(at+1)%len(all)], true
}

func (p *Presenter) languages() (now, other string) {
	now = Tag(p.p.Interview.Language())
	if next, ok := p.next(); ok {
		other = Tag(next)
	}
	return now, other
}

// Tag is a language's short name for a small button: "French (fr)" is "FR".
func Tag(language string) string {
	if open := strings.LastIndexByte(language, '('); open >= 0 && strings.HasSuffix(language, ")") {
		return strings.ToUpper(language[open+1 : len(language)-1])
	}
	runes := []rune(language)
	return strings.ToUpper(string(runes[:min(2, len(runes))]))
}
