package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// noteConfirmed names the incarnation of central's database by which everything acknowledged was last looked up.
const noteConfirmed = "confirmed"

// Confirmed is the incarnation of central that was last seen to hold what it acknowledged; "" for none.
func (s *Store) Confirmed(ctx context.Context) (incarnation string, err error) {
	err = s.Read(ctx, "read which central was asked", func(ctx context.Context, tx *sql.Tx) error {
		return s.readNote(ctx, tx, noteConfirmed, &incarnation)
	})
	return incarnation, err
}

// SaveConfirmed keeps that this incarnation holds what was acknowledged, or will be sent it. Its files are asked about one by one as
// they are sent: all wait again.
func (s *Store) SaveConfirmed(ctx context.Context, incarnation string) error {
	return s.write(ctx, "keep which central was asked", func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE attachment SET state = 'waiting' WHERE state = 'sent' AND interview IN
			(SELECT id FROM outbox WHERE kind = 'interview' AND epoch IN `+here+`)`); err != nil {
			return err
		}
		return s.writeNote(ctx, tx, noteConfirmed, incarnation)
	})
}

// Acknowledged lists what the present central has answered for, stored or quarantined, in the order of numbers: at most limit after
// the number after. last is the number of the last one.
func (s *Store) Acknowledged(ctx context.Context, after int64, limit int) (ids []delivery.Identity, last int64, err error) {
	err = s.Read(ctx, "list what was acknowledged", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var i delivery.Identity
			if err := rows.Scan(&last, &i.ID, &i.Revision, &i.SHA256); err != nil {
				return err
			}
			ids = append(ids, i)
			return nil
		}, `SELECT number, id, revision, sha256 FROM outbox
			WHERE number > ? AND state IN ('sent', 'quarantined') AND epoch IN `+here+` ORDER BY number LIMIT ?`, after, limit)
	})
	return ids, last, err
}

// SendAgain makes acknowledged records waiting again, of whatever epoch, because central does not have them any more. What came under a
// number that is another life's now gets a new one.
func (s *Store) SendAgain(ctx context.Context, ids []delivery.Identity) error {
	return s.write(ctx, "send again what central lost", func(ctx context.Context, tx *sql.Tx) error {
		if err := eachIdentity(ids, func(id, revision, sha256 any) error {
			_, err := tx.ExecContext(ctx, `UPDATE outbox SET state = 'waiting', reason = '' WHERE id = ? AND revision = ? AND sha256 = ?
				AND state IN ('sent', 'quarantined')`, id, revision, sha256)
			return err
		}); err != nil {
			return err
		}
		return s.renumberHere(ctx, tx)
	})
}
