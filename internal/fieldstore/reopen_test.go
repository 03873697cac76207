package fieldstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/xform"
)

// reopenEnded reopens an interview that has ended and goes on with it as after a kill.
func (d *device) reopenEnded(t testing.TB, id string, kind interview.CorrectionKind, reason string) *interview.Session {
	t.Helper()
	if err := d.tryReopen(id, kind, reason); err != nil {
		t.Fatal(err)
	}
	return d.resume(t, id)
}

func (d *device) tryReopen(id string, kind interview.CorrectionKind, reason string) error {
	ctx := context.Background()
	e, err := d.Ended(ctx, id)
	if err != nil {
		return err
	}
	e.Draft.Again.Kind, e.Draft.Again.Reason = kind, reason
	p := d.params(interview.Shift{})
	p.Study.EditMinutes = e.Study.EditMinutes
	return interview.Reopen(ctx, p, e.Draft)
}

// editable lets the study's interviews be corrected for some minutes.
func (d *device) editable(t testing.TB, minutes int) {
	t.Helper()
	d.study.EditMinutes = minutes
	d.pull(t, d.study)
}

func goTo(t testing.TB, s *interview.Session, ref, value string) {
	t.Helper()
	ctx := context.Background()
	if err := s.GoTo(ctx, xform.Position{Kind: xform.KindQuestion, Ref: xform.Ref(ref)}); err != nil {
		t.Fatal(err)
	}
	if err := s.Answer(ctx, xform.Ref(ref), value); err != nil {
		t.Fatal(err)
	}
}

