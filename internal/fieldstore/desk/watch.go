package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quality"
)

// watch keeps what the interviewers' page and the flags are made of, in the transaction that takes a record in: small rows, so that
// no page ever reads interviews. before is the revision it replaces; nil for none.
func (h *statements) watch(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, before []byte, shape quality.Shape) error {
	if before != nil {
		done, err := tx.StmtContext(ctx, h.watched).ExecContext(ctx, r.ID)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			before = nil // it had not been counted here
		}
	}
	switch r.Kind {
	case delivery.KindContact:
		if err := h.watchContact(ctx, tx, r, r.Body, 1); err != nil || before == nil {
			return err
		}
		return h.watchContact(ctx, tx, r, before, -1)
	case delivery.KindInterview:
		return h.watchInterview(ctx, tx, r, shape)
	case delivery.KindShift:
		return h.watchShift(ctx, tx, r)
	}
	return nil
}

func (h *statements) watchContact(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, body []byte, step int) error {
	return read(body, func(c interview.Contact) error {
		if c.Void || c.Practice {
			return nil
		}
		return run(ctx, tx, h.effort, r.Study, dayOf(c.At), c.Site, c.Interviewer, c.Disposition, c.Class(), step)
	})
}

// watchInterview keeps an interview's facts; its counts are those of the board, see places.
func (h *statements) watchInterview(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, shape quality.Shape) error {
	return read(r.Body, func(i interview.Interview) error {
		i.ID, i.Study = r.ID, r.Study
		if err := run(ctx, tx, h.unsummed, i.Study, i.Interviewer); err != nil {
			return err
		}
		if i.Void != "" || i.Practice {
			return run(ctx, tx, h.dropFact, i.ID)
		}
		if err := run(ctx, tx, h.keepForm, i.Study, r.Device, i.FormVersion, i.Started.UTC); err != nil {
			return err
		}
		return h.fact(ctx, tx, r, i, shape)
	})
}

// fact keeps an interview's facts. Answers that cannot be read have none, and are no reason to refuse the interview.
func (h *statements) fact(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord, i interview.Interview, shape quality.Shape) error {
	received := int64(0)
	if r.ReceivedAt > 0 {
		received = r.ReceivedAt + r.SkewMS
	}
	facts, _ := quality.FactsOf(i, shape, received)
	body, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	return run(ctx, tx, h.keepFact, i.ID, i.Study, i.Site, i.Interviewer, dayOf(i.Started), int64(quality.Draw(i.ID)), facts.Form, string(body))
}

// watchShift replaces a shift's row and moves the sums by the difference. How long a shift that goes on has lasted is known up to
// when central heard of it. Shifts have no monotonic clock: their times are the device's wall clock's.
func (h *statements) watchShift(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord) error {
	return read(r.Body, func(s interview.Shift) error {
		if s.Practice {
			return nil
		}
		s.ID = r.ID
		now := shiftOf(s, r.ReceivedAt+r.SkewMS)
		var was Shift
		var day, site, who string
		var open bool
		err := tx.QueryRowContext(ctx, `SELECT day, site, interviewer, worked_ms, passed, open FROM shift_time WHERE id = ?`, r.ID).
			Scan(&day, &site, &who, &was.WorkedMS, &was.Passed, &open)
		switch {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		default:
			if err := run(ctx, tx, h.output, r.Study, day, site, who, 0, -was.WorkedMS, -was.Passed, -one(open)); err != nil {
				return err
			}
		}
		if err := run(ctx, tx, h.output, r.Study, dayOf(s.Started), s.Site, s.Interviewer, 0, now.WorkedMS, now.Passed, one(now.Open)); err != nil {
			return err
		}
		if err := run(ctx, tx, h.unsummed, r.Study, s.Interviewer); err != nil {
			return err
		}
		return now.keep(ctx, tx, r.Study, dayOf(s.Started))
	})
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
