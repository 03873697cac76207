package plan

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// Draft is a change of an interviewer's day that is being made.
type Draft struct {
	Key
	Parts []Part   // in any order
	Also  []string // other days that are to be the same
}

// Part is one assignment. Hours that are typed take the place of those it began with.
type Part struct {
	Site, Entrance, From, To, Note string
	TypedFrom, TypedTo             string
}

// hours are those typed, or else those it began with.
func (p Part) hours() (from, to string) {
	from, to = p.From, p.To
	if strings.TrimSpace(p.TypedFrom) != "" {
		from = p.TypedFrom
	}
	if strings.TrimSpace(p.TypedTo) != "" {
		to = p.TypedTo
	}
	return from, to
}

// The hours of an assignment where nothing speaks for others.
const (
	usualFrom = "10:00"
	usualTo   = "18:00"
	usualHalf = 4 * 60 // minutes of what is added to a day
)

// DraftOf begins with a day as it stands; one with nothing planned begins as the interviewer's last one, else as a day at the first site.
func (m Model) DraftOf(c Cell) Draft {
	d := Draft{Key: c.Key(), Parts: partsOf(c.Assignments, true)}
	for n := len(m.before) - 1; n >= 0 && len(d.Parts) == 0; n-- {
		if m.before[n].Interviewer == c.Interviewer {
			d.Parts = m.here(partsOf(m.before[n].Assignments, false))
		}
	}
	for _, r := range m.Rows {
		for _, before := range r.Cells {
			if r.Interviewer == c.Interviewer && before.Date < c.Date && len(before.Assignments) > 0 && len(c.Assignments) == 0 {
				d.Parts = m.here(partsOf(before.Assignments, false))
			}
		}
	}
	if len(d.Parts) == 0 {
		d.Parts = []Part{m.NewPart(Draft{})}
	}
	return d
}

func partsOf(list []delivery.Assignment, notes bool) (parts []Part) {
	for _, a := range list {
		p := Part{Site: a.Site, Entrance: a.Entrance, From: a.From, To: a.To}
		if notes {
			p.Note = a.Note
		}
		parts = append(parts, p)
	}
	return parts
}

// here are the parts at places that the study has.
func (m Model) here(parts []Part) []Part {
	return slices.DeleteFunc(parts, func(p Part) bool {
		site, known := m.Study.SiteByName(p.Site)
		_, door := site.EntranceBy(p.Entrance)
		return !known || p.Entrance != "" && !door
	})
}

// NewPart is what is added to a draft: at the site of its last part, after it.
func (m Model) NewPart(d Draft) Part {
	p := Part{From: usualFrom, To: usualTo}
	if len(d.Parts) > 0 {
		last := d.Parts[len(d.Parts)-1]
		p.Site, p.Entrance = last.Site, last.Entrance
		_, to := last.hours()
		if end, ok := clock(to); ok && end < delivery.MinutesOfDay {
			p.From, p.To = delivery.ClockOf(end), delivery.ClockOf(min(end+usualHalf, delivery.MinutesOfDay))
		}
		return p
	}
	if len(m.Study.Sites) > 0 {
		p.Site = m.Study.Sites[0].Name
		if doors := m.Study.Sites[0].Entrances; len(doors) == 1 {
			p.Entrance = doors[0].Name
		}
	}
	return p
}

// Problem is why a draft cannot be saved yet: the key of its words; empty for nothing.
type Problem string

// The problems.
const (
	NoHours  Problem = "plan.no_hours"  // what was typed is no time of day
	Midnight Problem = "plan.midnight"  // it ends before it begins
	AtOnce   Problem = "plan.at_once"   // two assignments lie at the same time
	NoChange Problem = "plan.no_change" // it is as it was
	LongNote Problem = "plan.long_note" // nobody reads that standing
	NoPlace  Problem = "plan.no_place"  // the study has no such site any more
)

