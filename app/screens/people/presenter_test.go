package people

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quality"
	"parvis/internal/study"
)

type listed struct {
	list  []desk.Interviewer
	flags []quality.Flag
	asked *[2]string
	// people, days and flagged are what the store fails with; nil where it does not.
	people, days, flagged error
}

func (l listed) Crew(_ context.Context, _, day, site string) ([]desk.Interviewer, error) {
	if l.people != nil {
		return nil, l.people
	}
	*l.asked = [2]string{day, site}
	return l.list, nil
}

func (l listed) Days(context.Context, string) ([]string, error) {
	if l.days != nil {
		return nil, l.days
	}
	return []string{"8", "7", "6", "5", "4", "3", "2", "1"}, nil
}

func (l listed) Flags(context.Context, string) ([]quality.Flag, error) { return l.flags, l.flagged }

func TestEachContactStandsInOneColumn(t *testing.T) {
	t.Parallel()
	i := desk.Interviewer{Interviewer: "0417", Contacts: map[interview.Disposition]int{}, Completes: 5, Missing: []delivery.Range{{First: 3, Last: 4}, {First: 9, Last: 9}}}
	ended := 0
	i.Contacts[interview.NotApproached] = 40 // selected, and nobody spoke to them
	i.Tally.Add(interview.ClassUnapproached, 40)
	for n, d := range []interview.Disposition{
		interview.Complete, interview.Partial, interview.RefusedIntroduction, interview.BrokeOff, interview.GotAway, interview.PhysicallyUnable,
		interview.LanguageBarrier, interview.NoTime, interview.RefusedUnknown, interview.ScreenedOut, interview.QuotaFull, interview.AlreadyInterviewed,
	} {
		i.Contacts[d] = n + 1
		made, known := interview.FactsOf(d)
		i.Tally.Add(interview.Contact{Disposition: d, ContactMade: made, EligibilityKnown: known}.Class(), n+1)
		ended += n + 1
	}
	var asked [2]string
	flags := []quality.Flag{{Interviewer: "0417", Kind: quality.TooFast}, {Interviewer: "0418"}}
	m, err := Read(t.Context(), listed{list: []desk.Interviewer{i}, asked: &asked, flags: flags}, study.Study{ID: "s"}, Choice{Day: "2026-11-21", Site: "north"})
	if err != nil || asked != [2]string{"2026-11-21", "north"} || len(m.Days) != daysShown || m.Days[0] != "8" || m.Side != Contacts {
		t.Fatalf("%+v %q %v", m, asked, err)
	}
	line := m.List[0]
	if sum := i.Contacts[interview.Complete] + line.Refused + line.BrokeOff + line.NotEligible + line.Other; sum != ended || line.Approached != ended {
		t.Errorf("the columns add up to %d, approached %d, of %d contacts: %+v", sum, line.Approached, ended, line)
	}
	// got away 5, unable 6, language 7, no time 8, whatever their class
	if line.Other != 26 || line.NotEligible != 33 {
		t.Errorf("%+v", line)
	}
	if want := i.Tally.Rates(); line.Rates != want || want.RR1 == 0 {
		t.Errorf("%+v, want %+v", line.Rates, want)
	}
	if line.MissingRecords != 3 || len(line.Flags) != 1 || line.Flags[0].Kind != quality.TooFast {
		t.Errorf("%d records missing, want 3; flags %+v", line.MissingRecords, line.Flags)
	}
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk")
	for name, l := range map[string]listed{"days": {days: disk}, "interviewers": {people: disk}, "flags": {flagged: disk}} {
		if m, err := Read(t.Context(), l, study.Study{ID: "s"}, Choice{Day: "8"}); !errors.Is(err, disk) || m.Day != "8" || len(m.List) != 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestEverySideHasItsFiguresAndSorts(t *testing.T) {
	t.Parallel()
	w, err := words.New(assets.Translations, "fr")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	one := desk.Interviewer{Interviewer: "b", Completes: 6, WorkedMS: 4 * 3_600_000, MedianMS: 492_000, Passed: 1200, LastSeen: now.Add(-time.Hour).UnixMilli(),
		Devices: []delivery.DeviceState{{Device: "d", AppVersion: "0.2"}, {Device: "e", AppVersion: "0.1", Revoked: true}}, Forms: map[string]string{"d": "7"}}
	one.Tally.I, one.Tally.UO = 6, 18
	m := Model{Choice: Choice{Sort: "completes", Descending: true}}
	m.List = []Interviewer{lineOf(desk.Interviewer{Interviewer: "a"}), lineOf(one)}
	table := m.Table(w, now, Sides()...)
	if table.Rows[0].ID != "b" || table.Rows[1].ID != "a" {
		t.Error("not sorted by completes")
	}
	got, empty := map[string]string{}, map[string]string{}
	for i, c := range table.Columns {
		if _, twice := got[c.Key]; twice {
			t.Errorf("%s stands there twice", c.Key)
		}
		got[c.Key], empty[c.Key] = table.Rows[0].Cells[i].Text, table.Rows[1].Cells[i].Text
	}
	for key, want := range map[string]string{"who": "b", "completes": "6", "hours": "4,0", "per_hour": "1,50", "median": "8,2", "app": "0.2", "form": "7", "missing": "0", "flags": "0"} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
	if !strings.HasPrefix(got["RR1"], "25") || !strings.HasPrefix(got["RR3"], "25") || empty["RR1"] != "–" || empty["per_hour"] != "–" || empty["seen"] != w.T("interviewers.never") {
		t.Errorf("%v, %v", got, empty)
	}
}

func TestRatesHaveTheirNames(t *testing.T) {
	t.Parallel()
	// the worked example of AAPOR's formulas: I=4, all others 1 but P=2
	r := interview.Tally{I: 4, P: 2, R: 1, NC: 1, O: 1, UH: 1, UO: 1, NE: 1}.Rates()
	for name, want := range map[string]float64{"RR1": .364, "RR3": .370, "COOP1": .5, "REF1": .091, "CON1": .727, "RR6": .667, "COOP4": .857, "REF3": .111, "CON3": .889} {
		if got := RateOf(r, name); got < want-.0006 || got > want+.0006 {
			t.Errorf("%s is %.3f, want %.3f", name, got, want)
		}
	}
	seen := map[float64]bool{}
	for _, name := range RateNames() {
		seen[RateOf(r, name)] = true
	}
	if seen[0] {
		t.Error("a rate has no figure")
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff("3-4, 9", Numbers([]delivery.Range{{First: 3, Last: 4}, {First: 9, Last: 9}})); diff != "" {
		t.Error(diff)
	}
}
