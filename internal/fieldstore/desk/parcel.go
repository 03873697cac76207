package desk

import (
	"context"
	"database/sql"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// Room is how many bytes of carried batches may lie here, of one device and in all.
type Room struct{ Each, All int64 }

// usualRoom is days of interviews with pictures.
var usualRoom = Room{Each: 1 << 30, All: 8 << 30}

// KeepParcel keeps a sealed batch of a device; it is on the disk when KeepParcel returns. The same one may come again. full tells that
// there is no room for it.
func (s *Store) KeepParcel(ctx context.Context, tablet, sha256 string, body []byte, now int64) (full bool, err error) {
	err = s.Write(ctx, "keep a carried batch", func(ctx context.Context, tx *sql.Tx) error {
		var there, each, all int64
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE tablet = ?1 AND sha256 = ?2), coalesce(sum(bytes) FILTER (WHERE tablet = ?1), 0),
			coalesce(sum(bytes), 0) FROM parcel`, tablet, sha256).Scan(&there, &each, &all); err != nil {
			return err
		}
		size := int64(len(body))
		if full = there == 0 && (each+size > s.room.Each || all+size > s.room.All); full || there > 0 {
			return nil
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO parcel (tablet, sha256, bytes, body, came) VALUES (?, ?, ?, ?, ?)`, tablet, sha256, size, body, now)
		return err
	})
	return full, err
}

// ParcelStates tells of a device's batches, in the order asked; one whose reply no longer fits into most bytes is left out with all
// behind it, but for the first.
func (s *Store) ParcelStates(ctx context.Context, tablet string, sums []string, most int) (states []delivery.ParcelState, err error) {
	err = s.Read(ctx, "look up carried batches", func(ctx context.Context, tx *sql.Tx) error {
		for _, sum := range sums {
			p := delivery.ParcelState{SHA256: sum}
			err := tx.QueryRowContext(ctx, `SELECT forwarded, reply FROM parcel WHERE tablet = ? AND sha256 = ?`, tablet, sum).Scan(&p.Forwarded, &p.Reply)
			switch {
			case errors.Is(err, sql.ErrNoRows):
			case err != nil:
				return err
			default:
				p.Held = true
			}
			if most -= len(p.Reply); most < 0 && len(states) > 0 {
				return nil
			}
			states = append(states, p)
		}
		return nil
	})
	return states, err
}

// SettleParcels notes that a device needs no more of these batches. Those that central has go; the others are forwarded first.
func (s *Store) SettleParcels(ctx context.Context, tablet string, sums []string) error {
	if len(sums) == 0 {
		return nil
	}
	return s.Write(ctx, "let go of carried batches", func(ctx context.Context, tx *sql.Tx) error {
		for _, sum := range sums {
			if _, err := tx.ExecContext(ctx, `UPDATE parcel SET settled = 1 WHERE tablet = ? AND sha256 = ?`, tablet, sum); err != nil {
				return err
			}
		}
		return dropParcels(ctx, tx)
	})
}

func dropParcels(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM parcel WHERE forwarded = 1 AND settled = 1`)
	return err
}

// NextParcel is the oldest batch behind the number after that central does not have and that is due; ok is false where there is none.
func (s *Store) NextParcel(ctx context.Context, after, now int64) (number int64, p delivery.Parcel, ok bool, err error) {
	err = s.Read(ctx, "read a carried batch", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT number, sha256, tablet, body, tries FROM parcel WHERE forwarded = 0 AND number > ? AND next <= ? ORDER BY number LIMIT 1`,
			after, now).Scan(&number, &p.SHA256, &p.Tablet, &p.Body, &p.Tries)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		ok = err == nil
		return err
	})
	return number, p, ok, err
}

// ParcelForwarded keeps central's answer to a batch.
func (s *Store) ParcelForwarded(ctx context.Context, number int64, reply []byte) error {
	if reply == nil {
		reply = []byte{}
	}
	return s.Write(ctx, "keep central's answer to a carried batch", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE parcel SET forwarded = 1, reply = ?, trouble = '' WHERE number = ? AND forwarded = 0`, reply, number); err != nil {
			return err
		}
		return dropParcels(ctx, tx)
	})
}

// ParcelRefused notes central's code for why it did not take a batch, and when to try again.
func (s *Store) ParcelRefused(ctx context.Context, number int64, trouble string, next int64) error {
	return s.Write(ctx, "keep why a carried batch was refused", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE parcel SET tries = tries + 1, trouble = ?, next = ? WHERE number = ? AND forwarded = 0`, trouble, next, number)
		return err
	})
}

// Tablets lists the devices that may come, and those shut out whose batches are still on their way, by name.
func (s *Store) Tablets(ctx context.Context) (list []delivery.Tablet, err error) {
	err = s.Read(ctx, "list the paired tablets", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var t delivery.Tablet
			err := rows.Scan(&t.ID, &t.Name, &t.Paired, &t.Seen, &t.Held, &t.Bytes, &t.Since, &t.Forwarded, &t.Trouble)
			list = append(list, t)
			return err
		}, `SELECT t.id, t.name, t.paired, t.seen, count(p.number) FILTER (WHERE p.forwarded = 0), coalesce(sum(p.bytes) FILTER (WHERE p.forwarded = 0), 0),
			coalesce(min(p.came) FILTER (WHERE p.forwarded = 0), 0), count(p.number) FILTER (WHERE p.forwarded = 1), coalesce(max(p.trouble), '')
			FROM tablet t LEFT JOIN parcel p ON p.tablet = t.id GROUP BY t.id
			HAVING t.token <> '' OR count(p.number) FILTER (WHERE p.forwarded = 0) > 0 ORDER BY t.name, t.paired`)
	})
	return list, err
}
