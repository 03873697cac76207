package respondent

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

// respondent answers one interview after the other.
type respondent struct {
	dice   *rand.Rand
	clock  *tape
	params interview.SessionParams
}

// The bounds of an interview: whoever is over them has met a questionnaire that does not end or takes no answer.
const (
	mostPages = 300
	mostTries = 60
)

// conduct answers every page with one of the answers it takes, and ends as the answers demand.
func (r *respondent) conduct(ctx context.Context) error {
	p := r.params
	p.Language = p.Study.Languages[r.dice.IntN(len(p.Study.Languages))]
	s, err := interview.Start(ctx, p)
	if err != nil {
		return err
	}
	for pages := 0; s.Position().Kind != xform.KindEnd; pages++ {
		if pages > mostPages {
			return fmt.Errorf("the questionnaire does not end; it stands at %s", s.Position())
		}
		if r.dice.IntN(90) == 0 {
			_, err := s.BreakOff(ctx, "no time")
			return err
		}
		if err := r.page(ctx, s); err != nil {
			return err
		}
		if err := r.perceive(ctx, s); err != nil {
			return err
		}
	}
	_, err = s.Finish(ctx)
	return err
}

// page tries answers until the page lets go.
func (r *respondent) page(ctx context.Context, s *interview.Session) error {
	var wrong []xform.Violation
	for try := range mostTries {
		r.clock.pass(time.Duration(1500+r.dice.IntN(9000)) * time.Millisecond)
		for _, q := range s.Page().Questions {
			// What was right stays, since another question of the page may be what holds it up; now and then all are thought over.
			if try%10 != 0 && !slices.ContainsFunc(wrong, func(v xform.Violation) bool { return v.Ref == q.Ref }) {
				continue
			}
			if value, ok := r.answer(q, try); ok {
				if err := s.Answer(ctx, q.Ref, value); err != nil {
					return fmt.Errorf("%s = %q: %w", q.Ref, value, err)
				}
			}
		}
		var err error
		if wrong, err = s.Next(ctx); err != nil || len(wrong) == 0 {
			return err
		}
	}
	return fmt.Errorf("no answer is right for %+v", wrong)
}

func (r *respondent) answer(q xform.Question, try int) (string, bool) {
	if q.ReadOnly || q.Control == xform.Note {
		return "", false
	}
	switch q.Control {
	case xform.Select1:
		return r.choice(q, try), true
	case xform.Select, xform.Rank:
		return r.several(q, try), true
	case xform.Range:
		return fmt.Sprint(q.Range.Start + float64(r.dice.IntN(int((q.Range.End-q.Range.Start)/q.Range.Step)+1))*q.Range.Step), true
	case xform.Trigger:
		return "OK", true
	}
	return r.text(q, try)
}

func (r *respondent) several(q xform.Question, try int) string {
	var picked []string
	for _, c := range q.Choices {
		if q.Control == xform.Rank || r.dice.IntN(4) == 0 && c.Value != "none" {
			picked = append(picked, c.Value)
		}
	}
	if len(picked) == 0 || try > 3 || q.Name == "trade" {
		picked = []string{r.choice(q, try)}
	}
	return strings.Join(picked, " ")
}

// choice is any, but that most people consent, are of age and do not work in the trade.
func (r *respondent) choice(q xform.Question, try int) string {
	if len(q.Choices) == 0 {
		return ""
	}
	for _, c := range q.Choices {
		if (c.Value == "yes" || c.Value == "none") && try == 0 && r.dice.IntN(10) != 0 {
			return c.Value
		}
	}
	picked := q.Choices[r.dice.IntN(len(q.Choices))].Value
	if picked == "under18" {
		picked = q.Choices[len(q.Choices)-1].Value
	}
	return picked
}

func (r *respondent) text(q xform.Question, try int) (string, bool) {
	switch q.DataType {
	case xform.Int:
		return fmt.Sprint([]int{1, 2, 25, 3, 10, 40, 1980}[(try+r.dice.IntN(3))%7]), true
	case xform.Decimal:
		return fmt.Sprintf("%d.%02d", 3+r.dice.IntN(90), r.dice.IntN(100)), true
	case xform.Date:
		return "2026-11-21", true
	}
	if !q.Required && try == 0 && r.dice.IntN(3) == 0 {
		return "", false
	}
	said := []string{
		"The sports shop on the first floor did not have my size.", "Just looking around, waiting for a friend.", "Parking is too expensive.",
		"Franchement rien, l'accueil est correct mais il y a trop de monde le samedi.", "We kwamen eigenlijk voor schoenen.", "Ann Example",
		"+32470123456", "ann@example.org", "0470123456", "1000", "-",
	}
	if try < 3 {
		return said[r.dice.IntN(len(said))], true
	}
	return said[try%len(said)], true
}

// perceive taps an observation now and then.
func (r *respondent) perceive(ctx context.Context, s *interview.Session) error {
	if r.dice.IntN(12) != 0 {
		return nil
	}
	v, e := r.dice.IntN(5)-2, r.dice.IntN(5)-2
	_, err := s.Observe(ctx, interview.Observation{Valence: &v, Energy: &e})
	return err
}
