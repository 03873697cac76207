package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/klauspost/compress/s2"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// toReview tells whether somebody has to look at an interview that nobody has decided about.
func toReview(d interview.Disposition, void bool) bool {
	return !void && (d == interview.Complete || d == interview.Partial)
}

// openReview is what an interview's review is before any decision.
func openReview(d interview.Disposition, void bool) delivery.ReviewState {
	if toReview(d, void) {
		return delivery.ReviewOpen
	}
	return ""
}

// settleReview makes an interview's review anew of the decisions about it. A rejected interview counts in no quota.
func (h *statements) settleReview(ctx context.Context, tx *sql.Tx, study, id string) error {
	var d interview.Disposition
	var void, provisional bool
	var before delivery.ReviewState
	var revision int
	err := tx.QueryRowContext(ctx, `SELECT i.disposition, i.void, i.review, i.provisional, r.revision FROM interview i JOIN record r ON r.id = i.id WHERE i.id = ? AND i.study = ?`, id, study).
		Scan(&d, &void, &before, &provisional, &revision)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it is counted when it comes
	}
	if err != nil {
		return err
	}
	list, err := decisionsOf(ctx, tx, study, id)
	if err != nil {
		return err
	}
	after, err := stateOf(list, revision, openReview(d, void))
	if err != nil {
		return err
	}
	var called delivery.BackChecked
	if checks := counting(list, delivery.BackCheck); len(checks) > 0 {
		if called, err = bodyOf[delivery.BackChecked](checks[len(checks)-1]); err != nil {
			return err
		}
	}
	pending := false
	for _, d := range list {
		pending = pending || d.State == Waiting || d.State == InFlight
	}
	if _, err := tx.ExecContext(ctx, `UPDATE interview SET review = ?, back_check = ?, pending = ? WHERE id = ?`, after, called.Result, pending, id); err != nil {
		return err
	}
	if provisional || (before == delivery.ReviewRejected) == (after == delivery.ReviewRejected) {
		return nil
	}
	return h.recount(ctx, tx, study, id, after == delivery.ReviewRejected)
}

