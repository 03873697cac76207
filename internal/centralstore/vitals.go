package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Vitals are figures that whoever watches over central wants to see move.
type Vitals struct {
	Interviews  int64 // held, over all studies
	Quarantined int64 // records that wait for a decision
	SeenLately  int64 // devices that were here within the last hour
	Missing     int64 // records that devices have made, as far as central knows, and that have not arrived
	Pool        sql.DBStats
}

// Vitals reads the figures; it costs the same however many records there are.
func (s *store) Vitals(ctx context.Context) (v Vitals, err error) {
	v.Pool = s.engine.pool()
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, figure := range []struct {
			into  *int64
			query string
			args  []any
		}{
			{&v.Interviews, `SELECT COALESCE(SUM(interviews), 0) FROM studies`, nil},
			{&v.Quarantined, `SELECT COUNT(*) FROM quarantine WHERE settled_at IS NULL`, nil},
			{&v.SeenLately, `SELECT COUNT(*) FROM devices WHERE last_seen > $1 AND revoked_at IS NULL`, []any{s.now() - time.Hour.Milliseconds()}},
			{&v.Missing, `SELECT COALESCE(SUM(CASE WHEN highest > high THEN highest ELSE high END - came), 0) FROM (
				SELECT e.high_seq AS high, COALESCE(MAX(a.last), 0) AS highest, COALESCE(SUM(a.last - a.first + 1), 0) AS came
				FROM epochs e LEFT JOIN arrived a ON a.epoch = e.id GROUP BY e.id, e.high_seq) each_epoch`, nil},
		} {
			if err := tx.QueryRowContext(ctx, figure.query, figure.args...).Scan(figure.into); err != nil {
				return fmt.Errorf("reading the figures: %w", err)
			}
		}
		return nil
	})
	return v, err
}

// Ready fails where central could not take in a batch now: the database does not answer, has another schema, or has no room.
func (s *store) Ready(ctx context.Context) error {
	newest, err := newestSchema()
	if err != nil {
		return err
	}
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		have, err := schemaVersion(ctx, tx)
		if err == nil && have > newest {
			return ErrNewer
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.engine.room(ctx)
}

// ErrOtherKey: the centrals of this database have another key.
var ErrOtherKey = errors.New("the other centrals of this database have another hand-in.key")

// AgreeOnHandIn notes the public half of the key for handed-in files, the first time, and fails with ErrOtherKey where another central
// of this database has another one: a file sealed for one could not be opened at the other.
func (s *store) AgreeOnHandIn(ctx context.Context, recipient string) error {
	var noted string
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT hand_in FROM central`).Scan(&noted)
	})
	if err != nil {
		return fmt.Errorf("reading the key for handed-in files: %w", err)
	}
	if noted == "" {
		err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			// The row is looked at again where it is changed: another central may have been first.
			return tx.QueryRowContext(ctx, `UPDATE central SET hand_in = CASE WHEN hand_in = '' THEN $1 ELSE hand_in END RETURNING hand_in`, recipient).Scan(&noted)
		})
		if err != nil {
			return fmt.Errorf("noting the key for handed-in files: %w", err)
		}
	}
	if noted != recipient {
		return ErrOtherKey
	}
	return nil
}
