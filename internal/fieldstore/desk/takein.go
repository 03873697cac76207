package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/s2"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quality"
	"parvis/internal/study"
)

// takeIn replaces a record's older revision and moves the counts by the difference.
func (h *statements) takeIn(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, shape quality.Shape) error {
	var have int
	var packed []byte
	err := tx.StmtContext(ctx, h.have).QueryRowContext(ctx, r.ID).Scan(&have, &packed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case have >= r.Revision:
		return h.settleMark(ctx, tx, r.Study, r.ID, r.Provisional)
	}
	if err := h.count(ctx, tx, r, r.Body, 1); err != nil {
		if errors.Is(err, errUnreadable) {
			return unreadable(ctx, tx, r.ID, r.Revision, string(r.Kind), err.Error())
		}
		return err
	}
	var before []byte
	if packed != nil {
		before, err = s2.Decode(nil, packed)
		if err != nil {
			return fmt.Errorf("the record %s is damaged: %w", r.ID, err)
		}
		if err := h.count(ctx, tx, r, before, -1); err != nil {
			return err
		}
	}
	if err := h.watch(ctx, tx, r, before, shape); err != nil {
		return err
	}
	if err := run(ctx, tx, h.keepRecord, r.ID, r.Kind, r.Revision, r.Study, r.Device, r.Interviewer, r.Epoch, r.Seq, r.ReceivedAt, r.SkewMS,
		s2.Encode(nil, r.Body)); err != nil {
		return err
	}
	if r.Kind == delivery.KindInterview {
		if err := h.settleKnown(ctx, tx, r); err != nil {
			return err
		}
		if err := h.settleMark(ctx, tx, r.Study, r.ID, r.Provisional); err != nil {
			return err
		}
	}
	return run(ctx, tx, h.keepLatest, r.ReceivedAt)
}

// errUnreadable marks a body that is not what its kind says.
var errUnreadable = errors.New("the body cannot be read")

// count adds a record to the counts, or takes it off where step is -1, and keeps the row lists are made of. Which record and which
// study it is, central says, not the body.
func (h *statements) count(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, body []byte, step int) error {
	switch r.Kind {
	case delivery.KindInterview:
		return read(body, func(i interview.Interview) error {
			i.ID, i.Study = r.ID, r.Study
			return h.interview(ctx, tx, i, step)
		})
	case delivery.KindContact:
		return read(body, func(c interview.Contact) error {
			if c.Void {
				return nil
			}
			return run(ctx, tx, h.countContact, r.Study, dayOf(c.At), c.Interviewer, c.Disposition, c.Class(), step)
		})
	case delivery.KindRead:
		return read(body, func(m interview.MessageRead) error { return keepRead(ctx, tx, m) })
	case delivery.KindShift:
		return read(body, func(s interview.Shift) error {
			if step < 0 {
				return nil // the row is replaced, not counted
			}
			return run(ctx, tx, h.keepShift, r.ID, r.Study, dayOf(s.Started), s.Interviewer, s.Site, s.Passed, s.Ended.IsZero())
		})
	}
	return nil
}

func read[T any](body []byte, do func(T) error) error {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		return errUnreadable
	}
	return do(v)
}

func (h *statements) interview(ctx context.Context, tx *sql.Tx, i interview.Interview, step int) error {
	if step > 0 {
		if err := run(ctx, tx, h.keepInterview, i.ID, i.Study, dayOf(i.Started), i.Site, i.Entrance, i.Interviewer, i.Language, i.Disposition,
			i.Void != "", i.Started.UTC, i.Started.Offset, i.DurationMS, openReview(i.Disposition, i.Void != ""), study.Draw(i.Study, i.Interviewer, i.ID)); err != nil {
			return err
		}
	}
	if i.Void != "" {
		return nil
	}
	if err := run(ctx, tx, h.countInterview, i.Study, dayOf(i.Started), i.Interviewer, i.Disposition, step); err != nil {
		return err
	}
	// its review and its mark are those of the revision before, until both are counted
	apart, err := h.apart(ctx, tx, i.ID)
	if err != nil || apart {
		return err
	}
	return h.places(ctx, tx, i, step)
}

// places counts an interview that is not apart: on the board, and in what its day and interviewer brought.
func (h *statements) places(ctx context.Context, tx *sql.Tx, i interview.Interview, step int) error {
	if i.Void != "" {
		return nil
	}
	if err := run(ctx, tx, h.countSite, i.Study, i.Site, i.Disposition, step); err != nil {
		return err
	}
	if i.Disposition != interview.Complete {
		return nil
	}
	day := dayOf(i.Started)
	if err := run(ctx, tx, h.output, i.Study, day, i.Site, i.Interviewer, step, 0, 0, 0); err != nil {
		return err
	}
	for _, cell := range i.Cells {
		if err := run(ctx, tx, h.countQuota, i.Study, day, cell, i.Site, step); err != nil {
			return err
		}
	}
	return nil
}

// dayOf is the date on the device's wall, such as 2026-11-22.
func dayOf(m interview.Moment) string { return m.Time().Format(time.DateOnly) }
