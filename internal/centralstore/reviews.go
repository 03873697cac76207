package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"parvis/internal/delivery"
)

// Review is how an interview stands.
type Review struct {
	Record, Site, Interviewer string
	State                     delivery.ReviewState
	// Revision is the one that was decided about, 0 for none; Newest the newest there is.
	Revision, Newest int
	BackCheck        delivery.BackCheckResult // "" while nobody has called back
}

func whereInterview(ctx context.Context, tx *sql.Tx, d decision) (about subject, found bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT site, interviewer, revision FROM records WHERE study = $1 AND id = $2 AND kind = $3 ORDER BY revision DESC LIMIT 1`,
		d.Study, d.Subject, string(delivery.KindInterview)).Scan(&about.site, &about.interviewer, &about.revision)
	if errors.Is(err, sql.ErrNoRows) {
		return about, false, nil
	}
	return about, err == nil, wrap("looking for the interview", err)
}

// reviewOf is the row of the interview that a decision is about; it is made where there is none.
func reviewOf(ctx context.Context, tx *sql.Tx, d decision) (state string, stands, called delivery.Order, revision int, err error) {
	if _, err = tx.ExecContext(ctx, `INSERT INTO reviews (study, record, site, interviewer) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		d.Study, d.Subject, d.about.site, d.about.interviewer); err != nil {
		return state, stands, called, 0, fmt.Errorf("keeping the review: %w", err)
	}
	err = tx.QueryRowContext(ctx, `SELECT state, at, decision, revision, back_check_at, back_check_by FROM reviews WHERE study = $1 AND record = $2`, d.Study, d.Subject).
		Scan(&state, &stands.At, &stands.ID, &revision, &called.At, &called.ID)
	return state, stands, called, revision, wrap("reading the review", err)
}

// applyReview puts the interview in the state that its latest decision says.
func (s *store) applyReview(ctx context.Context, tx *sql.Tx, d decision) (effect, error) {
	state, stands, _, decided, err := reviewOf(ctx, tx, d)
	if err != nil {
		return effect{}, err
	}
	now := string(delivery.StateNow(delivery.ReviewState(state), decided, d.about.revision))
	if d.Order().Before(stands) {
		return effect{now, now}, nil
	}
	after := delivery.StateAfter(d.Kind)
	_, err = tx.ExecContext(ctx, `UPDATE reviews SET state = $1, decision = $2, at = $3, revision = $4 WHERE study = $5 AND record = $6`,
		string(after), d.ID, d.Order().At, revisionOf(d.said), d.Study, d.Subject)
	return effect{now, string(after)}, wrap("keeping the review", err)
}

// revisionOf is which revision a review read.
func revisionOf(said delivery.DecisionBody) int {
	switch r := said.(type) {
	case *delivery.Review:
		return r.Revision
	case *delivery.Rejection:
		return r.Revision
	case *delivery.Return:
		return r.Revision
	}
	return 0
}

// applyReturn also tells the interviewer, unless somebody has decided otherwise since.
func (s *store) applyReturn(ctx context.Context, tx *sql.Tx, d decision) (effect, error) {
	change, err := s.applyReview(ctx, tx, d)
	if err != nil || change.after != string(delivery.ReviewReturned) {
		return change, err
	}
	said, ok := d.said.(*delivery.Return)
	if !ok {
		return change, fmt.Errorf("a return of the type %T", d.said)
	}
	m := delivery.Message{
		Study: d.Study, Interviewer: d.about.interviewer, From: d.who.User, At: d.ReceivedAt, Text: strings.TrimSpace(said.Message), Interview: d.Subject,
	}
	if m.ID, err = s.newID(); err != nil {
		return change, err
	}
	return change, s.putMessage(ctx, tx, m)
}

func applyBackCheck(ctx context.Context, tx *sql.Tx, d decision) (effect, error) {
	_, _, called, _, err := reviewOf(ctx, tx, d)
	if err != nil || d.Order().Before(called) {
		return effect{}, err
	}
	said, ok := d.said.(*delivery.BackChecked)
	if !ok {
		return effect{}, fmt.Errorf("a back-check of the type %T", d.said)
	}
	_, err = tx.ExecContext(ctx, `UPDATE reviews SET back_check = $1, back_check_by = $2, back_check_at = $3 WHERE study = $4 AND record = $5`,
		string(said.Result), d.ID, d.Order().At, d.Study, d.Subject)
	return effect{after: string(said.Result)}, wrap("keeping the back-check", err)
}

// Reviews returns how the interviews of a study stand about which somebody has decided something, within the sites a person may see,
// by id.
func (s *store) Reviews(ctx context.Context, who Principal, study string) (list []Review, err error) {
	if !who.Sees(study) || who.IsDevice() {
		return nil, fail(NotFound, "There is no study %s.", clip(study, 64))
	}
	r := who.reaches(study, Supervisor)
	if !r.records {
		return nil, fail(Forbidden, "Reviews are for supervisors, researchers and administrators of the study.")
	}
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		within, err := r.filter(ctx, tx, study)
		if err != nil {
			return err
		}
		args := []any{study}
		rows, err := tx.QueryContext(ctx, `SELECT record, site, interviewer, state, revision, back_check,
			(SELECT MAX(revision) FROM records WHERE records.study = reviews.study AND records.id = reviews.record) FROM reviews WHERE study = $1`+
			within.where(&args)+` ORDER BY record`, args...)
		if err != nil {
			return fmt.Errorf("reading the reviews: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var v Review
			if err := rows.Scan(&v.Record, &v.Site, &v.Interviewer, &v.State, &v.Revision, &v.BackCheck, &v.Newest); err != nil {
				return fmt.Errorf("reading the reviews: %w", err)
			}
			v.State = delivery.StateNow(v.State, v.Revision, v.Newest)
			list = append(list, v)
		}
		return wrap("reading the reviews", rows.Err())
	})
	return list, err
}
