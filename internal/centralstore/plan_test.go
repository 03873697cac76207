package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
)

func at(site, from, to string) delivery.Assignment {
	return delivery.Assignment{Site: site, Entrance: "main", From: from, To: to}
}

func dayOf(who, date string, list ...delivery.Assignment) delivery.PlannedDay {
	return delivery.PlannedDay{Interviewer: who, Date: date, Assignments: list}
}

func (c *central) assign(who Principal, days ...delivery.PlannedDay) delivery.Decision {
	d := c.decision(who, delivery.Assignments, delivery.PlanSubject, delivery.Planning{Days: days})
	d.Reason = ""
	return d
}

// plan is what a person is told, a line for each day.
func (c *central) plan(t *testing.T, who Principal) (lines []string) {
	t.Helper()
	plan, err := c.Plan(context.Background(), who, "mall")
	if err != nil || plan.At != c.clock.Load() {
		t.Fatalf("%+v, %v", plan, err)
	}
	for _, day := range plan.Days {
		line := dayText(day.PlannedDay) + " by " + day.By
		if day.Elsewhere {
			line += " elsewhere"
		}
		lines = append(lines, line)
	}
	return lines
}

// assigned is what a device pulls of its plan, and the cursor after it.
func (c *central) assigned(t *testing.T, d *device, cursor string, limit int) (lines []string, next string) {
	t.Helper()
	for {
		page, err := c.Pull(context.Background(), PullQuery{Who: d.Principal, Cursor: cursor, Limit: limit, Bytes: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			if e.Assigned == nil {
				continue
			}
			var day delivery.Assigned
			if err := json.Unmarshal(e.Assigned, &day); err != nil || day.Study != "mall" || day.Date != e.ID {
				t.Fatalf("%s: %+v, %v", e.ID, day, err)
			}
			lines = append(lines, dayText(day.PlannedDay))
		}
		cursor = page.Cursor
		if !page.More {
			return lines, cursor
		}
	}
}

func same(t *testing.T, doing string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", doing, diff)
	}
}

// A week is planned in one act; each tablet gets its own interviewer's days, what changed of them, and what was taken away.
func TestAPlanReachesTheTabletsItIsFor(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	mine, other := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	boss := supervisor("ines", Grant{})
	var week []delivery.PlannedDay
	for _, date := range []string{"2026-11-19", "2026-11-22", "2026-11-23"} {
		week = append(week, dayOf("0417", date, at("north", "10:00", "18:00")))
	}
	week = append(week, dayOf("0418", "2026-11-23", at("south", "14:00", "18:00"), at("north", "09:00", "13:00")))
	c.mustDecide(t, boss, c.assign(boss, week...))
	got, cursor := c.assigned(t, mine, "", 1) // page by page, none is lost
	same(t, "at first", got, "0417 2026-11-22 north 10:00-18:00", "0417 2026-11-23 north 10:00-18:00")
	got, _ = c.assigned(t, other, "", 50)
	same(t, "the other's, by the hour", got, "0418 2026-11-23 north 09:00-13:00 south 14:00-18:00")

	same(t, "nothing new", first(c.assigned(t, mine, cursor, 50)))
	c.pass(time.Minute)
	again := c.assign(boss, dayOf("0417", "2026-11-22", at("north", "10:00", "18:00")))
	moved := c.assign(boss, dayOf("0417", "2026-11-23", at("far-south", "10:00", "18:00")))
	c.mustDecide(t, boss, again, moved)
	got, cursor = c.assigned(t, mine, cursor, 50)
	same(t, "what changed", got, "0417 2026-11-23 far-south 10:00-18:00")
	c.pass(time.Minute)
	c.mustDecide(t, boss, c.assign(boss, dayOf("0417", "2026-11-23")))
	got, _ = c.assigned(t, mine, cursor, 50)
	same(t, "taken away", got, "0417 2026-11-23 nothing")
	same(t, "the laptop is told", c.plan(t, boss), "0417 2026-11-19 north 10:00-18:00 by ines", "0417 2026-11-22 north 10:00-18:00 by ines",
		"0417 2026-11-23 nothing by ines", "0418 2026-11-23 north 09:00-13:00 south 14:00-18:00 by ines")
	c.pass(40 * 24 * time.Hour)
	same(t, "long past", c.plan(t, boss))
	if page, err := c.Pull(context.Background(), PullQuery{Who: boss, Limit: 50, Bytes: 1 << 20}); err != nil || slices.ContainsFunc(page.Entries, func(e Entry) bool { return e.Assigned != nil }) {
		t.Errorf("a person pulls what is a device's: %v", err)
	}
	lines, err := c.Audit(context.Background(), 100)
	if err != nil || !slices.ContainsFunc(lines, func(l AuditEntry) bool {
		return strings.Contains(fmt.Sprint(l), "assignments: 0417 2026-11-23 north 10:00-18:00 -> 0417 2026-11-23 far-south 10:00-18:00")
	}) {
		t.Errorf("%+v, %v", lines, err)
	}
}

func first(list []string, _ string) []string { return list }

// Of each day the latest decision holds, whichever came first.
func TestTheLatestPlanOfADayHolds(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	ines, otto := supervisor("ines", Grant{}), supervisor("otto", Grant{})
	early := c.assign(ines, dayOf("0417", "2026-11-23", at("north", "10:00", "18:00")), dayOf("0417", "2026-11-24", at("north", "10:00", "18:00")))
	late := c.assign(otto, dayOf("0417", "2026-11-23"))
	late.MadeAt, early.MadeAt = late.MadeAt-1000, early.MadeAt-2000
	c.mustDecide(t, otto, late)
	c.mustDecide(t, ines, early)
	same(t, "in force", c.plan(t, ines), "0417 2026-11-23 nothing by otto", "0417 2026-11-24 north 10:00-18:00 by ines")
	got, _ := c.assigned(t, d, "", 50)
	same(t, "on the tablet", got, "0417 2026-11-23 nothing", "0417 2026-11-24 north 10:00-18:00")
}

