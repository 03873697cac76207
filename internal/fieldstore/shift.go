package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// ShiftStart is what an interviewer chooses before a shift.
type ShiftStart struct {
	Study    string
	Site     string
	Entrance string
	// Practice shifts and all within them stay on the device and are in no figure but their own.
	Practice bool
}

// StartShift opens a shift of the enrolled interviewer; ErrShiftOpen where another is open.
func (s *Store) StartShift(ctx context.Context, start ShiftStart) (shift interview.Shift, err error) {
	id := s.newID()
	err = s.write(ctx, "start the shift", func(ctx context.Context, tx *sql.Tx) error {
		if open, err := openShift(ctx, tx); err != nil || open != "" {
			return errors.Join(err, errorIf(open != "", ErrShiftOpen))
		}
		c, err := s.credentials(ctx, tx)
		if err != nil || c.Epoch == "" {
			return errors.Join(err, errorIf(err == nil, ErrNotEnrolled))
		}
		st, err := readStudy(ctx, tx, start.Study)
		if err != nil {
			return err
		}
		site, known := st.SiteByName(start.Site)
		if known {
			_, known = site.EntranceBy(start.Entrance)
		}
		if !known {
			return fmt.Errorf("the study %s has no site %q with an entrance %q", start.Study, start.Site, start.Entrance)
		}
		at := s.moment()
		who, err := s.vault.close("shift.interviewer", id, []byte(c.Interviewer))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO shift (id, study, site, entrance, interviewer, interval, practice, started_utc, started_offset)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, start.Study, start.Site, start.Entrance, who,
			st.IntervalAt(start.Site, start.Entrance), start.Practice, at.UTC, at.Offset); err != nil {
			return err
		}
		shift, err = s.announceShift(ctx, tx, id)
		return err
	})
	return shift, err
}

func errorIf(is bool, err error) error {
	if is {
		return err
	}
	return nil
}

func openShift(ctx context.Context, tx *sql.Tx) (string, error) {
	return noneAsEmpty(tx.QueryRowContext(ctx, `SELECT id FROM shift WHERE ended_utc = 0`))
}

// PauseShift begins a pause and announces the shift as it stands.
func (s *Store) PauseShift(ctx context.Context, id, reason string) (interview.Shift, error) {
	return s.changeShift(ctx, "pause the shift", id, func(ctx context.Context, tx *sql.Tx, at interview.Moment) error {
		paused, err := isPaused(ctx, tx, id)
		if err != nil || paused {
			return errors.Join(err, errorIf(paused, ErrPaused))
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO pause (shift, number, from_utc, from_offset, reason)
			SELECT ?1, 1 + count(*), ?2, ?3, ?4 FROM pause WHERE shift = ?1`, id, at.UTC, at.Offset, reason)
		return err
	})
}

// ResumeShift ends the pause.
func (s *Store) ResumeShift(ctx context.Context, id string) (interview.Shift, error) {
	return s.changeShift(ctx, "resume the shift", id, func(ctx context.Context, tx *sql.Tx, at interview.Moment) error {
		return endPause(ctx, tx, id, at)
	})
}

// EndShift ends the shift, and its pause where there is one. Drafts begun in it can still be finished.
func (s *Store) EndShift(ctx context.Context, id string) (interview.Shift, error) {
	return s.changeShift(ctx, "end the shift", id, func(ctx context.Context, tx *sql.Tx, at interview.Moment) error {
		if err := endPause(ctx, tx, id, at); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE shift SET ended_utc = ?, ended_offset = ? WHERE id = ?`, at.UTC, at.Offset, id)
		return err
	})
}

// AnnounceShift lets the open shift's record be sent as it stands, if it changed since the last time; to be called before a
// synchronisation.
func (s *Store) AnnounceShift(ctx context.Context) error {
	return s.write(ctx, "announce the shift", func(ctx context.Context, tx *sql.Tx) error {
		open, err := openShift(ctx, tx)
		if err != nil || open == "" {
			return err
		}
		_, err = s.announceShift(ctx, tx, open)
		return err
	})
}

func (s *Store) changeShift(ctx context.Context, doing, id string, change func(context.Context, *sql.Tx, interview.Moment) error) (shift interview.Shift, err error) {
	err = s.write(ctx, doing, func(ctx context.Context, tx *sql.Tx) error {
		open, err := openShift(ctx, tx)
		if err != nil || open != id {
			return errors.Join(err, errorIf(open != id, ErrNoShift))
		}
		if err := change(ctx, tx, s.moment()); err != nil {
			return err
		}
		shift, err = s.announceShift(ctx, tx, id)
		return err
	})
	return shift, err
}

func isPaused(ctx context.Context, tx *sql.Tx, shift string) (paused bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pause WHERE shift = ? AND to_utc = 0)`, shift).Scan(&paused)
	return paused, err
}

func endPause(ctx context.Context, tx *sql.Tx, shift string, at interview.Moment) error {
	_, err := tx.ExecContext(ctx, `UPDATE pause SET to_utc = ?, to_offset = ? WHERE shift = ? AND to_utc = 0`, at.UTC, at.Offset, shift)
	return err
}

// announceShift makes the next revision of the shift's record where its content is new.
func (s *Store) announceShift(ctx context.Context, tx *sql.Tx, id string) (interview.Shift, error) {
	shift, err := s.readShift(ctx, tx, id)
	if err != nil {
		return shift, err
	}
	body, err := json.Marshal(shift)
	if err != nil {
		return shift, err
	}
	var revision int
	err = tx.QueryRowContext(ctx, `UPDATE shift SET revision = revision + 1, announced = ?1 WHERE id = ?2 AND announced <> ?1 RETURNING revision`,
		delivery.Sum(body), id).Scan(&revision)
	switch {
	case errors.Is(err, sql.ErrNoRows) || (err == nil && shift.Practice):
		return shift, nil
	case err != nil:
		return shift, err
	}
	return shift, s.announce(ctx, tx, delivery.KindShift, id, revision, shift.Study, body)
}
