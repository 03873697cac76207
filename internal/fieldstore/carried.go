package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"

	"parvis/internal/delivery"
)

// noteRelay is the laptop this device is paired with; it holds a token and is closed.
const noteRelay = "relay"

// Relay is the laptop this device is paired with; the zero value where there is none.
func (s *Store) Relay(ctx context.Context) (r delivery.Relay, err error) {
	err = s.Read(ctx, "read which laptop is paired", func(ctx context.Context, tx *sql.Tx) error {
		return s.readNote(ctx, tx, noteRelay, &r)
	})
	return r, err
}

// SaveRelay pairs with a laptop in place of the one before; the zero Relay forgets it. What was given to it stays given.
func (s *Store) SaveRelay(ctx context.Context, r delivery.Relay) error {
	return s.write(ctx, "keep which laptop is paired", func(ctx context.Context, tx *sql.Tx) error {
		return s.writeNote(ctx, tx, noteRelay, r)
	})
}

// unacknowledged is what central has not acknowledged and may still get.
const unacknowledged = `state IN ('waiting', 'in_flight') AND epoch IN ` + here

// Uncarried returns unsent records that stand in no batch for this laptop, in the order of WaitingBatch.
func (s *Store) Uncarried(ctx context.Context, relay string, records, bytes int) (batch []delivery.Record, err error) {
	err = s.Read(ctx, "collect what no laptop carries", func(ctx context.Context, tx *sql.Tx) error {
		left, full := bytes, false
		return Each(ctx, tx, func(rows *sql.Rows) error {
			if full {
				return nil
			}
			r, err := s.scanRecord(rows)
			if err != nil {
				return err
			}
			if left -= len(r.Body); left < 0 && len(batch) > 0 {
				full = true
				return nil
			}
			batch = append(batch, r)
			return nil
		}, `SELECT `+recordColumns+` FROM outbox WHERE `+unacknowledged+` AND NOT EXISTS (SELECT 1 FROM carried_record r JOIN carried c ON c.number = r.batch
			WHERE r.id = outbox.id AND r.revision = outbox.revision AND c.relay = ?) ORDER BY `+order+` LIMIT ?`, relay, records)
	})
	return batch, err
}

// UncarriedAttachments are the pictures that central does not have and that stand in no batch for this laptop, but for those of
// quarantined interviews.
func (s *Store) UncarriedAttachments(ctx context.Context, relay string) (list []delivery.Attachment, err error) {
	all, err := s.attachments(ctx, ` AND o.state <> 'quarantined'`)
	if err != nil {
		return nil, err
	}
	given := map[[2]string]bool{}
	err = s.Read(ctx, "list the pictures a laptop carries", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var one [2]string
			err := rows.Scan(&one[0], &one[1])
			given[one] = true
			return err
		}, `SELECT a.interview, a.name FROM carried_attachment a JOIN carried c ON c.number = a.batch WHERE c.relay = ?`, relay)
	})
	for _, a := range all {
		if !given[[2]string{a.Interview, a.Name}] {
			list = append(list, a)
		}
	}
	return list, err
}

