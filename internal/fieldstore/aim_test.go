package fieldstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// A device asks for the waves that its days lie in, works with the right of the wave in which an interview begins, and on a day in none
// has none.
func TestRightsOfAWave(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Hard, Period: study.EachWave}}
	d.study.Waves = []study.Wave{{Name: "one", First: "2026-11-10", Last: "2026-11-22"}, {Name: "two", First: "2026-11-24", Last: "2026-11-30"}, {Name: "three", First: "2026-12-24", Last: "2026-12-30"}}
	d.pull(t, d.study)
	shift := d.shift(t, false)
	if diff := cmp.Diff([]string{"2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "one", "two"}, d.statement(t).Periods); diff != "" {
		t.Fatal(diff)
	}
	d.leased(t, "e1", map[string]delivery.Lease{"young@one": {Granted: 2, Keep: 2}, "young@two": {Granted: 2, Keep: 2}})
	i := d.complete(t, d.begin(t, shift), "30", "")
	if diff := cmp.Diff(map[string]int{"young@one": 1}, d.used(t, i.ID)); diff != "" {
		t.Error(diff)
	}
	d.now = d.now.Add(24 * time.Hour) // between the waves
	s := d.begin(t, shift)
	if d.screen(t, s, "30"); !cmp.Equal([]string{"young@-"}, s.QuotaFull()) {
		t.Errorf("full: %v", s.QuotaFull())
	}
	d.now = d.now.Add(24 * time.Hour)
	next := d.complete(t, d.begin(t, shift), "30", "")
	if diff := cmp.Diff(map[string]int{"young@two": 1}, d.used(t, next.ID)); diff != "" {
		t.Error(diff)
	}
	want := map[string]delivery.LeaseHolding{"young": {Met: 3}, "young@two": {Committed: 1}} // the first one is over, and not even yesterday
	if st := d.statement(t); !cmp.Equal(want, st.Holdings) || st.Periods[len(st.Periods)-1] != "two" {
		t.Error(cmp.Diff(want, st.Holdings), st.Periods)
	}
}

// Targets are kept as central told them last: what comes late, or of another epoch, or from an older central changes nothing. A study
// without hard quotas states its rights too, to hear them.
func TestTargetsInForce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	d := newDevice(t)
	d.study.Quotas = []study.Quota{{Name: "young", Condition: study.Rule{XPath: "/data/age < 35"}, Target: 10, Kind: study.Soft}}
	d.pull(t, d.study)
	first, second := d.statement(t), d.statement(t)
	if first.Number == 0 || second.Number <= first.Number || len(first.Holdings) > 0 {
		t.Fatalf("%+v, %+v", first, second)
	}
	told := func(epoch string, number int64, aims map[string]delivery.Aim) map[string]delivery.Aim {
		t.Helper()
		if _, err := d.Leased(ctx, []delivery.LeaseAnswer{{Study: "visit", Epoch: epoch, Number: number, Aims: aims}}); err != nil {
			t.Fatal(err)
		}
		got, err := d.Aims(ctx, "visit")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	latest := map[string]delivery.Aim{"young": {Target: 20, Closed: true}}
	for _, step := range []struct {
		what   string
		epoch  string
		number int64
		aims   map[string]delivery.Aim
	}{
		{"told", "e1", second.Number, latest}, {"late", "e1", first.Number, map[string]delivery.Aim{"young": {Target: 11}}},
		{"of nobody's epoch", "e9", 9, map[string]delivery.Aim{"young": {Target: 12}}}, {"an older central", "e1", second.Number + 1, nil},
	} {
		if diff := cmp.Diff(latest, told(step.epoch, step.number, step.aims)); diff != "" {
			t.Errorf("%s: %s", step.what, diff)
		}
	}
	if got := told("e1", second.Number+2, map[string]delivery.Aim{"men": {Target: 3}}); !cmp.Equal(got, map[string]delivery.Aim{"men": {Target: 3}}) {
		t.Errorf("a newer version of the study: %+v", got)
	}
}
