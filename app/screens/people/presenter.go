// Package people is the supervisor's list of interviewers: what became of their contacts, their response rate, when central last
// heard of their devices and what of theirs is still on its way. The Model is plain Go; the View draws.
package people

import (
	"context"
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
)

// Store is what the list reads.
type Store interface {
	Interviewers(ctx context.Context, studyID, day string) ([]desk.Interviewer, error)
	Days(ctx context.Context, studyID string) ([]string, error)
}

// daysShown is how many days stand to choose from beside all of them.
const daysShown = 6

// Model is everything the page shows.
type Model struct {
	// Day is the day shown, such as 2026-11-22; empty for all.
	Day string
	// Days are the latest days somebody worked on, the latest first.
	Days []string
	List []Interviewer
}

// Interviewer is a line of the list.
type Interviewer struct {
	desk.Interviewer
	// Approached are all contacts that have ended; the others are parts of it.
	Approached, Refused, BrokeOff, NotEligible, Other int
	// RR1 is AAPOR's response rate 1, a share of 0 to 1.
	RR1 float64
	// MissingRecords is how many records central knows of and does not have.
	MissingRecords int64
}

// Read reads the list of a study for a day, or for all where day is empty.
func Read(ctx context.Context, s Store, studyID, day string) (Model, error) {
	m := Model{Day: day}
	days, err := s.Days(ctx, studyID)
	if err != nil {
		return m, err
	}
	m.Days = days[:min(len(days), daysShown)]
	list, err := s.Interviewers(ctx, studyID, day)
	for _, i := range list {
		m.List = append(m.List, lineOf(i))
	}
	return m, err
}

func lineOf(i desk.Interviewer) Interviewer {
	line := Interviewer{Interviewer: i, Approached: i.Tally.Selected() - i.Contacts[interview.NotApproached], RR1: i.Tally.Rates().RR1}
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
