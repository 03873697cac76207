package observe

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
	"parvis/internal/study"
)

// notebook keeps observations as an interview does, without one.
type notebook struct {
	kept []interview.Observation
	err  error
}

func (n *notebook) Observe(_ context.Context, o interview.Observation) (string, error) {
	if n.err != nil {
		return "", n.err
	}
	o.ID = strconv.Itoa(len(n.kept) + 1)
	n.kept = append(n.kept, o)
	return o.ID, nil
}

func (n *notebook) UndoObservation(_ context.Context, id string) error {
	if n.err == nil {
		n.kept = slices.DeleteFunc(n.kept, func(o interview.Observation) bool { return o.ID == id })
	}
	return n.err
}

func (n *notebook) Observations() []interview.Observation { return slices.Clone(n.kept) }

// strip is a presenter whose page and clock the test turns.
type strip struct {
	*Presenter
	*notebook
	now time.Time
	ref string
}

func newStrip(st study.Study) *strip {
	s := &strip{notebook: &notebook{}, now: time.Date(2026, 11, 21, 10, 4, 0, 0, time.UTC), ref: "/data/a"}
	s.Presenter = New(Params{Recorder: s.notebook, Study: st, Now: func() time.Time { return s.now }, Question: func() string { return s.ref }})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func chosen(m Model) (names []string) {
	for _, c := range m.Cues {
		if c.Chosen {
			names = append(names, c.Name)
		}
	}
	return names
}

func TestTheStripShowsWhatWasNotedOnThisQuestion(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newStrip(study.Study{})
	if m := s.Model(); m.Marked || m.CanUndo || len(m.Timeline) != 0 || len(chosen(m)) != 0 {
		t.Errorf("before anything: %+v", m)
	}
	must(t, s.Mark(ctx, 2, -1))
	must(t, s.Mark(ctx, -2, 1))
	must(t, s.Cue(ctx, "laugh"))
	must(t, s.Cue(ctx, "a cue of an older version"))
	m := s.Model()
	if !m.Marked || m.Valence != -2 || m.Energy != 1 {
		t.Errorf("the last mark stands: %+v", m)
	}
	if diff := cmp.Diff([]string{"laugh"}, chosen(m)); diff != "" {
		t.Error(diff)
	}
	s.ref = "/data/b"
	m = s.Model()
	if m.Marked || m.Valence != 0 || m.Energy != 0 || len(chosen(m)) != 0 {
		t.Errorf("what was noted on one question stands on another: %+v", m)
	}
	if len(m.Timeline) != 4 || m.Timeline[0].Cue != "a cue of an older version" || m.Timeline[3].Question != "/data/a" || *m.Timeline[3].Valence != 2 {
		t.Errorf("the newest comes first: %+v", m.Timeline)
	}
}

func TestTheStudysCuesTakeThePlaceOfTheUsualOnes(t *testing.T) {
	t.Parallel()
	var usual []string
	for _, c := range newStrip(study.Study{}).Model().Cues {
		usual = append(usual, c.Name)
	}
	if diff := cmp.Diff(interview.Cues(), usual); diff != "" {
		t.Error(diff)
	}
	s := newStrip(study.Study{Cues: []study.Phrase{{Name: "tastes", Label: study.Text{"fr": "Goûte"}}, {Name: "smells"}}})
	must(t, s.Cue(t.Context(), "smells"))
	want := []Cue{{Name: "tastes", Label: study.Text{"fr": "Goûte"}}, {Name: "smells", Chosen: true}}
	if diff := cmp.Diff(want, s.Model().Cues); diff != "" {
		t.Error(diff)
	}
}

func TestANoteIsKeptWithoutBlanksAndNeverEmpty(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newStrip(study.Study{})
	for _, text := range []string{"", "  ", "\n"} {
		must(t, s.Note(ctx, text))
	}
	if m := s.Model(); len(m.Timeline) != 0 || m.CanUndo {
		t.Errorf("nothing was written, and it is kept: %+v", m)
	}
	must(t, s.Note(ctx, " her phone rang "))
	m := s.Model()
	if len(m.Timeline) != 1 || m.Timeline[0].Note != "her phone rang" || m.Timeline[0].Question != "/data/a" || !m.CanUndo || m.Marked {
		t.Errorf("%+v", m)
	}
}

func TestTheLastObservationCanBeTakenBackForAMoment(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newStrip(study.Study{})
	must(t, s.Undo(ctx)) // there is nothing
	must(t, s.Cue(ctx, "laugh"))
	must(t, s.Cue(ctx, "sigh"))
	s.now = s.now.Add(UndoFor)
	if !s.Model().CanUndo {
		t.Error("it can be taken back no more before its time")
	}
	must(t, s.Undo(ctx))
	if m := s.Model(); m.CanUndo || len(m.Timeline) != 1 || m.Timeline[0].Cue != "laugh" {
		t.Errorf("taken back: %+v", m)
	}
	must(t, s.Undo(ctx)) // only the last
	must(t, s.Cue(ctx, "frown"))
	s.now = s.now.Add(UndoFor + time.Millisecond)
	if s.Model().CanUndo {
		t.Error("it can be taken back for ever")
	}
	must(t, s.Undo(ctx))
	if got := len(s.kept); got != 2 {
		t.Errorf("%d observations kept, want 2", got)
	}
}

func TestWhatIsNotSavedIsReportedAndChangesNothing(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), newStrip(study.Study{})
	disk := errors.New("disk")
	s.err = disk
	if err := s.Mark(ctx, 1, 1); !errors.Is(err, disk) || s.Model().CanUndo {
		t.Errorf("%v, can undo what was not kept: %v", err, s.Model().CanUndo)
	}
	s.err = nil
	must(t, s.Cue(ctx, "laugh"))
	s.err = disk
	if err := s.Undo(ctx); !errors.Is(err, disk) || !s.Model().CanUndo {
		t.Errorf("%v, can still be undone: %v", err, s.Model().CanUndo)
	}
	s.err = nil
	must(t, s.Undo(ctx))
	if len(s.kept) != 0 {
		t.Error("the second attempt did nothing")
	}
}
