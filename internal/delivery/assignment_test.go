package delivery_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"parvis/internal/delivery"
)

func TestAPlanIsReadOnlyWhereItIsSound(t *testing.T) {
	t.Parallel()
	day := func(assignments string) string {
		return `{"days":[{"interviewer":"0417","date":"2026-11-30","assignments":[` + assignments + `]}]}`
	}
	at := func(from, to string) string {
		return fmt.Sprintf(`{"site":"north","entrance":"main","from":%q,"to":%q}`, from, to)
	}
	var many []string
	for n := range delivery.MostOfADay + 1 {
		many = append(many, at(fmt.Sprintf("%02d:00", n), fmt.Sprintf("%02d:00", n+1)))
	}
	for name, c := range map[string]struct {
		body string
		good bool
	}{
		"a day":                    {day(at("10:00", "18:00")), true},
		"until midnight":           {day(at("22:00", "24:00")), true},
		"in two parts":             {day(at("14:00", "18:00") + "," + at("10:00", "14:00")), true},
		"nothing any more":         {day(""), true},
		"with what is newer":       {day(`{"site":"north","from":"10:00","to":"18:00","van":"2"}`), true},
		"as many as may be":        {day(strings.Join(many[1:], ",")), true},
		"too many":                 {day(strings.Join(many, ",")), false},
		"past midnight":            {day(at("22:00", "02:00")), false},
		"no time":                  {day(at("10:00", "10:00")), false},
		"hours of another writing": {day(at("9:00", "18:00")), false},
		"no such hour":             {day(at("10:00", "24:30")), false},
		"at the same time":         {day(at("10:00", "14:00") + "," + at("13:59", "18:00")), false},
		"no site":                  {day(`{"from":"10:00","to":"18:00"}`), false},
		"a long note":              {day(`{"site":"n","from":"10:00","to":"18:00","note":"` + strings.Repeat("é", delivery.MostAssignNote+1) + `"}`), false},
		"no day":                   {`{"days":[]}`, false},
		"nobody":                   {`{"days":[{"date":"2026-11-30"}]}`, false},
		"no date":                  {`{"days":[{"interviewer":"0417","date":"2026-02-30"}]}`, false},
		"the same day twice":       {`{"days":[{"interviewer":"0417","date":"2026-11-30"},{"interviewer":"0417","date":"2026-11-30"}]}`, false},
	} {
		d := delivery.Decision{ID: anID, Study: "mall", Kind: delivery.Assignments, Subject: delivery.PlanSubject, Body: json.RawMessage(c.body), MadeAt: 1, MadeBy: "ines"}
		_, err := d.Read()
		var words delivery.InvalidDecision
		if (err == nil) != c.good || err != nil && !errors.As(err, &words) {
			t.Errorf("%s: %v", name, err)
		}
		d.Subject = "quotas"
		if _, err := d.Read(); err == nil {
			t.Errorf("%s: a plan is about something else", name)
		}
	}
}

// A crew's month goes out in decisions that are each small enough, with every day in one of them.
func TestALargePlanIsSeveralDecisions(t *testing.T) {
	t.Parallel()
	var days []delivery.PlannedDay
	for n := range 1200 {
		days = append(days, delivery.PlannedDay{Interviewer: fmt.Sprint(n / 30), Date: fmt.Sprintf("2026-11-%02d", n%30+1), Assignments: []delivery.Assignment{
			{Site: "north", Entrance: "main", From: "10:00", To: "18:00", Note: strings.Repeat("é", n%delivery.MostAssignNote)},
		}})
	}
	found := 0
	for _, p := range delivery.Plannings(days) {
		for _, d := range p.Days {
			if d.Interviewer != days[found].Interviewer || d.Date != days[found].Date {
				t.Fatalf("%v stands where %v belongs", d, days[found])
			}
			found++
		}
		body, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(delivery.Decision{ID: anID, Study: "mall", Kind: delivery.Assignments, Subject: delivery.PlanSubject, Body: body, MadeAt: 1, MadeBy: "ines"})
		if err != nil || len(whole) > delivery.MostDecision || len(p.Days) > delivery.MostPlannedDays {
			t.Errorf("%d days in %d bytes, %v", len(p.Days), len(whole), err)
		}
	}
	if found != len(days) {
		t.Errorf("%d of %d days", found, len(days))
	}
	if delivery.Plannings(nil) != nil {
		t.Error("nothing is planned, and there is a decision")
	}
}

func TestADayIsAsLongAsItsParts(t *testing.T) {
	t.Parallel()
	day := delivery.PlannedDay{Assignments: []delivery.Assignment{{From: "14:30", To: "24:00"}, {From: "10:00", To: "13:15"}}}
	if got := day.Minutes(); got != 570+195 {
		t.Errorf("%d minutes", got)
	}
	if got := day.Sorted(); got.Assignments[0].From != "10:00" || day.Assignments[0].From != "14:30" {
		t.Errorf("%+v of %+v", got, day)
	}
	for minutes, text := range map[int]string{0: "00:00", 615: "10:15", delivery.MinutesOfDay: "24:00"} {
		if got, ok := delivery.ParseClock(text); !ok || got != minutes || delivery.ClockOf(minutes) != text {
			t.Errorf("%s is %d, %v; written %s", text, got, ok, delivery.ClockOf(minutes))
		}
	}
}
