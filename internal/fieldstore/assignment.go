package fieldstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"parvis/internal/delivery"
)

// Assigned is a day's assignments as this device has them.
type Assigned struct {
	delivery.Assigned
	// News: it came, or changed, and the interviewer has not said that it was seen.
	News bool
}

// keptPlan is how many days of a study stay here: all that can be planned at a time, and the last weeks. It is counted in days there are,
// not by this device's clock, which may be wrong: central sends a day once, so none that lies ahead is to be lost.
const keptPlan = delivery.DaysPlannedAhead + delivery.DaysPlannedBack + 1

// assignmentKey binds a day's assignments to their row.
func assignmentKey(study, date string) string { return study + "\n" + date }

// keepAssigned keeps all of a day in place of what was known of it. The same again stays seen; that nothing is assigned is news only to
// who knew of something.
func (s *Store) keepAssigned(ctx context.Context, tx *sql.Tx, body json.RawMessage) error {
	var day delivery.Assigned
	if err := json.Unmarshal(body, &day); err != nil {
		return err
	}
	seen := len(day.Assignments) == 0
	var before []byte
	err := tx.QueryRowContext(ctx, `SELECT body, seen FROM assignment WHERE study = ? AND date = ?`, day.Study, day.Date).Scan(&before, &seen)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		if before, err = s.vault.open("assignment", assignmentKey(day.Study, day.Date), before); err != nil {
			return err
		}
		if bytes.Equal(before, body) {
			return nil
		}
		seen = false
	}
	closed, err := s.vault.close("assignment", assignmentKey(day.Study, day.Date), body)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO assignment (study, date, body, seen) VALUES (?, ?, ?, ?)
		ON CONFLICT (study, date) DO UPDATE SET body = excluded.body, seen = excluded.seen`, day.Study, day.Date, closed, seen); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM assignment WHERE study = ?1 AND date <= (SELECT date FROM assignment WHERE study = ?1 ORDER BY date DESC LIMIT 1 OFFSET ?2)`,
		day.Study, keptPlan)
	return err
}

// Assignments lists what the interviewer of this device is to do from a date on, such as 2026-11-30, by date; days of which everything
// was taken away too, as long as that is news.
func (s *Store) Assignments(ctx context.Context, from string) (list []Assigned, err error) {
	if _, err := time.Parse(time.DateOnly, from); err != nil {
		return nil, err
	}
	err = s.Read(ctx, "read the assignments", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		list = nil
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var study, date string
			var closed []byte
			var seen bool
			if err := rows.Scan(&study, &date, &closed, &seen); err != nil {
				return err
			}
			body, err := s.vault.open("assignment", assignmentKey(study, date), closed)
			if err != nil {
				return err
			}
			day := Assigned{News: !seen}
			if err := json.Unmarshal(body, &day.Assigned); err != nil {
				return err
			}
			if day.Interviewer == c.Interviewer && (day.News || len(day.Assignments) > 0) {
				list = append(list, day)
			}
			return nil
		}, `SELECT study, date, body, seen FROM assignment WHERE date >= ? ORDER BY date, study`, from)
	})
	return list, err
}

// SeeAssignments notes that the interviewer has seen all that is assigned.
func (s *Store) SeeAssignments(ctx context.Context) error {
	return s.write(ctx, "note that the assignments were seen", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE assignment SET seen = 1 WHERE seen = 0`)
		return err
	})
}
