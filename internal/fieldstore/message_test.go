package fieldstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

func (d *device) pullItem(t testing.TB, kind delivery.ItemKind, id string, v any) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ApplyPull(context.Background(), []delivery.Item{{Kind: kind, ID: id, Body: body}}, "c2"); err != nil {
		t.Fatal(err)
	}
}

func TestAMessageIsReadOnceAndSaysSo(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.shift(t, false)
	for i, id := range []string{"m1", "m2"} {
		d.pullItem(t, delivery.ItemMessage, id, delivery.Message{ID: id, Study: "visit", From: "ines", At: int64(1000 + i), Text: "South door, please."})
	}
	before := len(d.batch(t))
	if n, err := d.Unread(ctx); err != nil || n != 2 {
		t.Fatalf("%d %v", n, err)
	}
	for range 2 {
		if err := d.ReadMessage(ctx, "m1"); err != nil {
			t.Fatal(err)
		}
	}
	d.pullItem(t, delivery.ItemMessage, "m1", delivery.Message{ID: "m1", Study: "visit", At: 1000, Text: "South door, please."})
	list, err := d.Messages(ctx)
	if err != nil || len(list) != 2 || list[0].ID != "m2" || list[0].Read != 0 || list[1].Read != d.now.UnixMilli() {
		t.Errorf("%+v %v", list, err)
	}
	if n, err := d.Unread(ctx); err != nil || n != 1 {
		t.Errorf("%d %v", n, err)
	}
	batch := d.batch(t)
	if len(batch) != before+1 {
		t.Fatalf("%d records for one that was read", len(batch)-before)
	}
	var mark interview.MessageRead
	if err := json.Unmarshal(batch[before].Body, &mark); err != nil {
		t.Fatal(err)
	}
	if r := batch[before]; r.Kind != delivery.KindRead || r.Study != "visit" || mark.ID != r.ID || mark.Message != "m1" || mark.Interviewer != "i7" || mark.Site != "north" {
		t.Errorf("%+v %+v", r, mark)
	}
	if err := d.ReadMessage(ctx, "m9"); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestTheCardIsThatOfTheInterviewerWhoIsEnrolled(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	if _, err := d.Card(ctx); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
	d.pullItem(t, delivery.ItemCard, "i7", delivery.Card{Interviewer: "i7", Name: "Inès Dubois", Photo: []byte{1, 2}})
	if c, err := d.Card(ctx); err != nil || c.Name != "Inès Dubois" || len(c.Photo) != 2 {
		t.Errorf("%+v %v", c, err)
	}
	next := credentials("e2")
	next.Interviewer = "i8"
	d.now = d.now.Add(time.Hour)
	if err := d.SaveEnrolment(ctx, next); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Card(ctx); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("another interviewer shows the card of the one before: %v", err)
	}
}
