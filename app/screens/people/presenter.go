// Package people is the supervisor's page of interviewers: what became of their contacts, their rates, their pace, what they carry and
// what of theirs is still on its way. The Model and its tables are plain Go; the View draws.
package people

import (
	"context"
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/quality"
	"parvis/internal/study"
)

// Store is what the page reads.
type Store interface {
	Crew(ctx context.Context, studyID, day, site string) ([]desk.Interviewer, error)
	Days(ctx context.Context, studyID string) ([]string, error)
	Flags(ctx context.Context, studyID string) ([]quality.Flag, error)
}

// daysShown is how many days stand to choose from beside all of them.
const daysShown = 6

// Side is which columns are in sight.
type Side string

// The sides of the table.
const (
	Contacts Side = "contacts" // what became of them
	Rates    Side = "rates"    // outcome rates by AAPOR
	Pace     Side = "pace"     // hours, completes an hour, length
	Devices  Side = "devices"  // versions, last sync, what is missing
)

// Sides are all sides.
func Sides() []Side { return []Side{Contacts, Rates, Pace, Devices} }

// Choice is what is shown and how; the zero one is everything by code.
type Choice struct {
	// Day is a day such as 2026-11-22, Site a site's name; empty for all.
	Day, Site string
	Side      Side // empty for Contacts
	// Sort is the key of a column, Descending the other way round.
	Sort       string
	Descending bool
}

// Model is everything the page shows.
type Model struct {
	Choice
	// Days are the latest days somebody worked on, the latest first.
	Days  []string
	Sites []study.Site
	List  []Interviewer
	// Flags are those of the whole study, by interviewer.
	Flags []quality.Flag
	// Form is the version of the questionnaire the study has now.
	Form string
}

// Interviewer is a line of the list.
type Interviewer struct {
	desk.Interviewer
	// Approached are all contacts that have ended; the others are parts of it.
	Approached, Refused, BrokeOff, NotEligible, Other int
	// Rates are AAPOR's, shares of 0 to 1.
	Rates interview.Rates
	// MissingRecords is how many records central knows of and does not have.
	MissingRecords int64
	Flags          []quality.Flag
}

// Hours are those worked, without pauses.
func (i Interviewer) Hours() float64 { return float64(i.WorkedMS) / 3_600_000 }

// PerHour is how many complete interviews an hour brings; ok is false where no shift is known.
func (i Interviewer) PerHour() (n float64, ok bool) {
	if i.WorkedMS == 0 {
		return 0, false
	}
	return float64(i.Completes) / i.Hours(), true
}

// Read reads the page of a study.
func Read(ctx context.Context, s Store, st study.Study, c Choice) (Model, error) {
	m := Model{Choice: c, Sites: st.Sites, Form: st.Form.Version}
	if m.Side == "" {
		m.Side = Contacts
	}
	days, err := s.Days(ctx, st.ID)
	if err != nil {
		return m, err
	}
	m.Days = days[:min(len(days), daysShown)]
	if m.Flags, err = s.Flags(ctx, st.ID); err != nil {
		return m, err
	}
	byCode := map[string][]quality.Flag{}
	for _, f := range m.Flags {
		byCode[f.Interviewer] = append(byCode[f.Interviewer], f)
	}
	list, err := s.Crew(ctx, st.ID, c.Day, c.Site)
	for _, i := range list {
		line := lineOf(i)
		line.Flags = byCode[i.Interviewer]
		m.List = append(m.List, line)
	}
	return m, err
}

func lineOf(i desk.Interviewer) Interviewer {
	line := Interviewer{Interviewer: i, Approached: i.Tally.Selected() - i.Contacts[interview.NotApproached], Rates: i.Tally.Rates()}
	line.Refused = i.Contacts[interview.RefusedIntroduction] + i.Contacts[interview.RefusedUnknown]
	line.BrokeOff = i.Contacts[interview.BrokeOff] + i.Contacts[interview.Partial]
	line.NotEligible = i.Contacts[interview.ScreenedOut] + i.Contacts[interview.QuotaFull] + i.Contacts[interview.AlreadyInterviewed]
	// By outcome, not by AAPOR's class: somebody without time may be of unknown eligibility for the rates.
	line.Other = line.Approached - i.Contacts[interview.Complete] - line.Refused - line.BrokeOff - line.NotEligible
	for _, r := range i.Missing {
		line.MissingRecords += r.Last - r.First + 1
	}
	return line
}

// Numbers writes ranges of record numbers: "3-4, 9".
func Numbers(ranges []delivery.Range) string {
	var said []string
	for _, r := range ranges {
		one := strconv.FormatInt(r.First, 10)
		if r.Last > r.First {
			one += "-" + strconv.FormatInt(r.Last, 10)
		}
		said = append(said, one)
	}
	return strings.Join(said, ", ")
}
