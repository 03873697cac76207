package interview_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

// One interviewer is interrupted by kills, the other is not; they do the same. At every moment both see the same, and what they
// hand in is the same but for the time nobody was there.
func TestResumedEqualsContinued(t *testing.T) {
	base := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		killed, steady := base.again(), base.again()
		a, b := killed.start(""), steady.start("")
		for n := range rapid.IntRange(1, 25).Draw(rt, "steps") {
			do := draw(rt, b)
			saves := killed.journal.saves
			pause := time.Duration(rapid.IntRange(0, 5000).Draw(rt, "pause")) * time.Millisecond
			killed.clock.tick(pause)
			steady.clock.tick(pause)
			if ea, eb := do(a), do(b); fmt.Sprint(ea) != fmt.Sprint(eb) {
				rt.Fatalf("step %d: %v after kills, %v without", n, ea, eb)
			}
			// The time since the last save dies with a kill, so it comes right after a save.
			if killed.journal.saves > saves && rapid.IntRange(0, 2).Draw(rt, "kill") == 0 {
				if rapid.Bool().Draw(rt, "in order") {
					if err := a.Leave(context.Background()); err != nil {
						rt.Fatal(err)
					}
				}
				killed.clock.mono = time.Duration(rapid.IntRange(0, 1000).Draw(rt, "mono")) * time.Second
				a = killed.resume()
			}
			if diff := cmp.Diff(picture(b), picture(a), ignoreIDs()); diff != "" {
				rt.Fatalf("step %d: %s", n, diff)
			}
		}
		ia, ea := a.BreakOff(context.Background(), "x")
		ib, eb := b.BreakOff(context.Background(), "x")
		if fmt.Sprint(ea) != fmt.Sprint(eb) {
			rt.Fatalf("%v, %v", ea, eb)
		}
		ia.Sealed, ib.Sealed = "", "" // sealing is random; what is inside is compared by the picture
		ia.Events = slices.DeleteFunc(ia.Events, func(e interview.Event) bool {
			return e.Kind == interview.EventLeave || e.Kind == interview.EventResume
		})
		mend(&ia)
		mend(&ib)
		if diff := cmp.Diff(ib, ia, ignoreIDs(), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// mend puts together what became of an answer before and after interruptions of one stay.
func mend(i *interview.Interview) {
	for n := range i.Visits {
		v := &i.Visits[n]
		var whole []interview.Change
		for _, c := range v.Changes {
			at := slices.IndexFunc(whole, func(w interview.Change) bool { return w.Question == c.Question })
			if at < 0 {
				whole = append(whole, interview.Change{Question: c.Question, Old: c.Old, New: c.New})
				continue
			}
			whole[at].New = c.New
		}
		v.Changes = slices.DeleteFunc(whole, func(c interview.Change) bool { return c.Old == c.New })
	}
}

// ignoreIDs leaves out what a resume step shifts: identifiers are counted, and the world of the test counts on.
func ignoreIDs() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".ID" }, cmp.Ignore())
}

// draw chooses something to do that makes sense for the page that is up.
func draw(rt *rapid.T, s *interview.Session) func(*interview.Session) error {
	ctx := context.Background()
	page := s.Page()
	next := func(s *interview.Session) error { _, err := s.Next(ctx); return err }
	kind := rapid.SampledFrom([]string{"answer", "answer", "answer", "next", "next", "back", "language", "observe", "undo", "mark", "add", "remove", "goto", "touch", "finish"}).Draw(rt, "do")
	switch kind {
	case "answer":
		if len(page.Questions) == 0 {
			return next
		}
		q := page.Questions[0]
		value := rapid.SampledFrom(values(q)).Draw(rt, "value")
		if q.Name == "why" && rapid.Bool().Draw(rt, "typing") {
			return func(s *interview.Session) error { return s.Draft(ctx, q.Ref, value) }
		}
		return func(s *interview.Session) error {
			if err := s.Answer(ctx, q.Ref, value); err != nil {
				return err
			}
			return next(s)
		}
	case "back":
		return func(s *interview.Session) error { return s.Back(ctx) }
	case "language":
		lang := rapid.SampledFrom([]string{"fr", "English (en)", "nl"}).Draw(rt, "language")
		return func(s *interview.Session) error { return s.SetLanguage(ctx, lang) }
	case "observe":
		v := rapid.IntRange(-2, 2).Draw(rt, "valence")
		return func(s *interview.Session) error {
			_, err := s.Observe(ctx, interview.Observation{Valence: &v, Cue: "smile"})
			return err
		}
	case "undo":
		return func(s *interview.Session) error {
			if seen := s.Observations(); len(seen) > 0 {
				return s.UndoObservation(ctx, seen[0].ID)
			}
			return nil
		}
	case "mark":
		return func(s *interview.Session) error { return s.Mark(ctx, interview.Mark{Kind: interview.MarkPause}) }
	case "add":
		return func(s *interview.Session) error { return s.AddRepeat(ctx, "/data/person") }
	case "remove":
		return func(s *interview.Session) error { return s.RemoveRepeat(ctx, "/data/person[0]") }
	case "touch":
		return func(s *interview.Session) error { s.Touched(); return nil }
	case "finish":
		return func(s *interview.Session) error {
			if s.Outcome() != interview.Complete {
				return nil
			}
			_, err := s.Finish(ctx) // refused, since the pages jumped over are empty
			if unfinished := (*interview.UnfinishedError)(nil); errors.As(err, &unfinished) {
				return nil
			}
			return err
		}
	case "goto":
		pages := s.Pages()
		to := rapid.SampledFrom(pages).Draw(rt, "page")
		return func(s *interview.Session) error { return s.GoTo(ctx, to) }
	}
	return next
}

func values(q xform.Question) []string {
	switch q.Name {
	case "consent":
		return []string{"yes", "yes", "yes", "no", ""}
	case "trade":
		return []string{"no", "no", "no", "yes"}
	case "age":
		return []string{"12", "40", "40", "200", "x", ""}
	case "why", "name":
		return []string{"a reason", "", "é <&> ‘”"}
	case "shops":
		return []string{"toys", "books toys", ""}
	}
	return []string{"1", "10", ""}
}
