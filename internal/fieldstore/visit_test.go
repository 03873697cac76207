package fieldstore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
)

// copyTo makes a copy of the device as a backup does, and opens it.
func (d *device) copyTo(t *testing.T) *device {
	t.Helper()
	other := *d
	other.path = filepath.Join(t.TempDir(), "parvis.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(d.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(other.path+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other.open(t)
	if err := other.Unlock(context.Background(), devicePIN); err != nil {
		t.Fatal(err)
	}
	return &other
}

// told visits central, of which the answer is given; it tells whether the device gave an epoch up.
func (d *device) told(t *testing.T, answer func(delivery.EpochNumbers) string) (told []delivery.EpochNumbers, restored bool) {
	t.Helper()
	ctx := context.Background()
	told, err := d.Visit(ctx, 20)
	if err != nil {
		t.Fatal(err)
	}
	var answers []delivery.EpochGaps
	for _, n := range told {
		answers = append(answers, delivery.EpochGaps{Epoch: n.Epoch, Visit: answer(n)})
	}
	if restored, err = d.Visited(ctx, told, answers); err != nil {
		t.Fatal(err)
	}
	return told, restored
}

func (d *device) waitingNumbers(t *testing.T) (numbers []int64) {
	t.Helper()
	batch, err := d.WaitingBatch(context.Background(), 1000, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range batch {
		numbers = append(numbers, r.Seq)
	}
	return numbers
}

// What central has not been told of with a visit does not leave; an unanswered visit is made again as it was.
func TestNothingLeavesBeforeItsVisit(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 2)
	if n := d.waitingNumbers(t); len(n) != 0 {
		t.Fatalf("%v would leave before a visit", n)
	}
	first, err := d.Visit(ctx, 20)
	if err != nil || len(first) != 1 || first[0].High == 0 || first[0].Visit == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	if more, err := d.Unvisited(ctx); err != nil || !more {
		t.Errorf("nothing to tell: %v", err)
	}
	d.contacts(t, shift, 2)
	again, err := d.Visit(ctx, 20)
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Errorf("an unanswered visit changed: %s %v", diff, err)
	}
	if _, err := d.Visited(ctx, again, nil); err != nil {
		t.Fatal(err)
	}
	if n := d.waitingNumbers(t); int64(len(n)) != first[0].High {
		t.Errorf("%v leave; central was told of %d", n, first[0].High)
	}
	next, err := d.Visit(ctx, 20)
	if err != nil || next[0].High <= first[0].High || next[0].Visit == first[0].Visit {
		t.Errorf("%+v, %v", next, err)
	}
}

// A central that was restored knows of an earlier visit of the device, which then tells it anew, after that one; no epoch ends.
func TestARestoredCentralIsToldAnew(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	shift := d.tapped(t, 2)
	visit, all := "", []string{}
	for range 3 {
		told, restored := d.told(t, func(delivery.EpochNumbers) string { return visit })
		if restored || told[0].After != visit {
			t.Fatalf("after %q: %+v", visit, told)
		}
		visit = told[0].Visit
		all = append(all, visit)
		d.contacts(t, shift, 1)
	}
	known := all[1]
	earlier, restored := d.told(t, func(delivery.EpochNumbers) string { return known })
	if !restored {
		t.Fatal("central believed nothing, and the device takes it to have heard")
	}
	again, restored := d.told(t, func(delivery.EpochNumbers) string { return known })
	if restored || again[0].After != known || again[0].Visit != earlier[0].Visit || again[0].Epoch != earlier[0].Epoch {
		t.Errorf("told anew: %+v, first %+v", again, earlier)
	}
}

