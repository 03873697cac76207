package fieldstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func TestContactsAreRecordsAtTheTapAndNeverDeleted(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	d.count(t, shift, 4)
	c, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.GotAway, EstimatedSex: "female"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Passed != 4 || c.Site != "north" || c.Interviewer != "i7" || c.ContactMade || c.EligibilityKnown || c.At.UTC != d.now.UnixMilli() {
		t.Errorf("%+v", c)
	}
	c.Disposition = interview.RefusedUnknown
	if c, err = d.ReviseContact(ctx, c); err != nil || !c.ContactMade {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err = d.ReviseContact(ctx, c); err != nil { // the same again is no revision
		t.Fatal(err)
	}
	if err := d.UndoContact(ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	other, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime})
	if err != nil {
		t.Fatal(err)
	}
	list, err := d.Contacts(ctx, shift.ID)
	if err != nil || len(list) != 1 || list[0].ID != other.ID {
		t.Errorf("%+v, %v", list, err)
	}
	batch := d.batch(t)
	var revisions []interview.Contact
	for _, r := range batch[1:] { // the first is the shift
		var c interview.Contact
		if err := json.Unmarshal(r.Body, &c); err != nil {
			t.Fatal(err)
		}
		revisions = append(revisions, c)
	}
	if len(revisions) != 4 || revisions[0].Disposition != interview.GotAway || revisions[1].Disposition != interview.RefusedUnknown ||
		revisions[1].Void || !revisions[2].Void || batch[3].Revision != 3 {
		t.Errorf("%+v", revisions)
	}
	if _, err := d.ReviseContact(ctx, interview.Contact{ID: "nobody", Shift: shift.ID}); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestFiguresOfAShift(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	d.count(t, shift, 9)
	for _, outcome := range []interview.Disposition{interview.RefusedUnknown, interview.RefusedUnknown, interview.GotAway, interview.AlreadyInterviewed} {
		if _, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: outcome}); err != nil {
			t.Fatal(err)
		}
	}
	d.complete(t, d.begin(t, shift), "30", "Anna Peeters")
	d.complete(t, d.begin(t, shift), "50", "")
	undone, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.UndoContact(ctx, undone.ID); err != nil {
		t.Fatal(err)
	}
	d.begin(t, shift)
	f, err := d.ShiftFigures(ctx, shift.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := interview.Tally{I: 2, UO: 2, UH: 1, NE: 1, Open: 1}
	if f.Passed != 9 || f.Approached != 7 || f.Completes != 2 || f.Tally != want || f.ByDisposition[interview.RefusedUnknown] != 2 {
		t.Errorf("%+v", f)
	}
	if f.Rates.RR1 != 0.4 || f.Rates.COOP1 != 1 { // 2 of 2+3; 2 of 2
		t.Errorf("%+v", f.Rates)
	}
	done, err := d.QuotaCounts(ctx, "visit")
	if err != nil || done["young"] != 1 || done["all"] != 2 {
		t.Errorf("%v, %v", done, err)
	}
}
