package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// Condition is what tells whether the device can go on keeping things, and when.
type Condition struct {
	Clock delivery.ClockCheck
	// Latest is the latest moment among what central has not answered yet and what goes on, milliseconds UTC of this device's clock;
	// 0 for none. What central has answered lies before Clock.At.
	Latest int64
	// Free is how many bytes more fit, bounded by the file's cap and the storage; -1 where the system does not say.
	Free int64
}

// Condition reads it.
func (s *Store) Condition(ctx context.Context) (c Condition, err error) {
	if c.Free, err = s.File.Free(ctx); err != nil {
		return c, err
	}
	err = s.Read(ctx, "read the device's condition", func(ctx context.Context, tx *sql.Tx) error {
		if err := s.readNote(ctx, tx, noteClock, &c.Clock); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT max(
			(SELECT coalesce(max(made), 0) FROM outbox WHERE state <> 'sent' AND answered = 0),
			(SELECT coalesce(max(at_utc), 0) FROM step))`).Scan(&c.Latest)
	})
	return c, err
}
