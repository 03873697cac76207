package agent_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/study"
)

// calendar is the clock of central and tablets alike, an hour east of Greenwich.
type calendar struct{ ms atomic.Int64 }

func newCalendar(year int, month time.Month, day, hour int) *calendar {
	c := &calendar{}
	c.ms.Store(time.Date(year, month, day, hour, 0, 0, 0, time.FixedZone("", 3600)).UnixMilli())
	return c
}

func (c *calendar) now() time.Time          { return time.UnixMilli(c.ms.Load()).In(time.FixedZone("", 3600)) }
func (c *calendar) pass(d time.Duration)    { c.ms.Add(d.Milliseconds()) }
func (c *calendar) today() string           { return study.DayOf(c.now()) }
func (c *calendar) account(q string) string { return q + "@" + c.today() }

// aDay is a central with a hard quota of n young visitors each day, and tablets that are ready for work.
func aDay(t *testing.T, clock *calendar, n, tablets int) (*central, []*device) {
	t.Helper()
	return anyStudy(t, clock, tablets, func(def *study.Study) {
		def.Quotas = []study.Quota{{Name: "young", Target: n, Kind: study.Hard, Period: study.EachDay, Condition: study.Rule{XPath: "/data/age < 35"}}}
	})
}

// anyStudy is a central with a study that was altered, and tablets that are ready for work.
func anyStudy(t *testing.T, clock *calendar, tablets int, alter func(*study.Study)) (*central, []*device) {
	t.Helper()
	c := newCentralBy(t, "", clock.now)
	var devices []*device
	for range tablets {
		d := newDevice(t, c)
		d.now = clock.now
		d.open(t)
		d.ready(t, c)
		devices = append(devices, d)
	}
	def, err := devices[0].Study(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	alter(&def)
	if _, err := c.store.PutStudy(context.Background(), centralstore.StudyPackage{Study: def, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	for _, d := range devices {
		d.sync(t)
	}
	return c, devices
}

// used is how many interviews count on the present day, as central told a tablet.
func (c *calendar) used(t *testing.T, d *device) int {
	t.Helper()
	q, err := d.Quotas(context.Background(), "visit")
	if err != nil {
		t.Fatal(err)
	}
	return q[c.account("young")].Used
}

// byDay is byAccount without the constraint's name, in a study with one.
func (c *central) byDay(t *testing.T) map[string]int {
	t.Helper()
	days := map[string]int{}
	for account, n := range c.byAccount(t) {
		_, day := study.ParseAccount(account)
		days[day] += n
	}
	return days
}

// Three tablets share a target for each day over a network that loses requests and answers: on every day they interview exactly as many as
// are wanted, and each of them counts.
func TestTabletsShareEachDaysQuotaToTheUnit(t *testing.T) {
	t.Parallel()
	const wanted, days = 7, 4
	clock, dice := newCalendar(2026, 11, 29, 9), seeded(t, 20261130)
	c, devices := aDay(t, clock, wanted, 3)
	want := map[string]int{}
	for range days {
		completed, refused := 0, 0
		meet := func(d *device, n int) {
			for range n {
				if d.meet(t) {
					completed++
				} else {
					refused++
				}
			}
		}
		for range 12 {
			clock.pass(30 * time.Minute)
			d := devices[dice.IntN(len(devices))]
			meet(d, dice.IntN(3))
			d.tries(dice)
		}
		for range 4 {
			for _, d := range devices {
				d.sync(t)
				meet(d, 1)
			}
		}
		for range 2 {
			for _, d := range devices {
				d.sync(t)
			}
		}
		if used := clock.used(t, devices[0]); completed != wanted || refused == 0 || used != wanted {
			t.Errorf("%s: %d completed and %d counted of %d, %d refused", clock.today(), completed, used, wanted, refused)
		}
		want[clock.today()] = wanted
		clock.pass(24*time.Hour - 6*time.Hour) // nine in the morning again
	}
	if got := c.byDay(t); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("central has %v, want %v", got, want)
	}
}

// A tablet that stays away works on the days for which it had rights, and on no other; what it brings counts, and nobody else had its
// places.
func TestATabletAwayForDays(t *testing.T) {
	t.Parallel()
	const wanted = 6
	clock := newCalendar(2026, 11, 27, 9)
	c, devices := aDay(t, clock, wanted, 2)
	away, here := devices[0], devices[1]
	for range 2 { // until each has what the other does not need
		here.sync(t)
		away.sync(t)
	}
	want := map[string]int{}
	for n := range study.DaysAhead + 2 {
		mine, theirs := 0, 0
		for away.meet(t) {
			mine++
		}
		for range 3 {
			here.sync(t)
			for here.meet(t) {
				theirs++
			}
		}
		switch inReach := n <= study.DaysAhead; {
		case inReach && (mine == 0 || theirs == 0 || mine+theirs > wanted), !inReach && mine > 0:
			t.Errorf("day %d: %d by the tablet that is away and %d by the other, of %d", n, mine, theirs, wanted)
		}
		want[clock.today()] = mine + theirs
		clock.pass(24 * time.Hour)
	}
	clock.pass(-24 * time.Hour)
	for range 2 {
		away.sync(t)
		here.sync(t)
	}
	if got := c.byDay(t); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("central has %v, want %v", got, want)
	}
	if used := clock.used(t, away); used != want[clock.today()] {
		t.Errorf("%d count today, of %v", used, want)
	}
}

// A clock that is set back and forth gives nobody more than there is: a day's rights are the same whenever the tablet comes to it.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	const wanted = 3
	clock := newCalendar(2026, 11, 29, 9)
	c, devices := aDay(t, clock, wanted, 1)
	d := devices[0]
	for n := range 6 { // Sunday, Monday, Sunday, Monday ...
		for range 2 {
			for d.meet(t) {
			}
			d.sync(t)
		}
		if clock.pass(24 * time.Hour); n%2 == 1 {
			clock.pass(-48 * time.Hour)
		}
	}
	if got := c.byDay(t); fmt.Sprint(got) != fmt.Sprint(map[string]int{"2026-11-29": wanted, "2026-11-30": wanted}) {
		t.Errorf("%v, want %d each", got, wanted)
	}
	if used := clock.used(t, d); used != wanted {
		t.Errorf("%d count of %d", used, wanted)
	}
}