// A copy that went on finds the first life's visit at central: it begins an epoch, in which all that nobody was told of is numbered anew;
// no record changes, and nothing is lost.
func TestASecondLifeBeginsAnEpoch(t *testing.T) {
	t.Parallel()
	ctx, first := context.Background(), newDevice(t)
	shift := first.tapped(t, 2)
	none := func(delivery.EpochNumbers) string { return "" }
	before, _ := first.told(t, none)
	second := first.copyTo(t)

	first.contacts(t, shift, 3)
	known, _ := first.told(t, func(delivery.EpochNumbers) string { return before[0].Visit })

	second.contacts(t, shift, 4)
	made, err := second.Unsent(ctx)
	if err != nil {
		t.Fatal(err)
	}
	told, restored := second.told(t, func(delivery.EpochNumbers) string { return known[0].Visit })
	if !restored || told[0].Visit == known[0].Visit {
		t.Fatalf("restored %t, %+v", restored, told)
	}
	if n := second.waitingNumbers(t); int64(len(n)) != before[0].High {
		t.Errorf("%v leave before central knows of the new epoch", n)
	}
	told, restored = second.told(t, none)
	if restored || len(told) != 2 || told[0].Epoch == told[1].Epoch || told[1].High != before[0].High || told[1].Visit != "" {
		t.Fatalf("restored %t, %+v", restored, told)
	}
	now, err := second.Unsent(ctx)
	if err != nil || len(now) != len(made) {
		t.Fatalf("%d records of %d, %v", len(now), len(made), err)
	}
	for i, r := range now {
		if r.Identity() != made[i].Identity() {
			t.Errorf("record %d is another one", i)
		}
		if old := made[i].Seq <= before[0].High; old != (r.Epoch == made[i].Epoch) || old && r.Seq != made[i].Seq {
			t.Errorf("number %d of %s became %d of %s", made[i].Seq, made[i].Epoch, r.Seq, r.Epoch)
		}
	}
	if n := second.waitingNumbers(t); len(n) != len(made) {
		t.Errorf("%d leave of %d", len(n), len(made))
	}
	c, err := second.Credentials(ctx)
	if err != nil || c.Epoch != told[0].Epoch || c.Token == "" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Central believed the copy for a while and, restored, knows the first life again: what the copy gave out since they parted gets new
// numbers whenever it is sent again, in flight and acknowledged alike, and no number of the first life's is asked of it.
func TestTwoLivesPartWhereTheTrailShows(t *testing.T) {
	t.Parallel()
	ctx, first := context.Background(), newDevice(t)
	shift := first.tapped(t, 2)
	none := func(delivery.EpochNumbers) string { return "" }
	shared, _ := first.told(t, none)
	second := first.copyTo(t)
	second.contacts(t, shift, 4)
	apart, _ := second.told(t, func(delivery.EpochNumbers) string { return shared[0].Visit })
	batch := second.batch(t)
	acknowledged, flying := identities(batch[:len(batch)-1]), identities(batch[len(batch)-1:])
	if err := second.MarkInFlight(ctx, flying); err != nil {
		t.Fatal(err)
	}
	if err := second.ApplyReceipts(ctx, receipts(batch[:len(batch)-1], delivery.Received, "")); err != nil {
		t.Fatal(err)
	}

	told, err := second.Visit(ctx, 20)
	if err != nil {
		t.Fatal(err)
	}
	trail := []string{"2-first", shared[0].Visit}
	answer := []delivery.EpochGaps{{Epoch: told[0].Epoch, Visit: trail[0], Trail: trail}}
	if restored, err := second.Visited(ctx, told, answer); err != nil || !restored {
		t.Fatalf("the other life went unnoticed: %v", err)
	}
	if err := second.ReturnInFlight(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := second.Requeue(ctx, apart[0].Epoch, []delivery.Range{{First: shared[0].High + 1, Last: apart[0].High}}); err != nil || n != 0 {
		t.Errorf("%d records go out under the first life's numbers, %v", n, err)
	}
	if err := second.SendAgain(ctx, acknowledged); err != nil {
		t.Fatal(err)
	}
	told, restored := second.told(t, none)
	if restored || len(told) != 2 || told[1].High != shared[0].High || told[1].After != shared[0].Visit || told[1].Visit != "" {
		t.Fatalf("restored %t, %+v", restored, told)
	}
	for i, r := range second.batch(t) {
		if shares := batch[i].Seq <= shared[0].High; r.Identity() != batch[i].Identity() || shares != (r.Epoch == apart[0].Epoch) || shares && r.Seq != batch[i].Seq {
			t.Errorf("number %d of %s became %d of %s", batch[i].Seq, batch[i].Epoch, r.Seq, r.Epoch)
		}
	}

	// A third life parted even earlier: nothing of the epoch is shared with it.
	answer = []delivery.EpochGaps{{Epoch: told[1].Epoch, Trail: []string{"2-third", "1-third"}}}
	if restored, err := second.Visited(ctx, told, answer); err != nil || !restored {
		t.Fatalf("the third life went unnoticed: %v", err)
	}
	told, _ = second.told(t, none)
	if told[1].High != 0 || told[1].After != "" {
		t.Errorf("%+v", told[1])
	}
	for _, r := range second.batch(t) {
		if r.Epoch != told[0].Epoch {
			t.Errorf("number %d of the epoch given up leaves", r.Seq)
		}
	}
	// A late answer, as over a laptop, brings nothing back.
	if _, err := second.Visited(ctx, []delivery.EpochNumbers{{Epoch: told[1].Epoch, High: shared[0].High}}, nil); err != nil {
		t.Fatal(err)
	}
	if again, _ := second.told(t, none); again[1].High != 0 {
		t.Errorf("%+v", again[1])
	}
}
