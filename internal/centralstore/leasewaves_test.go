package centralstore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// waveStudy wants a number of men in each wave, one of which runs from the 20th to the 23rd of November and the next from the 25th on, and
// as many women in all. The clock begins on the 22nd.
func (c *central) waveStudy(t *testing.T, men, women int) {
	t.Helper()
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{{Name: "men", Target: men, Kind: study.Hard, Period: study.EachWave}, {Name: "women", Target: women, Kind: study.Hard}}
	pkg.Study.Waves = []study.Wave{{Name: "spring", First: "2026-11-20", Last: "2026-11-23"}, {Name: "autumn", First: "2026-11-25", Last: "2026-12-20"}, {Name: "winter", First: "2027-01-05", Last: "2027-01-06"}}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
}

// Each wave has an account of its own, also ahead of its first day; outside the waves nobody is wanted, nor by an app that knows none.
func TestAccountsOfWaves(t *testing.T) {
	c := newCentral(t)
	c.waveStudy(t, 2, 3)
	one, two := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	days := []string{"2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"}
	got := c.daily(t, one, nil, append(days, "spring", "autumn", "winter", study.NoWave, "never")...)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{"men@autumn", "men@spring", "women"}) {
		t.Fatalf("%v", names)
	}
	if got["men@spring"].Granted != 2 || got["men@autumn"].Granted != 2 {
		t.Fatalf("%+v", got)
	}
	if l := c.daily(t, two, nil, "spring")["men@spring"]; l.Granted != 0 || l.Leased != 2 {
		t.Errorf("%+v", l)
	}
	full := map[string]delivery.Lease{"men": {}, "women": {Granted: 0, Cap: 3, Leased: 3}}
	for name, asked := range map[string][]string{"an app that knows no waves": days, "one that knows no days either": nil, "a day in no wave": {"2026-11-24"}, "a clock that is wrong": {"winter"}} {
		got := c.daily(t, two, nil, asked...)
		for q, l := range got {
			l.Keep = 0
			got[q] = l
		}
		if diff := cmp.Diff(full, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	cell := func(account string, rights map[string]int) delivery.Record {
		r := one.record(t, delivery.KindInterview, "mall", "north")
		at := interview.MomentOf(start)
		return one.with(t, r, interview.Interview{
			ID: r.ID, Study: "mall", Site: "north", Started: at, Ended: at, Disposition: interview.Complete, Answers: "<data/>", Cells: []string{account}, Rights: rights,
		})
	}
	sound, outside, gone := cell("men@spring", map[string]int{"men@spring": 1}), cell("men@-", nil), cell("men@summer", nil)
	c.push(t, one, sound, outside, gone)
	boss := supervisor("ines", Grant{})
	if f := c.filed(t, sound.ID); !slices.Equal(f.Counted, []string{"men@spring"}) {
		t.Errorf("%+v", f)
	}
	if f := c.filed(t, outside.ID); !f.Provisional() {
		t.Errorf("outside the waves: %+v", f)
	}
	c.mustDecide(t, boss, c.decision(boss, delivery.ReviewAccept, outside.ID, delivery.Review{Revision: 1}))
	if f := c.filed(t, outside.ID); len(f.Counted) > 0 || f.Provisional() {
		t.Errorf("nobody is wanted outside the waves, and it waits for nobody any more: %+v", f)
	}
	// A target that is changed holds in each wave; what is told is the present wave's, or that of the one before.
	c.mustDecide(t, boss, c.steer(boss, map[string]delivery.Aim{"men": {Target: 5}}))
	for _, day := range []struct {
		pass time.Duration
		want string
		used int
	}{{0, "men@spring", 1}, {2*24*time.Hour - 5*time.Hour, "men@spring", 1}, {5 * 24 * time.Hour, "men@autumn", 0}} {
		c.pass(day.pass)
		states := c.states(t, boss)
		if q, told := states[day.want]; !told || q.Target != 5 || q.Used != day.used {
			t.Errorf("after %s: %+v", day.pass, states)
		}
	}
	if l := c.daily(t, two, nil, "autumn")["men@autumn"]; l.Cap != 5 || l.Granted == 0 || l.Leased > 5 {
		t.Errorf("%+v", l)
	}
}

// A wave's rights are kept back for tablets that were heard in it, however long ago, and not for those that nobody has heard since.
func TestAWavesRightsGoToThoseWhoWorkInIt(t *testing.T) {
	c := newCentral(t)
	c.waveStudy(t, 24, 3)
	c.pass(3 * 24 * time.Hour) // autumn has begun
	for n := range 12 {
		c.daily(t, c.device(t, fmt.Sprintf("%04d", n), "mall"), nil)
	}
	works := c.device(t, "0417", "mall")
	c.pass((study.DaysAhead + 2) * 24 * time.Hour)
	if l := c.daily(t, works, nil, "autumn")["men@autumn"]; l.Granted == 0 || l.Granted > 6 {
		t.Errorf("with twelve others in the wave: %+v", l)
	}
	c.pass(36 * 24 * time.Hour) // winter
	if l := c.daily(t, works, nil, "winter")["men@winter"]; l.Granted < 15 {
		t.Errorf("alone: %+v", l)
	}
}

// Targets of what is not hard are told to every device that asks in its present epoch.
func TestTargetsOfWhatIsNotHardAreTold(t *testing.T) {
	c := newCentral(t)
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{{Name: "men", Target: 7, Kind: study.Soft}, {Name: "women", Target: 8, Kind: study.Watched, Period: study.EachDay}}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	d, boss := c.device(t, "0417", "mall"), supervisor("ines", Grant{})
	aims := func(l Leasing) map[string]delivery.Aim {
		t.Helper()
		l.Who, l.Statements = d.Principal, []delivery.LeaseStatement{{Study: "mall", Epoch: d.Epoch}}
		answers, err := c.Leases(context.Background(), l)
		if err != nil || len(answers) != 1 || len(answers[0].Leases) > 0 {
			t.Fatalf("%+v, %v", answers, err)
		}
		return answers[0].Aims
	}
	if diff := cmp.Diff(map[string]delivery.Aim{"men": {Target: 7}, "women": {Target: 8}}, aims(Leasing{})); diff != "" {
		t.Error(diff)
	}
	c.mustDecide(t, boss, c.steer(boss, map[string]delivery.Aim{"men": {Target: 9}, "women": {Target: 8, Closed: true}}))
	if diff := cmp.Diff(map[string]delivery.Aim{"men": {Target: 9}, "women": {Target: 8, Closed: true}}, aims(Leasing{})); diff != "" {
		t.Error(diff)
	}
	if got := aims(Leasing{Ended: true}); got != nil {
		t.Errorf("a device that was shut out hears %+v", got)
	}
}
