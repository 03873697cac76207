package fieldstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// plan is what the device knows from a date on, a line for each day.
func (d *device) plan(t *testing.T, from string) string {
	t.Helper()
	list, err := d.Assignments(context.Background(), from)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, day := range list {
		line := day.Study + " " + day.Date
		for _, a := range day.Assignments {
			line += fmt.Sprintf(" %s %s-%s", a.Site, a.From, a.To)
		}
		if day.News {
			line += " news"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func (d *device) assigned(t *testing.T, who, date string, sites ...string) {
	t.Helper()
	day := delivery.Assigned{Study: "visit", PlannedDay: delivery.PlannedDay{Interviewer: who, Date: date}}
	for i, site := range sites {
		day.Assignments = append(day.Assignments, delivery.Assignment{Site: site, From: delivery.ClockOf(60 * (10 + i)), To: delivery.ClockOf(60 * (11 + i))})
	}
	d.pullItem(t, delivery.ItemAssignments, date, day)
}

func TestADayTakesThePlaceOfWhatWasKnownOfIt(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	date := func(days int) string { return study.DayOf(d.now.AddDate(0, 0, days)) }
	want := func(doing, lines string) {
		t.Helper()
		if got := d.plan(t, date(0)); got != strings.NewReplacer("today", date(0), "tomorrow", date(1)).Replace(lines) {
			t.Errorf("%s: %q", doing, got)
		}
	}
	want("at first", "")
	d.assigned(t, "i7", date(-1), "north")
	d.assigned(t, "i7", date(0), "north", "south")
	d.assigned(t, "i7", date(1)) // nobody knew of anything there
	want("it came", "visit today north 10:00-11:00 south 11:00-12:00 news")
	if err := d.SeeAssignments(ctx); err != nil {
		t.Fatal(err)
	}
	d.assigned(t, "i7", date(0), "north", "south")
	want("the same again", "visit today north 10:00-11:00 south 11:00-12:00")
	d.assigned(t, "i7", date(0), "south")
	d.assigned(t, "i7", date(1), "north")
	want("changed", "visit today south 10:00-11:00 news; visit tomorrow north 10:00-11:00 news")
	if err := d.SeeAssignments(ctx); err != nil {
		t.Fatal(err)
	}
	d.assigned(t, "i7", date(1))
	want("taken away", "visit today south 10:00-11:00; visit tomorrow news")
	if err := d.SeeAssignments(ctx); err != nil {
		t.Fatal(err)
	}
	want("and seen", "visit today south 10:00-11:00")
	d.assigned(t, "another", date(0), "north")
	want("of another interviewer, who had the device", "")
	if _, err := d.Assignments(ctx, "tomorrow"); err == nil {
		t.Error("a word is a date")
	}
}

// A clock that ran ahead while something came loses none of what is still to be done, however far ahead that lies.
func TestAClockThatRanAheadLosesNoAssignments(t *testing.T) {
	t.Parallel()
	d := newDevice(t)
	today, tomorrow, later := study.DayOf(d.now), study.DayOf(d.now.AddDate(0, 0, 1)), study.DayOf(d.now.AddDate(0, 5, 0))
	d.assigned(t, "i7", today, "north")
	d.now = d.now.AddDate(0, 7, 0)
	d.assigned(t, "i7", later, "south")
	d.assigned(t, "i7", tomorrow, "south")
	d.now = d.now.AddDate(0, -7, 0)
	want := fmt.Sprintf("visit %s north 10:00-11:00 news; visit %s south 10:00-11:00 news; visit %s south 10:00-11:00 news", today, tomorrow, later)
	if got := d.plan(t, today); got != want {
		t.Errorf("%q", got)
	}
}

// Of each study the newest days stay, as many as can be planned at a time; the oldest go, whatever the clock says.
func TestOfAStudyTheNewestDaysStay(t *testing.T) {
	t.Parallel()
	const kept = delivery.DaysPlannedAhead + delivery.DaysPlannedBack + 1
	d := newDevice(t)
	other := delivery.Assigned{Study: "other", PlannedDay: delivery.PlannedDay{Interviewer: "i7", Date: "2001-01-01", Assignments: []delivery.Assignment{
		{Site: "east", From: delivery.ClockOf(600), To: delivery.ClockOf(660)}}}}
	d.pullItem(t, delivery.ItemAssignments, other.Date, other)
	date := func(n int) string { return study.DayOf(d.now.AddDate(0, 0, n)) }
	for n := range kept + 2 {
		d.assigned(t, "i7", date(n-kept), "north")
	}
	d.assigned(t, "i7", date(-kept-10), "south") // older than all of them
	lines := strings.Split(d.plan(t, "2000-01-01"), "; ")
	if len(lines) != 1+kept || !strings.HasPrefix(lines[0], "other 2001-01-01 east") || !strings.HasPrefix(lines[1], "visit "+date(2-kept)) ||
		!strings.HasPrefix(lines[kept], "visit "+date(1)) {
		t.Errorf("%d days: %q, %q to %q", len(lines), lines[0], lines[1], lines[len(lines)-1])
	}
}
