package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

func assigned(who, date string, sites ...string) delivery.PlannedDay {
	day := delivery.PlannedDay{Interviewer: who, Date: date}
	for i, site := range sites {
		day.Assignments = append(day.Assignments, delivery.Assignment{Site: site, From: fmt.Sprintf("%02d:00", 10+i), To: fmt.Sprintf("%02d:00", 11+i)})
	}
	return day
}

func keepPlan(t testing.TB, s *desk.Store, at int64, days ...delivery.StandingDay) {
	t.Helper()
	if err := s.KeepPlan(context.Background(), "mall", delivery.Plan{At: at, Days: days}); err != nil {
		t.Fatal(err)
	}
}

func planBody(t testing.TB, days ...delivery.PlannedDay) string {
	t.Helper()
	body, err := json.Marshal(delivery.Planning{Days: days})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// inForce is the plan of a week, a line for each day.
func inForce(t testing.TB, s *desk.Store) (lines []string) {
	t.Helper()
	p, err := s.Plan(context.Background(), "mall", "2026-11-23", "2026-11-29")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Days {
		line := d.Date + " " + d.Interviewer
		for _, a := range d.Assignments {
			line += " " + a.Site
		}
		if d.Open {
			line += " open"
		}
		if d.Undoable {
			line += " undoable"
		}
		if d.Refusal != "" {
			line += ": " + d.Refusal
		}
		lines = append(lines, line)
	}
	return lines
}

// The plan is what central said, then what was decided here and what came since; of each day the latest holds.
func TestThePlanInForce(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	want := func(doing string, lines ...string) {
		t.Helper()
		if diff := cmp.Diff(lines, inForce(t, s)); diff != "" {
			t.Errorf("%s: %s", doing, diff)
		}
	}
	want("at first")
	stands := func(day delivery.PlannedDay, at int64) delivery.StandingDay {
		return delivery.StandingDay{PlannedDay: day, At: at, Decision: "0", By: "otto", KeptAt: at}
	}
	keepPlan(t, s, 1_000, stands(assigned("i7", "2026-11-23", "north"), 900), stands(assigned("i7", "2026-11-24", "north"), 900), stands(assigned("i7", "2026-12-24", "north"), 900))
	keepPlan(t, s, 500, stands(assigned("i7", "2026-11-25", "south"), 400)) // older than what is here
	want("central spoke", "2026-11-23 i7 north", "2026-11-24 i7 north")

	d := decide(t, s, delivery.Assignments, delivery.PlanSubject, planBody(t, assigned("i7", "2026-11-24"), assigned("i8", "2026-11-25", "south", "north")))
	want("decided", "2026-11-23 i7 north", "2026-11-24 i7 open undoable", "2026-11-25 i8 south north open undoable")
	if err := s.Undo(ctx, d.ID); err != nil {
		t.Fatal(err)
	}
	want("undone", "2026-11-23 i7 north", "2026-11-24 i7 north")
	d = decide(t, s, delivery.Assignments, delivery.PlanSubject, planBody(t, assigned("i7", "2026-11-24", "south")))
	take(t, s)
	want("on its way", "2026-11-23 i7 north", "2026-11-24 i7 south open")
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: delivery.DecisionNoSubject, Reason: "not yet", Retryable: true})
	want("refused for now", "2026-11-23 i7 north", "2026-11-24 i7 south open undoable: not yet")
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionRefused, Code: delivery.DecisionForbidden, Reason: "another's site"})
	want("refused", "2026-11-23 i7 north", "2026-11-24 i7 north: another's site")

	d = decide(t, s, delivery.Assignments, delivery.PlanSubject, planBody(t, assigned("i7", "2026-11-24", "north", "south")))
	receive(t, s, delivery.DecisionReceipt{ID: d.ID, Status: delivery.DecisionApplied})
	want("at central", "2026-11-23 i7 north", "2026-11-24 i7 north south")
	// Another laptop decided since central spoke, and somebody decided later still of one of the days.
	apply(t, s, pulled(t, "0197f3a2-9c10-7d01-8f00-00000000d0aa", delivery.Assignments, delivery.PlanSubject, 2_000, planBody(t, assigned("i7", "2026-11-23", "south"), assigned("i7", "2026-11-24", "south"))))
	want("another's", "2026-11-23 i7 south", "2026-11-24 i7 north south")
	keepPlan(t, s, d.MadeAt+10, stands(assigned("i7", "2026-11-23"), d.MadeAt+5), stands(assigned("i7", "2026-11-24", "north", "south"), d.MadeAt))
	want("central has it all", "2026-11-23 i7", "2026-11-24 i7 north south")
}

func TestACentralThatKeepsNoPlan(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), signedIn(t, "ines")
	older := func() bool {
		p, err := s.Plan(ctx, "mall", "2026-11-23", "2026-11-29")
		if err != nil {
			t.Fatal(err)
		}
		return p.Older
	}
	if older() {
		t.Error("before anything is known")
	}
	for range 2 {
		if err := s.PlanUnknown(ctx, "mall"); err != nil || !older() {
			t.Errorf("it is not noted: %v", err)
		}
	}
	keepPlan(t, s, 1_000)
	if older() {
		t.Error("central was updated")
	}
	if ids, err := s.Planned(ctx); err != nil || len(ids) != 1 || ids[0] != "mall" {
		t.Errorf("%v, %v", ids, err)
	}
}

// A laptop that lends rights is among the devices and nobody to plan.
func TestALaptopIsNobodyToPlan(t *testing.T) {
	s := newDesk(t)
	apply(t, s, item(t, delivery.ItemStudy, "mall", mall), item(t, delivery.ItemDevice, "laptop", delivery.DeviceState{Device: "laptop", Account: "ines", LastSeen: 5}),
		item(t, delivery.ItemDevice, "tablet", delivery.DeviceState{Device: "tablet", Interviewer: "0417", LastSeen: 6}))
	p, err := s.Plan(context.Background(), "mall", "2026-11-23", "2026-11-30")
	if err != nil || len(p.Heard) != 1 || p.Heard["0417"] != 6 {
		t.Errorf("%v, %v", p.Heard, err)
	}
}