func TestWhoMayPlanWhat(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	c.device(t, "0417", "mall")
	c.device(t, "0499", "fair")
	if _, err := c.NewCode(ctx, CodeOrder{Studies: []string{"mall"}, Interviewer: "0430", Valid: time.Hour, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	nora, sam, boss := supervisor("nora", Grant{Site: "north"}), supervisor("sam", Grant{Region: "s"}), supervisor("ines", Grant{})
	c.mustDecide(t, boss, c.assign(boss, dayOf("0417", "2026-11-25", at("south", "10:00", "14:00"))))
	c.pass(time.Second)
	monday := "2026-11-23"
	for name, want := range map[string]struct {
		who     Principal
		day     delivery.PlannedDay
		refused delivery.DecisionCode
	}{
		"her own site":                 {nora, dayOf("0417", monday, at("north", "10:00", "18:00")), ""},
		"another's site":               {nora, dayOf("0417", monday, at("south", "10:00", "18:00")), delivery.DecisionNoSubject},
		"hers and another's":           {nora, dayOf("0417", monday, at("north", "10:00", "12:00"), at("south", "13:00", "18:00")), delivery.DecisionNoSubject},
		"two sites of a region":        {sam, dayOf("0430", "2026-11-24", at("south", "10:00", "12:00"), at("far-south", "13:00", "18:00")), ""},
		"somebody taken from another":  {nora, dayOf("0417", "2026-11-25", at("north", "10:00", "18:00")), delivery.DecisionForbidden},
		"a day that is another's":      {nora, dayOf("0417", "2026-11-25"), delivery.DecisionForbidden},
		"a day that nobody planned":    {nora, dayOf("0417", "2026-11-27"), ""},
		"who has a code and no tablet": {boss, dayOf("0430", "2026-11-28", at("north", "10:00", "18:00")), ""},
		"an interviewer of another":    {boss, dayOf("0499", monday, at("north", "10:00", "18:00")), delivery.DecisionNoSubject},
		"no such site":                 {boss, dayOf("0417", monday, at("west", "10:00", "18:00")), delivery.DecisionNoSubject},
		"no such entrance":             {boss, dayOf("0417", monday, delivery.Assignment{Site: "north", Entrance: "roof", From: "10:00", To: "18:00"}), delivery.DecisionNoSubject},
		"any entrance":                 {boss, dayOf("0417", "2026-11-29", delivery.Assignment{Site: "north", From: "10:00", To: "18:00"}), ""},
		"long ago":                     {boss, dayOf("0417", "2026-09-01", at("north", "10:00", "18:00")), delivery.DecisionInvalid},
		"in another age":               {boss, dayOf("0417", "2036-09-01", at("north", "10:00", "18:00")), delivery.DecisionInvalid},
	} {
		got := c.decide(t, want.who, c.assign(want.who, want.day))[0]
		if got.Code != want.refused || got.Retryable != (want.refused == delivery.DecisionNoSubject) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	same(t, "what nora is told", c.plan(t, nora), "0417 2026-11-23 north 10:00-18:00 by nora", "0430 2026-11-24 nothing by sam elsewhere",
		"0417 2026-11-25 nothing by ines elsewhere", "0417 2026-11-27 nothing by nora", "0430 2026-11-28 north 10:00-18:00 by ines", "0417 2026-11-29 north 10:00-18:00 by ines")
	for _, who := range []Principal{{User: "vera", Grants: []Grant{{Role: Viewer, Study: "mall"}}}, {User: "eve"}, c.device(t, "0418", "mall").Principal} {
		if plan, err := c.Plan(ctx, who, "mall"); err == nil {
			t.Errorf("%s is told %+v", who.Name(), plan)
		}
	}
}

// A laptop that passes rights on is a device of its account and nobody to plan: not by its account, its id or the empty code it has.
func TestALaptopIsNobodyToPlan(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	tablet := c.device(t, "0417", "mall")
	l := newLaptop("ines")
	c.settles(t, l)
	list, err := c.DevicesOf(ctx, supervisor("any", Grant{}), "mall")
	laptop := slices.IndexFunc(list, func(d delivery.DeviceState) bool { return d.Account == "ines" })
	if err != nil || laptop < 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	err = c.insides().read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		people, err := interviewersOf(ctx, tx, "mall")
		same(t, "whom the study knows", people, "0417")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for who, code := range map[string]delivery.DecisionCode{
		"": delivery.DecisionInvalid, " ": delivery.DecisionNoSubject, "ines": delivery.DecisionNoSubject, list[laptop].Device: delivery.DecisionNoSubject,
	} {
		mixed := c.assign(l.Principal, dayOf("0417", "2026-11-23", at("north", "10:00", "18:00")), dayOf(who, "2026-11-23", at("north", "10:00", "18:00")))
		if got := c.decide(t, l.Principal, mixed)[0]; got.Status != delivery.DecisionRefused || got.Code != code || got.Reason == "" {
			t.Errorf("%q: %+v", who, got)
		}
	}
	same(t, "nothing of what was refused stands", c.plan(t, l.Principal))
	got, cursor := c.assigned(t, tablet, "", 50)
	same(t, "nor reaches a tablet", got)
	c.mustDecide(t, l.Principal, c.assign(l.Principal, dayOf("0417", "2026-11-23", at("north", "10:00", "18:00"))))
	got, _ = c.assigned(t, tablet, cursor, 50)
	same(t, "the tablet's own", got, "0417 2026-11-23 north 10:00-18:00")
}
