package agent_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"parvis/sync/agent"
)

// Only the order of the study's owner destroys what is unsent, and then all of it: the file, its log and the copy of its key.
func TestOnlyTheOwnersOrderErasesADevice(t *testing.T) {
	c := newCentral(t)
	d, other := newDevice(t, c), newDevice(t, c)
	d.ready(t, c)
	other.ready(t, c)
	d.interview(t)
	other.interview(t)
	ctx := context.Background()
	who, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.EraseDevice(ctx, who.Device, "test"); err != nil {
		t.Fatal(err)
	}
	// without a connection the order cannot arrive, and nothing happens
	d.net.spoil(noConnection)
	if _, err := d.agent.Sync(ctx); agent.ReasonOf(err) != agent.Offline || len(d.rows(t)) == 0 {
		t.Fatalf("offline: %v", err)
	}
	d.net.mend()
	_, err = d.agent.Sync(ctx)
	wantReason(t, err, agent.Erase)
	for _, suffix := range []string{"", "-wal", "-shm", ".key"} {
		if _, err := os.Stat(d.path + suffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("field.sqlite%s is still there: %v", suffix, err)
		}
	}
	d.Store = nil
	other.sync(t)
	exactlyOnce(t, c, other)
	d.open(t) // a new device, as far as anybody can tell
	if _, err := d.agent.Enrol(ctx, c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	d.sync(t)
	if _, err := d.agent.Sync(ctx); err != nil {
		t.Errorf("after a new enrolment: %v", err)
	}
}
