package fieldstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// tapped makes a shift with n contacts: n+1 records.
func (d *device) tapped(t *testing.T, n int) interview.Shift {
	t.Helper()
	shift := d.shift(t, false)
	d.contacts(t, shift, n)
	return shift
}

// contacts saves n contacts.
func (d *device) contacts(t *testing.T, shift interview.Shift, n int) {
	t.Helper()
	for range n {
		if _, err := d.SaveContact(context.Background(), interview.Contact{Shift: shift.ID, Disposition: interview.NoTime}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReceiptsAndWhatTheyLeave(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.tapped(t, 4)
	all := d.batch(t)
	if err := d.MarkInFlight(ctx, identities(all)); err != nil {
		t.Fatal(err)
	}
	if again := d.batch(t); len(again) != 0 {
		t.Errorf("%d records in flight would be sent twice", len(again))
	}
	if ids, err := d.InFlight(ctx); err != nil || cmp.Diff(identities(all), ids) != "" {
		t.Errorf("%v, %v", ids, err)
	}
	answers := append(receipts(all[:1], delivery.Received, ""), receipts(all[1:2], delivery.Duplicate, "")...)
	answers = append(answers, receipts(all[2:3], delivery.Quarantined, "unknown study; ask the office")...)
	wrong := receipts(all[3:4], delivery.Received, "")
	wrong[0].SHA256 = delivery.Sum([]byte("other bytes"))
	d.now = d.now.Add(1)
	if err := d.ApplyReceipts(ctx, append(answers, wrong...)); err != nil {
		t.Fatal(err)
	}
	if err := d.ReturnInFlight(ctx); err != nil {
		t.Fatal(err)
	}
	if left := d.batch(t); cmp.Diff(identities(all[3:]), identities(left)) != "" {
		t.Errorf("%d records wait", len(left))
	}
	want := fieldstore.Outlook{RecordsWaiting: 2, Quarantined: 1, LastSent: d.now.UnixMilli()}
	if o, err := d.Outlook(ctx); err != nil || o != want {
		t.Errorf("%+v, %v", o, err)
	}
	// A quarantine that comes late does not take back what was acknowledged.
	if err := d.ApplyReceipts(ctx, receipts(all[:1], delivery.Quarantined, "late")); err != nil {
		t.Fatal(err)
	}
	if o, _ := d.Outlook(ctx); o != want {
		t.Errorf("%+v", o)
	}
	if n, err := d.Requeue(ctx, "e1", []delivery.Range{{First: 1, Last: 3}, {First: 90, Last: 99}}); err != nil || n != 2 {
		t.Errorf("%d records again, %v", n, err)
	}
	if left := d.batch(t); len(left) != 4 {
		t.Errorf("%d records wait", len(left))
	}
	if err := d.ApplyReceipts(ctx, []delivery.Receipt{{ID: all[0].ID, Revision: 1, SHA256: all[0].SHA256, Status: "eaten"}}); err == nil {
		t.Error("an answer nobody knows was taken")
	}
}

func TestBatchesKeepTheirLimitsAndSendShiftsFirst(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 5)
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	all := d.batch(t)
	if len(all) != 7 || all[0].Kind != delivery.KindShift || all[1].Kind != delivery.KindShift || all[2].Seq != 2 {
		t.Fatalf("%d records, %+v", len(all), all[:3])
	}
	size := len(all[0].Body)
	for _, c := range []struct{ records, bytes, want int }{{3, 1 << 20, 3}, {10, 1, 1}, {10, size, 1}, {10, size + len(all[1].Body), 2}, {10, 1 << 20, 7}} {
		got, err := d.WaitingBatch(ctx, c.records, c.bytes)
		if err != nil || len(got) != c.want {
			t.Errorf("at most %d records and %d bytes: %d records, %v", c.records, c.bytes, len(got), err)
		}
	}
	if w, err := d.Waiting(ctx); err != nil || w.Records != 7 {
		t.Errorf("%+v, %v", w, err)
	}
}

// What cannot be had again goes before what only surrounds it, however late it was made, and finding it reads an index alone.
func TestInterviewsGoBeforeTheRest(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 3)
	d.complete(t, d.begin(t, shift), "30", "")
	d.complete(t, d.begin(t, shift), "40", "")
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	var kinds []delivery.Kind
	last := map[delivery.Kind]int64{}
	for _, r := range d.batch(t) {
		if len(kinds) == 0 || kinds[len(kinds)-1] != r.Kind {
			kinds = append(kinds, r.Kind)
		}
		if r.Seq < last[r.Kind] {
			t.Errorf("%s %d comes after %d", r.Kind, r.Seq, last[r.Kind])
		}
		last[r.Kind] = r.Seq
	}
	if diff := cmp.Diff([]delivery.Kind{delivery.KindShift, delivery.KindInterview, delivery.KindContact}, kinds); diff != "" {
		t.Error(diff)
	}
	var plan string
	if err := d.Read(ctx, "explain", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var id, parent, other int
			var step string
			err := rows.Scan(&id, &parent, &other, &step)
			plan += step + "; "
			return err
		}, `EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE state = 'waiting' ORDER BY CASE kind WHEN 'shift' THEN 0 WHEN 'interview' THEN 1 ELSE 2 END, number LIMIT 20`)
	}); err != nil || !strings.Contains(plan, "outbox_waiting") || strings.Contains(plan, "TEMP B-TREE") {
		t.Errorf("%s, %v", plan, err)
	}
}

