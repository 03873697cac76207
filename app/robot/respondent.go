package robot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"parvis/app/screens/question"
	"parvis/internal/xform"
)

// Asking tells what the page in front asks; ok is false where no interview is in front.
type Asking interface {
	Question() (m question.Model, ok bool)
}

// RespondentParams is what a Respondent needs.
type RespondentParams struct {
	Robot *Robot
	Page  Asking
	Rand  *rand.Rand
	// Fixed are answers by question: values of choices, several separated by spaces. Texts are what is typed.
	Fixed, Texts map[string]string
	// More is the name of the button that raises a number within bounds.
	More string
}

// Respondent answers what a page asks, by taps and typing on the screen alone, and remembers what was given.
type Respondent struct {
	p RespondentParams
	// Given is what was tapped and typed, by question: stored values.
	Given map[string]string
}

// NewRespondent makes one who has said nothing yet.
func NewRespondent(p RespondentParams) *Respondent {
	return &Respondent{p: p, Given: map[string]string{}}
}

// Answer answers every question of the page in front that has no answer yet.
func (r *Respondent) Answer(ctx context.Context) error {
	page, ok := r.page()
	if !ok {
		return fmt.Errorf("no interview: %w", ErrNotThere)
	}
	for _, q := range page.Items {
		if q.Value != "" {
			continue
		}
		if err := r.answer(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q.Name, err)
		}
	}
	return nil
}

func (r *Respondent) page() (m question.Model, ok bool) {
	r.p.Robot.p.Do(func() { m, ok = r.p.Page.Question() })
	return m, ok
}

func (r *Respondent) answer(ctx context.Context, q question.Item) error {
	switch q.Kind {
	case question.Single, question.Scale, question.Likert, question.Several, question.Order, question.Listed, question.TableRow:
		return r.choose(ctx, q)
	case question.Slider:
		return r.slide(ctx, q)
	case question.Text, question.Verbatim, question.Whole, question.Decimal, question.Day, question.Clock:
		return r.write(ctx, q)
	}
	return nil
}

func (r *Respondent) choose(ctx context.Context, q question.Item) error {
	if len(q.Choices) == 0 {
		return nil
	}
	want := strings.Fields(r.p.Fixed[q.Name])
	if len(want) == 0 {
		want = r.pick(q)
	}
	for _, value := range want {
		at := slices.IndexFunc(q.Choices, func(c xform.Choice) bool { return c.Value == value })
		if at < 0 {
			return fmt.Errorf("%q is not among the choices", value)
		}
		label := q.Choices[at].Label
		switch q.Kind {
		case question.Scale:
			label = question.Figure(label)
		case question.TableRow:
			label = q.Label + ": " + label
		}
		if err := r.p.Robot.Tap(ctx, label); err != nil {
			return err
		}
	}
	r.Given[q.Name] = strings.Join(stored(q, want), " ")
	return nil
}

// pick takes one choice, or one to three that can stand together: "none" and "other" stay apart.
func (r *Respondent) pick(q question.Item) []string {
	usual := slices.DeleteFunc(slices.Clone(q.Choices), func(c xform.Choice) bool { return c.Value == "none" || c.Value == "other" })
	if len(usual) == 0 {
		usual = q.Choices
	}
	if q.Control != xform.Select {
		return []string{usual[r.p.Rand.IntN(len(usual))].Value}
	}
	r.p.Rand.Shuffle(len(usual), func(i, j int) { usual[i], usual[j] = usual[j], usual[i] })
	var picked []string
	for _, c := range usual[:min(1+r.p.Rand.IntN(3), len(usual))] {
		picked = append(picked, c.Value)
	}
	return picked
}

// stored brings the values of a multiple answer into the order of the list, as the screen stores them.
func stored(q question.Item, values []string) []string {
	if q.Control != xform.Select {
		return values
	}
	var sorted []string
	for _, c := range q.Choices {
		if slices.Contains(values, c.Value) {
			sorted = append(sorted, c.Value)
		}
	}
	return sorted
}

// slide taps a point of a short range; on a long one it taps more, which begins in the middle.
func (r *Respondent) slide(ctx context.Context, q question.Item) error {
	if want := r.p.Fixed[q.Name]; want != "" {
		r.Given[q.Name] = want
		return r.p.Robot.Tap(ctx, want)
	}
	if _, err := r.p.Robot.TapAny(ctx, "5", "3", r.p.More); err != nil {
		return err
	}
	page, _ := r.page()
	r.Given[q.Name] = page.Items[0].Value
	return nil
}

func (r *Respondent) write(ctx context.Context, q question.Item) error {
	text, fixed := r.p.Texts[q.Name]
	if !fixed {
		text = map[question.Kind]string{
			question.Text: "Rien à dire, sinon", question.Verbatim: "Franchement, l'accueil; \"rien à dire\", sinon.",
			question.Whole: fmt.Sprint(1 + r.p.Rand.IntN(4)), question.Decimal: fmt.Sprintf("%d.%02d", 5+r.p.Rand.IntN(80), 1+r.p.Rand.IntN(99)),
			question.Day: "2026-11-21", question.Clock: "10:30",
		}[q.Kind]
	}
	if text == "" {
		return nil
	}
	if err := r.p.Robot.Type(ctx, q.Label, text); err != nil {
		return err
	}
	r.Given[q.Name] = text
	return nil
}
