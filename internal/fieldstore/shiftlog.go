package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parvis/internal/interview"
)

// ErrUnreasoned: a count is never changed without saying why.
var ErrUnreasoned = errors.New("a correction needs a reason")

// CorrectPassers sets the open shift's count to a typed number, from 0, and keeps that it did, from what, and why. Persons added
// stand in the present quarter of an hour; persons taken off come from the latest ones. The same number again changes nothing.
func (s *Store) CorrectPassers(ctx context.Context, shift string, to int, reason, words string) (interview.Shift, error) {
	if reason == "" || reason == interview.Other && words == "" {
		return interview.Shift{}, ErrUnreasoned
	}
	if to < 0 {
		return interview.Shift{}, fmt.Errorf("a count of %d persons", to)
	}
	return s.changeShift(ctx, "correct the count", shift, func(ctx context.Context, tx *sql.Tx, at interview.Moment) error {
		var from int
		if err := tx.QueryRowContext(ctx, `SELECT passed FROM shift WHERE id = ?`, shift).Scan(&from); err != nil || from == to {
			return err
		}
		closed, err := s.vault.closeWords("correction", shift, words)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO correction (id, shift, number, at_utc, at_offset, before, after, reason, words, contacts)
			SELECT ?1, ?2, 1 + count(*), ?3, ?4, ?5, ?6, ?7, ?8, (SELECT count(*) FROM contact WHERE shift = ?2) FROM correction WHERE shift = ?2`,
			s.newID(), shift, at.UTC, at.Offset, from, to, reason, closed); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE shift SET passed = ? WHERE id = ?`, to, shift); err != nil {
			return err
		}
		if to > from {
			_, err := tx.ExecContext(ctx, `INSERT INTO footfall (shift, quarter, persons) VALUES (?1, ?2, ?3)
				ON CONFLICT (shift, quarter) DO UPDATE SET persons = persons + ?3`, shift, at.UTC-at.UTC%interview.QuarterHour, to-from)
			return err
		}
		return takeOff(ctx, tx, shift, from-to)
	})
}

// takeOff takes persons off the latest quarters of an hour in which somebody passed.
func takeOff(ctx context.Context, tx *sql.Tx, shift string, persons int) error {
	for persons > 0 {
		var quarter int64
		var there int
		if err := tx.QueryRowContext(ctx, `SELECT quarter, persons FROM footfall WHERE shift = ? AND persons > 0 ORDER BY quarter DESC LIMIT 1`,
			shift).Scan(&quarter, &there); err != nil {
			return err
		}
		off := min(there, persons)
		if _, err := tx.ExecContext(ctx, `UPDATE footfall SET persons = persons - ? WHERE shift = ? AND quarter = ?`, off, shift, quarter); err != nil {
			return err
		}
		persons -= off
	}
	return nil
}

// ExplainPause keeps why the open shift is paused. It may be called while the words are being typed: the shift is announced when
// the pause ends, or before the next synchronisation.
func (s *Store) ExplainPause(ctx context.Context, shift, reason, words string) error {
	return s.write(ctx, "keep the reason of the pause", func(ctx context.Context, tx *sql.Tx) error {
		closed, err := s.vault.closeWords("pause", shift, words)
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `UPDATE pause SET reason = ?, words = ? WHERE shift = ? AND to_utc = 0`, reason, closed, shift)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		return errors.Join(err, errorIf(err == nil && n == 0, ErrNoShift))
	})
}

// SaveShiftNote keeps a note of the open shift, new or as it is being written; its moment is that of the first call. It returns
// the note as kept.
func (s *Store) SaveShiftNote(ctx context.Context, shift string, note interview.ShiftNote) (interview.ShiftNote, error) {
	if note.ID == "" {
		note.ID = s.newID()
	}
	err := s.write(ctx, "save the note", func(ctx context.Context, tx *sql.Tx) error {
		open, err := openShift(ctx, tx)
		if err != nil || open != shift {
			return errors.Join(err, errorIf(open != shift, ErrNoShift))
		}
		closed, err := s.vault.closeWords("shift_note", shift, note.Words)
		if err != nil {
			return err
		}
		at := s.moment()
		return tx.QueryRowContext(ctx, `INSERT INTO shift_note (id, shift, number, at_utc, at_offset, weather, words)
			SELECT ?1, ?2, 1 + count(*), ?3, ?4, ?5, ?6 FROM shift_note WHERE shift = ?2
			ON CONFLICT (id) DO UPDATE SET weather = excluded.weather, words = excluded.words RETURNING at_utc, at_offset`,
			note.ID, shift, at.UTC, at.Offset, note.Weather, closed).Scan(&note.At.UTC, &note.At.Offset)
	})
	return note, err
}

// readShiftLog reads what stands beside a shift's counts. A note that was emptied again is none.
func (s *Store) readShiftLog(ctx context.Context, tx *sql.Tx, shift *interview.Shift) error {
	if err := Each(ctx, tx, func(rows *sql.Rows) error {
		var c interview.Recount
		var words []byte
		if err := rows.Scan(&c.ID, &c.At.UTC, &c.At.Offset, &c.From, &c.To, &c.Reason, &words); err != nil {
			return err
		}
		err := s.vault.openWords(&c.Words, "correction", shift.ID, words)
		shift.Corrections = append(shift.Corrections, c)
		return err
	}, `SELECT id, at_utc, at_offset, before, after, reason, words FROM correction WHERE shift = ? ORDER BY number`, shift.ID); err != nil {
		return err
	}
	return Each(ctx, tx, func(rows *sql.Rows) error {
		var n interview.ShiftNote
		var words []byte
		if err := rows.Scan(&n.ID, &n.At.UTC, &n.At.Offset, &n.Weather, &words); err != nil {
			return err
		}
		err := s.vault.openWords(&n.Words, "shift_note", shift.ID, words)
		if !n.IsZero() {
			shift.Notes = append(shift.Notes, n)
		}
		return err
	}, `SELECT id, at_utc, at_offset, weather, words FROM shift_note WHERE shift = ? ORDER BY number`, shift.ID)
}