// Preview is what a draft comes to, and why it cannot be saved yet.
func (m Model) Preview(d Draft) (days []delivery.PlannedDay, wrong Problem) {
	day := delivery.PlannedDay{Interviewer: d.Interviewer, Date: d.Date}
	for _, p := range d.Parts {
		a, wrong := m.assignment(p)
		if wrong != "" {
			return nil, wrong
		}
		day.Assignments = append(day.Assignments, a)
	}
	day = day.Sorted()
	for n := 1; n < len(day.Assignments); n++ {
		if day.Assignments[n].From < day.Assignments[n-1].To {
			return nil, AtOnce
		}
	}
	for _, date := range append([]string{d.Date}, d.Also...) {
		day.Date = date
		if c, known := m.Cell(Key{d.Interviewer, date}); !known || !slices.Equal(c.Assignments, day.Assignments) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return nil, NoChange
	}
	return days, ""
}

func (m Model) assignment(p Part) (a delivery.Assignment, wrong Problem) {
	a = delivery.Assignment{Site: p.Site, Entrance: p.Entrance, Note: strings.TrimSpace(p.Note)}
	first, last := p.hours()
	from, begins := clock(first)
	to, ends := clock(last)
	switch {
	case len(m.here([]Part{p})) == 0:
		return a, NoPlace
	case !begins || !ends || from == delivery.MinutesOfDay:
		return a, NoHours
	case to <= from:
		return a, Midnight
	case utf8.RuneCountInString(a.Note) > delivery.MostAssignNote:
		return a, LongNote
	}
	a.From, a.To = delivery.ClockOf(from), delivery.ClockOf(to)
	return a, ""
}

var typedClock = regexp.MustCompile(`^(\d{1,2})(?:\s*[:.hHuU]\s*(\d{2})?)?$|^(\d{1,2})(\d{2})$`)

// clock reads a time of day as people type it: 10, 9:30, 9.30, 9h30, 930.
func clock(text string) (minutes int, ok bool) {
	found := typedClock.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(found[1] + found[3]) // digits, by the pattern
	minute, _ := strconv.Atoi(found[2] + found[4])
	if minute > 59 || hour*60+minute > delivery.MinutesOfDay {
		return 0, false
	}
	return hour*60 + minute, true
}

// CanCopyTo are the other days of the week that can be made the same: today and later, and not in others' hands.
func (m Model) CanCopyTo(k Key) (dates []string) {
	for _, date := range m.Days {
		if c, known := m.Cell(Key{k.Interviewer, date}); known && date != k.Date && date >= m.Today && !c.Elsewhere {
			dates = append(dates, date)
		}
	}
	return dates
}

// LastWeek is what the week before would put into this one: on days from today on for which nothing is planned.
func (m Model) LastWeek() (days []delivery.PlannedDay) {
	for _, before := range m.before {
		date := plus(before.Date, 7)
		c, known := m.Cell(Key{before.Interviewer, date})
		parts := m.here(partsOf(before.Assignments, true))
		if !known || date < m.Today || date < m.Week || c.Elsewhere || before.Elsewhere || len(c.Assignments) > 0 || len(parts) == 0 {
			continue
		}
		day := delivery.PlannedDay{Interviewer: before.Interviewer, Date: date}
		for _, p := range parts {
			day.Assignments = append(day.Assignments, delivery.Assignment{Site: p.Site, Entrance: p.Entrance, From: p.From, To: p.To, Note: p.Note})
		}
		days = append(days, day)
	}
	return days
}

// NextOf is the first assignment that lies ahead of a moment at a site, of an interviewer's planned days.
func NextOf(p desk.Plan, interviewer string, date, clock string) (day desk.PlanDay, a delivery.Assignment, found bool) {
	for _, day := range p.Days {
		for _, a := range day.Assignments {
			if day.Interviewer == interviewer && (day.Date > date || day.Date == date && a.To > clock) {
				return day, a, true
			}
		}
	}
	return day, a, false
}
