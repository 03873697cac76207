package agent

import (
	"context"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Epochs is how a device tells central of the numbers it has given out, and finds out that it was set back to a copy of itself. See
// delivery.EpochNumbers.
type Epochs interface {
	// HighSeq is the highest sequence number given out in the epoch; 0 for none.
	HighSeq(ctx context.Context, epoch string) (int64, error)
	// Visit makes a visit where numbers were given out since the last one, and returns what is to be told, the present epoch first.
	Visit(ctx context.Context, most int) ([]delivery.EpochNumbers, error)
	// Visited keeps central's answer and lets the numbers told go out. restored tells that an epoch was given up, so that central is to be
	// told anew, perhaps of another present epoch, before anything is delivered.
	Visited(ctx context.Context, told []delivery.EpochNumbers, answers []delivery.EpochGaps) (restored bool, err error)
	// Unvisited tells whether something waits that was made since the last visit.
	Unvisited(ctx context.Context) (bool, error)
}

// mostVisits is how often central is visited in one synchronisation, for what is made while it goes on.
const mostVisits = 5

// visit prepares what central is told of the epochs.
func (r *run) visit(ctx context.Context) (err error) {
	const doing = "synchronising"
	if r.a.p.Outbox == nil {
		return nil
	}
	if r.c, err = r.a.p.Store.Credentials(ctx); err != nil {
		return stored(ctx, doing, err)
	}
	r.told = false
	r.client.epochs, err = r.a.p.Outbox.Visit(ctx, protocol.MaxEpochs)
	return stored(ctx, doing, err)
}

// tell tells central of the epochs without a pull: a pull can fail for reasons that need not hold up what waits here.
func (r *run) tell(ctx context.Context) error {
	for range mostVisits {
		got, err := r.client.Push(ctx, nil)
		if err != nil {
			return err
		}
		restored, err := r.visited(ctx, delivery.EpochGaps{Missing: got.Missing, Visit: got.Visit, Trail: got.Trail}, got.Earlier)
		if err != nil || !restored {
			return err
		}
		if err := r.visit(ctx); err != nil {
			return err
		}
	}
	return nil
}

// visited keeps what central answered, and sends again what it says it misses although it has acknowledged it, as after it was restored
// from a backup.
func (r *run) visited(ctx context.Context, present delivery.EpochGaps, earlier []delivery.EpochGaps) (restored bool, err error) {
	out, told := r.a.p.Outbox, r.client.epochs
	if out == nil || len(told) == 0 {
		return false, nil
	}
	present.Epoch = told[0].Epoch
	answers := append([]delivery.EpochGaps{present}, earlier...)
	if restored, err = out.Visited(ctx, told, answers); err != nil {
		return false, stored(ctx, "keeping the visit", err)
	}
	r.told = !restored
	for _, a := range answers {
		if err := r.requeue(ctx, a.Epoch, a.Missing); err != nil {
			return restored, err
		}
	}
	return restored, nil
}

// requeue makes records wait again.
func (r *run) requeue(ctx context.Context, epoch string, missing []delivery.Range) error {
	if len(missing) == 0 {
		return nil
	}
	n, err := r.a.p.Outbox.Requeue(ctx, epoch, missing)
	r.report.Requeued += n
	return stored(ctx, "sending again what central misses", err)
}
