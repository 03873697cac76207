package interview_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/internal/xform"
)

func TestAWholeInterviewInFrench(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("fr")
	if s.Language() != "French (fr)" {
		t.Fatalf("language %q", s.Language())
	}
	if label := s.Page().Questions[0].Label; !strings.Contains(label, "Centre Nord") {
		t.Errorf("the site's label is not in the question: %q", label)
	}
	if d := w.journal.contacts[0].Disposition; d != interview.InProgress {
		t.Errorf("the contact began as %s", d)
	}
	w.answer(s, "/data/consent", "yes", "/data/age", "40", "/data/trade", "no", "/data/why", "to buy shoes", "/data/shops", "books shoes",
		"/data/person[0]", "", "/data/score", "9", "/data/name", "Anna Peeters", "/data/bye", "")
	if !s.Ended() || s.Outcome() != interview.Complete {
		t.Fatalf("ended %v, outcome %s", s.Ended(), s.Outcome())
	}
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"old", "north", "region"}, i.Cells); diff != "" {
		t.Errorf("cells: %s", diff)
	}
	if i.DurationMS != 18_000 || i.Ended.UTC-i.Started.UTC != 18_000 {
		t.Errorf("duration %d, wall %d", i.DurationMS, i.Ended.UTC-i.Started.UTC)
	}
	if strings.Contains(i.Answers, "Peeters") || !strings.Contains(i.Answers, "<score>9</score>") || !strings.Contains(i.Answers, "<interviewer>i7</interviewer>") ||
		!strings.Contains(i.Answers, "<entrance_label>Grande porte</entrance_label>") || strings.Contains(i.Answers, "<end/>") {
		t.Errorf("answers: %s", i.Answers)
	}
	values, err := seal.Open(w.keys, i.Sealed)
	if diff := cmp.Diff(map[string]string{"/data/name": "Anna Peeters", "/data/greeting": "Dear Anna Peeters"}, values); err != nil || diff != "" {
		t.Errorf("sealed: %v %s", err, diff)
	}
	last := w.journal.contacts[len(w.journal.contacts)-1]
	if last.Disposition != interview.Complete || !last.EligibilityKnown || last.Interview != i.ID || last.ID != i.Contact {
		t.Errorf("contact: %+v", last)
	}
	if err := s.Answer(ctx, "/data/score", "1"); !errors.Is(err, interview.ErrClosed) {
		t.Errorf("answering an ended interview: %v", err)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	toScore := []string{"/data/consent", "yes", "/data/age", "40", "/data/trade", "no", "/data/why", "x", "/data/shops", "", "/data/person[0]", ""}
	for _, c := range []struct {
		name    string
		answers []string
		end     func(*interview.Session) (interview.Interview, error)
		want    interview.Disposition
		known   bool
		at      string
		cells   int
	}{
		{"refused", []string{"/data/consent", "no", "/data/bye", ""}, nil, interview.RefusedUnknown, false, "", 0},
		{"too young", []string{"/data/consent", "yes", "/data/age", "12", "/data/bye", ""}, nil, interview.ScreenedOut, true, "", 0},
		{"in the trade", []string{"/data/consent", "yes", "/data/age", "40", "/data/trade", "yes", "/data/bye", ""}, nil, interview.ScreenedOut, true, "", 0},
		{"walked off before any answer", nil, breakOff, interview.BrokeOff, false, "/data/consent", 2},
		{"walked off in the screener", toScore[:4], breakOff, interview.BrokeOff, false, "/data/trade", 3},
		{"walked off before the threshold", toScore[:8], breakOff, interview.BrokeOff, true, "/data/shops", 3},
		{"walked off at the threshold", toScore, breakOff, interview.Partial, true, "/data/score", 3},
		{"refused and broken off", []string{"/data/consent", "no"}, breakOff, interview.RefusedUnknown, false, "", 0},
	} {
		for _, rule := range []string{"/data/age >= 18 and /data/trade = 'no'", "/data/eligible = 'yes'"} {
			t.Run(c.name+", "+rule, func(t *testing.T) {
				w := newWorld(t)
				w.study.Eligible = study.Rule{XPath: rule}
				s := w.start("")
				w.answer(s, c.answers...)
				if got := s.Outcome(); got != c.want {
					t.Errorf("outcome %s, want %s", got, c.want)
				}
				end := c.end
				if end == nil {
					end = func(s *interview.Session) (interview.Interview, error) { return s.Finish(ctx) }
				}
				i, err := end(s)
				if err != nil {
					t.Fatal(err)
				}
				contact := w.journal.contacts[len(w.journal.contacts)-1]
				if i.Disposition != c.want || contact.Disposition != c.want || contact.EligibilityKnown != c.known || i.BreakOffAt != c.at || len(i.Cells) != c.cells {
					t.Errorf("%s (contact %s), known %v, at %q, cells %v", i.Disposition, contact.Disposition, contact.EligibilityKnown, i.BreakOffAt, i.Cells)
				}
			})
		}
	}
}

