package agent_test

import (
	"context"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/sync/agent"
)

// full is a store that has no room for another schedule.
type full struct{ *fieldstore.Store }

func (full) SaveSchedule(context.Context, delivery.Schedule) error { return fieldstore.ErrFull }

// A schedule that could not be kept is overdue for ever. The agent must not run hot over it.
func TestAFullStoreIsNotTriedAgainAtOnce(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(context.Background())
	var waits []time.Duration
	d := newDevice(t, newCentral(t))
	d.after = func(wait time.Duration) <-chan time.Time {
		if waits = append(waits, wait); len(waits) == 4 {
			stop()
			return nil
		}
		now := make(chan time.Time, 1)
		now <- time.Time{}
		return now
	}
	a := d.newAgent(t, agent.Params{Store: full{d.Store}, Outbox: d.Store})
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
	for _, wait := range waits[1:] {
		if wait < time.Second {
			t.Errorf("waited %v", waits)
			break
		}
	}
}
