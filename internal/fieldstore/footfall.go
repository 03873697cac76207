package fieldstore

import (
	"context"
	"database/sql"
	"errors"

	"parvis/internal/interview"
)

// CountPasser counts one person who passed and returns the shift's count.
func (s *Store) CountPasser(ctx context.Context, shift string) (passed int, err error) {
	err = s.write(ctx, "count a passer-by", func(ctx context.Context, tx *sql.Tx) error {
		at := s.moment()
		quarter := at.UTC - at.UTC%interview.QuarterHour
		passed, err = s.tap(ctx, tx, shift, 1, quarter, at)
		return err
	})
	return passed, err
}

// UndoPasser takes the last counted person back and returns the shift's count; at 0 it changes nothing. The tap stays, and beside
// it stands that it was taken back.
func (s *Store) UndoPasser(ctx context.Context, shift string) (passed int, err error) {
	err = s.write(ctx, "take back a passer-by", func(ctx context.Context, tx *sql.Tx) error {
		var quarter int64
		err := tx.QueryRowContext(ctx, `SELECT quarter FROM footfall WHERE shift = ? AND persons > 0 ORDER BY quarter DESC LIMIT 1`, shift).Scan(&quarter)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		passed, err = s.tap(ctx, tx, shift, -1, quarter, s.moment())
		return err
	})
	return passed, err
}

func (s *Store) tap(ctx context.Context, tx *sql.Tx, shift string, step int, quarter int64, at interview.Moment) (passed int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE shift SET passed = passed + ? WHERE id = ? AND ended_utc = 0 RETURNING passed`, step, shift).Scan(&passed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNoShift
	}
	if err != nil {
		return 0, err
	}
	paused, err := isPaused(ctx, tx, shift)
	if err != nil || paused {
		return 0, errors.Join(err, errorIf(paused, ErrPaused))
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO tap (shift, step, quarter, at_utc, at_offset) VALUES (?, ?, ?, ?, ?)`,
		shift, step, quarter, at.UTC, at.Offset); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO footfall (shift, quarter, persons) VALUES (?1, ?2, max(?3, 0))
		ON CONFLICT (shift, quarter) DO UPDATE SET persons = persons + ?3`, shift, quarter, step)
	return passed, err
}
