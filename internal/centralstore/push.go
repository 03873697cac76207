package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"parvis/internal/delivery"
)

func (s *store) Push(ctx context.Context, p Push) (Pushed, error) {
	if !p.Who.IsDevice() {
		return Pushed{}, fail(Forbidden, "Only a device delivers records.")
	}
	b := &batch{s: s, p: p, now: s.now()}
	for _, in := range p.Records {
		b.checked = append(b.checked, check(in))
	}
	err := s.write(ctx, b.run)
	return b.pushed, err
}

// batch is one push while it is being stored.
type batch struct {
	s       *store
	p       Push
	now     int64
	checked []checked // what came, as it is without looking into the database

	// Of one run.
	records []checked
	epochs  map[string]string // the device's epochs in the batch, with their interviewers
	here    map[place][]kept  // the revisions that the database has of the batch's records
	fresh   []int             // indexes of the records that are new
	tallies tallies
	heard   heard // of the device's epochs
	pushed  Pushed
}

// run reads what is known, decides for every record, and writes.
func (b *batch) run(ctx context.Context, tx *sql.Tx) error {
	b.records, b.epochs, b.fresh, b.tallies = slices.Clone(b.checked), map[string]string{}, nil, tallies{}
	b.pushed = Pushed{Receipts: make([]delivery.Receipt, len(b.records))}
	// First, since it holds the device's row: two batches of one device are taken one after the other.
	if err := b.seen(ctx, tx); err != nil {
		return err
	}
	if err := b.look(ctx, tx); err != nil {
		return err
	}
	for i := range b.records {
		status, err := b.decide(ctx, tx, i)
		if err != nil {
			return err
		}
		r := b.records[i]
		b.pushed.Receipts[i] = delivery.Receipt{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256, Status: status}
		if status == delivery.Quarantined {
			b.pushed.Receipts[i].Reason = reason(r.cause, r.Record)
			if err := b.s.quarantine(ctx, tx, b, r); err != nil {
				return err
			}
		}
	}
	if err := b.account(ctx, tx); err != nil {
		return err
	}
	// Last, since it holds the studies' rows, for which every other batch waits.
	return b.store(ctx, tx)
}

// decide gives a record its status and, where it is quarantined, its cause.
func (b *batch) decide(ctx context.Context, tx *sql.Tx, i int) (delivery.Status, error) {
	r := &b.records[i]
	if r.cause == "" && !slices.Contains(b.p.Who.Studies, r.Study) {
		r.cause = UnknownStudy
	}
	if r.cause != "" {
		return delivery.Quarantined, nil
	}
	k := b.known(r)
	switch {
	case k.same:
		return delivery.Duplicate, nil
	case k.cause != "":
		r.cause = k.cause
		return delivery.Quarantined, nil
	}
	own, err := b.owns(ctx, tx, r.Epoch)
	if err != nil {
		return "", err
	}
	if !own {
		r.cause = UnknownEpoch
		return delivery.Quarantined, nil
	}
	b.fresh = append(b.fresh, i)
	return delivery.Received, nil
}

// owns tells whether the epoch is one of the device's.
func (b *batch) owns(ctx context.Context, tx *sql.Tx, epoch string) (bool, error) {
	if _, ok := b.epochs[epoch]; ok {
		return true, nil
	}
	found, err := texts(ctx, tx, `SELECT interviewer FROM epochs WHERE id = $1 AND device = $2`, epoch, b.p.Who.Device)
	if err != nil {
		return false, fmt.Errorf("looking for the epoch: %w", err)
	}
	if len(found) == 0 {
		return false, nil
	}
	b.epochs[epoch] = found[0]
	return true, nil
}

// numbers are what a study's feed gives a batch: one for each new record, the last one for the device's own change.
type numbers struct {
	records, interviews int
	next                int64
}

// number takes the numbers of all the device's studies, always in the same order, so that two batches never wait for each other.
// From here on the studies' rows are held.
func (b *batch) number(ctx context.Context, tx *sql.Tx) (map[string]*numbers, error) {
	all := make(map[string]*numbers, len(b.p.Who.Studies))
	for _, study := range b.p.Who.Studies {
		all[study] = &numbers{}
	}
	for _, i := range b.fresh {
		r := b.records[i]
		all[r.Study].records++
		if r.Kind == delivery.KindInterview && r.first {
			all[r.Study].interviews++
		}
	}
	for _, study := range b.p.Who.Studies {
		n := all[study]
		first, err := b.s.advance(ctx, tx, study, n.records+1, n.interviews)
		if err != nil {
			return nil, err
		}
		n.next = first
		if err := b.s.deviceChanged(ctx, tx, first+int64(n.records), study, b.p.Who.Device); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// store numbers the new records in their studies' feeds and writes them, in the order in which they came.
func (b *batch) store(ctx context.Context, tx *sql.Tx) error {
	all, err := b.number(ctx, tx)
	if err != nil {
		return err
	}
	rows := inserts{b: b}
	for _, i := range b.fresh {
		r := b.records[i]
		n := all[r.Study]
		if !r.first { // what it takes the place of must be there
			if err := rows.flush(ctx, tx); err != nil {
				return err
			}
		}
		if err := b.count(ctx, tx, r); err != nil {
			return err
		}
		if err := nameAttachments(ctx, tx, r); err != nil {
			return err
		}
		rows.add(r, n.next)
		n.next++
	}
	if err := rows.flush(ctx, tx); err != nil {
		return err
	}
	if err := b.tallies.keep(ctx, tx); err != nil {
		return err
	}
	if err := b.file(ctx, tx); err != nil {
		return err
	}
	return b.settle(ctx, tx)
}

// seen notes that the device was here and what it has given out so far.
func (b *batch) seen(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE devices SET last_seen = $1 WHERE id = $2`, b.now, b.p.Who.Device); err != nil {
		return fmt.Errorf("noting the device: %w", err)
	}
	var err error
	if b.heard, err = listen(ctx, tx, b.p.Who, told(b.p.Who, b.p.Epochs, b.p.HighSeq)); err != nil || !b.heard.news {
		return err
	}
	return b.s.hear(ctx, tx, b.p.Who, b.heard.epochs)
}
