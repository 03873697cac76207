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

func TestWantedDays(t *testing.T) {
	t.Parallel()
	at := func(hour int) int64 { return time.Date(2026, 11, 29, hour, 0, 0, 0, time.UTC).UnixMilli() }
	for name, c := range map[string]struct {
		now         int64
		asked, want []string
	}{
		"the present day and the next":  {at(9), []string{"2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"}, []string{"2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"}},
		"east, where it is tomorrow":    {at(22), []string{"2026-11-30", "2026-12-03"}, []string{"2026-11-30", "2026-12-03"}},
		"west, where it is yesterday":   {at(3), []string{"2026-11-28"}, []string{"2026-11-28"}},
		"too far ahead, or over":        {at(9), []string{"2026-12-04", "2027-11-29", "2026-11-27"}, nil},
		"no days":                       {at(9), []string{"", "today", "2026-11-3", "2026-11-29@2026-11-29", "2026-11-31"}, nil},
		"the same again":                {at(9), []string{"2026-11-29", "2026-11-29"}, []string{"2026-11-29"}},
		"all there are, and no further": {at(9), manyDays(), []string{"2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"}},
	} {
		if diff := cmp.Diff(c.want, hardCaps{study: &study.Study{}}.wanted(c.asked, c.now)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func manyDays() (days []string) {
	for n := range 700 {
		days = append(days, study.DayOf(time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC)))
	}
	return days
}

// dailyStudy wants a number of men each day, and as many women in all.
func (c *central) dailyStudy(t *testing.T, men, women int) {
	t.Helper()
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{{Name: "men", Target: men, Kind: study.Hard, Period: study.EachDay}, {Name: "women", Target: women, Kind: study.Hard}}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
}

// daily is a statement that asks for some days.
func (c *central) daily(t *testing.T, d *device, holdings map[string]delivery.LeaseHolding, days ...string) map[string]delivery.Lease {
	t.Helper()
	answers, err := c.Leases(context.Background(), Leasing{Who: d.Principal, Statements: []delivery.LeaseStatement{{Study: "mall", Epoch: d.Epoch, Holdings: holdings, Periods: days}}})
	if err != nil || len(answers) != 1 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for account, l := range answers[0].Leases {
		if l.Used+l.Leased > l.Cap {
			t.Errorf("%s: %d used and %d leased of %d", account, l.Used, l.Leased, l.Cap)
		}
	}
	return answers[0].Leases
}

// beganOn is a complete interview that began on a day and used a right of one.
func (d *device) beganOn(t *testing.T, day, right string) delivery.Record {
	t.Helper()
	r := d.record(t, delivery.KindInterview, "mall", "north")
	began, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	at := interview.MomentOf(began.Add(10 * time.Hour))
	i := interview.Interview{ID: r.ID, Study: "mall", Site: "north", Started: at, Ended: at, Disposition: interview.Complete, Answers: "<data/>", Cells: []string{"men@" + day}}
	if right != "" {
		i.Rights = map[string]int{right: 1}
	}
	return d.with(t, r, i)
}

// Each day has an account of its own, up to the cap; a right of one day is none on another, and a constraint for each day has no account
// without one.
func TestAccountsOfDays(t *testing.T) {
	c := newCentral(t)
	c.dailyStudy(t, 2, 3)
	one, two := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	today, next := "2026-11-22", "2026-11-23"
	got := c.daily(t, one, nil, today, next, "2026-12-24", "never")
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(names, []string{"men@" + today, "men@" + next, "women"}) {
		t.Fatalf("%v", names)
	}
	if got["men@"+today].Granted != 2 || got["men@"+next].Granted != 2 || got["women"].Granted != 3 {
		t.Fatalf("%+v", got)
	}
	if l := c.daily(t, two, nil, today, next)["men@"+today]; l.Granted != 0 || l.Leased != 2 {
		t.Errorf("%+v", l)
	}
	sound, other, plain, none := one.beganOn(t, today, "men@"+today), one.beganOn(t, today, "men@2026-11-21"), one.beganOn(t, today, "men"), one.beganOn(t, today, "")
	c.push(t, one, sound, other, plain, none)
	for r, provisional := range map[string]bool{sound.ID: false, other.ID: true, plain.ID: true, none.ID: true} {
		if f := c.filed(t, r); f.Provisional() != provisional {
			t.Errorf("%+v", f)
		}
	}
	// The day's free right goes back at its word, and to whoever asks; the next day's are as they were.
	back := map[string]delivery.LeaseHolding{"men@" + today: {Committed: 1, Returned: 1}}
	if l := c.daily(t, one, back, next); l["men@"+today].Leased != 0 || l["men@"+today].Used != 1 || l["men@"+next].Granted != 2 {
		t.Errorf("%+v", l)
	}
	c.daily(t, one, back, today)
	if l := c.daily(t, two, nil, today)["men@"+today]; l.Used != 1 || l.Leased != 1 {
		t.Errorf("what was given back is not granted again: %+v", l)
	}
	// An app that knows of no days is granted what it knows, and takes the others for full.
	if l := c.daily(t, two, nil); len(l) != 2 || l["women"].Cap != 3 || l["men"] != (delivery.Lease{}) {
		t.Errorf("%+v", l)
	}
	// Nothing of what a device says makes an account of its own.
	strange := map[string]delivery.LeaseHolding{"men": {Returned: 9}, "men@": {}, "boys@" + today: {}, "women@" + today: {}, "men@2026-02-30": {}}
	if l := c.daily(t, two, strange); len(l) != 2 || l["men"] != (delivery.Lease{}) {
		t.Errorf("%+v", l)
	}
}

// The day's rights are not kept back for tablets that nobody has heard of for days.
func TestADaysRightsGoToThoseWhoWork(t *testing.T) {
	c := newCentral(t)
	c.dailyStudy(t, 12, 3)
	for n := range 12 {
		c.daily(t, c.device(t, fmt.Sprintf("%04d", n), "mall"), nil) // it works for the study, without days
	}
	works := c.device(t, "0417", "mall")
	if l := c.daily(t, works, nil, "2026-11-22")["men@2026-11-22"]; l.Granted > 3 {
		t.Errorf("with twelve others at work: %+v", l)
	}
	c.pass((study.DaysAhead + 2) * 24 * time.Hour)
	if l := c.daily(t, works, nil, "2026-11-27")["men@2026-11-27"]; l.Granted < 10 {
		t.Errorf("alone: %+v", l)
	}
}

// A rejected interview of a day makes room on that day, and is accepted there again.
func TestRejectionOnADay(t *testing.T) {
	c := newCentral(t)
	c.dailyStudy(t, 1, 3)
	d := c.device(t, "0417", "mall")
	day := "2026-11-22"
	c.daily(t, d, nil, day)
	r := d.beganOn(t, day, "men@"+day)
	c.push(t, d, r)
	sam := Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: "mall"}}}
	for _, step := range []struct {
		kind    delivery.DecisionKind
		counted []string
	}{{delivery.ReviewReject, nil}, {delivery.ReviewAccept, []string{"men@" + day}}} {
		c.pass(time.Second)
		c.mustDecide(t, sam, c.decision(sam, step.kind, r.ID, rev(1)))
		if f := c.filed(t, r.ID); !slices.Equal(f.Counted, step.counted) {
			t.Errorf("%s: %+v", step.kind, f)
		}
	}
	if l := c.daily(t, d, nil, day)["men@"+day]; l.Used != 1 || l.Cap != 1 {
		t.Errorf("%+v", l)
	}
}
