package contact

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
)

// sheet is a contact sheet over a real file, with a clock that the test turns.
type sheet struct {
	*Presenter
	t     *testing.T
	store *fieldstore.Store
	study study.Study
	now   time.Time
}

func newSheet(t *testing.T) *sheet {
	t.Helper()
	s := &sheet{t: t, now: time.Date(2026, 11, 21, 10, 4, 0, 0, time.FixedZone("CET", 3600))}
	ctx := context.Background()
	var err error
	s.store, err = fieldstore.Open(ctx, fieldstore.Params{
		Path: filepath.Join(t.TempDir(), "parvis.db"), Now: func() time.Time { return s.now }, PINCost: seal.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1},
	})
	s.must(err)
	t.Cleanup(func() { s.must(s.store.Close()) })
	s.must(s.store.SetPIN(ctx, "271828"))
	s.must(s.store.SaveEnrolment(ctx, delivery.Credentials{Central: "https://central.test", Device: "d", Epoch: "e", Interviewer: "0417", Token: "none"}))
	s.study = study.Study{
		ID: "visit", Title: study.Text{"": "Visitors"}, Interval: 5, Sites: []study.Site{{Name: "north", Entrances: []study.Entrance{{Name: "main"}}}},
		Form: study.FormRef{ID: "visit", Version: "1", SHA256: delivery.Sum([]byte("form")), Size: 4},
	}
	body, err := json.Marshal(s.study)
	s.must(err)
	s.must(s.store.ApplyPull(ctx, []delivery.Item{{Kind: delivery.ItemStudy, ID: "visit", Body: body}}, "1"))
	_, err = s.store.StartShift(ctx, fieldstore.ShiftStart{Study: "visit", Site: "north", Entrance: "main"})
	s.must(err)
	s.reopen()
	return s
}

// reopen makes the sheet anew from the file, as after a kill or a turn of the phone.
func (s *sheet) reopen() {
	s.t.Helper()
	ctx := context.Background()
	shift, err := s.store.CurrentShift(ctx)
	s.must(err)
	s.Presenter, err = New(ctx, Params{Store: s.store, Study: s.study, Shift: shift, Now: func() time.Time { return s.now }, NewID: uuid.NewString})
	s.must(err)
}

func (s *sheet) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *sheet) pass(n int) {
	s.t.Helper()
	for range n {
		s.must(s.Pass(context.Background()))
	}
}

// last is the contact recorded last.
func (s *sheet) last() interview.Contact {
	s.t.Helper()
	shift, err := s.store.CurrentShift(context.Background())
	s.must(err)
	contacts, err := s.store.Contacts(context.Background(), shift.ID)
	s.must(err)
	if len(contacts) == 0 {
		return interview.Contact{}
	}
	return contacts[0]
}

func TestTwoTapsRecordARefusalWithAnEstimate(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	s.pass(5)
	s.must(s.Outcome(ctx, interview.RefusedUnknown))
	if c := s.last(); c.Disposition != interview.RefusedUnknown || c.Passed != 5 || s.Model().Asking != AskGuess || s.Model().Due {
		t.Fatalf("after the first tap: %+v, asking %d", c, s.Model().Asking)
	}
	s.now = s.now.Add(time.Minute)
	s.reopen() // a kill between the taps
	if m := s.Model(); m.Asking != AskGuess || m.Guessed.ID != s.last().ID || !m.CanUndoOutcome {
		t.Fatalf("the estimate is no longer asked for: %+v", m)
	}
	s.must(s.Guess(ctx, "female", "35_54"))
	if c := s.last(); c.EstimatedSex != "female" || c.EstimatedAge != "35_54" || s.Model().Asking != AskOutcome {
		t.Errorf("after the second tap: %+v", c)
	}
	s.must(s.UndoOutcome(ctx))
	if c := s.last(); c.ID != "" {
		t.Errorf("undone, and still there: %+v", c)
	}
}

func TestWhoIsAskedForAnEstimate(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	for d, want := range map[interview.Disposition]Asking{
		interview.NoTime: AskGuess, interview.GotAway: AskGuess, interview.LanguageBarrier: AskGuess, interview.AlreadyInterviewed: AskOutcome,
	} {
		s.now = s.now.Add(time.Second)
		s.must(s.Outcome(ctx, d))
		if got := s.Model().Asking; got != want {
			t.Errorf("%s: asks %d, want %d", d, got, want)
		}
		if want == AskGuess {
			s.must(s.Guess(ctx, interview.CannotTell, interview.CannotTell))
		}
	}
	s.now = s.now.Add(-time.Minute) // the clock goes back
	s.must(s.Outcome(ctx, interview.NoTime))
	if m := s.Model(); m.Asking != AskGuess || m.Guessed.At.UTC != s.now.UnixMilli() {
		t.Errorf("after the clock went back: %+v", m.Guessed)
	}
	s.now = s.now.Add(guessFor)
	s.reopen()
	if s.Model().Asking != AskOutcome {
		t.Error("an estimate is asked for when nobody remembers the face")
	}
}

