package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// What a caller can act on.
var (
	// ErrNobody: nobody is signed in, so nobody can decide.
	ErrNobody = errors.New("nobody is signed in on this laptop")
	// ErrSent: the decision is on its way or at central; only another decision changes it.
	ErrSent = errors.New("the decision has been sent")
)

// DecisionState is how far a decision has got.
type DecisionState string

// The states of a decision.
const (
	Waiting  DecisionState = "waiting"   // here only; it can be undone
	InFlight DecisionState = "in_flight" // sent, without an answer yet
	Sent     DecisionState = "sent"      // central has it
	Refused  DecisionState = "refused"   // central did not take it; it counts for nothing
)

// Decided is a decision with how far it has got.
type Decided struct {
	delivery.Decision
	State DecisionState
	// Code and Refusal are central's, where it refused; a waiting one was refused for now.
	Code    delivery.DecisionCode
	Refusal string
	At      int64 // where it stands in the order, milliseconds UTC
}

// Decide keeps what the person signed in decided: Study, Kind, Subject, Body and Reason are the caller's to fill in. When it returns the
// decision is on the disk, counts, and waits to be sent. It fails with delivery.InvalidDecision and ErrNobody.
func (s *Store) Decide(ctx context.Context, d delivery.Decision) (delivery.Decision, error) {
	who, err := s.Credentials(ctx)
	if err != nil {
		return d, err
	}
	if who.User == "" {
		return d, ErrNobody
	}
	d.ID, d.MadeBy = s.p.NewID(), who.User
	return d, s.Write(ctx, "keep the decision", func(ctx context.Context, tx *sql.Tx) error {
		// After all that the person may have seen here, be the clock what it may.
		var seen int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(at), 0) FROM decision WHERE study = ? AND subject = ?`, d.Study, d.Subject).Scan(&seen); err != nil {
			return err
		}
		d.MadeAt = max(s.p.Now().UnixMilli(), seen+1)
		if _, err := d.Read(); err != nil {
			return err
		}
		body, err := json.Marshal(d)
		if err != nil {
			return err
		}
		if len(body) > delivery.MostDecision {
			return delivery.InvalidDecision("This is longer than a decision may be.")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO decision (id, study, kind, subject, at, made_by, own, state, body) VALUES (?, ?, ?, ?, ?, ?, 1, 'waiting', ?)`,
			d.ID, d.Study, d.Kind, d.Subject, d.MadeAt, d.MadeBy, string(body)); err != nil {
			return err
		}
		return s.hot.settle(ctx, tx, d.Kind, d.Study, d.Subject)
	})
}

// Undo takes back a decision that has not been sent; what stood before stands again. It fails with ErrSent where it is too late, and
// with fieldstore.ErrNotFound for one that is not here.
func (s *Store) Undo(ctx context.Context, id string) error {
	return s.Write(ctx, "undo the decision", func(ctx context.Context, tx *sql.Tx) error {
		var state DecisionState
		var kind delivery.DecisionKind
		var study, subject string
		if err := tx.QueryRowContext(ctx, `SELECT state, kind, study, subject FROM decision WHERE id = ?`, id).Scan(&state, &kind, &study, &subject); err != nil {
			return err
		}
		if state != Waiting {
			return ErrSent
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM decision WHERE id = ?`, id); err != nil {
			return err
		}
		return s.hot.settle(ctx, tx, kind, study, subject)
	})
}

// Decisions is the history of a subject, the oldest first.
func (s *Store) Decisions(ctx context.Context, study, subject string) (list []Decided, err error) {
	err = s.Read(ctx, "read what was decided", func(ctx context.Context, tx *sql.Tx) error {
		list, err = decisionsOf(ctx, tx, study, subject)
		return err
	})
	return list, err
}

func decisionsOf(ctx context.Context, tx *sql.Tx, study, subject string) ([]Decided, error) {
	return readDecisions(ctx, tx, `study = ? AND subject = ?`, study, subject)
}

// readDecisions are the decisions for which a condition holds, in their order.
func readDecisions(ctx context.Context, tx *sql.Tx, where string, args ...any) (list []Decided, err error) {
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var d Decided
		var body []byte
		if err := rows.Scan(&body, &d.State, &d.Code, &d.Refusal, &d.At); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &d.Decision); err != nil {
			return err
		}
		list = append(list, d)
		return nil
	}, `SELECT body, state, code, refusal, at FROM decision WHERE `+where+` ORDER BY at, id`, args...)
	return list, err
}

// Unsent is what of the decisions made here has not reached central.
type Unsent struct {
	Mine    int // of the person signed in, waiting or on their way
	Others  int // of others, who have to sign in to send them
	Refused int // that central did not take
}

// Unsent counts them, over all studies.
func (s *Store) Unsent(ctx context.Context) (u Unsent, err error) {
	who, err := s.Credentials(ctx)
	if err != nil {
		return u, err
	}
	err = s.Read(ctx, "count what waits", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE made_by = ?1), count(*) FILTER (WHERE made_by <> ?1),
			(SELECT count(*) FROM decision WHERE state = 'refused') FROM decision WHERE state IN ('waiting', 'in_flight')`, who.User).
			Scan(&u.Mine, &u.Others, &u.Refused)
	})
	return u, err
}

// keepDecision keeps a decision that was pulled. One that was made here keeps its bytes; central having it is news all the same.
func (h *statements) keepDecision(ctx context.Context, tx *sql.Tx, item delivery.Item) error {
	var d delivery.StoredDecision
	if err := json.Unmarshal(item.Body, &d); err != nil || d.ID == "" {
		return unreadable(ctx, tx, item.ID, 0, string(item.Kind), "the decision cannot be read")
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO decision (id, study, kind, subject, at, made_by, own, state, body) VALUES (?, ?, ?, ?, ?, ?, 0, 'sent', ?)
		ON CONFLICT (id) DO UPDATE SET state = 'sent', at = excluded.at, code = '', refusal = ''`,
		d.ID, d.Study, d.Kind, d.Subject, d.Order().At, d.MadeBy, string(item.Body))
	if err != nil {
		return err
	}
	if err := h.settle(ctx, tx, d.Kind, d.Study, d.Subject); err != nil {
		return err
	}
	return h.settleMark(ctx, tx, d.Study, d.Subject, d.Provisional)
}

// settle brings what is counted of a subject into line with the decisions about it. A kind that counts nowhere here has no line.
func (h *statements) settle(ctx context.Context, tx *sql.Tx, kind delivery.DecisionKind, study, subject string) error {
	settlers := map[delivery.DecisionKind]func(ctx context.Context, tx *sql.Tx, study, subject string) error{
		delivery.ReviewAccept:  h.settleReview,
		delivery.ReviewReject:  h.settleReview,
		delivery.ReviewReturn:  h.settleReview,
		delivery.ReviewComment: h.settleReview,
		delivery.BackCheck:     h.settleReview,
	}
	if settle, known := settlers[kind]; known {
		return settle(ctx, tx, study, subject)
	}
	return nil
}

// counting are the decisions that count, of some kinds.
func counting(list []Decided, kinds ...delivery.DecisionKind) []Decided {
	return slices.DeleteFunc(slices.Clone(list), func(d Decided) bool { return d.State == Refused || !slices.Contains(kinds, d.Kind) })
}

func bodyOf[T any](d Decided) (v T, err error) {
	if len(d.Body) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(d.Body, &v); err != nil {
		return v, fmt.Errorf("the decision %s is damaged: %w", d.ID, err)
	}
	return v, nil
}
