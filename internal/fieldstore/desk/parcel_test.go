package desk_test

import (
	"context"
	"database/sql"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

// A carried batch stays until central has it and its tablet knows that, in whatever order the two come, whoever wants it gone; and one
// that is refused waits its turn without holding up those behind it.
func TestACarriedBatchStays(t *testing.T) {
	ctx, s := context.Background(), newDesk(t)
	for _, id := range []string{"t1", "t2"} {
		if err := s.AddTablet(ctx, delivery.Tablet{ID: id, Name: "0417", Paired: 5}, "hash "+id, ""); err != nil {
			t.Fatal(err)
		}
	}
	for i, sum := range []string{"a", "b", "c", "a"} {
		if full, err := s.KeepParcel(ctx, "t1", sum, []byte("sealed "+sum), int64(10+i)); full || err != nil {
			t.Fatal(full, err)
		}
	}
	gone := func() error {
		return s.Write(ctx, "test", func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM parcel`)
			return err
		})
	}
	if err := gone(); err == nil {
		t.Error("a batch that central does not have can be deleted")
	}
	first, p, ok, err := s.NextParcel(ctx, 0, 100)
	if err != nil || !ok || p.SHA256 != "a" || string(p.Body) != "sealed a" {
		t.Fatalf("%+v, %v, %v", p, ok, err)
	}
	if err := s.ParcelRefused(ctx, first, "not_found", 1000); err != nil {
		t.Fatal(err)
	}
	second, p, ok, err := s.NextParcel(ctx, 0, 100)
	if err != nil || !ok || p.SHA256 != "b" {
		t.Fatalf("the refused one holds up the next: %+v, %v, %v", p, ok, err)
	}
	if err := s.ParcelForwarded(ctx, second, []byte("reply")); err != nil {
		t.Fatal(err)
	}
	if err := gone(); err == nil {
		t.Error("a batch whose tablet knows nothing can be deleted")
	}
	states, err := s.ParcelStates(ctx, "t1", []string{"a", "b", "x"}, 100)
	if err != nil || len(states) != 3 || !states[0].Held || states[0].Forwarded || !states[1].Forwarded || string(states[1].Reply) != "reply" || states[2].Held {
		t.Errorf("%+v, %v", states, err)
	}
	if states, err = s.ParcelStates(ctx, "t1", []string{"b", "b", "a"}, 7); err != nil || len(states) != 1 {
		t.Errorf("%d states in 7 bytes, %v", len(states), err)
	}
	if states, err = s.ParcelStates(ctx, "t2", []string{"b"}, 100); err != nil || states[0].Held {
		t.Errorf("another tablet is told of it: %+v, %v", states, err)
	}
	if err := s.SettleParcels(ctx, "t2", []string{"b"}); err != nil {
		t.Fatal(err)
	}
	if err := s.SettleParcels(ctx, "t1", []string{"b", "c"}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Tablets(ctx)
	if err != nil || len(list) != 2 || list[0].Held+list[1].Held != 2 || list[0].Forwarded+list[1].Forwarded != 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	if third, p, ok, err := s.NextParcel(ctx, first, 100); err != nil || !ok || p.SHA256 != "c" {
		t.Errorf("what is settled is forwarded all the same: %+v, %v", p, err)
	} else if err := s.ParcelForwarded(ctx, third, nil); err != nil {
		t.Error(err)
	}
	if list, err = s.Tablets(ctx); err != nil || list[0].Held+list[1].Held != 1 || list[0].Trouble+list[1].Trouble != "not_found" || list[0].Since+list[1].Since != 10 {
		t.Errorf("%+v, %v", list, err)
	}
	if _, p, ok, err := s.NextParcel(ctx, 0, 1000); err != nil || !ok || p.SHA256 != "a" || p.Tries != 1 {
		t.Errorf("the refused one is due: %+v, %v, %v", p, ok, err)
	}
}

// A tablet that was shut out is known no more, and stays in the list as long as something of it is on its way.
func TestATabletIsShutOut(t *testing.T) {
	ctx, s := context.Background(), newDesk(t)
	if err := s.AddTablet(ctx, delivery.Tablet{ID: "t1", Name: "0417"}, "hash", ""); err != nil {
		t.Fatal(err)
	}
	if id, ok, err := s.TabletOf(ctx, "hash", 77); err != nil || !ok || id != "t1" {
		t.Errorf("%s %v %v", id, ok, err)
	}
	if _, err := s.KeepParcel(ctx, "t1", "a", []byte("sealed"), 1); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and let in, and shut out again
		hash, err := s.ShutOutTablet(ctx, "t1")
		if err != nil || hash != "hash" {
			t.Fatal(hash, err)
		}
		if err := s.LetInTablet(ctx, "t1", hash); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := s.TabletOf(ctx, "hash", 77); !ok || err != nil {
			t.Errorf("let in, and not known: %v", err)
		}
	}
	if _, err := s.ShutOutTablet(ctx, "t1"); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{"hash", ""} {
		if _, ok, err := s.TabletOf(ctx, hash, 78); ok || err != nil {
			t.Errorf("%q is let in, %v", hash, err)
		}
	}
	if list, err := s.Tablets(ctx); err != nil || len(list) != 1 || list[0].Seen != 77 {
		t.Errorf("%+v, %v", list, err)
	}
	number, _, _, err := s.NextParcel(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ParcelForwarded(ctx, number, nil); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Tablets(ctx); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// There is an end to what a laptop takes, of one tablet and of all.
func TestThereIsRoomForSoMuch(t *testing.T) {
	ctx := context.Background()
	s, err := desk.Open(ctx, desk.Params{Path: t.TempDir() + "/desk.db", Room: desk.Room{Each: 10, All: 15}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, id := range []string{"t1", "t2"} {
		if err := s.AddTablet(ctx, delivery.Tablet{ID: id}, id, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		tablet, sum string
		size        int
		full        bool
	}{{"t1", "a", 8, false}, {"t1", "b", 3, true}, {"t1", "a", 8, false}, {"t2", "c", 8, true}, {"t2", "d", 7, false}} {
		if full, err := s.KeepParcel(ctx, tc.tablet, tc.sum, make([]byte, tc.size), 1); err != nil || full != tc.full {
			t.Errorf("%+v: %v, %v", tc, full, err)
		}
	}
}
