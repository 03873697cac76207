package interview_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

// atPrompt gives a session that stands at the prompt of its repeat, with members by their first answer.
func atPrompt(t *testing.T, first ...string) *interview.Session {
	t.Helper()
	ctx := context.Background()
	w := newWorld(t)
	s := w.start("en")
	w.answer(s, "/data/consent", "yes", "/data/age", "30", "/data/trade", "no")
	for len(s.Roster()) < len(first) {
		if err := s.AddRepeat(ctx, "/data/person"); err != nil {
			t.Fatal(err)
		}
	}
	for i, value := range first {
		if err := s.Answer(ctx, xform.Ref("/data/person[0]").Sibling(i)+"/first", value); err != nil {
			t.Fatal(err)
		}
	}
	for _, pos := range s.Pages() {
		if pos.Kind == xform.KindRepeatPrompt {
			if err := s.GoTo(ctx, pos); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func names(s *interview.Session) (all []string) {
	for _, m := range s.Roster() {
		all = append(all, m.First.Value)
	}
	return all
}

func TestRosterTakesOutAndPutsBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := atPrompt(t, "31", "62", "9")
	before, prompt := names(s), s.Position()
	i := slices.Index(before, "62")
	if i < 0 {
		t.Fatalf("members %q", before)
	}
	if err := s.RemoveRepeat(ctx, s.Roster()[i].Ref); err != nil {
		t.Fatal(err)
	}
	if got := names(s); slices.Contains(got, "62") || len(got) != len(before)-1 {
		t.Errorf("one was taken out, there are %q", got)
	}
	if pos := s.Position(); pos.Kind != xform.KindRepeatPrompt {
		t.Errorf("the roster gave way to %v", pos)
	}
	if err := s.PutBack(ctx); err != nil {
		t.Fatal(err)
	}
	if got := names(s); !slices.Equal(got, before) || s.Position() != prompt {
		t.Errorf("put back %q at %v; before %q at %v", got, s.Position(), before, prompt)
	}
	if err := s.PutBack(ctx); !errors.Is(err, interview.ErrTooLate) {
		t.Errorf("put back twice: %v", err)
	}
}

func TestWhatHappenedSinceIsNotUndone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := atPrompt(t, "31", "62")
	if err := s.RemoveRepeat(ctx, s.Roster()[0].Ref); err != nil {
		t.Fatal(err)
	}
	if err := s.AddRepeat(ctx, "/data/person"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutBack(ctx); !errors.Is(err, interview.ErrTooLate) {
		t.Errorf("an addition was undone with the removal: %v", err)
	}
}