func (d *device) newest(t testing.TB, id string) (i interview.Interview) {
	t.Helper()
	body, err := d.Record(context.Background(), id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &i); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestACorrectionIsAFurtherRevisionAndMovesTheCounts(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.editable(t, 30)
	first := d.complete(t, d.begin(t, d.shift(t, false)), "40", secret)
	sent := d.batch(t)
	if err := d.ApplyReceipts(ctx, receipts(sent, delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(10 * time.Minute)
	s := d.reopenEnded(t, first.ID, interview.CorrectEdit, "mistyped")
	if rows, err := d.Interviews(ctx, fieldstore.Filter{}); err != nil || len(rows) != 1 || !rows[0].Correcting || rows[0].State != fieldstore.ToFinish || rows[0].Revision != 1 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if len(d.batch(t)) != 0 {
		t.Error("beginning a correction announced something")
	}
	goTo(t, s, "/data/age", "30")
	d.Store.Close()
	d.open(t) // killed in the middle
	s = d.resume(t, first.ID)
	if !s.Corrects() || !s.Sealed("/data/name") || s.Value("/data/age") != "30" {
		t.Error("the correction did not come back as it was")
	}
	second, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	batch := d.batch(t)
	if len(batch) != 1 || batch[0].ID != first.ID || batch[0].Revision != 2 || batch[0].Kind != delivery.KindInterview {
		t.Fatalf("%+v", batch)
	}
	if diff := cmp.Diff(second, d.newest(t, first.ID)); diff != "" {
		t.Error(diff)
	}
	counts, err := d.QuotaCounts(ctx, "visit")
	if diff := cmp.Diff(map[string]int{"young": 1, "all": 1}, counts); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	rows, err := d.Interviews(ctx, fieldstore.Filter{})
	if err != nil || len(rows) != 1 || rows[0].Revision != 2 || rows[0].State != fieldstore.Waiting || !rows[0].Reopenable || rows[0].Correcting {
		t.Errorf("%+v, %v", rows, err)
	}
	if values, err := seal.Open(d.keys, second.SealedBefore[0]); err != nil || values["/data/name"] != secret {
		t.Errorf("what was sealed did not travel along: %v", err)
	}
	d.holdsNoTrace(t, "Zsuzsanna", "Quetelet")
}

// holdsNoTrace looks at the bytes of the device's files.
func (d *device) holdsNoTrace(t testing.TB, traces ...string) {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		file, err := os.ReadFile(d.path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, trace := range traces {
			if bytes.Contains(file, []byte(trace)) {
				t.Errorf("%q holds %s", end, trace)
			}
		}
	}
}

func TestAnOlderReceiptDoesNotSayThatTheCorrectionWasSent(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	i := d.complete(t, d.begin(t, d.shift(t, false)), "40", "")
	before := d.batch(t)
	if err := d.VoidInterview(ctx, i.ID, "duplicate"); err != nil {
		t.Fatal(err)
	}
	if err := d.ApplyReceipts(ctx, receipts(before, delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	if rows, err := d.Interviews(ctx, fieldstore.Filter{}); err != nil || rows[0].State != fieldstore.Waiting || !rows[0].Void {
		t.Errorf("%+v, %v", rows, err)
	}
	if err := d.ApplyReceipts(ctx, receipts(d.batch(t), delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	if rows, err := d.Interviews(ctx, fieldstore.Filter{}); err != nil || rows[0].State != fieldstore.Sent {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestWhatIsWithdrawnStaysAsItWas(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.editable(t, 30)
	first := d.complete(t, d.begin(t, d.shift(t, false)), "40", "")
	n := len(d.batch(t))
	s := d.reopenEnded(t, first.ID, interview.CorrectEdit, "other")
	goTo(t, s, "/data/age", "30")
	if err := d.VoidInterview(ctx, first.ID, "duplicate"); !errors.Is(err, fieldstore.ErrReopened) {
		t.Errorf("void while it is being corrected: %v", err)
	}
	if err := d.Withdraw(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, d.newest(t, first.ID)); diff != "" || len(d.batch(t)) != n {
		t.Errorf("%s", diff)
	}
	if err := d.Withdraw(ctx, first.ID); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if s := d.reopenEnded(t, first.ID, interview.CorrectEdit, "other"); s.Value("/data/age") != "40" {
		t.Error("the withdrawn answer is there again")
	}
}

func TestAnEndingThatWasTakenBackCannotBeThrownAway(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	if _, err := s.BreakOff(ctx, "no_time"); err != nil {
		t.Fatal(err)
	}
	d.reopenEnded(t, s.ID(), interview.CorrectUndo, "undo")
	if err := d.Withdraw(ctx, s.ID()); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("an interview that goes on was withdrawn: %v", err)
	}
	for _, query := range []string{`DELETE FROM step`, `DELETE FROM draft`, `DELETE FROM reopened`} {
		if err := d.exec(query); err == nil {
			t.Errorf("the file let this happen: %s", query)
		}
	}
}

func TestPracticeIsReopenedAndVoidedToo(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.editable(t, 30)
	i := d.complete(t, d.begin(t, d.shift(t, true)), "40", "")
	s := d.reopenEnded(t, i.ID, interview.CorrectEdit, "other")
	goTo(t, s, "/data/age", "30")
	if i, err := s.Finish(ctx); err != nil || len(i.Corrections) != 1 || !i.Practice {
		t.Errorf("%v %+v", err, i)
	}
	if err := d.VoidInterview(ctx, i.ID, "mistake"); err != nil {
		t.Fatal(err)
	}
	rows, err := d.Interviews(ctx, fieldstore.Filter{})
	if err != nil || len(rows) != 1 || !rows[0].Void || rows[0].State != fieldstore.Practised || len(d.batch(t)) != 0 {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestWhatCanNoLongerBeReopenedIsForgotten(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.editable(t, 30)
	i := d.complete(t, d.begin(t, d.shift(t, false)), "40", "")
	d.now = d.now.Add(31 * time.Minute)
	if err := d.tryReopen(i.ID, interview.CorrectEdit, "x"); !errors.Is(err, interview.ErrTooLate) {
		t.Errorf("%v", err)
	}
	d.pull(t, d.study)
	if _, err := d.Ended(ctx, i.ID); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if err := d.VoidInterview(ctx, i.ID, "duplicate"); err != nil {
		t.Errorf("what cannot be corrected can still be said not to count: %v", err)
	}
}