func breakOff(s *interview.Session) (interview.Interview, error) {
	return s.BreakOff(context.Background(), "in a hurry")
}

func TestVoidIsKeptButCountsForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.start("")
	w.answer(s, "/data/consent", "yes", "/data/age", "40")
	i, err := s.Void(context.Background(), "started by mistake")
	if err != nil || i.Void != "started by mistake" || !w.journal.ended.Contact.Void {
		t.Errorf("%v, %+v", err, i)
	}
}

func TestFinishBeforeTheEndIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.start("")
	w.answer(s, "/data/consent", "yes")
	if _, err := s.Finish(context.Background()); !errors.Is(err, interview.ErrNotEnded) {
		t.Errorf("%v", err)
	}
	if err := s.GoTo(context.Background(), xform.Position{Kind: xform.KindEnd}); err != nil {
		t.Fatal(err)
	}
	var unfinished *interview.UnfinishedError
	if _, err := s.Finish(context.Background()); !errors.As(err, &unfinished) || unfinished.Violations[0].Ref != "/data/age" {
		t.Errorf("an unanswered question was jumped over: %v", err)
	}
	if w.journal.ended != nil {
		t.Error("the journal was told of an end")
	}
}

func TestPersonalQuestionsNeedARecipient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.study.Recipients = nil
	if _, err := interview.Start(context.Background(), w.params("")); !errors.Is(err, interview.ErrNoRecipient) {
		t.Errorf("%v", err)
	}
}

func TestNextSaysWhatIsWrongAndStays(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("")
	if wrong, err := s.Next(ctx); err != nil || len(wrong) != 1 || wrong[0].Kind != xform.MissingAnswer {
		t.Errorf("%v, %v", wrong, err)
	}
	w.answer(s, "/data/consent", "yes")
	if err := s.Answer(ctx, "/data/age", "old"); xform.CodeOf(err) != xform.BadType {
		t.Errorf("a word for a number: %v", err)
	}
	if err := s.Answer(ctx, "/data/age", "130"); err != nil {
		t.Fatal(err)
	}
	if wrong, err := s.Next(ctx); err != nil || len(wrong) != 1 || wrong[0].Kind != xform.ConstraintBroken || s.Position().Ref != "/data/age" {
		t.Errorf("%v, %v at %s", wrong, err, s.Position())
	}
}

func TestWhatTheJournalRefusesDidNotHappen(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("")
	w.answer(s, "/data/consent", "yes", "/data/age", "40", "/data/trade", "no")
	if _, err := s.Observe(ctx, interview.Observation{Cue: "smile"}); err != nil {
		t.Fatal(err)
	}
	full := errors.New("storage full")
	before := picture(s)
	w.journal.fail = full
	for name, do := range map[string]func() error{
		"answer":   func() error { return s.Answer(ctx, "/data/why", "lost") },
		"draft":    func() error { return s.Draft(ctx, "/data/why", "lo") },
		"next":     func() error { _, err := s.Next(ctx); return err },
		"back":     func() error { return s.Back(ctx) },
		"go to":    func() error { return s.GoTo(ctx, xform.Position{Kind: xform.KindEnd}) },
		"language": func() error { return s.SetLanguage(ctx, "fr") },
		"repeat":   func() error { return s.AddRepeat(ctx, "/data/person") },
		"observe":  func() error { _, err := s.Observe(ctx, interview.Observation{Cue: "sigh"}); return err },
		"undo":     func() error { return s.UndoObservation(ctx, s.Observations()[0].ID) },
		"mark":     func() error { return s.Mark(ctx, interview.Mark{Kind: interview.MarkProbe}) },
		"break":    func() error { _, err := s.BreakOff(ctx, ""); return err },
		"void":     func() error { _, err := s.Void(ctx, "x"); return err },
	} {
		if err := do(); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, picture(s)); diff != "" {
			t.Errorf("%s changed the session: %s", name, diff)
		}
	}
	w.journal.fail = nil
	w.answer(s, "/data/why", "kept", "/data/shops", "toys", "/data/person[0]", "", "/data/score", "3", "/data/name", "", "/data/bye", "")
	i, err := s.Finish(ctx)
	if err != nil || len(i.Observations) != 1 || !strings.Contains(i.Answers, "<why>kept</why>") {
		t.Errorf("%v, %d observations, %s", err, len(i.Observations), i.Answers)
	}
}

