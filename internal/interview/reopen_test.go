package interview_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/xform"
)

// reopen reopens what the journal was told has ended, as a store does, and goes on with it.
func (w *world) reopen(kind interview.CorrectionKind, reason string) (*interview.Session, error) {
	w.t.Helper()
	e := *w.journal.ended
	p := w.params("")
	d := interview.Draft{
		Snapshot: e.Kept.Snapshot, Position: e.Kept.Position, FormSHA256: "f0", Approach: e.Contact,
		Again: &interview.Again{Kind: kind, Reason: reason, Base: e.Interview, Sealed: e.Kept.Sealed},
	}
	if err := interview.Reopen(context.Background(), p, d); err != nil {
		return nil, err
	}
	return w.resume(), nil
}

func (w *world) mustReopen(kind interview.CorrectionKind, reason string) *interview.Session {
	w.t.Helper()
	s, err := w.reopen(kind, reason)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

var whole = []string{
	"/data/consent", "yes", "/data/age", "40", "/data/trade", "no", "/data/why", "to buy shoes", "/data/shops", "books shoes",
	"/data/person[0]", "", "/data/score", "9", "/data/name", "Anna Peeters", "/data/bye", "",
}

func TestABreakOffTakenBackGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("fr")
	w.answer(s, whole[:8]...)
	if _, err := s.Observe(ctx, interview.Observation{Cue: "smile"}); err != nil {
		t.Fatal(err)
	}
	before := picture(s)
	first, err := s.BreakOff(ctx, "no_time")
	if err != nil {
		t.Fatal(err)
	}
	w.clock.tick(4 * time.Second)
	s = w.mustReopen(interview.CorrectUndo, "undo")
	if diff := cmp.Diff(before, picture(s)); diff != "" {
		t.Errorf("it is not where it was: %s", diff)
	}
	if c := w.journal.contacts[len(w.journal.contacts)-1]; c.Disposition != interview.InProgress {
		t.Errorf("the contact is %s", c.Disposition)
	}
	w.answer(s, whole[8:]...)
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if i.ID != first.ID || i.Disposition != interview.Complete || i.BreakOffReason != "" || i.Language != "French (fr)" || len(i.Cells) != 3 || len(i.Observations) != 1 {
		t.Errorf("%+v", i)
	}
	if len(i.Corrections) != 1 || i.Corrections[0].Kind != interview.CorrectUndo || i.Ended.UTC <= first.Ended.UTC || i.DurationMS <= first.DurationMS {
		t.Errorf("%+v, ended %+v after %d", i.Corrections, i.Ended, i.DurationMS)
	}
	if values, err := seal.Open(w.keys, i.Sealed); err != nil || values["/data/name"] != "Anna Peeters" || len(i.SealedBefore) != 0 {
		t.Errorf("%v %v", values, err)
	}
}

