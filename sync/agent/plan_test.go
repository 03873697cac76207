package agent_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
)

// assign plans the device's interviewer at the named sites, an hour each.
func (l *reviewer) assign(t *testing.T, date string, sites ...string) delivery.Decision {
	t.Helper()
	day := delivery.PlannedDay{Interviewer: "0417", Date: date}
	for i, site := range sites {
		day.Assignments = append(day.Assignments, delivery.Assignment{Site: site, Entrance: "main", From: delivery.ClockOf(60 * (10 + i)), To: delivery.ClockOf(60 * (11 + i))})
	}
	body, err := json.Marshal(delivery.Planning{Days: []delivery.PlannedDay{day}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := l.Decide(context.Background(), delivery.Decision{Study: "visit", Kind: delivery.Assignments, Subject: delivery.PlanSubject, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// planned is a day of the plan as the laptop has it.
func (l *reviewer) planned(t *testing.T, date string) (day desk.PlanDay, older bool) {
	t.Helper()
	p, err := l.Plan(context.Background(), "visit", date, date)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Days) > 0 {
		day = p.Days[0]
	}
	return day, p.Older
}

// sites are where the tablet is to be on a day, as far as it knows.
func (d *device) sites(t *testing.T, date string) (said string, news bool) {
	t.Helper()
	days, err := d.Assignments(context.Background(), date)
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range days {
		for _, a := range day.Assignments {
			if day.Date == date {
				said += a.Site + " "
			}
		}
		news = news || day.Date == date && day.News
	}
	return strings.TrimSpace(said), news
}

// What is planned on a laptop without a connection, changed and undone there, is on the tablet once both have synchronised; so is that it
// was taken away. Another laptop learns it too.
func TestASupervisorPlansAndTheTabletKnows(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	boss, other := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"}), newReviewer(t, c, "otto", centralstore.Grant{Study: "visit", Site: "north"})
	date := study.DayOf(time.Now().AddDate(0, 0, 1))
	wrong := boss.assign(t, date, "south")
	if err := boss.Undo(ctx, wrong.ID); err != nil {
		t.Fatal(err)
	}
	boss.assign(t, date, "north", "south")
	if day, _ := boss.planned(t, date); len(day.Assignments) != 2 || !day.Undoable {
		t.Errorf("before it is sent: %+v", day)
	}
	d.sync(t)
	if said, _ := d.sites(t, date); said != "" {
		t.Errorf("the tablet knows what nobody sent: %s", said)
	}
	boss.sync(t)
	if day, _ := boss.planned(t, date); len(day.Assignments) != 2 || day.Open || day.By != "ines" || day.KeptAt == 0 {
		t.Errorf("sent: %+v", day)
	}
	other.sync(t)
	if day, _ := other.planned(t, date); len(day.Assignments) != 1 || !day.Elsewhere {
		t.Errorf("who answers for the north is told %+v", day)
	}
	refused := other.assign(t, date, "north") // it would take the interviewer from the south
	other.sync(t)
	if day, _ := other.planned(t, date); other.state(t, refused) != desk.Refused || day.Refusal == "" || len(day.Assignments) != 1 {
		t.Errorf("%s: %+v", other.state(t, refused), day)
	}
	d.sync(t)
	if said, news := d.sites(t, date); said != "north south" || !news {
		t.Errorf("the tablet is sent to %q, news: %v", said, news)
	}
	if err := d.SeeAssignments(ctx); err != nil {
		t.Fatal(err)
	}
	boss.assign(t, date, "north", "south") // the same again is no news
	boss.sync(t)
	d.sync(t)
	if said, news := d.sites(t, date); said != "north south" || news {
		t.Errorf("the tablet is sent to %q, news: %v", said, news)
	}
	boss.assign(t, date)
	boss.sync(t)
	d.sync(t)
	if said, news := d.sites(t, date); said != "" || !news {
		t.Errorf("taken away: %q, news: %v", said, news)
	}
}

// A central from before there were plans neither takes one nor is troubled: what was planned waits, the page can say why, and all the
// rest is synchronised. Once central is newer, it goes.
func TestAnOlderCentralKeepsNoPlan(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	var older atomic.Bool
	older.Store(true)
	c.stop(t)
	c.watch = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if older.Load() && (strings.HasSuffix(r.URL.Path, "/assignments") || strings.HasSuffix(r.URL.Path, "/decisions")) {
				r.URL.Path = "/v1/no-such-path"
			}
			next.ServeHTTP(w, r)
		})
	}
	c.start(t)
	d := newDevice(t, c)
	d.ready(t, c)
	boss := newReviewer(t, c, "ines", centralstore.Grant{Study: "visit"})
	date := study.DayOf(time.Now())
	if _, known := boss.planned(t, date); !known {
		t.Error("the laptop does not know that central is older")
	}
	older.Store(false)
	boss.assign(t, date, "north")
	boss.sync(t)
	d.sync(t)
	if _, known := boss.planned(t, date); known {
		t.Error("the laptop does not know that central was updated")
	}
	if said, _ := d.sites(t, date); said != "north" {
		t.Errorf("the tablet is sent to %q", said)
	}
}
