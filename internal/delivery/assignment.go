package delivery

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Assignments plans who works where on which days; Subject is PlanSubject, Body Planning. All such decisions of a study stand in one
// order, and of each interviewer's day the latest that names it holds.
const Assignments DecisionKind = "assignments"

// PlanSubject is what decisions about assignments are about.
const PlanSubject = "plan"

// The limits of a Planning.
const (
	MostPlannedDays = 200 // interviewers' days in one decision
	MostOfADay      = 4   // assignments of an interviewer on a day
	MostAssignNote  = 200 // characters
)

// MinutesOfDay is the latest end of an assignment. Who works past midnight is assigned twice: until 24:00, and from 00:00 of the next day.
const MinutesOfDay = 24 * 60

// Assignment is where an interviewer is to be, and when. Hours are those that clocks at the site show.
type Assignment struct {
	Site     string `json:"site"`
	Entrance string `json:"entrance,omitempty"` // empty where any will do
	From     string `json:"from"`               // such as 10:00
	To       string `json:"to"`                 // later on the same day; 24:00 at the latest
	Note     string `json:"note,omitempty"`     // for the interviewer
}

// Hours are the minutes after midnight between which an assignment lies; ok is false where they are none.
func (a Assignment) Hours() (from, to int, ok bool) {
	from, begins := ParseClock(a.From)
	to, ends := ParseClock(a.To)
	return from, to, begins && ends && from < to
}

// Minutes is how long an assignment is by the clock.
func (a Assignment) Minutes() int {
	from, to, ok := a.Hours()
	if !ok {
		return 0
	}
	return to - from
}

// ParseClock reads a time of day such as 09:30 as minutes after midnight, 24:00 included.
func ParseClock(text string) (minutes int, ok bool) {
	if text == "24:00" {
		return MinutesOfDay, true
	}
	at, err := time.Parse("15:04", text)
	if err != nil || at.Format("15:04") != text {
		return 0, false
	}
	return at.Hour()*60 + at.Minute(), true
}

// ClockOf writes minutes after midnight, 0 to MinutesOfDay.
func ClockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// PlannedDay is all that an interviewer is to do in a study on a day: none where nothing is assigned any more.
type PlannedDay struct {
	Interviewer string       `json:"interviewer"`           // the code
	Date        string       `json:"date"`                  // at the site, such as 2026-11-30
	Assignments []Assignment `json:"assignments,omitempty"` // in the order of their hours
}

// Minutes is how long a day's assignments are together.
func (p PlannedDay) Minutes() (sum int) {
	for _, a := range p.Assignments {
		sum += a.Minutes()
	}
	return sum
}

// Sorted has the assignments in the order of their hours.
func (p PlannedDay) Sorted() PlannedDay {
	p.Assignments = slices.Clone(p.Assignments)
	slices.SortStableFunc(p.Assignments, func(a, b Assignment) int { return strings.Compare(a.From, b.From) })
	return p
}

// Planning is the body of assignments. It says all of each day that it names, and nothing of the others.
type Planning struct {
	Days []PlannedDay `json:"days"`
}

// Plannings puts days into as few bodies as decisions have room for: a large crew's week may need more than one.
func Plannings(days []PlannedDay) (all []Planning) {
	const room = MostDecision - 2<<10 // beside the rest of the decision
	size := 0
	for _, d := range days {
		body, err := json.Marshal(d)
		if err != nil {
			continue // there is nothing in it that could not be written
		}
		if len(all) == 0 || size+len(body)+1 > room || len(all[len(all)-1].Days) == MostPlannedDays {
			all, size = append(all, Planning{}), 0
		}
		last := &all[len(all)-1]
		last.Days = append(last.Days, d)
		size += len(body) + 1
	}
	return all
}

// Validate implements DecisionBody.
func (p Planning) Validate(d Decision) error {
	switch {
	case d.Subject != PlanSubject:
		return InvalidDecision("A change of assignments is about the study's " + PlanSubject + ".")
	case len(p.Days) == 0 || len(p.Days) > MostPlannedDays:
		return InvalidDecision(fmt.Sprintf("A change of assignments names between one and %d days of interviewers.", MostPlannedDays))
	}
	named := map[[2]string]bool{}
	for _, day := range p.Days {
		if err := day.validate(); err != nil {
			return err
		}
		key := [2]string{day.Interviewer, day.Date}
		if named[key] {
			return InvalidDecision("A change of assignments names each day of an interviewer once.")
		}
		named[key] = true
	}
	return nil
}

func (p PlannedDay) validate() error {
	at, err := time.Parse(time.DateOnly, p.Date)
	switch {
	case p.Interviewer == "" || len(p.Interviewer) > MostDecisionName || !plainText(p.Interviewer):
		return InvalidDecision("A planned day names an interviewer.")
	case err != nil || at.Format(time.DateOnly) != p.Date:
		return InvalidDecision("A planned day has a date such as 2026-11-30.")
	case len(p.Assignments) > MostOfADay:
		return InvalidDecision(fmt.Sprintf("An interviewer has at most %d assignments on a day.", MostOfADay))
	}
	for n, a := range p.Assignments {
		from, to, ok := a.Hours()
		switch {
		case a.Site == "" || len(a.Site) > MostDecisionName || !plainText(a.Site) || len(a.Entrance) > MostDecisionName || !plainText(a.Entrance):
			return InvalidDecision("An assignment names a site.")
		case !ok:
			return InvalidDecision("An assignment has hours of one day, such as 10:00 to 18:00: past midnight, plan until 24:00 and the rest on the next day.")
		case utf8.RuneCountInString(a.Note) > MostAssignNote || !plainText(a.Note):
			return InvalidDecision(fmt.Sprintf("A note to an interviewer has at most %d characters.", MostAssignNote))
		}
		for _, other := range p.Assignments[:n] {
			if begins, ends, _ := other.Hours(); from < ends && begins < to {
				return InvalidDecision("Two assignments of an interviewer lie at the same time.")
			}
		}
	}
	return nil
}

// Assigned is a day's assignments as its interviewer's devices get it.
type Assigned struct {
	Study string `json:"study"`
	PlannedDay
}

// StandingDay is a planned day as central has it.
type StandingDay struct {
	PlannedDay
	// Decision is the one that holds, At its place in the order, milliseconds UTC.
	Decision string `json:"decision"`
	At       int64  `json:"at"`
	By       string `json:"by"`      // who made it
	KeptAt   int64  `json:"kept_at"` // central's clock, milliseconds UTC: devices can have it since
	// Elsewhere: something of the day is at sites that the reader does not answer for; it is left out.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// Order is the standing decision's place.
func (s StandingDay) Order() Order { return Order{At: s.At, ID: s.Decision} }

// Plan is what central knows of a study's assignments.
type Plan struct {
	At   int64         `json:"at"`   // central's clock, milliseconds UTC
	Days []StandingDay `json:"days"` // by date and interviewer; those with nothing assigned any more too
}

// The days that are kept at hand, beside today.
const (
	DaysPlannedBack  = 35  // of which a laptop is told
	DaysPlannedAhead = 366 // for which there can be a plan
)