func TestACorrectionIsANewRevisionAndOpensNothingSealed(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	w.study.EditMinutes = 30
	s := w.start("")
	w.answer(s, whole...)
	first, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if kept := w.journal.ended.Kept; bytes.Contains(kept.Snapshot, []byte("Peeters")) || !slices.Equal(kept.Sealed, []string{"/data/greeting", "/data/name"}) {
		t.Fatalf("sealed %v\n%s", kept.Sealed, kept.Snapshot)
	}
	w.clock.tick(20 * time.Minute)
	s = w.mustReopen(interview.CorrectEdit, "mistyped")
	if !s.Sealed("/data/name") || s.Sealed("/data/age") || s.Value("/data/name") != "" {
		t.Error("what was sealed is not told apart")
	}
	if err := s.GoTo(ctx, xform.Position{Kind: xform.KindQuestion, Ref: "/data/age"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(ctx, "/data/age", "30"); err != nil {
		t.Fatal(err)
	}
	second, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if second.Disposition != interview.Complete || !slices.Equal(second.Cells, []string{"young", "north", "region"}) || !strings.Contains(second.Answers, "<age>30</age>") {
		t.Errorf("%+v", second)
	}
	if second.Ended != first.Ended || second.DurationMS != first.DurationMS || second.Started != first.Started {
		t.Error("the correction changed the times of the talk")
	}
	if len(second.Corrections) != 1 || second.Corrections[0].Reason != "mistyped" || second.Corrections[0].At.UTC-first.Ended.UTC < 20*60*1000 {
		t.Errorf("%+v", second.Corrections)
	}
	if second.Sealed != "" || !slices.Equal(second.SealedBefore, []string{first.Sealed}) || strings.Contains(second.Answers, "Peeters") {
		t.Errorf("sealed %q before %d", second.Sealed, len(second.SealedBefore))
	}
	w.replaceTheName(first, second)
}

// replaceTheName gives a new value for one that was sealed: it is sealed anew, and the old one travels along unopened.
func (w *world) replaceTheName(first, second interview.Interview) {
	w.t.Helper()
	ctx := context.Background()
	s := w.mustReopen(interview.CorrectEdit, "respondent")
	if err := s.GoTo(ctx, xform.Position{Kind: xform.KindQuestion, Ref: "/data/name"}); err != nil {
		w.t.Fatal(err)
	}
	if err := s.Answer(ctx, "/data/name", "Berthe Claes"); err != nil {
		w.t.Fatal(err)
	}
	if s.Sealed("/data/name") {
		w.t.Error("a replaced answer is still called sealed")
	}
	third, err := s.Finish(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	values, err := seal.Open(w.keys, third.Sealed)
	if err != nil || values["/data/name"] != "Berthe Claes" || !slices.Equal(third.SealedBefore, []string{first.Sealed}) || len(third.Corrections) != 2 {
		w.t.Errorf("%v %v %d %+v", values, err, len(third.SealedBefore), third.Corrections)
	}
	if kept := w.journal.ended.Kept; bytes.Contains(kept.Snapshot, []byte("Claes")) || second.ID != third.ID {
		w.t.Error("the new name stays on the device")
	}
}

func TestAPersonalAnswerNobodyIsAskedAnyMoreIsTakenAway(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	w.study.EditMinutes = 30
	s := w.start("")
	w.answer(s, whole...)
	if _, err := s.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	s = w.mustReopen(interview.CorrectEdit, "respondent")
	if err := s.GoTo(ctx, s.Pages()[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(ctx, "/data/consent", "no"); err != nil {
		t.Fatal(err)
	}
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	values, err := seal.Open(w.keys, i.Sealed)
	if name, told := values["/data/name"]; err != nil || !told || name != "" || i.Disposition != interview.RefusedUnknown || len(i.Cells) != 0 {
		t.Errorf("%v %v %s %v", values, err, i.Disposition, i.Cells)
	}
}

func TestThePartialStaysPartialWhenCorrected(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	w.study.EditMinutes = 30
	s := w.start("")
	w.answer(s, whole[:12]...)
	first, err := s.BreakOff(ctx, "called_away")
	if err != nil || first.Disposition != interview.Partial {
		t.Fatal(first.Disposition, err)
	}
	s = w.mustReopen(interview.CorrectEdit, "missed")
	if err := s.Answer(ctx, "/data/age", "31"); err != nil {
		t.Fatal(err)
	}
	i, err := s.Finish(ctx)
	if err != nil || i.Disposition != interview.Partial || i.BreakOffAt != first.BreakOffAt || i.BreakOffReason != "called_away" || i.Cells[0] != "young" {
		t.Errorf("%v %+v", err, i)
	}
}

func TestTimeRunsOut(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.start("")
	w.answer(s, whole...)
	if _, err := s.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind    interview.CorrectionKind
		minutes int
		pass    time.Duration
		want    error
	}{
		{interview.CorrectEdit, 0, 0, interview.ErrTooLate},
		{interview.CorrectUndo, 0, time.Minute, nil},
		{interview.CorrectUndo, 60, time.Second, interview.ErrTooLate},
		{interview.CorrectEdit, 5, 0, nil},
		{interview.CorrectEdit, 5, 4 * time.Minute, interview.ErrTooLate},
	} {
		w.study.EditMinutes = c.minutes
		w.clock.tick(c.pass)
		if _, err := w.reopen(c.kind, "x"); !errors.Is(err, c.want) {
			t.Errorf("%s with %d minutes: %v", c.kind, c.minutes, err)
		}
	}
}

func TestVoidAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.start("")
	w.answer(s, whole...)
	i, err := s.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c := w.journal.ended.Contact
	v, vc := interview.Voided(i, c, "duplicate", i.Ended)
	if v.Void != "duplicate" || !vc.Void || v.Disposition != interview.Complete || len(v.Corrections) != 1 || i.Void != "" || len(i.Corrections) != 0 {
		t.Errorf("%+v", v)
	}
	if b, bc := interview.Unvoided(v, vc, i.Ended); b.Void != "" || bc != c || len(b.Corrections) != 2 || len(v.Corrections) != 1 {
		t.Errorf("%+v", b)
	}
}
