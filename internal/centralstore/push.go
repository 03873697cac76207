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
	b := &batch{s: s, p: p, now: s.now(), epochs: map[string]string{}}
	for _, in := range p.Records {
		b.records = append(b.records, check(in))
	}
	err := s.write(ctx, b.run)
	return b.pushed, err
}

// batch is one push while it is being stored.
type batch struct {
	s       *store
	p       Push
	now     int64
	records []checked
	epochs  map[string]string // the device's epochs in the batch, with their interviewers

	fresh  []int // indexes of the records that are new
	pushed Pushed
}

// run reads what is known, decides for every record, and writes.
func (b *batch) run(ctx context.Context, tx *sql.Tx) error {
	b.fresh, b.pushed = nil, Pushed{Receipts: make([]delivery.Receipt, len(b.records))}
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
	if err := b.store(ctx, tx); err != nil {
		return err
	}
	if err := b.account(ctx, tx); err != nil {
		return err
	}
	return b.seen(ctx, tx)
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
	k, err := b.known(ctx, tx, r)
	if err != nil {
		return "", err
	}
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

// known is what the database and the batch itself say about a record's id.
type known struct {
	same  bool
	cause Cause
	first bool // no revision of the record was here
}

func (k *known) meet(r *checked, device string, revision int, kind delivery.Kind, from, sha256 string) {
	k.first = false
	switch {
	case revision == r.Revision && sha256 == r.SHA256:
		k.same = true
	case from != device:
		k.cause = OtherDevice
	case kind != r.Kind:
		k.cause = OtherKindHere
	case revision == r.Revision:
		k.cause = OtherBytes
	}
}

func (b *batch) known(ctx context.Context, tx *sql.Tx, r *checked) (known, error) {
	k := known{first: true}
	device := b.p.Who.Device
	for _, i := range b.fresh {
		if other := b.records[i]; other.ID == r.ID && other.Study == r.Study {
			k.meet(r, device, other.Revision, other.Kind, device, other.SHA256)
		}
	}
	rows, err := tx.StmtContext(ctx, b.s.hot.known).QueryContext(ctx, r.Study, r.ID)
	if err != nil {
		return k, fmt.Errorf("looking for the record: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var revision int
		var kind delivery.Kind
		var from, sha256 string
		if err := rows.Scan(&revision, &kind, &from, &sha256); err != nil {
			return k, fmt.Errorf("looking for the record: %w", err)
		}
		k.meet(r, device, revision, kind, from, sha256)
	}
	r.first = k.first
	return k, wrap("looking for the record", rows.Err())
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

// store numbers the new records in their studies' feeds and writes them, in the order in which they came.
func (b *batch) store(ctx context.Context, tx *sql.Tx) error {
	type tally struct {
		count, interviews int
		next              int64
	}
	tallies := map[string]*tally{}
	for _, i := range b.fresh {
		r := b.records[i]
		t := tallies[r.Study]
		if t == nil {
			t = &tally{}
			tallies[r.Study] = t
		}
		t.count++
		if r.Kind == delivery.KindInterview && r.first {
			t.interviews++
		}
	}
	// Always in the same order, so that two batches never wait for each other's studies.
	for _, study := range b.p.Who.Studies {
		t := tallies[study]
		if t == nil {
			continue
		}
		first, err := b.s.advance(ctx, tx, study, t.count, t.interviews)
		if err != nil {
			return err
		}
		t.next = first
	}
	insert := tx.StmtContext(ctx, b.s.hot.store)
	for _, i := range b.fresh {
		r := b.records[i]
		t := tallies[r.Study]
		_, err := insert.ExecContext(ctx, r.Study, r.ID, r.Revision, t.next, string(r.Kind), b.p.Who.Device, r.Epoch, r.Seq, r.SHA256,
			b.epochs[r.Epoch], r.site, b.now, b.p.Skew.Milliseconds(), []byte(r.Body))
		if err != nil {
			return fmt.Errorf("storing a record: %w", err)
		}
		if err := nameAttachments(ctx, tx, r); err != nil {
			return err
		}
		t.next++
	}
	return b.settle(ctx, tx)
}

// seen notes that the device was here and what it has given out so far.
func (b *batch) seen(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE devices SET last_seen = $1 WHERE id = $2`, b.now, b.p.Who.Device); err != nil {
		return fmt.Errorf("noting the device: %w", err)
	}
	high := min(max(b.p.HighSeq, 0), mostSeq)
	err := tx.QueryRowContext(ctx, `UPDATE epochs SET high_seq = CASE WHEN high_seq < $1 THEN $1 ELSE high_seq END WHERE id = $2 RETURNING high_seq`,
		high, b.p.Who.Epoch).Scan(&high)
	if err != nil {
		return fmt.Errorf("noting the device's numbers: %w", err)
	}
	if b.pushed.Missing, err = missing(ctx, tx, b.p.Who.Epoch, high); err != nil {
		return err
	}
	return b.s.touch(ctx, tx, b.p.Who.Device)
}
