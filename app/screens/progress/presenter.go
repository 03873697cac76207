// Package progress pictures how a study comes along: complete interviews over the days against the target, interviewers beside each
// other, a day's shifts and interviews by site. Complete are those that count on the board. The models hold places on a picture and the
// table beside it, in plain Go; the View draws.
package progress

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"parvis/app/screens/board"
	"parvis/internal/export/table"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	board.Store
	Daily(ctx context.Context, studyID, site string) ([]desk.DayCount, error)
	Crew(ctx context.Context, studyID, day, site string) ([]desk.Interviewer, error)
	Shifts(ctx context.Context, studyID, day, site string) ([]desk.Shift, error)
	Ticks(ctx context.Context, studyID, day, site string) ([]desk.Tick, error)
}

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Number(n int) string
	Percent(share float64) string
	Decimal(v float64, digits int) string
	Day(t time.Time) string
	Lang() string
}

// Choice is what is pictured.
type Choice struct {
	Day, Site string // of the timeline; empty for the latest day and the first site
	Rate      bool   // RR1 instead of completes an hour
}

// Model is everything the page shows.
type Model struct {
	Choice
	Sites  []study.Site
	Days   []Day // the earliest first
	Target int   // complete interviews wanted in all; 0 where no quota says so
	People []Person
	// Median is the middle of the people's figures.
	Median float64
	Shifts []desk.Shift
	Ticks  []desk.Tick
}

// Day is one day of fieldwork.
type Day struct {
	Day       string
	Completes int // of the day
	Sum       int // up to and with the day
	Hours     float64
}

// Person is one interviewer's figure.
type Person struct {
	Code   string
	Figure float64
	Rests  int // on how many completes, or contacts
}

// leastPerson is how many completes or contacts a figure rests on at least to be pictured.
const leastPerson = 5

// Read reads the page of a study.
func Read(ctx context.Context, s Store, st study.Study, c Choice) (Model, error) {
	m := Model{Choice: c, Sites: st.Sites}
	b, err := s.Board(ctx, st.ID, "")
	if err != nil {
		return m, err
	}
	m.Target = board.Wanted(b.Study)
	daily, err := s.Daily(ctx, st.ID, "")
	if err != nil {
		return m, err
	}
	sum := 0
	for _, d := range daily {
		sum += d.Completes
		m.Days = append(m.Days, Day{Day: d.Day, Completes: d.Completes, Sum: sum, Hours: float64(d.WorkedMS) / 3_600_000})
	}
	crew, err := s.Crew(ctx, st.ID, "", "")
	if err != nil {
		return m, err
	}
	m.compare(crew)
	return m, m.day(ctx, s, st)
}

// day reads the timeline of a day and site.
func (m *Model) day(ctx context.Context, s Store, st study.Study) (err error) {
	if m.Day == "" && len(m.Days) > 0 {
		m.Day = m.Days[len(m.Days)-1].Day
	}
	if _, known := st.SiteByName(m.Site); !known && len(m.Sites) > 0 {
		m.Site = m.Sites[0].Name
	}
	if m.Shifts, err = s.Shifts(ctx, st.ID, m.Day, m.Site); err != nil {
		return err
	}
	m.Ticks, err = s.Ticks(ctx, st.ID, m.Day, m.Site)
	return err
}

func (m *Model) compare(crew []desk.Interviewer) {
	var figures []float64
	for _, i := range crew {
		p := Person{Code: i.Interviewer, Rests: i.Completes}
		if m.Rate {
			p.Figure, p.Rests = i.Tally.Rates().RR1, i.Tally.Selected()-i.Tally.NE
		} else if i.WorkedMS > 0 {
			p.Figure = float64(i.Completes) / (float64(i.WorkedMS) / 3_600_000)
		} else {
			continue
		}
		if p.Rests < leastPerson {
			continue
		}
		m.People = append(m.People, p)
		figures = append(figures, p.Figure)
	}
	slices.SortStableFunc(m.People, func(a, b Person) int {
		if a.Figure != b.Figure {
			return int(math.Copysign(1, b.Figure-a.Figure))
		}
		return strings.Compare(a.Code, b.Code)
	})
	slices.Sort(figures)
	if n := len(figures); n > 0 {
		m.Median = (figures[(n-1)/2] + figures[n/2]) / 2
	}
}

