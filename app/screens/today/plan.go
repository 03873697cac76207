package today

import (
	"context"
	"slices"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

// Plan is what the supervisor assigned from today on.
type Plan struct {
	// Today are the assignments of today, Next those of the following days, in their order.
	Today, Next []Assignment
	// Gone are days, as dates, of which everything was taken away, as long as nobody has seen that.
	Gone []string
	// News: something of it came or changed, and the interviewer has not said that it was seen.
	News bool
	// Now is the assignment of today that goes on or comes next; nil for none.
	Now *Assignment
	// Elsewhere: the place in force is another than that of Now.
	Elsewhere bool
}

// Any tells whether there is something to show.
func (p Plan) Any() bool { return len(p.Today)+len(p.Next)+len(p.Gone) > 0 }

// Assignment is where the interviewer is to be, with the names of the study as this device has it.
type Assignment struct {
	delivery.Assignment
	Date     string
	Study    study.Study
	Site     study.Site     // with the name alone where the study has it not, or not yet
	Entrance study.Entrance // zero where any will do
	News     bool
}

// Day is the date at midnight UTC, to be written in words.
func (a Assignment) Day() time.Time {
	t, _ := time.Parse(time.DateOnly, a.Date) // the store took it for a date
	return t
}

// key tells assignments apart.
func (a Assignment) key() string {
	return strings.Join([]string{a.Study.ID, a.Date, a.From, a.To, a.Site.Name, a.Entrance.Name}, "\n")
}

// daysAhead is how many days after today are shown.
const daysAhead = 7

// plan reads the assignments. Those of a study that is not here any more are left out.
func (t *Presenter) plan(ctx context.Context, now time.Time, states []fieldstore.StudyState) (p Plan, err error) {
	date := study.DayOf(now)
	days, err := t.p.Store.Assignments(ctx, date)
	if err != nil {
		return p, err
	}
	last := study.DayOf(now.AddDate(0, 0, daysAhead))
	for _, day := range days {
		at := slices.IndexFunc(states, func(s fieldstore.StudyState) bool { return s.ID == day.Study })
		if at < 0 {
			continue
		}
		p.News = p.News || day.News
		if len(day.Assignments) == 0 {
			p.Gone = append(p.Gone, day.Date)
		}
		for _, a := range day.Assignments {
			one := assignmentOf(day, a, states[at].Study)
			switch {
			case day.Date == date:
				p.Today = append(p.Today, one)
			case day.Date <= last || day.News:
				p.Next = append(p.Next, one)
			}
		}
	}
	slices.SortStableFunc(p.Today, func(a, b Assignment) int { return strings.Compare(a.From, b.From) })
	p.Now = atHand(p.Today, now.Hour()*60+now.Minute())
	return p, nil
}

func assignmentOf(day fieldstore.Assigned, a delivery.Assignment, st study.Study) Assignment {
	one := Assignment{Assignment: a, Date: day.Date, Study: st, News: day.News, Site: study.Site{Name: a.Site}}
	if site, known := st.SiteByName(a.Site); known {
		one.Site = site
		one.Entrance, _ = site.EntranceBy(a.Entrance)
	}
	return one
}

// atHand is the first that has not ended, at a place that the study has.
func atHand(list []Assignment, minute int) *Assignment {
	for _, a := range list {
		if _, to, ok := a.Hours(); ok && to > minute && len(a.Site.Entrances) > 0 {
			return &a
		}
	}
	return nil
}

// elsewhere tells whether the place in force is another than that of the assignment at hand.
func (p Plan) elsewhere(m Model) bool {
	a := p.Now
	return a != nil && (m.Study.ID != a.Study.ID || m.Site.Name != a.Site.Name || a.Entrance.Name != "" && m.Entrance.Name != a.Entrance.Name)
}

// Seen notes that the interviewer has seen the plan.
func (t *Presenter) Seen(ctx context.Context) error {
	if err := t.p.Store.SeeAssignments(ctx); err != nil {
		return err
	}
	return t.Read(ctx)
}