// settleMark keeps what central says of whether an interview counts.
func (h *statements) settleMark(ctx context.Context, tx *sql.Tx, study, id string, provisional bool) error {
	var before bool
	var review delivery.ReviewState
	err := tx.QueryRowContext(ctx, `SELECT provisional, review FROM interview WHERE id = ? AND study = ?`, id, study).Scan(&before, &review)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it is no interview, or comes with its own mark
	}
	if err != nil || before == provisional {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE interview SET provisional = ? WHERE id = ?`, provisional, id); err != nil {
		return err
	}
	if review == delivery.ReviewRejected {
		return nil
	}
	return h.recount(ctx, tx, study, id, provisional)
}

// stateOf is how an interview stands in its newest revision; open is how it stands undecided.
func stateOf(list []Decided, revision int, open delivery.ReviewState) (delivery.ReviewState, error) {
	reviews := counting(list, delivery.ReviewAccept, delivery.ReviewReject, delivery.ReviewReturn)
	if len(reviews) == 0 {
		return open, nil
	}
	last := reviews[len(reviews)-1]
	said, err := bodyOf[delivery.Review](last)
	if err != nil {
		return "", err
	}
	if state := delivery.StateNow(delivery.StateAfter(last.Kind), said.Revision, revision); state != delivery.ReviewOpen {
		return state, nil
	}
	return open, nil
}

// recount takes an interview out of the quotas it counts in, or puts it back.
func (h *statements) recount(ctx context.Context, tx *sql.Tx, study, id string, out bool) error {
	var packed []byte
	if err := tx.QueryRowContext(ctx, `SELECT body FROM record WHERE id = ?`, id).Scan(&packed); err != nil {
		return err
	}
	body, err := s2.Decode(nil, packed)
	if err != nil {
		return err
	}
	var i interview.Interview
	if err := json.Unmarshal(body, &i); err != nil {
		return err
	}
	i.ID, i.Study = id, study
	step := 1
	if out {
		step = -1
	}
	return h.places(ctx, tx, i, step)
}

// isApart is what is so of the row of an interview that counts nowhere: it was rejected, or waits for somebody to accept it.
const isApart = `(review = 'rejected' OR provisional)`

// apart tells whether an interview that is here counts nowhere.
func (h *statements) apart(ctx context.Context, tx *sql.Tx, id string) (is bool, err error) {
	err = tx.StmtContext(ctx, h.isApart).QueryRowContext(ctx, id).Scan(&is)
	return is, err
}

// settleKnown settles an interview that has just come, where somebody had decided about it before.
func (h *statements) settleKnown(ctx context.Context, tx *sql.Tx, r delivery.StoredRecord) error {
	var decided bool
	if err := tx.StmtContext(ctx, h.isDecided).QueryRowContext(ctx, r.Study, r.ID).Scan(&decided); err != nil || !decided {
		return err
	}
	return h.settleReview(ctx, tx, r.Study, r.ID)
}

// Reviewed counts the interviews that are to be reviewed or have been, of one interviewer or of all.
func (s *Store) Reviewed(ctx context.Context, study, interviewer string) (counts map[delivery.ReviewState]int, err error) {
	counts = map[delivery.ReviewState]int{}
	err = s.Read(ctx, "count the reviews", func(ctx context.Context, tx *sql.Tx) error {
		query, args := `SELECT review, count(*) FROM interview WHERE study = ? GROUP BY review`, []any{study}
		if interviewer != "" {
			query, args = `SELECT review, count(*) FROM interview WHERE study = ? AND interviewer = ? GROUP BY review`, append(args, interviewer)
		}
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var state delivery.ReviewState
			var n int
			if err := rows.Scan(&state, &n); err != nil {
				return err
			}
			if state != "" {
				counts[state] = n
			}
			return nil
		}, query, args...)
	})
	return counts, err
}

// BackChecks is how far the calls have got with one interviewer's complete interviews.
type BackChecks struct {
	Interviewer string
	Completes   int
	Drawn       int // of them
	// Results counts the drawn ones that were called, by what came of it; not_reached is not reached yet.
	Results map[delivery.BackCheckResult]int
}

// Reached is how many of those drawn were spoken to.
func (b BackChecks) Reached() int {
	return b.Results[delivery.Confirmed] + b.Results[delivery.Minor] + b.Results[delivery.Major]
}

// BackChecks lists how far the calls have got, by interviewer.
func (s *Store) BackChecks(ctx context.Context, st study.Study) (list []BackChecks, err error) {
	err = s.Read(ctx, "count the back-checks", func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var who string
			var drawn bool
			var result delivery.BackCheckResult
			var n int
			if err := rows.Scan(&who, &drawn, &result, &n); err != nil {
				return err
			}
			if len(list) == 0 || list[len(list)-1].Interviewer != who {
				list = append(list, BackChecks{Interviewer: who, Results: map[delivery.BackCheckResult]int{}})
			}
			b := &list[len(list)-1]
			b.Completes += n
			if drawn {
				b.Drawn += n
				if result != "" {
					b.Results[result] += n
				}
			}
			return nil
		}, `SELECT interviewer, draw < ? AS drawn, back_check, count(*) FROM interview WHERE study = ? AND disposition = '1.0' AND void = 0
			GROUP BY interviewer, drawn, back_check ORDER BY interviewer`, st.DrawBelow(), st.ID)
	})
	return list, err
}

// draw gives every interview its lot that has none yet, as those have that an earlier version took in.
func (s *Store) draw(ctx context.Context) error {
	type lot struct{ study, interviewer, id string }
	for {
		var lots []lot
		err := s.Write(ctx, "draw the back-checks", func(ctx context.Context, tx *sql.Tx) error {
			lots = nil
			if err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
				var l lot
				err := rows.Scan(&l.study, &l.interviewer, &l.id)
				lots = append(lots, l)
				return err
			}, `SELECT study, interviewer, id FROM interview INDEXED BY interview_undrawn WHERE draw < 0 LIMIT 5000`); err != nil {
				return err
			}
			for _, l := range lots {
				if _, err := tx.ExecContext(ctx, `UPDATE interview SET draw = ? WHERE id = ?`, study.Draw(l.study, l.interviewer, l.id), l.id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(lots) == 0 {
			return err
		}
	}
}