// Carry keeps a batch before it leaves.
func (s *Store) Carry(ctx context.Context, c delivery.Carried) error {
	return s.write(ctx, "keep what is given to a laptop", func(ctx context.Context, tx *sql.Tx) error {
		key, err := s.vault.close("carried", c.SHA256, []byte(c.Key))
		if err != nil {
			return err
		}
		told, err := writeTold(c.Told)
		if err != nil {
			return err
		}
		var number int64
		if err := tx.QueryRowContext(ctx, `INSERT INTO carried (sha256, relay, key, pull, cursor, made, told) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number`,
			c.SHA256, c.Relay, key, c.Pull, c.Cursor, c.Made, told).Scan(&number); err != nil {
			return err
		}
		for _, r := range c.Records {
			if _, err := tx.ExecContext(ctx, `INSERT INTO carried_record (batch, id, revision, sha256) VALUES (?, ?, ?, ?)`, number, r.ID, r.Revision, r.SHA256); err != nil {
				return err
			}
		}
		for _, f := range c.Files {
			if _, err := tx.ExecContext(ctx, `INSERT INTO carried_attachment (batch, interview, name) VALUES (?, ?, ?)`, number, f.Interview, f.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeTold keeps what a batch tells of epochs.
func writeTold(told []delivery.EpochNumbers) (string, error) {
	if len(told) == 0 {
		return "", nil
	}
	text, err := json.Marshal(told)
	return string(text), err
}

// MarkCarried notes that the laptop has a batch.
func (s *Store) MarkCarried(ctx context.Context, sha256 string, at int64) error {
	return s.write(ctx, "keep that a laptop has a batch", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE carried SET accepted = ? WHERE sha256 = ? AND accepted = 0`, at, sha256)
		return err
	})
}

// DropCarried forgets batches: their records, where unsent, wait as if they had never been given.
func (s *Store) DropCarried(ctx context.Context, sums []string) error {
	if len(sums) == 0 {
		return nil
	}
	return s.write(ctx, "forget batches", func(ctx context.Context, tx *sql.Tx) error {
		for _, sum := range sums {
			if _, err := tx.ExecContext(ctx, `DELETE FROM carried WHERE sha256 = ?`, sum); err != nil {
				return err
			}
		}
		return nil
	})
}

// Carried lists all batches that were given or were to be given to any laptop, the oldest first.
func (s *Store) Carried(ctx context.Context) (list []delivery.Carried, err error) {
	err = s.Read(ctx, "list what laptops carry", func(ctx context.Context, tx *sql.Tx) error {
		var numbers []int64
		if err := Each(ctx, tx, func(rows *sql.Rows) error {
			var c delivery.Carried
			var number int64
			var closed, told []byte
			if err := rows.Scan(&number, &c.SHA256, &c.Relay, &closed, &c.Pull, &c.Cursor, &c.Made, &c.Accepted, &told); err != nil {
				return err
			}
			if len(told) > 0 {
				if err := json.Unmarshal(told, &c.Told); err != nil {
					return err
				}
			}
			numbers, list = append(numbers, number), append(list, c)
			return s.vault.openInto(&list[len(list)-1].Key, "carried", c.SHA256, closed)
		}, `SELECT number, sha256, relay, key, pull, cursor, made, accepted, told FROM carried ORDER BY number`); err != nil {
			return err
		}
		for i, number := range numbers {
			if err := readCarried(ctx, tx, number, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// readCarried reads what stands in a batch, and how much of it central has not acknowledged.
func readCarried(ctx context.Context, tx *sql.Tx, number int64, c *delivery.Carried) error {
	if err := Each(ctx, tx, func(rows *sql.Rows) error {
		var i delivery.Identity
		var unsent int
		if err := rows.Scan(&i.ID, &i.Revision, &i.SHA256, &unsent); err != nil {
			return err
		}
		c.Records, c.Unsent = append(c.Records, i), c.Unsent+unsent
		return nil
	}, `SELECT r.id, r.revision, r.sha256, coalesce(o.state IN ('waiting', 'in_flight'), 0) FROM carried_record r
		LEFT JOIN outbox o ON o.id = r.id AND o.revision = r.revision WHERE r.batch = ?`, number); err != nil {
		return err
	}
	return Each(ctx, tx, func(rows *sql.Rows) error {
		var a delivery.Attachment
		var unsent int
		if err := rows.Scan(&a.Interview, &a.Name, &a.Study, &a.SHA256, &a.Size, &unsent); err != nil {
			return err
		}
		c.Files, c.UnsentFiles = append(c.Files, a), c.UnsentFiles+unsent
		return nil
	}, `SELECT a.interview, a.name, a.study, a.sha256, a.size, a.state = 'waiting' FROM carried_attachment f
		JOIN attachment a ON a.interview = f.interview AND a.name = f.name WHERE f.batch = ?`, number)
}

// WithLaptop is how much of what central has not acknowledged lies with a supervisor's laptop, which said so.
type WithLaptop struct {
	Records, Interviews int
	Since               int64 // when the oldest of it was given, milliseconds UTC of this device's clock; 0 where there is none
}

// WithLaptop counts it.
func (s *Store) WithLaptop(ctx context.Context) (w WithLaptop, err error) {
	err = s.Read(ctx, "count what laptops carry", func(ctx context.Context, tx *sql.Tx) error {
		w, err = withLaptop(ctx, tx)
		return err
	})
	return w, err
}

func withLaptop(ctx context.Context, tx *sql.Tx) (w WithLaptop, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(DISTINCT o.number), count(DISTINCT o.id) FILTER (WHERE o.kind = 'interview'), coalesce(min(c.accepted), 0)
		FROM carried c JOIN carried_record r ON r.batch = c.number JOIN outbox o ON o.id = r.id AND o.revision = r.revision
		WHERE c.accepted > 0 AND o.`+unacknowledged).Scan(&w.Records, &w.Interviews, &w.Since)
	return w, err
}
