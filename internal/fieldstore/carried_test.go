package fieldstore_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// What a laptop carries is as unsent as before: it is counted as waiting, goes out directly, and is sent when central says so and not
// sooner. The keys of replies and the laptop's token lie on the disk closed, and all of it is there again after the app was closed.
func TestWhatALaptopCarriesIsUnsent(t *testing.T) {
	d := newDevice(t)
	ctx := context.Background()
	shift := d.shift(t, false)
	for range 3 {
		if _, err := d.SaveContact(ctx, interview.Contact{Shift: shift.ID, Disposition: interview.NoTime}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := d.Uncarried(ctx, "relay", 100, 1<<20)
	if err != nil || len(all) < 4 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	some, err := d.Uncarried(ctx, "relay", 2, 1<<20)
	if err != nil || len(some) != 2 {
		t.Fatalf("%d of two, %v", len(some), err)
	}
	if one, err := d.Uncarried(ctx, "relay", 100, 1); err != nil || len(one) != 1 {
		t.Errorf("%d records in one byte, %v", len(one), err)
	}
	batch := delivery.Carried{SHA256: "sum", Relay: "relay", Key: "the key of the reply", Pull: true, Cursor: "7", Made: 5}
	for _, r := range some {
		batch.Records = append(batch.Records, r.Identity())
	}
	if err := d.Carry(ctx, batch); err != nil {
		t.Fatal(err)
	}
	if err := d.SaveRelay(ctx, delivery.Relay{Name: "Sam", Token: "the token of the laptop"}); err != nil {
		t.Fatal(err)
	}
	if w, err := d.WithLaptop(ctx); err != nil || w.Records != 0 {
		t.Errorf("the laptop has not said that it has it: %+v, %v", w, err)
	}
	if err := d.MarkCarried(ctx, "sum", 99); err != nil {
		t.Fatal(err)
	}
	if o, err := d.Outlook(ctx); err != nil || o.RecordsWaiting != len(all) || o.WithLaptop.Records != 2 || o.WithLaptop.Since != 99 {
		t.Errorf("%+v, %v", o, err)
	}
	if rest, err := d.Uncarried(ctx, "relay", 100, 1<<20); err != nil || len(rest) != len(all)-2 {
		t.Errorf("%d are to be given, %v", len(rest), err)
	}
	if other, err := d.Uncarried(ctx, "another", 100, 1<<20); err != nil || len(other) != len(all) {
		t.Errorf("another laptop is to get %d, %v", len(other), err)
	}
	d.visit(t)
	if direct, err := d.WaitingBatch(ctx, 100, 1<<20); err != nil || len(direct) != len(all) {
		t.Errorf("central is to get %d, %v", len(direct), err)
	}
	for _, end := range []string{"", "-wal"} {
		disk, err := os.ReadFile(d.path + end)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{batch.Key, "the token of the laptop"} {
			if bytes.Contains(disk, []byte(secret)) {
				t.Errorf("%q lies in the open", secret)
			}
		}
	}

	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(t)
	list, err := d.Carried(ctx)
	if err != nil || len(list) != 1 || list[0].Key != batch.Key || list[0].Cursor != "7" || !list[0].Pull || list[0].Accepted != 99 || list[0].Unsent != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if r, err := d.Relay(ctx); err != nil || r.Token != "the token of the laptop" {
		t.Errorf("%s, %v", r.Name, err)
	}
	if err := d.ApplyReceipts(ctx, []delivery.Receipt{{ID: some[0].ID, Revision: some[0].Revision, SHA256: some[0].SHA256, Status: delivery.Received}}); err != nil {
		t.Fatal(err)
	}
	if list, err = d.Carried(ctx); err != nil || list[0].Unsent != 1 || len(list[0].Records) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := d.DropCarried(ctx, []string{"sum"}); err != nil {
		t.Fatal(err)
	}
	if rest, err := d.Uncarried(ctx, "relay", 100, 1<<20); err != nil || len(rest) != len(all)-1 {
		t.Errorf("%d wait again, %v", len(rest), err)
	}
}
