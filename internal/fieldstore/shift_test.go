package fieldstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func TestAShiftFromStartToEnd(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	if shift.Interval != 5 || shift.Interviewer != "i7" || shift.Started.Offset != 60 {
		t.Errorf("%+v", shift)
	}
	if _, err := d.StartShift(ctx, fieldstore.ShiftStart{Study: "visit", Site: "north", Entrance: "back"}); !errors.Is(err, fieldstore.ErrShiftOpen) {
		t.Errorf("a second shift: %v", err)
	}
	d.count(t, shift, 3)
	d.now = d.now.Add(15 * time.Minute)
	d.count(t, shift, 2)
	for want := 4; want >= 2; want-- { // the third takes one from the quarter before
		if got, err := d.UndoPasser(ctx, shift.ID); err != nil || got != want {
			t.Fatalf("%d, %v", got, err)
		}
	}
	if _, err := d.PauseShift(ctx, shift.ID, "rain"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.CountPasser(ctx, shift.ID); !errors.Is(err, fieldstore.ErrPaused) {
		t.Errorf("counting in a pause: %v", err)
	}
	d.now = d.now.Add(10 * time.Minute)
	if _, err := d.ResumeShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	d.count(t, shift, 1)
	d.now = d.now.Add(time.Minute)
	ended, err := d.EndShift(ctx, shift.ID)
	if err != nil {
		t.Fatal(err)
	}
	quarter := shift.Started.UTC - shift.Started.UTC%interview.QuarterHour
	want := []interview.Footfall{{From: quarter, Count: 2}, {From: quarter + 2*interview.QuarterHour, Count: 1}}
	if diff := cmp.Diff(want, ended.Footfall); diff != "" || ended.Passed != 3 || len(ended.Pauses) != 1 || ended.Pauses[0].Reason != "rain" ||
		ended.Pauses[0].To.UTC-ended.Pauses[0].From.UTC != 600_000 {
		t.Errorf("%s %+v", diff, ended)
	}
	if _, err := d.CountPasser(ctx, shift.ID); !errors.Is(err, fieldstore.ErrNoShift) {
		t.Errorf("counting after the end: %v", err)
	}
	d.checkShiftRecords(t, ended)
}

// checkShiftRecords: at start, pause, resume and end a revision; the last one is the shift as it ended.
func (d *device) checkShiftRecords(t *testing.T, ended interview.Shift) {
	t.Helper()
	batch := d.batch(t)
	if len(batch) != 4 {
		t.Fatalf("%d records", len(batch))
	}
	for i, r := range batch {
		if r.Kind != delivery.KindShift || r.Revision != i+1 || r.Seq != int64(i+1) || r.ID != ended.ID || r.SHA256 != delivery.Sum(r.Body) {
			t.Errorf("record %d: %+v", i, r)
		}
	}
	var last interview.Shift
	if err := json.Unmarshal(batch[3].Body, &last); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ended, last); diff != "" {
		t.Error(diff)
	}
}

func (d *device) count(t *testing.T, shift interview.Shift, n int) {
	t.Helper()
	for range n {
		if _, err := d.CountPasser(context.Background(), shift.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnnouncingAShiftMakesARevisionOnlyWhereItChanged(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	for _, taps := range []int{0, 1, 0} {
		d.count(t, shift, taps)
		if err := d.AnnounceShift(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if batch := d.batch(t); len(batch) != 2 || batch[1].Revision != 2 {
		t.Errorf("%d records", len(batch))
	}
	if _, err := d.UndoPasser(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	if passed, err := d.UndoPasser(ctx, shift.ID); err != nil || passed != 0 {
		t.Errorf("below zero: %d, %v", passed, err)
	}
}

func TestPracticeStaysOnTheDevice(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, true)
	d.count(t, shift, 2)
	if _, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime}); err != nil {
		t.Fatal(err)
	}
	d.complete(t, d.begin(t, shift), "30", "Anna Peeters")
	left := d.begin(t, shift)
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	if batch := d.batch(t); len(batch) != 0 {
		t.Errorf("practice would be sent: %d records", len(batch))
	}
	if done, err := d.QuotaCounts(ctx, "visit"); err != nil || len(done) != 0 {
		t.Errorf("practice counts for quotas: %v, %v", done, err)
	}
	o, err := d.Outlook(ctx)
	if err != nil || o != (fieldstore.Outlook{}) {
		t.Errorf("practice in the outlook: %+v, %v", o, err)
	}
	rows, err := d.Interviews(ctx, fieldstore.Filter{State: fieldstore.Practised})
	if err != nil || len(rows) != 1 || rows[0].Disposition != interview.Complete {
		t.Errorf("%+v, %v", rows, err)
	}
	if rows, err := d.Interviews(ctx, fieldstore.Filter{State: fieldstore.ToFinish}); err != nil || len(rows) != 1 || rows[0].ID != left.ID() {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestWithoutEnrolmentNothingRealBegins(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	if err := d.SaveCredentials(ctx, delivery.Credentials{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.StartShift(ctx, fieldstore.ShiftStart{Study: "visit", Site: "north", Entrance: "main"}); !errors.Is(err, fieldstore.ErrNotEnrolled) {
		t.Errorf("%v", err)
	}
	if _, err := d.CurrentShift(ctx); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("half a shift was kept: %v", err)
	}
}
