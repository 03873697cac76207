package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/interview"
)

// CurrentShift returns the open shift; ErrNotFound where none is open.
func (s *Store) CurrentShift(ctx context.Context) (shift interview.Shift, err error) {
	err = s.Read(ctx, "read the open shift", func(ctx context.Context, tx *sql.Tx) error {
		id, err := openShift(ctx, tx)
		if err != nil {
			return err
		}
		shift, err = s.readShift(ctx, tx, id)
		return err
	})
	return shift, err
}

// Shift returns a shift by its id.
func (s *Store) Shift(ctx context.Context, id string) (shift interview.Shift, err error) {
	err = s.Read(ctx, "read the shift", func(ctx context.Context, tx *sql.Tx) error {
		shift, err = s.readShift(ctx, tx, id)
		return err
	})
	return shift, err
}

// Shifts returns at most limit shifts, the latest first.
func (s *Store) Shifts(ctx context.Context, limit int) (shifts []interview.Shift, err error) {
	err = s.Read(ctx, "list the shifts", func(ctx context.Context, tx *sql.Tx) error {
		var ids []string
		if err := Each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT id FROM shift ORDER BY started_utc DESC, id DESC LIMIT ?`, limit); err != nil {
			return err
		}
		for _, id := range ids {
			shift, err := s.readShift(ctx, tx, id)
			if err != nil {
				return err
			}
			shifts = append(shifts, shift)
		}
		return nil
	})
	return shifts, err
}

func (s *Store) readShift(ctx context.Context, tx *sql.Tx, id string) (shift interview.Shift, err error) {
	var who []byte
	err = tx.QueryRowContext(ctx, `SELECT id, study, site, entrance, interviewer, interval, practice, started_utc, started_offset,
		ended_utc, ended_offset, passed FROM shift WHERE id = ?`, id).Scan(&shift.ID, &shift.Study, &shift.Site, &shift.Entrance,
		&who, &shift.Interval, &shift.Practice, &shift.Started.UTC, &shift.Started.Offset, &shift.Ended.UTC, &shift.Ended.Offset, &shift.Passed)
	if err != nil {
		return shift, err
	}
	if err := s.vault.openInto(&shift.Interviewer, "shift.interviewer", id, who); err != nil {
		return shift, err
	}
	if err := Each(ctx, tx, func(rows *sql.Rows) error {
		var p interview.Pause
		var words []byte
		if err := rows.Scan(&p.From.UTC, &p.From.Offset, &p.To.UTC, &p.To.Offset, &p.Reason, &words); err != nil {
			return err
		}
		err := s.vault.openWords(&p.Words, "pause", id, words)
		shift.Pauses = append(shift.Pauses, p)
		return err
	}, `SELECT from_utc, from_offset, to_utc, to_offset, reason, words FROM pause WHERE shift = ? ORDER BY number`, id); err != nil {
		return shift, err
	}
	if err := s.readShiftLog(ctx, tx, &shift); err != nil {
		return shift, err
	}
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var f interview.Footfall
		err := rows.Scan(&f.From, &f.Count)
		shift.Footfall = append(shift.Footfall, f)
		return err
	}, `SELECT quarter, persons FROM footfall WHERE shift = ? AND persons > 0 ORDER BY quarter`, id)
	return shift, err
}