func TestSequenceNumbersHaveNoGapsWhateverFails(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 2)
	for range 3 { // refused after a number was given out within the transaction
		if _, err := d.SaveContact(ctx, interview.Contact{ID: "x", Shift: "no such shift", Disposition: interview.NoTime}); err == nil {
			t.Fatal("a contact of no shift was kept")
		}
		s := d.begin(t, shift)
		if err := d.End(ctx, interview.Ending{
			Interview: interview.Interview{ID: "not " + s.ID(), Shift: shift.ID, Contact: s.ContactID()},
			Contact:   interview.Contact{ID: s.ContactID(), Shift: shift.ID, Disposition: interview.Complete},
		}); !errors.Is(err, fieldstore.ErrNotFound) {
			t.Fatalf("an interview without a draft: %v", err)
		}
	}
	high, err := d.HighSeq(ctx, "e1")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	for _, r := range d.batch(t) {
		seen[r.Seq] = true
	}
	if int(high) != len(seen) || high != 6 {
		t.Errorf("highest %d, %d numbers", high, len(seen))
	}
}

func TestANewEnrolmentSendsOldRecordsUnderTheirOwnEpoch(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.tapped(t, 1)
	if err := d.SaveEnrolment(ctx, credentials("e2")); err != nil {
		t.Fatal(err)
	}
	if cursor, err := d.Cursor(ctx); err != nil || cursor != "" {
		t.Errorf("the new enrolment would go on from another's cursor: %q, %v", cursor, err)
	}
	if _, err := d.EndShift(ctx, shift.ID); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range d.batch(t) {
		got = append(got, fmt.Sprintf("%s/%d", r.Epoch, r.Seq))
	}
	if diff := cmp.Diff([]string{"e1/1", "e2/1", "e1/2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnotherCentralGetsNothingThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.tapped(t, 1)
	elsewhere := credentials("x1")
	elsewhere.Central = "https://other.test"
	if err := d.SaveEnrolment(ctx, elsewhere); err != nil {
		t.Fatal(err)
	}
	if batch := d.batch(t); len(batch) != 0 {
		t.Errorf("%d records of another central's study would be sent", len(batch))
	}
	if o, err := d.Outlook(ctx); err != nil || o.Elsewhere != 2 || o.RecordsWaiting != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	moved := credentials("e1")
	moved.Central = "https://new-address.test"
	if err := d.SaveEnrolment(ctx, moved); err != nil {
		t.Fatal(err)
	}
	if batch := d.batch(t); len(batch) != 2 {
		t.Errorf("the same enrolment at a new address sends %d records", len(batch))
	}
}

func TestListsFollowDelivery(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	i := d.complete(t, d.begin(t, shift), "30", "")
	var record []delivery.Record
	for _, r := range d.batch(t) {
		if r.ID == i.ID {
			record = append(record, r)
		}
	}
	check := func(state fieldstore.State, reason string) {
		t.Helper()
		for _, f := range []fieldstore.Filter{{State: state}, {Shift: shift.ID}, {Study: "visit", Shift: shift.ID, State: state}, {}} {
			list, err := d.Interviews(ctx, f)
			if err != nil || len(list) != 1 || list[0].State != state || list[0].Reason != reason || list[0].ID != i.ID {
				t.Errorf("%+v: %+v, %v", f, list, err)
			}
		}
	}
	check(fieldstore.Waiting, "")
	if err := d.MarkInFlight(ctx, identities(record)); err != nil {
		t.Fatal(err)
	}
	check(fieldstore.Waiting, "")
	if err := d.ApplyReceipts(ctx, receipts(record, delivery.Quarantined, "ask the office")); err != nil {
		t.Fatal(err)
	}
	check(fieldstore.Quarantined, "ask the office")
	if err := d.ApplyReceipts(ctx, receipts(record, delivery.Received, "")); err != nil {
		t.Fatal(err)
	}
	check(fieldstore.Sent, "")
	if _, err := d.Requeue(ctx, "e1", []delivery.Range{{First: 1, Last: 99}}); err != nil {
		t.Fatal(err)
	}
	check(fieldstore.Waiting, "")
	if none, err := d.Interviews(ctx, fieldstore.Filter{Study: "another"}); err != nil || len(none) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}
