package agent_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// waves are two that touch, on the 29th and 30th of November and the 1st and 2nd of December, and one after a gap.
func waves(n int) func(*study.Study) {
	return func(def *study.Study) {
		def.Quotas = []study.Quota{{Name: "young", Target: n, Kind: study.Hard, Period: study.EachWave, Condition: study.Rule{XPath: "/data/age < 35"}}}
		def.Waves = []study.Wave{{Name: "one", First: "2026-11-29", Last: "2026-11-30"}, {Name: "two", First: "2026-12-01", Last: "2026-12-02"}, {Name: "three", First: "2026-12-05", Last: "2026-12-05"}}
	}
}

func isDay(key string) bool {
	_, ok := study.BeginOf(key)
	return ok
}

// byAccount counts what central has of complete interviews by what they count in, each with exactly one right there.
func (c *central) byAccount(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, r := range c.records(t) {
		var i interview.Interview
		if r.Kind != delivery.KindInterview {
			continue
		}
		if err := json.Unmarshal(r.Body, &i); err != nil {
			t.Fatal(err)
		}
		if i.Disposition != interview.Complete {
			continue
		}
		began := study.DayOf(i.Started.Time())
		for _, account := range i.Cells {
			if _, key := study.ParseAccount(account); key != began && isDay(key) {
				t.Errorf("an interview of %s counts in %s", began, account)
			}
			if all[account]++; i.Rights[account] != 1 || len(i.Rights) != 1 {
				t.Errorf("in %s an interview used %v", account, i.Rights)
			}
		}
	}
	return all
}

// Two tablets share a target for each wave to the unit; one of them is away when the waves change, and works on with what it had ahead. On
// days between waves nobody is interviewed.
func TestTabletsShareEachWavesQuota(t *testing.T) {
	t.Parallel()
	const wanted = 7
	clock := newCalendar(2026, 11, 29, 9)
	c, devices := anyStudy(t, clock, 2, waves(wanted))
	away, here := devices[0], devices[1]
	done := map[string]int{}
	for range 2 {
		here.sync(t)
		away.sync(t)
	}
	for range 7 {
		day := clock.today()
		for _, d := range devices {
			for d.meet(t) {
				done[day]++
			}
		}
		// Back from its days off in the second wave, and on the day of the third.
		for range 4 {
			clock.pass(time.Hour)
			here.sync(t)
			if day == "2026-12-02" || day >= "2026-12-04" {
				away.sync(t)
			}
			for _, d := range devices {
				for d.meet(t) {
					done[day]++
				}
			}
		}
		if day == "2026-12-01" && away.holdingOf(t, "young@two").Committed == 0 {
			t.Error("the tablet that was away had no rights of the wave that began meanwhile")
		}
		clock.pass(20 * time.Hour)
	}
	for range 2 {
		away.sync(t)
		here.sync(t)
	}
	if got := c.byAccount(t); fmt.Sprint(got) != fmt.Sprint(map[string]int{"young@one": wanted, "young@two": wanted, "young@three": wanted}) {
		t.Errorf("central has %v, %d each are wanted; by day %v", got, wanted, done)
	}
	for _, day := range []string{"2026-12-03", "2026-12-04"} {
		if done[day] > 0 {
			t.Errorf("%d interviews on %s, which is in no wave", done[day], day)
		}
	}
}

// A tablet that was never heard on a day of a wave takes the quota for full from its first synchronisation on: it is a day between waves,
// or its calendar is wrong.
func TestOutsideTheWavesAQuotaIsFull(t *testing.T) {
	t.Parallel()
	clock := newCalendar(2026, 11, 20, 9)
	_, devices := anyStudy(t, clock, 2, waves(5))
	if devices[0].meet(t) {
		t.Error("an interview before the first wave")
	}
	wrong := devices[1]
	wrong.now = func() time.Time { return clock.now().AddDate(0, 0, 9) }
	wrong.open(t)
	wrong.sync(t)
	if wrong.meet(t) {
		t.Error("an interview in a wave that the tablet's clock alone believes in")
	}
	clock.pass(9 * 24 * time.Hour)
	devices[0].sync(t)
	if !devices[0].meet(t) {
		t.Error("full in the wave")
	}
}
