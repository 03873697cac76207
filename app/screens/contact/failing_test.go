package contact

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

var errDisk = errors.New("disk")

// failing is the real store, but one call fails, with nothing in its hands.
type failing struct {
	*fieldstore.Store
	at string
}

// or does what the store does, unless the call is the one that fails.
func or[T any](f *failing, call string, do func() (T, error)) (T, error) {
	if f.at == call {
		var nothing T
		return nothing, errDisk
	}
	return do()
}

func (f *failing) CountPasser(ctx context.Context, shift string) (int, error) {
	return or(f, "count", func() (int, error) { return f.Store.CountPasser(ctx, shift) })
}

func (f *failing) UndoPasser(ctx context.Context, shift string) (int, error) {
	return or(f, "uncount", func() (int, error) { return f.Store.UndoPasser(ctx, shift) })
}

func (f *failing) SaveContact(ctx context.Context, c interview.Contact) (interview.Contact, error) {
	return or(f, "save", func() (interview.Contact, error) { return f.Store.SaveContact(ctx, c) })
}

func (f *failing) ReviseContact(ctx context.Context, c interview.Contact) (interview.Contact, error) {
	return or(f, "revise", func() (interview.Contact, error) { return f.Store.ReviseContact(ctx, c) })
}

func (f *failing) UndoContact(ctx context.Context, id string) error {
	_, err := or(f, "undo", func() (bool, error) { return true, f.Store.UndoContact(ctx, id) })
	return err
}

func (f *failing) Contacts(ctx context.Context, shift string) ([]interview.Contact, error) {
	return or(f, "contacts", func() ([]interview.Contact, error) { return f.Store.Contacts(ctx, shift) })
}

func (f *failing) ShiftFigures(ctx context.Context, shift string) (fieldstore.ShiftFigures, error) {
	return or(f, "figures", func() (fieldstore.ShiftFigures, error) { return f.Store.ShiftFigures(ctx, shift) })
}

func (f *failing) QuotaCounts(ctx context.Context, id string) (map[string]int, error) {
	return or(f, "quotas", func() (map[string]int, error) { return f.Store.QuotaCounts(ctx, id) })
}

func (f *failing) Quotas(ctx context.Context, id string) (map[string]fieldstore.Quota, error) {
	return or(f, "rights", func() (map[string]fieldstore.Quota, error) { return f.Store.Quotas(ctx, id) })
}

func (f *failing) Aims(ctx context.Context, id string) (map[string]delivery.Aim, error) {
	return or(f, "aims", func() (map[string]delivery.Aim, error) { return f.Store.Aims(ctx, id) })
}

func (f *failing) PauseShift(ctx context.Context, id, reason string) (interview.Shift, error) {
	return or(f, "pause", func() (interview.Shift, error) { return f.Store.PauseShift(ctx, id, reason) })
}

func (f *failing) ResumeShift(ctx context.Context, id string) (interview.Shift, error) {
	return or(f, "resume", func() (interview.Shift, error) { return f.Store.ResumeShift(ctx, id) })
}

func (f *failing) EndShift(ctx context.Context, id string) (interview.Shift, error) {
	return or(f, "end", func() (interview.Shift, error) { return f.Store.EndShift(ctx, id) })
}

func (f *failing) ExplainPause(ctx context.Context, shift, reason, words string) error {
	_, err := or(f, "explain", func() (bool, error) { return true, f.Store.ExplainPause(ctx, shift, reason, words) })
	return err
}

func (f *failing) CorrectPassers(ctx context.Context, shift string, to int, reason, words string) (interview.Shift, error) {
	return or(f, "correct", func() (interview.Shift, error) { return f.Store.CorrectPassers(ctx, shift, to, reason, words) })
}

func (f *failing) SaveShiftNote(ctx context.Context, shift string, n interview.ShiftNote) (interview.ShiftNote, error) {
	return or(f, "note", func() (interview.ShiftNote, error) { return f.Store.SaveShiftNote(ctx, shift, n) })
}

func (f *failing) Outlook(ctx context.Context) (fieldstore.Outlook, error) {
	return or(f, "outlook", func() (fieldstore.Outlook, error) { return f.Store.Outlook(ctx) })
}

func (f *failing) Condition(ctx context.Context) (fieldstore.Condition, error) {
	return or(f, "condition", func() (fieldstore.Condition, error) { return f.Store.Condition(ctx) })
}

