package simulation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

var errKilled = errors.New("the app was killed")

// faulty is a device's store as the agent meets it: the app can be killed between any two transactions, storage can be full, and
// some records come out of it as no healthy app of this version writes them.
type faulty struct {
	*fieldstore.Store
	d    *device
	dice *rand.Rand
	dead bool
}

// before is drawn ahead of each transaction.
func (f *faulty) before() error {
	f.d.w.baton()
	defer f.d.w.baton()
	switch p := f.d.w.plan; {
	case f.dead:
		return errKilled
	case happens(f.dice, p.crash):
		f.dead = true
		f.d.fall()
		return errKilled
	case happens(f.dice, p.full):
		f.d.w.count("full")
		return fmt.Errorf("saving: %w", fieldstore.ErrFull)
	}
	return nil
}

func (f *faulty) SaveCredentials(ctx context.Context, c delivery.Credentials) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.SaveCredentials(ctx, c)
}

func (f *faulty) ApplyPull(ctx context.Context, items []delivery.Item, cursor string) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.ApplyPull(ctx, items, cursor)
}

func (f *faulty) SaveSchedule(ctx context.Context, s delivery.Schedule) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.SaveSchedule(ctx, s)
}

func (f *faulty) LogSync(ctx context.Context, e delivery.SyncEntry) error {
	if f.dead {
		return errKilled
	}
	return f.Store.LogSync(ctx, e)
}

func (f *faulty) MarkInFlight(ctx context.Context, ids []delivery.Identity) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.MarkInFlight(ctx, ids)
}

func (f *faulty) ApplyReceipts(ctx context.Context, receipts []delivery.Receipt) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.ApplyReceipts(ctx, receipts)
}

func (f *faulty) ReturnInFlight(ctx context.Context) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.ReturnInFlight(ctx)
}

func (f *faulty) Requeue(ctx context.Context, epoch string, missing []delivery.Range) (int, error) {
	if err := f.before(); err != nil {
		return 0, err
	}
	n, err := f.Store.Requeue(ctx, epoch, missing)
	if n > 0 {
		f.d.w.count("requeued")
	}
	return n, err
}

func (f *faulty) SaveConfirmed(ctx context.Context, incarnation string) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.SaveConfirmed(ctx, incarnation)
}

func (f *faulty) SendAgain(ctx context.Context, ids []delivery.Identity) error {
	if err := f.before(); err != nil {
		return err
	}
	f.d.w.count("sent again")
	return f.Store.SendAgain(ctx, ids)
}

func (f *faulty) Visit(ctx context.Context, most int) ([]delivery.EpochNumbers, error) {
	if err := f.before(); err != nil {
		return nil, err
	}
	told, err := f.Store.Visit(ctx, most)
	if err != nil {
		return nil, err
	}
	unsent, err := f.Store.Unsent(ctx)
	f.d.w.baton()
	defer f.d.w.baton()
	for _, n := range told {
		var numbers []numbered
		for _, r := range unsent {
			if r.Epoch == n.Epoch && r.Seq <= n.High {
				numbers = append(numbers, numbered{place{r.Epoch, r.Seq}, r.Identity()})
			}
		}
		f.d.w.visits[n.Visit] = numbers
	}
	return told, err
}

func (f *faulty) Visited(ctx context.Context, told []delivery.EpochNumbers, answers []delivery.EpochGaps) (bool, error) {
	if err := f.before(); err != nil {
		return false, err
	}
	restored, err := f.Store.Visited(ctx, told, answers)
	f.d.w.baton()
	defer f.d.w.baton()
	if c, failed := f.Store.Credentials(ctx); failed == nil && restored && c.Epoch != f.d.epoch {
		f.d.epoch = c.Epoch
		f.d.w.count("second life noticed")
	}
	return restored, err
}

func (f *faulty) MarkAttachmentSent(ctx context.Context, a delivery.Attachment) error {
	if err := f.before(); err != nil {
		return err
	}
	return f.Store.MarkAttachmentSent(ctx, a)
}

func (f *faulty) WaitingBatch(ctx context.Context, records, size int) ([]delivery.Record, error) {
	f.d.w.baton()
	batch, err := f.Store.WaitingBatch(ctx, records, size)
	for i := range batch {
		batch[i] = f.d.w.asSent(batch[i])
	}
	return batch, err
}

// asSent is a record with its flaw.
func (w *world) asSent(r delivery.Record) delivery.Record {
	switch w.bad[r.ID] {
	case badSum:
		r.Body = bytes.Clone(r.Body)
		r.Body[len(r.Body)/2] ^= 0x15
	case newKind:
		r.Kind = "diary"
	}
	return r
}
