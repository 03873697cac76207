package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parvis/internal/delivery"
)

// quarantine keeps a record whole. The same bytes from the same device are one entry, however often they come.
func (s *store) quarantine(ctx context.Context, tx *sql.Tx, b *batch, r checked) error {
	done, err := tx.ExecContext(ctx,
		`INSERT INTO quarantine (device, whole_sha256, id, revision, sha256, study, kind, epoch, seq, cause, reason, received_at, skew_ms, whole)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (device, whole_sha256) DO NOTHING`,
		b.p.Who.Device, delivery.Sum(r.Whole), r.ID, r.Revision, r.SHA256, r.Study, string(r.Kind), r.Epoch, r.Seq,
		string(r.cause), reason(r.cause, r.Record), b.now, b.p.Skew.Milliseconds(), r.Whole)
	if err != nil {
		return fmt.Errorf("keeping a record apart: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return s.audit(ctx, tx, b.p.Who.Name(), "record quarantined", clip(r.Study, 64), clip(r.ID, 64), string(r.cause))
}

// settle closes the quarantine of bytes that could be stored after all, as once their study was imported.
func (b *batch) settle(ctx context.Context, tx *sql.Tx) error {
	if len(b.fresh) == 0 {
		return nil
	}
	var open bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM quarantine WHERE device = $1 AND settled_at IS NULL)`, b.p.Who.Device).Scan(&open)
	if err != nil || !open {
		return wrap("looking into the quarantine", err)
	}
	for _, i := range b.fresh {
		r := b.records[i]
		_, err := tx.ExecContext(ctx, `UPDATE quarantine SET settled_at = $1 WHERE device = $2 AND id = $3 AND revision = $4 AND sha256 = $5 AND cause <> $6`,
			b.now, b.p.Who.Device, r.ID, r.Revision, r.SHA256, string(BadSum))
		if err != nil {
			return fmt.Errorf("settling the quarantine: %w", err)
		}
	}
	return nil
}

func (s *store) Quarantined(ctx context.Context, limit int) ([]QuarantineEntry, error) {
	var entries []QuarantineEntry
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx,
			`SELECT q.device, COALESCE(d.interviewer, ''), q.id, q.revision, q.study, q.kind, q.cause, q.reason, q.received_at, q.whole
			 FROM quarantine q LEFT JOIN devices d ON d.id = q.device
			 WHERE q.settled_at IS NULL ORDER BY q.received_at DESC, q.whole_sha256 LIMIT $1`, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e QuarantineEntry
			if err := rows.Scan(&e.Device, &e.Interviewer, &e.ID, &e.Revision, &e.Study, &e.Kind, &e.Cause, &e.Reason, &e.ReceivedAt, &e.Whole); err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return rows.Err()
	})
	return entries, wrap("reading the quarantine", err)
}

// maxHave bounds one question.
const maxHave = 2000

func (s *store) Have(ctx context.Context, who Principal, ids []delivery.Identity) ([]delivery.Receipt, error) {
	if !who.IsDevice() {
		return nil, fail(Forbidden, "Only a device asks what arrived.")
	}
	if len(ids) > maxHave {
		return nil, fail(Invalid, "Ask about %d records at once.", maxHave)
	}
	receipts := []delivery.Receipt{}
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, id := range ids {
			r, found, err := held(ctx, tx, who, id)
			if err != nil {
				return err
			}
			if found {
				receipts = append(receipts, r)
			}
		}
		return nil
	})
	return receipts, wrap("looking for records", err)
}

// held looks among the stored records of the device's studies, then among what was quarantined from it.
func held(ctx context.Context, tx *sql.Tx, who Principal, id delivery.Identity) (delivery.Receipt, bool, error) {
	r := delivery.Receipt{ID: id.ID, Revision: id.Revision, SHA256: id.SHA256, Status: delivery.Duplicate}
	for _, study := range who.Studies {
		err := tx.QueryRowContext(ctx, `SELECT kind FROM records WHERE study = $1 AND id = $2 AND revision = $3 AND sha256 = $4`,
			study, id.ID, id.Revision, id.SHA256).Scan(&r.Kind)
		if err == nil {
			return r, true, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return r, false, err
		}
	}
	err := tx.QueryRowContext(ctx,
		`SELECT kind, reason FROM quarantine WHERE device = $1 AND id = $2 AND revision = $3 AND sha256 = $4 AND settled_at IS NULL LIMIT 1`,
		who.Device, id.ID, id.Revision, id.SHA256).Scan(&r.Kind, &r.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	r.Status = delivery.Quarantined
	return r, err == nil, err
}