func TestTheUndoOfAnOutcomeEnds(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	s.must(s.Outcome(ctx, interview.AlreadyInterviewed))
	s.now = s.now.Add(UndoFor + time.Second)
	if s.Model().CanUndoOutcome {
		t.Error("it can be undone for ever")
	}
	s.must(s.UndoOutcome(ctx))
	if c := s.last(); c.ID == "" {
		t.Error("undone too late")
	}
}

func TestNotApproachedKeepsItsReasonAndGoesOnWithTheInterval(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	for reason, class := range map[string]interview.Class{"busy": interview.ClassUnapproached, "minor": interview.ClassNotEligible} {
		s.pass(5)
		if !s.Model().Due {
			t.Fatal("nobody is due after five")
		}
		s.now = s.now.Add(time.Second)
		s.AskWhyNot(true)
		if s.Model().Asking != AskWhyNot {
			t.Fatal("nobody asks why")
		}
		s.must(s.NotApproached(ctx, reason))
		c, m := s.last(), s.Model()
		if c.NotApproached != reason || c.Class() != class || c.ContactMade || m.Due || m.More != 5 || m.Asking != AskOutcome || m.Figures.Approached != 0 {
			t.Errorf("%s: %+v, %+v", reason, c, m)
		}
	}
}

func TestACorrectionMovesTheCountAndNotTheInterval(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	s.pass(3)
	count := s.Count()
	for name, c := range map[string]struct {
		number, reason, words string
		want                  CountFault
	}{
		"nothing":           {"", "", "", CountFault{"count.number_missing", "count.reason_missing", ""}},
		"no reason":         {"40", "", "", CountFault{"", "count.reason_missing", ""}},
		"other, no words":   {"40", interview.Other, " ", CountFault{"", "", "count.words_missing"}},
		"minus":             {"-4", "missed", "", CountFault{"count.number_missing", "", ""}},
		"a slip of fingers": {"4000000", "missed", "", CountFault{"count.too_many", "", ""}},
		"the same":          {"3", "missed", "", CountFault{"count.same", "", ""}},
	} {
		count.Number, count.Reason, count.Words = c.number, c.reason, c.words
		if _, got, err := count.Save(ctx); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, to := range []string{"40", "2"} {
		count.Number, count.Reason = to, "missed"
		if _, fault, err := count.Save(ctx); err != nil || fault != (CountFault{}) {
			t.Fatalf("%+v, %v", fault, err)
		}
		s.reopen()
		if m := s.Model(); s.typed(m.Passed) != to || m.Step != 3 || m.More != 2 {
			t.Errorf("%d passed, %d of the interval", m.Passed, m.Step)
		}
	}
	s.pass(2)
	if m := s.Model(); !m.Due || m.Passed != 4 {
		t.Errorf("%+v", m)
	}
	s.must(s.Outcome(ctx, interview.AlreadyInterviewed))
	if m := s.Model(); m.Due || m.Step != 0 {
		t.Errorf("after the approach: %+v", m)
	}
}

// typed writes a count as it is typed.
func (s *sheet) typed(n int) string {
	text, err := json.Marshal(n)
	s.must(err)
	return string(text)
}

func TestPausesAndNotesAreKeptAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), newSheet(t)
	s.must(s.Pause(ctx))
	s.must(s.Explain(ctx, "venue", ""))
	s.must(s.Explain(ctx, "venue", "the guard sent me o"))
	s.reopen() // a kill in the middle of the word
	if m := s.Model(); !m.Paused || m.Pause.Reason != "venue" || m.Pause.Words != "the guard sent me o" {
		t.Errorf("%+v", m.Pause)
	}
	s.must(s.Resume(ctx))
	if s.Model().Paused {
		t.Error("still paused")
	}
	note := s.Note()
	s.must(note.Weather(ctx, "rain"))
	s.must(note.Weather(ctx, "rain")) // a second tap takes it off
	s.must(note.Weather(ctx, "snow"))
	s.must(note.Write(ctx, "a market"))
	s.reopen()
	before := s.Note().Before
	if len(before) != 1 || before[0].Weather != "snow" || before[0].Words != "a market" || s.Model().Weather != "snow" {
		t.Errorf("%+v", before)
	}
}

// Rights that came with an exchange are shown at once.
func TestRightsThatCameAreShown(t *testing.T) {
	s := newSheet(t)
	s.study.Quotas = []study.Quota{{Name: "women", Target: 10, Kind: study.Hard, Condition: study.Rule{XPath: "/data/sex = 'w'"}}}
	lease := func(n int) {
		_, err := s.store.Leased(t.Context(), []delivery.LeaseAnswer{{Study: "visit", Epoch: "e", Leases: map[string]delivery.Lease{"women": {Granted: n, Keep: n, Cap: 10}}}})
		s.must(err)
	}
	lease(0)
	s.reopen()
	lease(5)
	s.must(s.ReadDelivery(t.Context()))
	if c := s.Model().Cells[0]; c.Left() != 5 {
		t.Errorf("five places came, and %d are shown", c.Left())
	}
}
