package fieldstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func (d *device) correct(t *testing.T, shift interview.Shift, to int, reason, words string) interview.Shift {
	t.Helper()
	s, err := d.CorrectPassers(context.Background(), shift.ID, to, reason, words)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *device) note(t *testing.T, shift interview.Shift, weather, words string) interview.ShiftNote {
	t.Helper()
	n, err := d.SaveShiftNote(context.Background(), shift.ID, interview.ShiftNote{Weather: weather, Words: words})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sent is the shift as its latest record has it.
func (d *device) sent(t *testing.T, id string) (s interview.Shift) {
	t.Helper()
	body, err := d.Record(context.Background(), id, 0)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestACorrectionStandsBesideTheTapsWithItsReason(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	d.count(t, shift, 3)
	d.now = d.now.Add(15 * time.Minute)
	d.count(t, shift, 2)
	d.correct(t, shift, 9, "missed", "")
	d.now = d.now.Add(15 * time.Minute)
	got := d.correct(t, shift, 2, interview.Other, "the cleaner's trolley")
	quarter := shift.Started.UTC - shift.Started.UTC%interview.QuarterHour
	if diff := cmp.Diff([]interview.Footfall{{From: quarter, Count: 2}}, got.Footfall); diff != "" || got.Passed != 2 {
		t.Errorf("%s %+v", diff, got)
	}
	want := []interview.Recount{
		{At: interview.MomentOf(d.now.Add(-15 * time.Minute)), From: 5, To: 9, Reason: "missed"},
		{At: interview.MomentOf(d.now), From: 9, To: 2, Reason: interview.Other, Words: "the cleaner's trolley"},
	}
	if diff := cmp.Diff(want, got.Corrections, cmpopts.IgnoreFields(interview.Recount{}, "ID")); diff != "" || got.Corrections[0].ID == "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(got, d.sent(t, shift.ID)); diff != "" {
		t.Errorf("the record differs: %s", diff)
	}
	if got.Corrected() != -3 {
		t.Errorf("%d persons", got.Corrected())
	}
	for name, wrong := range map[string]func() error{
		"without a reason":      func() error { _, err := d.CorrectPassers(ctx, shift.ID, 4, "", ""); return err },
		"other without a word":  func() error { _, err := d.CorrectPassers(ctx, shift.ID, 4, interview.Other, ""); return err },
		"below nobody":          func() error { _, err := d.CorrectPassers(ctx, shift.ID, -1, "twice", ""); return err },
		"a shift that is not":   func() error { _, err := d.CorrectPassers(ctx, "none", 4, "twice", ""); return err },
		"a note without a home": func() error { _, err := d.SaveShiftNote(ctx, "none", interview.ShiftNote{}); return err },
	} {
		if err := wrong(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if again := d.correct(t, shift, 2, "twice", ""); len(again.Corrections) != 2 {
		t.Errorf("the same number is no correction: %+v", again.Corrections)
	}
	if passed, err := d.UndoPasser(ctx, shift.ID); err != nil || passed != 1 {
		t.Errorf("%d, %v", passed, err)
	}
}

// Whatever is tapped, undone and typed: quarters are never negative and add up to the count, and the taps with the corrections do.
func TestCountsAddUpWhateverIsCorrected(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	const seed = 11
	random := rand.New(rand.NewPCG(seed, seed))
	taps := 0
	for range 400 {
		d.now = d.now.Add(time.Duration(random.IntN(180)) * time.Second)
		before, err := d.Shift(ctx, shift.ID)
		if err != nil {
			t.Fatal(err)
		}
		switch random.IntN(4) {
		case 0:
			d.correct(t, shift, random.IntN(40), "missed", "")
		case 1:
			if _, err := d.UndoPasser(ctx, shift.ID); err != nil {
				t.Fatal(err)
			}
			if before.Passed > 0 {
				taps--
			}
		default:
			d.count(t, shift, 1)
			taps++
		}
	}
	got, err := d.Shift(ctx, shift.ID)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, f := range got.Footfall {
		if f.Count < 0 {
			t.Errorf("seed %d: %+v", seed, f)
		}
		sum += f.Count
	}
	if sum != got.Passed || taps+got.Corrected() != got.Passed || len(got.Corrections) < 50 {
		t.Errorf("seed %d: %d passed, %d in quarters, %d by taps, %d by %d corrections", seed, got.Passed, sum, taps, got.Corrected(), len(got.Corrections))
	}
}

func TestNotesAndPausesKeepTheirWords(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	note := d.note(t, shift, "rain", "")
	first := note.At
	d.now = d.now.Add(time.Minute)
	note.Words = "fair on the square"
	if kept, err := d.SaveShiftNote(ctx, shift.ID, note); err != nil || kept.At != first {
		t.Errorf("%+v, %v", kept, err)
	}
	d.note(t, shift, "", "") // opened and left
	d.note(t, shift, "sunny", "")
	if err := d.ExplainPause(ctx, shift.ID, "break", ""); !errors.Is(err, fieldstore.ErrNoShift) {
		t.Errorf("a pause that does not run: %v", err)
	}
	if _, err := d.PauseShift(ctx, shift.ID, ""); err != nil {
		t.Fatal(err)
	}
	records := len(d.batch(t))
	for _, words := range []string{"li", "lift stu", "lift stuck"} {
		if err := d.ExplainPause(ctx, shift.ID, "venue", words); err != nil {
			t.Fatal(err)
		}
	}
	if now := len(d.batch(t)); now != records {
		t.Errorf("typing made %d records", now-records)
	}
	d.reopen(t) // after a kill
	shift, err := d.Shift(ctx, shift.ID)
	if err != nil {
		t.Fatal(err)
	}
	if pause, on := shift.Paused(); !on || pause.Reason != "venue" || pause.Words != "lift stuck" {
		t.Errorf("%+v", pause)
	}
	ended, err := d.EndShift(ctx, shift.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(ended.Notes) != 2 || ended.Notes[0].Words != "fair on the square" || ended.Weather() != "sunny" || ended.Pauses[0].Words != "lift stuck" {
		t.Errorf("%+v", ended)
	}
	if diff := cmp.Diff(ended, d.sent(t, shift.ID)); diff != "" {
		t.Errorf("the record differs: %s", diff)
	}
	if _, err := d.SaveShiftNote(ctx, shift.ID, note); !errors.Is(err, fieldstore.ErrNoShift) {
		t.Errorf("a note on an ended shift: %v", err)
	}
}

func TestNotApproachedCountsForTheRatesAndNotAsAnApproach(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	for _, c := range []interview.Contact{
		{Disposition: interview.NotApproached, NotApproached: "busy"},
		{Disposition: interview.NotApproached, NotApproached: "minor", EligibilityKnown: true},
		{Disposition: interview.RefusedUnknown, EstimatedSex: "male", EstimatedAge: "35_54"},
	} {
		c.Shift = shift.ID
		if _, err := d.SaveContact(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	f, err := d.ShiftFigures(ctx, shift.ID)
	if err != nil || f.Approached != 1 || f.ByDisposition[interview.NotApproached] != 2 || f.Tally != (interview.Tally{UH: 1, UO: 1, NE: 1}) {
		t.Errorf("%+v, %v", f, err)
	}
}

// The interval begins at the last selected person, in the order of what happened and not of the clock, and no correction moves it.
func TestTheIntervalBeginsAtTheLastSelectedWhateverTheClockSays(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	since := func(want int) {
		t.Helper()
		f, err := d.ShiftFigures(ctx, shift.ID)
		if err != nil || f.Passed-f.Selected != want {
			t.Errorf("%d passed, the interval began at %d, want %d since, %v", f.Passed, f.Selected, want, err)
		}
	}
	contact := func() interview.Contact {
		t.Helper()
		c, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	d.count(t, shift, 3)
	d.correct(t, shift, 40, "missed", "")
	since(3)
	contact()
	since(0)
	d.now = d.now.Add(-2 * time.Hour)
	d.count(t, shift, 2)
	since(2)
	d.correct(t, shift, 10, "twice", "")
	since(2)
	last := contact()
	d.count(t, shift, 1)
	d.correct(t, shift, 30, "missed", "")
	since(1)
	if err := d.UndoContact(ctx, last.ID); err != nil {
		t.Fatal(err)
	}
	since(3)
}
