package interview_test

import (
	"context"
	"testing"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

// standings is the outline as question -> standing, and the question in front.
func standings(s *interview.Session) (all map[string]interview.Standing, front string) {
	all = map[string]interview.Standing{}
	for _, p := range s.Outline() {
		all[p.Questions[0].Name] = p.Standing
		if p.Present {
			front = p.Questions[0].Name
		}
	}
	return all, front
}

func TestOutlineGoesAsFarAsTheInterviewHasBeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.start("")
	if all, front := standings(s); len(all) != 1 || front != "consent" || all["consent"] != interview.Wrong {
		t.Fatalf("at the beginning: %v, %s in front", all, front)
	}
	w.answer(s, "/data/consent", "yes", "/data/age", "40", "/data/trade", "no", "/data/why", "", "/data/shops", "books")
	all, _ := standings(s)
	for name, want := range map[string]interview.Standing{"consent": interview.Answered, "age": interview.Answered, "why": interview.Empty, "shops": interview.Answered} {
		if got, there := all[name]; !there || got != want {
			t.Errorf("%s stands at %v (listed: %v), want %v", name, got, there, want)
		}
	}
	if _, ahead := all["score"]; ahead {
		t.Error("a question that lies ahead is listed")
	}
	// an answer that is taken back makes its page wrong, and what hung on it goes
	if err := s.Answer(context.Background(), "/data/trade", ""); err != nil {
		t.Fatal(err)
	}
	if all, _ = standings(s); all["trade"] != interview.Wrong {
		t.Errorf("trade was taken back: %v", all)
	}
	if _, there := all["why"]; there {
		t.Errorf("what is not relevant any more is listed: %v", all)
	}
	if err := s.GoTo(context.Background(), xform.Position{Kind: xform.KindQuestion, Ref: "/data/age"}); err != nil {
		t.Fatal(err)
	}
	all, front := standings(s)
	if _, there := all["trade"]; front != "age" || !there {
		t.Errorf("going back forgot what had been shown: %v, %s in front", all, front)
	}
}
