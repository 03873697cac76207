package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"parvis/internal/delivery"
)

// outboxRow is the key of a record's row.
func outboxRow(id string, revision int) string { return id + "/" + strconv.Itoa(revision) }

// announce writes the record of what the running transaction saves: the next number of the current epoch, the body's exact bytes
// and their sum. Practice is never announced; its callers see to it, and the table refuses it.
func (s *Store) announce(ctx context.Context, tx *sql.Tx, kind delivery.Kind, id string, revision int, study string, body []byte) error {
	c, err := s.credentials(ctx, tx)
	if err != nil {
		return err
	}
	closed, err := s.vault.pack("outbox", outboxRow(id, revision), body)
	if err != nil {
		return err
	}
	seq, err := nextSeq(ctx, tx, c.Epoch)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO outbox (id, revision, kind, study, epoch, seq, sha256, body, made) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, revision, kind, study, c.Epoch, seq, delivery.Sum(body), closed, s.now().UnixMilli())
	return err
}

// nextSeq gives out the epoch's next number.
func nextSeq(ctx context.Context, tx *sql.Tx, epoch string) (seq int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE epoch SET last = last + 1 WHERE epoch = ? RETURNING last`, epoch).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotEnrolled
	}
	return seq, err
}

// HighSeq is the highest sequence number given out in the epoch; 0 for none.
func (s *Store) HighSeq(ctx context.Context, epoch string) (high int64, err error) {
	err = s.Read(ctx, "read the highest number", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT coalesce(max(last), 0) FROM epoch WHERE epoch = ?`, epoch).Scan(&high)
	})
	return high, err
}

// here selects the epochs whose records belong to the central of the current credentials. Another central's data are not for it.
const here = `(SELECT epoch FROM epoch WHERE central = (SELECT value ->> '$' FROM agent_note WHERE name = 'central'))`

// unsent reads what is unsent by its own index: to count distinct interviews the planner would go through all that was ever sent.
const unsent = `outbox INDEXED BY outbox_unsent`

// Waiting counts what central has not acknowledged yet, in flight included.
func (s *Store) Waiting(ctx context.Context) (w delivery.Waiting, err error) {
	err = s.Read(ctx, "count what waits", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT count(*), count(DISTINCT id) FILTER (WHERE kind = 'interview') FROM `+unsent+`
			WHERE state IN ('waiting', 'in_flight') AND state <> 'sent' AND epoch IN `+here).Scan(&w.Records, &w.Interviews)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT count(*)`+toSend+` AND o.state <> 'quarantined'`).Scan(&w.Attachments)
	})
	return w, err
}

// order is what goes first, as the index has it.
const order = `CASE kind WHEN 'shift' THEN 0 WHEN 'interview' THEN 1 ELSE 2 END, number`

// WaitingBatch returns waiting records, shifts first, then interviews, then the rest, each in the order they were made: at most
// records of them and, beyond the first, at most bytes of bodies. What was made since the last visit is not among them, see Visit.
func (s *Store) WaitingBatch(ctx context.Context, records, bytes int) (batch []delivery.Record, err error) {
	full := errors.New("the batch is full")
	err = s.Read(ctx, "collect what waits", func(ctx context.Context, tx *sql.Tx) error {
		left := bytes
		return Each(ctx, tx, func(rows *sql.Rows) error {
			r, err := s.scanRecord(rows)
			if err != nil {
				return err
			}
			if left -= len(r.Body); left < 0 && len(batch) > 0 {
				return full
			}
			batch = append(batch, r)
			return nil
		}, `SELECT `+recordColumns+` FROM outbox
			WHERE state = 'waiting' AND epoch IN `+here+` AND seq <= (SELECT visited FROM epoch WHERE epoch.epoch = outbox.epoch) ORDER BY `+order+` LIMIT ?`, records)
	})
	if errors.Is(err, full) {
		err = nil
	}
	return batch, err
}

// Unsent returns all that the present central has not acknowledged: waiting, in flight or quarantined, in the order they were made.
func (s *Store) Unsent(ctx context.Context) (records []delivery.Record, err error) {
	err = s.Read(ctx, "collect what is unsent", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			r, err := s.scanRecord(rows)
			records = append(records, r)
			return err
		}, `SELECT `+recordColumns+` FROM outbox WHERE state <> 'sent' AND epoch IN `+here+` ORDER BY number`)
	})
	return records, err
}

const recordColumns = `id, revision, kind, study, epoch, seq, sha256, body`

