// Package plan is the supervisor's page of who works where and when: a week of interviewers by days, what became of what was planned, and
// which site has nobody. The Model, its drafts and its table are plain Go; the View draws.
//
// Dates and hours are those of clocks at the sites. Where a tablet told that a site's clocks differ from this laptop's, moments are
// reckoned with that; a site nobody has worked at yet is taken to have this laptop's.
package plan

import (
	"context"
	"maps"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	Plan(ctx context.Context, studyID, from, to string) (desk.Plan, error)
}

// Grace is how long after its beginning an assignment is late that nobody has begun.
const Grace = 15 * time.Minute

// weeksBack is how many weeks before the one in sight are read: the last assignment of an interviewer is what a new one begins as.
const weeksBack = 4

// Choice is what is shown; the zero one is the present week.
type Choice struct {
	Week string // a day of it, such as 2026-11-30
	Day  string // the day in sight where a week does not fit; empty for today, or else the first
}

// State is what became of an assignment.
type State string

// The states.
const (
	Planned State = "planned" // it lies ahead, or nobody can know yet
	Working State = "working" // a shift goes on
	Done    State = "done"    // a shift was begun and ended
	Late    State = "late"    // no shift is known, Grace after it should have begun
	Absent  State = "absent"  // no shift is known, and its time is over
)

// Duty is an assignment with what became of it.
type Duty struct {
	delivery.Assignment
	State State
	// Begun is when a shift for it began, by the clocks there; zero where none is known. Elsewhere is the site, where it is another.
	Begun     time.Time
	Elsewhere string
}

// Cell is a day of an interviewer.
type Cell struct {
	desk.PlanDay
	Duties []Duty
	// Unplanned is the site of a shift of the day that no assignment is about; empty for none.
	Unplanned string
	WorkedMS  int64
	// Fetched: the interviewer's tablet has asked central since this was planned. Heard is when central last heard of it, zero for never.
	Fetched bool
	Heard   time.Time
}

// Key tells cells apart.
func (c Cell) Key() Key { return Key{c.Interviewer, c.Date} }

// Key names an interviewer's day.
type Key struct{ Interviewer, Date string }

// Row is an interviewer's week.
type Row struct {
	Interviewer string
	Cells       []Cell // by day
	Minutes     int    // planned
	WorkedMS    int64
}

// Cover is how many are planned at a site on each day.
type Cover struct {
	Site study.Site
	Days []int
}

// Model is everything the page shows.
type Model struct {
	Choice
	Study study.Study
	Days  []string // seven, from Monday
	Today string
	Rows  []Row // by code
	Cover []Cover
	// Older: central is of a version that keeps no plan. Unsent: something of this week waits to be sent.
	Older, Unsent bool

	before []desk.PlanDay // of the weeks before
}

// Read reads the page of a study. now is the laptop's clock, in its zone.
func Read(ctx context.Context, s Store, st study.Study, now time.Time, c Choice) (Model, error) {
	m := Model{Choice: c, Study: st, Today: study.DayOf(now)}
	m.Days = weekOf(c.Week, m.Today)
	if !slices.Contains(m.Days, m.Day) {
		m.Day = m.Days[0]
		if slices.Contains(m.Days, m.Today) {
			m.Day = m.Today
		}
	}
	m.Week = m.Days[0]
	p, err := s.Plan(ctx, st.ID, plus(m.Week, -7*weeksBack), m.Days[6])
	if err != nil {
		return m, err
	}
	m.Older = p.Older
	r := reckoning{plan: p, now: now, known: time.UnixMilli(min(p.KnownTo, now.UnixMilli()))}
	m.fill(r)
	return m, nil
}

// weekOf are the dates of the week in which a day lies, from Monday.
func weekOf(day, today string) (days []string) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		at, err = time.Parse(time.DateOnly, today)
	}
	if err != nil {
		return make([]string, 7)
	}
	monday := at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	for n := range 7 {
		days = append(days, study.DayOf(monday.AddDate(0, 0, n)))
	}
	return days
}

// plus is the date some days after another.
func plus(date string, days int) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return study.DayOf(at.AddDate(0, 0, days))
}

// fill makes the rows and the cover of what was read.
func (m *Model) fill(r reckoning) {
	planned, seen := map[Key]desk.PlanDay{}, map[string]bool{}
	for code := range r.plan.Heard {
		seen[code] = true
	}
	for _, s := range r.plan.Shifts {
		seen[s.Interviewer] = seen[s.Interviewer] || slices.Contains(m.Days, dateOf(s))
	}
	for _, day := range r.plan.Days {
		planned[Key{day.Interviewer, day.Date}] = day
		seen[day.Interviewer] = seen[day.Interviewer] || day.Date >= plus(m.Week, -7) && len(day.Assignments) > 0 || day.Open || day.Refusal != ""
		if day.Date < m.Week {
			m.before = append(m.before, day)
		}
	}
	at := map[string]int{}
	for _, s := range m.Study.Sites {
		at[s.Name] = len(m.Cover)
		m.Cover = append(m.Cover, Cover{Site: s, Days: make([]int, len(m.Days))})
	}
	for _, code := range slices.Sorted(maps.Keys(seen)) {
		if !seen[code] {
			continue
		}
		row := Row{Interviewer: code}
		for n, date := range m.Days {
			day, known := planned[Key{code, date}]
			if !known {
				day.Interviewer, day.Date = code, date
			}
			cell := r.cell(day)
			row.Cells = append(row.Cells, cell)
			row.Minutes, row.WorkedMS = row.Minutes+day.Minutes(), row.WorkedMS+cell.WorkedMS
			m.Unsent = m.Unsent || day.Open
			for site := range sitesOf(day.PlannedDay) {
				if i, known := at[site]; known {
					m.Cover[i].Days[n]++
				}
			}
		}
		m.Rows = append(m.Rows, row)
	}
}

func sitesOf(day delivery.PlannedDay) map[string]bool {
	sites := map[string]bool{}
	for _, a := range day.Assignments {
		sites[a.Site] = true
	}
	return sites
}

// Cell finds an interviewer's day.
func (m Model) Cell(k Key) (Cell, bool) {
	for _, r := range m.Rows {
		for _, c := range r.Cells {
			if c.Key() == k {
				return c, true
			}
		}
	}
	return Cell{}, false
}

// Count is how many assignments of a day stand in which state; of none in another week.
func (m Model) Count(date string) map[State]int {
	n := map[State]int{}
	for _, r := range m.Rows {
		for _, c := range r.Cells {
			for _, d := range c.Duties {
				if c.Date == date {
					n[d.State]++
				}
			}
		}
	}
	return n
}

// Site is what a site is called; its name where the study has it not any more.
func (m Model) Site(name, lang string) string {
	s, _ := m.Study.SiteByName(name)
	return labelled(s.Label, lang, name)
}

// labelled is a label, or the name of what has none.
func labelled(label study.Text, lang, name string) string {
	if said := label.In(lang, ""); said != "" {
		return said
	}
	return name
}