// A tablet whose calendar is years ahead has no rights on the days it believes in.
func TestACalendarOfItsOwn(t *testing.T) {
	t.Parallel()
	clock := newCalendar(2026, 11, 29, 9)
	_, devices := aDay(t, clock, 5, 1)
	d := devices[0]
	d.now = func() time.Time { return clock.now().AddDate(3, 0, 0) }
	d.open(t)
	for range 2 {
		if _, err := d.agent.Sync(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if d.meet(t) {
		t.Error("an interview on a day for which central has granted nothing")
	}
}

// Who began before midnight counts on that day, however late the interview ends.
func TestAnInterviewOverMidnight(t *testing.T) {
	t.Parallel()
	clock := newCalendar(2026, 11, 29, 23)
	c, devices := aDay(t, clock, 1, 1)
	d := devices[0]
	began := clock.today()
	late := d.now
	d.now = func() time.Time { clock.pass(10 * time.Minute); return late() } // each look at the clock takes long
	if !d.meet(t) {
		t.Fatal("the quota was full")
	}
	if d.now = late; clock.today() == began {
		t.Fatal("it is not past midnight")
	}
	d.sync(t)
	if !d.meet(t) {
		t.Error("the place of the new day is gone")
	}
	d.sync(t)
	if got := c.byDay(t); fmt.Sprint(got) != fmt.Sprint(map[string]int{began: 1, clock.today(): 1}) {
		t.Errorf("%v", got)
	}
}
