package centralstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/internal/centralstore/postgrestest"
	"parvis/internal/delivery"
)

// onlyPostgres is for tests that need servers of their own.
func onlyPostgres(t *testing.T) (dir string) {
	t.Helper()
	if server == nil {
		t.Skip("this is about PostgreSQL")
	}
	dir, err := os.MkdirTemp("", "parvis-own-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the server runs as another user
		t.Fatal(err)
	}
	return dir
}

// What people read comes from a replica. One that lags shows nothing twice, and one that is away is no reason to answer nothing.
func TestAReplicaServesWhatPeopleRead(t *testing.T) {
	t.Parallel()
	dir, ctx := onlyPostgres(t), context.Background()
	primary, err := postgrestest.Start(ctx, filepath.Join(dir, "primary"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = primary.Kill() })
	replica, err := primary.Standby(ctx, filepath.Join(dir, "replica"), "replica", primary.HostPort())
	if err != nil {
		t.Fatal(err)
	}
	gone := false
	t.Cleanup(func() {
		if !gone {
			_ = replica.Kill()
		}
	})
	if err := primary.NewDatabase(ctx, "parvis", ""); err != nil {
		t.Fatal(err)
	}
	c := &central{dir: t.TempDir(), db: primary.Address("parvis"), replica: replica.Address("parvis")}
	c.clock.Store(start.UnixMilli())
	c.Store = c.open(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
	everything := PullQuery{Who: researcher("mall"), Study: "mall", Limit: 100, Bytes: 1 << 20}
	records := func(cursor string) (n int, next string) {
		q := everything
		q.Cursor = cursor
		entries, next := c.all(t, q)
		for _, e := range entries {
			if e.Record != nil {
				n++
			}
		}
		return n, next
	}
	waitFor(t, func() bool { n, _ := records(""); return n == 1 })
	if _, err := replica.SQL(ctx, "parvis", `SELECT pg_wal_replay_pause()`); err != nil {
		t.Fatal(err)
	}
	c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
	if n, _ := records(""); n != 1 {
		t.Errorf("%d records: they did not come from the replica", n)
	}
	// Somebody has read on at the primary meanwhile.
	who := c.insides()
	follower := who.replica
	who.replica = who.engine
	n, ahead := records("")
	who.replica = follower
	if n != 2 {
		t.Fatalf("%d records at the primary", n)
	}
	if n, same := records(ahead); n != 0 || same != ahead {
		t.Errorf("a replica that lags showed %d records again", n)
	}
	if list, err := c.Tallies(ctx, researcher("mall"), "mall"); err != nil || len(list) != 1 || list[0].Count != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if err := replica.Kill(); err != nil {
		t.Fatal(err)
	}
	gone = true
	if n, _ := records(""); n != 2 {
		t.Errorf("%d records with the replica away", n)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
	}
}

func TestADatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	err := c.insides().write(context.Background(), execute(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), c.params(t)); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "99999") {
		t.Error(err)
	}
}

// A server that may forget what it has acknowledged is refused, and so is an address that cannot be read, without its password.
func TestWhatWouldLoseDataIsRefused(t *testing.T) {
	t.Parallel()
	dir, ctx := onlyPostgres(t), context.Background()
	s, err := postgrestest.Start(ctx, filepath.Join(dir, "server"), "synchronous_commit=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Kill() })
	for address, words := range map[string]string{
		s.Address("postgres"):                       "synchronous_commit",
		"postgres://parvis:geheim@[/x":              "looks like",
		"postgres://parvis:geheim@127.0.0.1:1/none": "does not answer",
	} {
		c := &central{dir: t.TempDir(), db: address}
		_, err := Open(ctx, c.params(t))
		if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
}
