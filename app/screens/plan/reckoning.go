package plan

import (
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// reckoning tells what became of assignments by the shifts that are known.
type reckoning struct {
	plan desk.Plan
	now  time.Time
	// known is the moment up to which this laptop knows of shifts: of what lies behind it nobody is called late.
	known time.Time
}

// early is how long before its beginning a shift may begin that is meant for an assignment.
const early = 4 * time.Hour

// forgotten is how long after its end an assignment's shift may go on before it is taken for one that nobody ended.
const forgotten = 6 * time.Hour

// moment is when clocks at a site show a time of day.
func (r reckoning) moment(site, date string, minutes int) time.Time {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	y, m, d := day.Date()
	return time.Date(y, m, d, 0, minutes, 0, 0, r.now.Location()).Add(-r.ahead(site))
}

// ahead is by how much clocks at a site are ahead of this laptop's, as far as a tablet told. It is told as a difference, so that both
// may change to summer time since.
func (r reckoning) ahead(site string) time.Duration {
	zone, told := r.plan.Zones[site]
	if !told {
		return 0
	}
	_, here := time.UnixMilli(zone.At).In(r.now.Location()).Zone()
	return time.Duration(zone.Offset)*time.Minute - time.Duration(here)*time.Second
}

// span is when an assignment is to be worked.
func (r reckoning) span(date string, a delivery.Assignment) (from, to time.Time) {
	begin, end, _ := a.Hours()
	return r.moment(a.Site, date, begin), r.moment(a.Site, date, end)
}

// dateOf is the date on which a shift began, there.
func dateOf(s desk.Shift) string { return study.DayOf(begun(s)) }

// begun is when a shift began, by the clocks there.
func begun(s desk.Shift) time.Time {
	return time.UnixMilli(s.Started).In(time.FixedZone("", s.Zone*60))
}

// cell is an interviewer's day with what became of it.
func (r reckoning) cell(day desk.PlanDay) Cell {
	c := Cell{PlanDay: day}
	heard := r.plan.Heard[day.Interviewer]
	if heard > 0 {
		c.Heard = time.UnixMilli(heard).In(r.now.Location())
	}
	c.Fetched = !day.Open && day.KeptAt > 0 && heard >= day.KeptAt
	used := map[string]bool{}
	var before time.Time // the end of the assignment before
	for n, a := range day.Assignments {
		from, to := r.span(day.Date, a)
		until := to.Add(forgotten)
		if n+1 < len(day.Assignments) {
			until, _ = r.span(day.Date, day.Assignments[n+1])
		}
		since := from.Add(-early)
		if since.Before(before) {
			since = before
		}
		c.Duties = append(c.Duties, r.duty(day, a, since, until, used))
		before = to
	}
	for _, s := range r.plan.Shifts {
		if s.Interviewer != day.Interviewer || dateOf(s) != day.Date {
			continue
		}
		c.WorkedMS += s.WorkedMS
		if !used[s.ID] && c.Unplanned == "" {
			c.Unplanned = s.Site
		}
	}
	return c
}

// duty is an assignment with what became of it: the shifts at its site that lie in its time, or else those elsewhere that go on in it.
// since is when its shift may begin at the earliest, until when one that goes on belongs to what comes next.
func (r reckoning) duty(day desk.PlanDay, a delivery.Assignment, since, until time.Time, used map[string]bool) Duty {
	from, to := r.span(day.Date, a)
	d := Duty{Assignment: a, State: Planned}
	open, found := false, false
	for _, here := range []bool{true, false} {
		for _, s := range r.plan.Shifts {
			end := time.UnixMilli(s.Ended)
			if s.Open {
				end = time.UnixMilli(max(s.Ended, r.known.UnixMilli()))
			}
			begin := time.UnixMilli(s.Started)
			if s.Interviewer != day.Interviewer || (s.Site == a.Site) != here || !begin.Before(to) || !end.After(since) || !here && end.Before(from.Add(Grace)) {
				continue
			}
			if !found {
				d.Begun = begun(s)
				if !here {
					d.Elsewhere = s.Site
				}
			}
			used[s.ID], found, open = true, true, open || s.Open
		}
		if found {
			break
		}
	}
	switch {
	case found && open && r.known.Before(until):
		d.State = Working
	case found:
		d.State = Done
	case r.known.Before(from.Add(Grace)):
	case r.known.Before(to):
		d.State = Late
	default:
		d.State = Absent
	}
	return d
}