// fragile is a sheet with five persons counted whose store can be made to fail.
func fragile(t *testing.T) (*sheet, *failing) {
	t.Helper()
	s := newSheet(t)
	s.pass(5)
	shift, err := s.store.CurrentShift(t.Context())
	s.must(err)
	f := &failing{Store: s.store}
	s.Presenter, err = New(t.Context(), Params{Store: f, Study: s.study, Shift: shift, Now: func() time.Time { return s.now }, NewID: uuid.NewString})
	s.must(err)
	return s, f
}

func TestWhatIsNotSavedChangesNothingOnTheSheet(t *testing.T) {
	t.Parallel()
	for call, do := range map[string]func(context.Context, *sheet) error{
		"count":   func(ctx context.Context, s *sheet) error { return s.Pass(ctx) },
		"uncount": func(ctx context.Context, s *sheet) error { return s.Unpass(ctx) },
		"save":    func(ctx context.Context, s *sheet) error { return s.Outcome(ctx, interview.NoTime) },
		"pause":   func(ctx context.Context, s *sheet) error { return s.Pause(ctx) },
		"resume":  func(ctx context.Context, s *sheet) error { return s.Resume(ctx) },
		"end":     func(ctx context.Context, s *sheet) error { return s.End(ctx) },
		"explain": func(ctx context.Context, s *sheet) error { return s.Explain(ctx, "venue", "") },
		"outlook": func(ctx context.Context, s *sheet) error { return s.ReadDelivery(ctx) },
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s, f := fragile(t)
			f.at = call
			before := s.Model()
			if err := do(t.Context(), s); !errors.Is(err, errDisk) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, s.Model()); diff != "" {
				t.Error(diff)
			}
			if c := s.Contact(interview.InProgress); c.Passed != 5 {
				t.Errorf("the next contact would say that %d passed, want 5", c.Passed)
			}
		})
	}
}

func TestAnOutcomeThatWasSavedIsThereAlthoughTheSheetCannotBeReadAnew(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"figures", "contacts", "quotas", "outlook", "condition"} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			s, f := fragile(t)
			f.at = call
			if err := s.Outcome(t.Context(), interview.AlreadyInterviewed); !errors.Is(err, errDisk) {
				t.Fatal(err)
			}
			if c := s.last(); c.Disposition != interview.AlreadyInterviewed || !s.Model().CanUndoOutcome {
				t.Errorf("saved: %+v, can be undone: %v", c, s.Model().CanUndoOutcome)
			}
			if m := s.Model(); m.Passed != 5 {
				t.Errorf("the sheet says that %d passed, want 5", m.Passed)
			}
			if _, err := New(t.Context(), s.p); !errors.Is(err, errDisk) {
				t.Errorf("a sheet that cannot be read opens: %v", err)
			}
			f.at = ""
			s.must(s.UndoOutcome(t.Context()))
			if c := s.last(); c.ID != "" || s.Model().Figures.Approached != 0 {
				t.Errorf("undone, and still there: %+v", c)
			}
		})
	}
}

func TestAnEstimateAndAnUndoThatFailCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, f := fragile(t)
	s.must(s.Outcome(ctx, interview.NoTime))
	f.at = "revise"
	if err := s.Guess(ctx, "male", "55_74"); !errors.Is(err, errDisk) || s.Model().Asking != AskGuess || s.Model().Guessed.Estimated() {
		t.Errorf("%v, asking %d, %+v", err, s.Model().Asking, s.Model().Guessed)
	}
	f.at = "undo"
	if err := s.UndoOutcome(ctx); !errors.Is(err, errDisk) || !s.Model().CanUndoOutcome || s.last().ID == "" {
		t.Errorf("%v, can be undone: %v", err, s.Model().CanUndoOutcome)
	}
	f.at = ""
	s.must(s.Guess(ctx, "male", "55_74"))
	if c := s.last(); c.EstimatedSex != "male" || s.Model().Asking != AskOutcome {
		t.Errorf("%+v", c)
	}
}

func TestACorrectionAndANoteThatAreNotKeptAreNotShown(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, f := fragile(t)
	count, note := s.Count(), s.Note()
	count.Number, count.Reason = "7", "missed"
	s.must(note.Weather(ctx, "rain"))
	f.at = "correct"
	if _, fault, err := count.Save(ctx); !errors.Is(err, errDisk) || fault != (CountFault{}) {
		t.Errorf("%+v, %v", fault, err)
	}
	f.at = "note"
	if err := errors.Join(note.Weather(ctx, "rain"), note.Write(ctx, "a market")); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	if got := note.Note(); got.Weather != "rain" || got.Words != "" {
		t.Errorf("%+v", got)
	}
	s.reopen()
	if m := s.Model(); m.Passed != 5 || m.Weather != "rain" {
		t.Errorf("%d passed in %q", m.Passed, m.Weather)
	}
}
