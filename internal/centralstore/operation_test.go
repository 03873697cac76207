package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"parvis/internal/delivery"
)

func TestTheFirstKeyRecordedStays(t *testing.T) {
	c := newCentral(t)
	ctx := t.Context()
	if got, err := c.HandInKey(ctx); got != "" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	// Two centrals begin at the same instant: they agree on one key.
	other := c.open(t)
	var told [2]string
	var both sync.WaitGroup
	for n, s := range []Store{c.Store, other} {
		both.Go(func() {
			var err error
			if told[n], err = s.RecordHandInKey(ctx, []string{"age1one", "age1two"}[n], false); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if told[0] == "" || told[0] != told[1] {
		t.Fatalf("they do not agree: %q", told)
	}
	if got, err := other.RecordHandInKey(ctx, "age1three", false); got != told[0] || err != nil {
		t.Errorf("%q, %v; want the first one, %q", got, err, told[0])
	}
	if got, err := c.RecordHandInKey(ctx, "age1three", true); got != "age1three" || err != nil {
		t.Errorf("%q, %v after it was replaced", got, err)
	}
	entries, err := c.Audit(ctx, 10)
	if err != nil || len(entries) != 1 || entries[0].Action != "key for handed-in files replaced" {
		t.Errorf("the audit log says %+v, %v; want the replacing alone", entries, err)
	}
}

func TestReadyOnlyWithItsOwnSchemaAndRoom(t *testing.T) {
	c := newCentral(t)
	ctx := t.Context()
	if err := c.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if c.db == "" {
		p := c.params(t)
		p.leastRoom = 1 << 60
		full, err := Open(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		wantNotReady(t, full.Ready(ctx), "Central's disk is full.")
		if err := full.Close(); err != nil {
			t.Error(err)
		}
	}
	err := c.insides().write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE goose_db_version SET version_id = 99999 WHERE version_id = 80`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNotReady(t, c.Ready(ctx), "Central's store has the schema of another version of Parvis.")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	wantNotReady(t, c.Ready(ctx), "Central's store does not answer.")
}

func wantNotReady(t *testing.T, err error, reason string) {
	t.Helper()
	var n *NotReady
	if !errors.As(err, &n) || n.Reason != reason {
		t.Errorf("%v; want %q", err, reason)
	}
}

func TestGaugesCountWhatIsToBeWatched(t *testing.T) {
	c := newCentral(t)
	ctx := t.Context()
	if got, err := c.Gauges(ctx); got != (Gauges{}) || err != nil {
		t.Fatalf("%+v, %v; want nothing", got, err)
	}
	c.study(t, "mall")
	one, gone := c.device(t, "0417", "mall"), c.device(t, "0418", "mall")
	want := func(what string, want Gauges) {
		t.Helper()
		if got, err := c.Gauges(ctx); got != want || err != nil {
			t.Errorf("%s: %+v, %v; want %+v", what, got, err, want)
		}
	}
	want("nothing sent yet", Gauges{Devices: 2})

	// Numbers 3 and 5 come out of order and 6 and 7 are only said to be made: 1, 2, 4, 6 and 7 are missing.
	push := Push{Who: one.Principal, HighSeq: 7, Records: incoming(
		one.recordAt(t, 3, delivery.KindContact, "mall", "north"), one.recordAt(t, 5, delivery.KindContact, "elsewhere", "north"))}
	if _, err := c.Push(ctx, push); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Push(ctx, Push{Who: gone.Principal, HighSeq: 100}); err != nil {
		t.Fatal(err)
	}
	want("with gaps", Gauges{Devices: 2, Quarantined: 1, Missing: 105})
	if err := c.RevokeDevice(ctx, gone.Device, "test"); err != nil {
		t.Fatal(err)
	}
	want("one shut out", Gauges{Devices: 2, Quarantined: 1, Missing: 5})
	c.pass(2 * time.Hour)
	want("two hours later", Gauges{Quarantined: 1, Missing: 5})
	again := c.enrolled(t, "0417", one.secret, "mall")
	want("enrolled again, with numbers of its own", Gauges{Devices: 1, Quarantined: 1})
	c.push(t, again, again.recordAt(t, 1, delivery.KindContact, "mall", "north"))
	want("the first of them", Gauges{Devices: 1, Quarantined: 1})
}

func TestOnlyAServerHasPools(t *testing.T) {
	c := newCentral(t)
	pools := c.Pools()
	if c.db == "" {
		if len(pools) > 0 {
			t.Errorf("%+v over SQLite", pools)
		}
		return
	}
	if len(pools) != 1 || pools[0].Name != "primary" || pools[0].Most != mostConnections || pools[0].Open < 1 {
		t.Errorf("%+v", pools)
	}
}
