package fieldstore_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// lentBy has a laptop pass young ones on from a till, so many in all.
func (d *device) lentBy(t *testing.T, till string, total int) {
	t.Helper()
	asked := []delivery.RightsAsked{{Study: d.study.ID, Epoch: "e1", Want: map[string]int{"young": 1}}}
	lent := []delivery.RightsLent{{Study: d.study.ID, Till: till, Rights: map[string]int{"young": total}}}
	if err := d.RightsLent(context.Background(), "laptop", asked, lent); err != nil {
		t.Fatal(err)
	}
}

// A laptop is told what the tablet has of each till it has had, whatever they are called, and an older one of the one it answered from last.
func TestALaptopIsToldOfEachOfItsTills(t *testing.T) {
	t.Parallel()
	d, _ := quotaDevice(t, 0, 0)
	d.leased(t, "e1", map[string]delivery.Lease{"young": {Keep: 9, Cap: 10}})
	for i, step := range []struct {
		till  string
		total int
	}{{"b", 2}, {"c", 1}, {"a", 4}, {"b", 3}} {
		d.lentBy(t, step.till, step.total)
		list, err := d.RightsWanted(context.Background(), "laptop")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if asked := list[0]; asked.Till != step.till || asked.HadOf(step.till, "young") != step.total {
			t.Errorf("%d: %+v", i, asked)
		}
	}
	list, err := d.RightsWanted(context.Background(), "laptop")
	if err != nil {
		t.Fatal(err)
	}
	for till, had := range map[string]int{"a": 4, "b": 3, "c": 1, "d": 0} {
		if n := list[0].HadOf(till, "young"); n != had {
			t.Errorf("%s: %d, had %d", till, n, had)
		}
	}
	if other, err := d.RightsWanted(context.Background(), "another"); err != nil || other[0].Till != "" || other[0].HadBy != nil {
		t.Errorf("another laptop is told of tills that are not its own: %+v, %v", other, err)
	}
}

// wanted is what a laptop is asked for of the study.
func (d *device) wanted(t *testing.T) map[string]int {
	t.Helper()
	list, err := d.RightsWanted(context.Background(), "laptop")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return list[0].Want
}

// However many constraints are full, or have enough for what comes, those that lack most are asked for.
func TestWhatLacksMostIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]delivery.Lease{"full": {Cap: 5, Used: 5}, "not wanted": {}, "of less use": {Cap: 5, Keep: 1}} {
		d := newDevice(t)
		leases := map[string]delivery.Lease{"zoo": {Cap: 500, Used: 2, Keep: 9}}
		for i := range 320 {
			leases[fmt.Sprintf("cell-%03d", i)] = other
		}
		for q := range leases {
			d.study.Quotas = append(d.study.Quotas, study.Quota{Name: q, Target: 5, Kind: study.Hard})
		}
		d.pull(t, d.study)
		d.leased(t, "e1", leases)
		want := d.wanted(t)
		if want["zoo"] != 9 || len(want) > 1 && other.Cap == other.Used {
			t.Errorf("%s: %d are asked for, %d of the one that is wanted", name, len(want), want["zoo"])
		}
	}
}

// Of days and waves the present ones are asked for alone.
func TestPresentPeriodsAreAskedFor(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.study.Waves = []study.Wave{{Name: "summer", First: "2026-06-01", Last: "2026-08-31"}, {Name: "autumn", First: "2026-11-01", Last: "2026-11-30"}}
	d.study.Quotas = []study.Quota{
		{Name: "young", Target: 5, Kind: study.Hard, Period: study.EachDay}, {Name: "old", Target: 5, Kind: study.Hard, Period: study.EachWave},
		{Name: "all", Target: 5, Kind: study.Hard},
	}
	d.pull(t, d.study)
	leases := map[string]delivery.Lease{}
	for _, account := range []string{"young@2026-11-21", "young@2026-11-22", "young@2026-11-23", "old@summer", "old@autumn", "old@-", "all"} {
		leases[account] = delivery.Lease{Cap: 5, Keep: 2}
	}
	d.leased(t, "e1", leases)
	if diff := cmp.Diff(map[string]int{"young@2026-11-22": 2, "old@autumn": 2, "all": 2}, d.wanted(t)); diff != "" {
		t.Error(diff)
	}
}