func (s *Store) scanRecord(rows *sql.Rows) (r delivery.Record, err error) {
	var closed []byte
	if err := rows.Scan(&r.ID, &r.Revision, &r.Kind, &r.Study, &r.Epoch, &r.Seq, &r.SHA256, &closed); err != nil {
		return r, err
	}
	r.Body, err = s.vault.unpack("outbox", outboxRow(r.ID, r.Revision), closed)
	return r, err
}

// MarkInFlight is called before a batch leaves, so that after a lost answer or a kill central is asked before anything is sent
// again.
func (s *Store) MarkInFlight(ctx context.Context, ids []delivery.Identity) error {
	return s.write(ctx, "mark what leaves", func(ctx context.Context, tx *sql.Tx) error {
		return eachIdentity(ids, func(id, revision, sha256 any) error {
			_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'in_flight' WHERE id = ? AND revision = ? AND sha256 = ? AND state = 'waiting'`,
				id, revision, sha256)
			return err
		})
	})
}

func eachIdentity(ids []delivery.Identity, do func(id, revision, sha256 any) error) error {
	for _, i := range ids {
		if err := do(i.ID, i.Revision, i.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// InFlight are the records whose answer never came.
func (s *Store) InFlight(ctx context.Context) (ids []delivery.Identity, err error) {
	err = s.Read(ctx, "list what is in flight", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var i delivery.Identity
			if err := rows.Scan(&i.ID, &i.Revision, &i.SHA256); err != nil {
				return err
			}
			ids = append(ids, i)
			return nil
		}, `SELECT id, revision, sha256 FROM outbox WHERE state = 'in_flight' AND epoch IN `+here+` ORDER BY number`)
	})
	return ids, err
}

// ApplyReceipts marks records sent or quarantined, all in one transaction. A receipt for other bytes than these changes nothing,
// and what was acknowledged stays so.
func (s *Store) ApplyReceipts(ctx context.Context, receipts []delivery.Receipt) error {
	return s.write(ctx, "keep the receipts", func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range receipts {
			state, reason := "sent", ""
			switch r.Status {
			case delivery.Received, delivery.Duplicate:
			case delivery.Quarantined:
				state, reason = "quarantined", r.Reason
			default:
				return fmt.Errorf("central answered %q, which this version does not know", r.Status)
			}
			if _, err := tx.ExecContext(ctx, `UPDATE outbox SET state = ?, reason = ?, answered = ?
				WHERE id = ? AND revision = ? AND sha256 = ? AND state <> 'sent'`,
				state, reason, s.now().UnixMilli(), r.ID, r.Revision, r.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReturnInFlight makes all records in flight waiting again, under a new number where theirs has become another life's.
func (s *Store) ReturnInFlight(ctx context.Context) error {
	return s.write(ctx, "let what was in flight wait again", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'waiting' WHERE state = 'in_flight'`)
		if err != nil {
			return err
		}
		return s.renumberHere(ctx, tx)
	})
}

// Requeue makes sent records of an epoch waiting again, because central says it misses their numbers; it returns how many. Numbers above
// the last visit are another life's.
func (s *Store) Requeue(ctx context.Context, epoch string, missing []delivery.Range) (again int, err error) {
	err = s.write(ctx, "send again what central misses", func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range missing {
			if err := requeueAttachments(ctx, tx, epoch, r); err != nil {
				return err
			}
			done, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'waiting' WHERE epoch = ? AND seq BETWEEN ? AND ? AND state = 'sent'
				AND seq <= (SELECT visited FROM epoch WHERE epoch.epoch = outbox.epoch)`,
				epoch, r.First, r.Last)
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			again += int(n)
		}
		return nil
	})
	return again, err
}

// Record returns the body of a record's revision, 0 for the highest, as it was or will be sent.
func (s *Store) Record(ctx context.Context, id string, revision int) (body json.RawMessage, err error) {
	err = s.Read(ctx, "read a record", func(ctx context.Context, tx *sql.Tx) error {
		body, err = s.readRecord(ctx, tx, id, revision)
		return err
	})
	return body, err
}

func (s *Store) readRecord(ctx context.Context, tx *sql.Tx, id string, revision int) ([]byte, error) {
	var closed []byte
	if err := tx.QueryRowContext(ctx, `SELECT revision, body FROM outbox WHERE id = ?1 AND ?2 IN (0, revision)
		ORDER BY revision DESC LIMIT 1`, id, revision).Scan(&revision, &closed); err != nil {
		return nil, err
	}
	return s.vault.unpack("outbox", outboxRow(id, revision), closed)
}