// picture is all that can be seen of a session.
func picture(s *interview.Session) map[string]any {
	at, about := s.Progress()
	values := map[xform.Ref]string{}
	for _, ref := range []xform.Ref{"/data/consent", "/data/age", "/data/trade", "/data/why", "/data/shops", "/data/person[0]/first", "/data/person[1]/first",
		"/data/score", "/data/name", "/data/greeting", "/data/site_label"} {
		values[ref] = s.Value(ref)
	}
	return map[string]any{
		"position": s.Position(), "page": s.Page(), "at": at, "about": about, "language": s.Language(), "outcome": s.Outcome(), "ended": s.Ended(),
		"observations": s.Observations(), "marks": s.Marks(), "values": values, "pages": s.Pages(),
	}
}

func TestOpenTimeLeavesOutTheTimeBetweenAKillAndAResume(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("")
	w.answer(s, "/data/consent", "yes") // 2 s
	if err := s.Answer(ctx, "/data/age", "40"); err != nil {
		t.Fatal(err)
	}
	w.clock.tick(time.Hour)
	w.clock.mono = 5 * time.Second // another run of the program has another zero
	w.clock.wall = w.clock.wall.Add(-48 * time.Hour)
	s = w.resume()
	w.clock.tick(3 * time.Second)
	i, err := s.BreakOff(ctx, "")
	if err != nil || i.DurationMS != 5000 {
		t.Errorf("%v, %d ms", err, i.DurationMS)
	}
	dwell := func(v interview.Visit) int64 { return v.DwellMS }
	var all []int64
	for _, v := range i.Visits {
		all = append(all, dwell(v))
	}
	if !slices.Equal(all, []int64{2000, 3000}) {
		t.Errorf("visits %+v", i.Visits)
	}
}

func TestParadataOfTypingAndChanging(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("")
	w.answer(s, "/data/consent", "yes", "/data/age", "40", "/data/trade", "no")
	for _, text := range []string{"f", "fo", "for sho", "for shoes"} {
		w.clock.tick(time.Second)
		if err := s.Draft(ctx, "/data/why", text); err != nil {
			t.Fatal(err)
		}
		kept, err := w.form.Restore(w.journal.get().Snapshot, xform.World{})
		if err != nil || kept.Value("/data/why") != text {
			t.Fatalf("a kill after %q would lose it: %v", text, err)
		}
	}
	if err := s.Mark(ctx, interview.Mark{Kind: interview.MarkProbe, Label: "what else", Position: 9}); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(ctx, "/data/why", "for shoes and bread"); err != nil {
		t.Fatal(err)
	}
	for _, shops := range []string{"toys", "toys books", "books"} {
		if s.Position().Ref == "/data/why" {
			if _, err := s.Next(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Answer(ctx, "/data/shops", shops); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range w.journal.get().Steps {
		for _, said := range []string{"shoes", "bread"} {
			if strings.Contains(step.Question+step.Undoes+step.Position, said) {
				t.Errorf("step %d tells an answer", step.Number)
			}
		}
	}
	i, err := s.BreakOff(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	why, shops := i.Visits[3], i.Visits[4]
	if why.Edits != 0 || why.FirstTapMS != 1000 || shops.Edits != 2 || shops.Question != "/data/shops" {
		t.Errorf("%+v, %+v", why, shops)
	}
	if len(i.Marks) != 1 || i.Marks[0].Question != "/data/why" || i.Marks[0].SinceMS != 4000 {
		t.Errorf("%+v", i.Marks)
	}
}
