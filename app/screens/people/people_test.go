package people

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

type listed struct {
	list []desk.Interviewer
	day  *string
	// people and days are what the store fails with; nil where it does not.
	people, days error
}

func (l listed) Interviewers(_ context.Context, _, day string) ([]desk.Interviewer, error) {
	if l.people != nil {
		return nil, l.people
	}
	*l.day = day
	return l.list, nil
}

func (l listed) Days(context.Context, string) ([]string, error) {
	if l.days != nil {
		return nil, l.days
	}
	return []string{"8", "7", "6", "5", "4", "3", "2", "1"}, nil
}

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
	var day string
	m, err := Read(t.Context(), listed{list: []desk.Interviewer{i}, day: &day}, "s", "2026-11-21")
	if err != nil || day != "2026-11-21" || len(m.Days) != daysShown || m.Days[0] != "8" {
		t.Fatalf("%+v %q %v", m, day, err)
	}
	line := m.List[0]
	if sum := i.Contacts[interview.Complete] + line.Refused + line.BrokeOff + line.NotEligible + line.Other; sum != ended || line.Approached != ended {
		t.Errorf("the columns add up to %d, approached %d, of %d contacts: %+v", sum, line.Approached, ended, line)
	}
	// got away 5, unable 6, language 7, no time 8, whatever their class
	if line.Other != 26 || line.NotEligible != 33 {
		t.Errorf("%+v", line)
	}
	if want := i.Tally.Rates().RR1; line.RR1 != want || want == 0 {
		t.Errorf("RR1 %v, want %v", line.RR1, want)
	}
	if line.MissingRecords != 3 {
		t.Errorf("%d records missing, want 3", line.MissingRecords)
	}
}

func TestAStoreThatFailsIsReported(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk")
	for name, l := range map[string]listed{"days": {days: disk}, "interviewers": {people: disk}} {
		if m, err := Read(t.Context(), l, "s", "8"); !errors.Is(err, disk) || m.Day != "8" || len(m.List) != 0 {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff("3-4, 9", Numbers([]delivery.Range{{First: 3, Last: 4}, {First: 9, Last: 9}})); diff != "" {
		t.Error(diff)
	}
}
