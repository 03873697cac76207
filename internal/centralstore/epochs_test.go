package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
)

// visit is a pull in which a device tells of its epochs.
func (c *central) visit(t *testing.T, d *device, epochs ...delivery.EpochNumbers) []delivery.EpochGaps {
	t.Helper()
	page, err := c.Pull(context.Background(), PullQuery{Who: d.Principal, Epochs: epochs, Limit: 1, Bytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	return page.Gaps
}

func (c *central) state(t *testing.T) delivery.DeviceState {
	t.Helper()
	states, err := c.ListDevices(context.Background())
	if err != nil || len(states) != 1 {
		t.Fatalf("%d devices, %v", len(states), err)
	}
	return states[0]
}

// Numbers given out before a device enrolled anew stay listed until they come.
func TestGapsOfEarlierEpochsAreListed(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	lost, came := d.record(t, delivery.KindContact, "mall", "north"), d.record(t, delivery.KindContact, "mall", "north")
	c.push(t, d, came)
	anew := c.enrolled(t, "0417", d.secret, "mall")
	got := c.visit(t, anew, delivery.EpochNumbers{Epoch: anew.Epoch}, delivery.EpochNumbers{Epoch: d.Epoch, High: 4, Visit: "1-a"})
	want := []delivery.EpochGaps{{Epoch: anew.Epoch}, {Epoch: d.Epoch, Missing: []delivery.Range{{First: 1, Last: 1}, {First: 3, Last: 4}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	earlier := []delivery.EpochState{{Epoch: d.Epoch, HighSeq: 4, Missing: want[1].Missing}}
	if s := c.state(t); s.HighSeq != 0 || cmp.Diff(earlier, s.Earlier) != "" || len(s.Gaps()) != 2 {
		t.Errorf("%+v", s)
	}
	c.push(t, anew, lost)
	if s := c.state(t); cmp.Diff([]delivery.Range{{First: 3, Last: 4}}, s.Gaps()) != "" {
		t.Errorf("%+v", s)
	}
}

func after(visit string, n delivery.EpochNumbers) delivery.EpochNumbers {
	n.After = visit
	return n
}

// What another life of the device tells is not believed, and each life is told of the other's visit.
func TestTheFirstOfTwoLivesIsBelieved(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	says := func(high int64, visit string) delivery.EpochNumbers {
		return delivery.EpochNumbers{Epoch: d.Epoch, High: high, Visit: visit}
	}
	for _, step := range []struct {
		told  delivery.EpochNumbers
		known string
		high  int64
	}{
		{says(3, "1-a"), "", 3},
		{says(5, "2-a"), "1-a", 5},
		{says(5, "2-a"), "", 5},
		{says(9, "2-b"), "2-a", 5},
		{says(9, "1-c"), "2-a", 5},
		{says(7, "3-a"), "2-a", 7},
		{says(2, ""), "", 7},
		{after("9-b", says(12, "10-b")), "3-a", 7}, // however high it counts
		{after("3-a", says(8, "4-a")), "3-a", 8},
		{after("3-a", says(11, "4-b")), "4-a", 8},
		{after("3-a", says(8, "4-a")), "", 8}, // its answer was lost
	} {
		got := c.visit(t, d, step.told)
		if got[0].Visit != step.known || c.state(t).HighSeq != step.high {
			t.Errorf("%+v: told of %q, highest number %d", step.told, got[0].Visit, c.state(t).HighSeq)
		}
	}
}

// A device's own new epoch is taken over, and so is one that central forgot; another device's is not.
func TestEpochsThatADeviceBrings(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	c.visit(t, d, delivery.EpochNumbers{Epoch: "new", High: 1, Visit: "1-a"}, delivery.EpochNumbers{Epoch: "forgotten", High: 2, Visit: "4-b"},
		delivery.EpochNumbers{Epoch: other.Epoch, High: 9, Visit: "7-x"}, delivery.EpochNumbers{Epoch: d.Epoch})
	own := d.Epoch
	for _, epoch := range []string{"new", "forgotten", own} {
		d.Epoch = epoch
		if got := c.push(t, d, d.recordAt(t, 1, delivery.KindContact, "mall", "north")); got.Receipts[0].Status != delivery.Received {
			t.Errorf("a record of the epoch %s is %s", epoch, got.Receipts[0].Status)
		}
	}
	d.Epoch = other.Epoch
	stolen := d.recordAt(t, 1, delivery.KindContact, "mall", "north")
	d.Epoch = own
	if got := c.push(t, d, stolen); got.Receipts[0].Status != delivery.Quarantined {
		t.Errorf("a record of another device's epoch is %s", got.Receipts[0].Status)
	}
	states, err := c.ListDevices(context.Background())
	if err != nil || len(states) != 2 {
		t.Fatal(len(states), err)
	}
	for _, s := range states {
		switch {
		case s.Device == other.Device && (s.HighSeq != 0 || len(s.Gaps()) != 0):
			t.Errorf("another device raised the numbers: %+v", s)
		case s.Device == d.Device && (s.HighSeq != 1 || len(s.Earlier) != 1 || s.Earlier[0].Epoch != "forgotten"):
			t.Errorf("%+v", s)
		}
	}
	// Whoever names another device's epoch as the present one is heard no further.
	c.visit(t, d, delivery.EpochNumbers{Epoch: other.Epoch, High: 5, Visit: "9-z"}, delivery.EpochNumbers{Epoch: "smuggled", High: 5})
	d.Epoch = "smuggled"
	smuggled := d.recordAt(t, 1, delivery.KindContact, "mall", "north")
	d.Epoch = own
	if got := c.push(t, d, smuggled); got.Receipts[0].Status != delivery.Quarantined {
		t.Errorf("a record of an epoch that was brought so is %s", got.Receipts[0].Status)
	}
}

func TestADeviceBringsNoEpochsWithoutEnd(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	for i := range mostEpochs + 20 {
		c.visit(t, d, delivery.EpochNumbers{Epoch: "e" + string(rune('a'+i%26)) + string(rune('a'+i/26)), High: 1, Visit: "1-a"})
	}
	var n int
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM epochs WHERE device = $1`, d.Device).Scan(&n)
	})
	if err != nil || n != mostEpochs {
		t.Errorf("%d epochs, %v", n, err)
	}
}

// Whoever is not on the trail of believed visits is shown it; numbers that come so may be another life's and close no gap.
func TestTheTrailTellsTwoLivesApart(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	says := func(high int64, visit, after string) delivery.EpochNumbers {
		return delivery.EpochNumbers{Epoch: d.Epoch, High: high, Visit: visit, After: after}
	}
	for _, step := range []struct {
		told  delivery.EpochNumbers
		known string
		trail []string
		high  int64 // up to which all is missing
	}{
		{says(2, "", "1-a"), "", nil, 2}, // given up there, and central had forgotten it
		{says(3, "2-a", "1-a"), "1-a", nil, 3},
		{says(4, "3-a", "2-a"), "2-a", nil, 4},
		{says(9, "3-b", "2-b"), "3-a", []string{"3-a", "2-a", "1-a"}, 4},
		{says(9, "", "2-b"), "", []string{"3-a", "2-a", "1-a"}, 4},
		{says(3, "", "2-a"), "", nil, 4},
		{says(9, "", ""), "", nil, 9}, // an older app
	} {
		want := []delivery.EpochGaps{{Epoch: d.Epoch, Visit: step.known, Trail: step.trail, Missing: []delivery.Range{{First: 1, Last: step.high}}}}
		if diff := cmp.Diff(want, c.visit(t, d, step.told)); diff != "" {
			t.Errorf("%+v: %s", step.told, diff)
		}
	}
	for _, push := range []struct {
		seq  int64
		told delivery.EpochNumbers
		gaps []delivery.Range
	}{
		{2, says(9, "3-b", "2-b"), []delivery.Range{{First: 1, Last: 9}}},
		{3, says(4, "2-a", "1-a"), []delivery.Range{{First: 1, Last: 2}, {First: 4, Last: 9}}}, // carried there by a laptop
		{4, says(3, "", "2-a"), []delivery.Range{{First: 1, Last: 2}, {First: 5, Last: 9}}},
	} {
		got, err := c.Push(context.Background(), Push{Who: d.Principal, Records: incoming(d.recordAt(t, push.seq, delivery.KindContact, "mall", "north")), Epochs: []delivery.EpochNumbers{push.told}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Receipts[0].Status != delivery.Received || cmp.Diff(push.gaps, got.Gaps[0].Missing) != "" {
			t.Errorf("%+v: %s, missing %v", push.told, got.Receipts[0].Status, got.Gaps[0].Missing)
		}
	}
	last := "3-a"
	for n := range 2 * delivery.TrailKept {
		next := fmt.Sprintf("%d-c", n+4)
		c.visit(t, d, says(9, next, last))
		last = next
	}
	if got := c.visit(t, d, says(9, "", "1-a")); len(got[0].Trail) != delivery.TrailKept+1 || got[0].Trail[0] != last {
		t.Errorf("%d visits are remembered: %v", len(got[0].Trail), got[0].Trail)
	}
}
