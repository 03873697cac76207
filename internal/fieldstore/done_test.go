package fieldstore_test

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// softDevice is a device whose study has quotas that hold nobody back, one of them for each day.
func softDevice(t *testing.T) (*device, interview.Shift) {
	t.Helper()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{
		{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Soft},
		{Name: "old", Condition: study.Rule{XPath: "/data/age >= 35"}, Target: 10, Kind: study.Watched},
		{Name: "all", Target: 20, Kind: study.Soft, Period: study.EachDay},
	}
	d.pull(t, d.study)
	return d, d.shift(t, false)
}

// hear keeps what central says of the counts, in answer to a new statement.
func (d *device) hear(t *testing.T, done map[string]delivery.Done) {
	t.Helper()
	st := d.statement(t)
	if _, err := d.Leased(context.Background(), []delivery.LeaseAnswer{{Study: st.Study, Epoch: st.Epoch, Number: st.Number, Done: done}}); err != nil {
		t.Fatal(err)
	}
}

func (d *device) wantCounts(t *testing.T, want map[string]int) {
	t.Helper()
	got, err := d.QuotaCounts(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What others did counts with the own interviews that central has not counted yet, whichever came to it and whichever receipt was lost; a
// correction on its way moves. It survives that the app is ended.
func TestCountsAreThoseOfAllDevices(t *testing.T) {
	t.Parallel()
	const today = "all@2026-11-22"
	d, shift := softDevice(t)
	d.editable(t, 30)
	first := d.complete(t, d.begin(t, shift), "30", "")
	d.wantCounts(t, map[string]int{"young": 1, today: 1}) // central has said nothing
	if st := d.statement(t); len(st.Periods) == 0 {
		t.Error("no day was asked for")
	}
	d.hear(t, map[string]delivery.Done{"young": {Counted: 40}, "old": {Counted: 7}, today: {Counted: 5}})
	d.wantCounts(t, map[string]int{"young": 41, "old": 7, today: 6})
	d.complete(t, d.begin(t, shift), "31", "")
	d.reopen(t)
	d.wantCounts(t, map[string]int{"young": 42, "old": 7, today: 7})
	// Both came, and somebody else's; the receipt of one was lost.
	d.batch(t)
	d.hear(t, map[string]delivery.Done{"young": {Counted: 43, Own: 2}, "old": {Counted: 7}, today: {Counted: 8, Own: 2}})
	d.wantCounts(t, map[string]int{"young": 43, "old": 7, today: 8})
	d.acknowledge(t, delivery.Received)
	d.wantCounts(t, map[string]int{"young": 43, "old": 7, today: 8})
	// A correction on its way takes one place and gives another back, heard or not.
	s := d.reopenEnded(t, first.ID, interview.CorrectEdit, "mistyped")
	goTo(t, s, "/data/age", "50")
	if _, err := s.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.wantCounts(t, map[string]int{"young": 42, "old": 8, today: 8})
	d.hear(t, map[string]delivery.Done{"young": {Counted: 43, Own: 2}, "old": {Counted: 7}, today: {Counted: 8, Own: 2}})
	d.wantCounts(t, map[string]int{"young": 42, "old": 8, today: 8})
	d.acknowledge(t, delivery.Received)
	d.hear(t, map[string]delivery.Done{"young": {Counted: 42, Own: 1}, "old": {Counted: 8, Own: 1}, today: {Counted: 8, Own: 2}})
	d.wantCounts(t, map[string]int{"young": 42, "old": 8, today: 8})
}

// An own interview that a supervisor rejected, or that waits for one, came and does not count.
func TestOwnInterviewsThatDoNotCount(t *testing.T) {
	t.Parallel()
	d, shift := softDevice(t)
	d.complete(t, d.begin(t, shift), "30", "")
	d.complete(t, d.begin(t, shift), "30", "")
	d.acknowledge(t, delivery.Received)
	d.hear(t, map[string]delivery.Done{"young": {Counted: 0, Own: 2}, "all@2026-11-22": {Counted: 1, Own: 2}})
	d.wantCounts(t, map[string]int{"young": 0, "all@2026-11-22": 1})
	d.complete(t, d.begin(t, shift), "30", "")
	d.wantCounts(t, map[string]int{"young": 1, "all@2026-11-22": 2})
}

// An answer without counts is an older central's: what is known stays. One that comes late, or of an epoch of nobody's, changes nothing, and
// at another central the own interviews that wait for it count.
func TestWhoseCountsAreKept(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d, shift := softDevice(t)
	d.complete(t, d.begin(t, shift), "30", "")
	d.acknowledge(t, delivery.Received)
	d.hear(t, nil)
	d.wantCounts(t, map[string]int{"young": 1, "all@2026-11-22": 1})
	late := d.statement(t)
	d.hear(t, map[string]delivery.Done{"young": {Counted: 9, Own: 1}})
	known := map[string]int{"young": 9, "all@2026-11-22": 1}
	d.hear(t, nil)
	d.wantCounts(t, known)
	for _, a := range []delivery.LeaseAnswer{
		{Study: "visit", Epoch: "e1", Number: late.Number, Done: map[string]delivery.Done{"young": {Counted: 8, Own: 1}}},
		{Study: "visit", Epoch: "e9", Number: 99, Done: map[string]delivery.Done{"young": {Counted: 7, Own: 1}}},
	} {
		if _, err := d.Leased(ctx, []delivery.LeaseAnswer{a}); err != nil {
			t.Fatal(err)
		}
		d.wantCounts(t, known)
	}
	other := credentials("e2")
	other.Central, other.Device = "https://other.test", "d2"
	if err := d.SaveCredentials(ctx, other); err != nil {
		t.Fatal(err)
	}
	d.wantCounts(t, map[string]int{"young": 1, "all@2026-11-22": 1})
	d.hear(t, map[string]delivery.Done{"young": {Counted: 3}}) // what the first central has never comes here
	d.wantCounts(t, map[string]int{"young": 3, "all@2026-11-22": 1})
}

// A device that was set back to a copy of itself counts nothing twice, although central has more of it than is here.
func TestCountsAfterASetBack(t *testing.T) {
	t.Parallel()
	d, shift := softDevice(t)
	d.complete(t, d.begin(t, shift), "30", "")
	d.acknowledge(t, delivery.Received)
	d.hear(t, map[string]delivery.Done{"young": {Counted: 5, Own: 1}})
	copied := d.copied(t)
	for range 3 {
		d.complete(t, d.begin(t, shift), "30", "")
	}
	d.acknowledge(t, delivery.Received)
	d.setBack(t, copied)
	d.wantCounts(t, map[string]int{"young": 5, "all@2026-11-22": 1})
	d.hear(t, map[string]delivery.Done{"young": {Counted: 8, Own: 4}})
	d.wantCounts(t, map[string]int{"young": 8, "all@2026-11-22": 1})
	d.complete(t, d.begin(t, shift), "30", "")
	d.wantCounts(t, map[string]int{"young": 9, "all@2026-11-22": 2})
}

// copied is the device's file as it is now, setBack puts one in its place.
func (d *device) copied(t *testing.T) []byte {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(d.path)
	if err != nil {
		t.Fatal(err)
	}
	d.open(t)
	return data
}

func (d *device) setBack(t *testing.T, copied []byte) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, beside := range []string{"-wal", "-shm"} {
		if err := os.RemoveAll(d.path + beside); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(d.path, copied, 0o600); err != nil {
		t.Fatal(err)
	}
	d.open(t)
}