// DaysTable is the picture of days in figures.
func (m Model) DaysTable(w Words) table.Table {
	t := table.Table{Title: w.T("progress.days"), Columns: []table.Column{
		{Key: "day", Title: w.T("progress.day")}, {Key: "completes", Title: w.T("interviewers.completes"), Kind: table.Number},
		{Key: "sum", Title: w.T("progress.sum"), Kind: table.Number}, {Key: "share", Title: w.T("progress.of_target"), Kind: table.Share},
		{Key: "hours", Title: w.T("interviewers.hours"), Kind: table.Number},
	}}
	for _, d := range m.Days {
		share := table.None()
		if m.Target > 0 {
			share = table.Figure(float64(d.Sum)/float64(m.Target), w.Percent(float64(d.Sum)/float64(m.Target)))
		}
		t.Rows = append(t.Rows, table.Row{ID: d.Day, Cells: []table.Cell{
			table.Word(dayName(w, d.Day)), table.Figure(float64(d.Completes), w.Number(d.Completes)), table.Figure(float64(d.Sum), w.Number(d.Sum)),
			share, table.Figure(d.Hours, w.Decimal(d.Hours, 1)),
		}})
	}
	return t
}

func dayName(w Words, day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return w.Day(t)
	}
	return day
}

// PeopleTable is the picture of interviewers in figures.
func (m Model) PeopleTable(w Words) table.Table {
	title, kind, rests := w.T("interviewers.per_hour"), table.Number, w.T("interviewers.completes")
	if m.Rate {
		title, kind, rests = "RR1", table.Share, w.T("progress.contacts")
	}
	t := table.Table{Title: w.T("progress.people"), Columns: []table.Column{
		{Key: "who", Title: w.T("interviewers.name")}, {Key: "figure", Title: title, Kind: kind}, {Key: "rests", Title: rests, Kind: table.Number},
	}}
	for _, p := range m.People {
		t.Rows = append(t.Rows, table.Row{ID: p.Code, Cells: []table.Cell{
			table.Word(p.Code), table.Figure(p.Figure, m.figure(w, p.Figure)), table.Figure(float64(p.Rests), w.Number(p.Rests)),
		}})
	}
	return t
}

func (m Model) figure(w Words, v float64) string {
	if m.Rate {
		return w.Percent(v)
	}
	return w.Decimal(v, 2)
}

// ShiftsTable is the timeline in figures: a row for each shift.
func (m Model) ShiftsTable(w Words) table.Table {
	t := table.Table{Title: w.T("progress.timeline"), Columns: []table.Column{
		{Key: "who", Title: w.T("interviewers.name")}, {Key: "from", Title: w.T("progress.from")}, {Key: "to", Title: w.T("progress.to")},
		{Key: "hours", Title: w.T("interviewers.hours"), Kind: table.Number}, {Key: "passed", Title: w.T("interviewers.counted"), Kind: table.Number},
		{Key: "completes", Title: w.T("interviewers.completes"), Kind: table.Number}, {Key: "others", Title: w.T("progress.others"), Kind: table.Number},
	}}
	for n, s := range m.Shifts {
		done, others := 0, 0
		for _, tick := range m.Ticks {
			switch {
			case m.shiftOf(tick) != n:
			case tick.Counts:
				done++
			default:
				others++
			}
		}
		to := clock(s.Ended, s.Zone)
		if s.Open {
			to = w.T("progress.goes_on")
		}
		hours := float64(s.WorkedMS) / 3_600_000
		t.Rows = append(t.Rows, table.Row{ID: s.Interviewer, Cells: []table.Cell{
			table.Word(s.Interviewer), table.Word(clock(s.Started, s.Zone)), table.Word(to), table.Figure(hours, w.Decimal(hours, 1)),
			table.Figure(float64(s.Passed), w.Number(s.Passed)), table.Figure(float64(done), w.Number(done)), table.Figure(float64(others), w.Number(others)),
		}})
	}
	return t
}

// shiftOf is the shift an interview belongs to by its time: the last of the interviewer that had begun; -1 for none.
func (m Model) shiftOf(t desk.Tick) int {
	at := -1
	for n, s := range m.Shifts {
		if s.Interviewer == t.Interviewer && (at < 0 || s.Started <= t.Started) {
			at = n
		}
	}
	return at
}

func clock(ms int64, zone int) string {
	return time.UnixMilli(ms).In(time.FixedZone("", zone*60)).Format("15:04")
}
