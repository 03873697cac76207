package tour

import (
	"encoding/json"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// missing is somebody who is planned and never comes.
const missing = "0471"

// planOf is a week's plan of the crew as central has it: where they worked, some days off, somebody who is missing, one sent elsewhere.
func (c *crew) planOf() (days []delivery.StandingDay) {
	add := func(who string, day int, list ...delivery.Assignment) {
		at := c.begin(day)
		days = append(days, delivery.StandingDay{
			PlannedDay: delivery.PlannedDay{Interviewer: who, Date: study.DayOf(at), Assignments: list}, Decision: "d", By: "ines",
			At: at.AddDate(0, 0, -4).UnixMilli(), KeptAt: at.AddDate(0, 0, -4).UnixMilli(),
		})
	}
	at := func(site study.Site, from, to, note string) delivery.Assignment {
		return delivery.Assignment{Site: site.Name, Entrance: site.Entrances[0].Name, From: from, To: to, Note: note}
	}
	for day := -6; day <= 7; day++ { // Monday of the week before to the Sunday of this one, 6 is Saturday
		for n, who := range c.people {
			site := c.site(n)
			switch {
			case (day+n)%5 == 0 && day != 6 || day == 7 && n%3 > 0:
			case who == "0442" && day == 6:
				add(who, day, at(c.site(n+1), "09:30", "17:30", ""))
			case n == 1:
				add(who, day, at(site, "09:30", "13:00", ""), at(c.site(n+1), "14:00", "17:30", "La clé est à l’accueil."))
			default:
				add(who, day, at(site, "09:30", "17:30", ""))
			}
		}
	}
	add(missing, 4, at(c.site(0), "09:30", "17:30", ""))
	add(missing, 6, at(c.site(0), "12:00", "18:00", ""))
	return days
}

// plans looks at the week, plans a day offline, takes that back, and copies the week into the next one.
func (l *laptop) plans(wide bool) {
	ctx := l.t.Context()
	st, err := l.store.Study(ctx, "mall-exit")
	must(l.t, err)
	now := l.clock.now()
	l.to(wide, "nav.plan")
	must(l.t, l.robot.See(ctx, l.word("plan.cover")))
	must(l.t, l.store.KeepPlan(ctx, st.ID, delivery.Plan{At: now.UnixMilli(), Days: newCrew(now, st.Sites).planOf()}))
	l.to(wide, "nav.plan")
	must(l.t, l.robot.See(ctx, l.word("plan.late")))
	l.picture("04-plan")
	l.day(missing, now)
	must(l.t, l.robot.See(ctx, l.word("plan.where")))
	l.picture("04-plan-late")
	l.leaves(missing, now)

	sunday := now.AddDate(0, 0, 1)
	if chip := l.word("date.short_0") + " " + sunday.Format("2"); l.robot.Can(chip) {
		l.tap(chip)
	}
	l.day("0418", sunday)
	must(l.t, l.robot.Type(ctx, l.word("plan.from"), "22"))
	must(l.t, l.robot.See(ctx, l.word("plan.midnight")))
	l.picture("04-plan-day")
	must(l.t, l.robot.Type(ctx, l.word("plan.to"), "24h"))
	must(l.t, l.robot.Type(ctx, l.word("plan.note"), "Marché de Noël : beaucoup de monde."))
	l.tap(l.word("plan.save"))
	must(l.t, l.robot.See(ctx, l.word("plan.unsent")))
	l.picture("04-plan-unsent")
	day := func() delivery.PlannedDay {
		date := study.DayOf(sunday)
		p, err := l.store.Plan(ctx, st.ID, date, date)
		must(l.t, err)
		for _, d := range p.Days {
			if d.Interviewer == "0418" {
				return d.PlannedDay
			}
		}
		return delivery.PlannedDay{}
	}
	if got := day(); len(got.Assignments) != 2 || got.Assignments[1].From != "22:00" || got.Assignments[1].To != "24:00" || !strings.HasPrefix(got.Assignments[1].Note, "Marché") {
		l.t.Errorf("planned: %+v", got)
	}
	l.tap(l.word("common.undo"))
	if got := day(); len(got.Assignments) != 0 {
		l.t.Errorf("the plan was not taken back: %+v", got)
	}
	l.tap(l.word("export.xlsx"))
	l.tap(l.word("plan.week_after"))
	l.copies(st.ID, sunday)
}

// copies copies the week into the next one and takes all of that back together.
func (l *laptop) copies(studyID string, sunday time.Time) {
	ctx := l.t.Context()
	next := func() (n int) {
		p, err := l.store.Plan(ctx, studyID, study.DayOf(sunday.AddDate(0, 0, 1)), study.DayOf(sunday.AddDate(0, 0, 7)))
		must(l.t, err)
		for _, d := range p.Days {
			n += min(len(d.Assignments), 1)
		}
		return n
	}
	var words string
	for _, name := range l.robot.Names() {
		if strings.HasPrefix(name, strings.SplitN(l.count("plan.copy_week", 7), "7", 2)[0]) {
			words = name
		}
	}
	l.tap(words)
	l.picture("04-plan-copied")
	if n := next(); n < 40 {
		l.t.Errorf("%d days of the next week are planned", n)
	}
	l.tap(l.word("common.undo"))
	if n := next(); n != 0 {
		l.t.Errorf("%d days are still planned", n)
	}
	l.tap(l.word("plan.this_week"))
}

func (l *laptop) count(key string, n int) (text string) {
	l.ui.Do(func() { text = l.app.Shell().Words().N(key, n) })
	return text
}

// day opens an interviewer's day: a cell of the grid, or the line of the day in sight.
func (l *laptop) day(who string, at time.Time) {
	l.t.Helper()
	var name string
	l.ui.Do(func() { name = who + ", " + l.app.Shell().Words().Day(at) })
	if l.robot.Can(name) {
		l.tap(name)
		return
	}
	l.row(who)
}

// leaves closes an interviewer's day again.
func (l *laptop) leaves(who string, at time.Time) {
	l.t.Helper()
	if closes := l.word("common.close"); l.robot.Can(closes) {
		l.tap(closes)
		return
	}
	l.day(who, at)
}

// assigned has a plan arrive on the tablet; the page says where to be, and the form of the shift begins there.
func (w *walk) assigned() {
	w.t.Helper()
	st, err := w.d.store.Study(w.ctx, "mall-exit")
	must(w.t, err)
	var items []delivery.Item
	add := func(days int, list ...delivery.Assignment) {
		date := study.DayOf(w.d.clock.now().AddDate(0, 0, days))
		body, err := json.Marshal(delivery.Assigned{Study: st.ID, PlannedDay: delivery.PlannedDay{Interviewer: "0417", Date: date, Assignments: list}})
		must(w.t, err)
		items = append(items, delivery.Item{Kind: delivery.ItemAssignments, ID: date, Body: body})
	}
	here, there := st.Sites[len(st.Sites)-1], st.Sites[0]
	at := func(site study.Site, from, to, note string) delivery.Assignment {
		return delivery.Assignment{Site: site.Name, Entrance: site.Entrances[0].Name, From: from, To: to, Note: note}
	}
	add(0, at(here, "10:00", "18:00", "Le badge vous attend à l’accueil."))
	add(2, at(there, "10:00", "14:00", ""), at(here, "15:00", "19:00", ""))
	add(3, at(there, "10:00", "18:00", ""))
	must(w.t, w.d.store.ApplyPull(w.ctx, items, "2"))
	w.d.app.Start()
	must(w.t, w.d.robot.See(w.ctx, w.d.app.Shell().Words().T("plan.today_hours", "from", "10:00", "to", "18:00")))
	w.picture("02-today-planned")
	w.tap("plan.seen")
	w.picture("02-today-seen")
	items = nil
	add(0, at(there, "10:00", "18:00", ""))
	must(w.t, w.d.store.ApplyPull(w.ctx, items, "2"))
	w.d.app.Start()
	must(w.t, w.d.robot.See(w.ctx, w.d.app.Shell().Words().T("plan.changed")))
	w.tap("plan.seen")
}
