package desk

import (
	"context"
	"database/sql"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// keyHeard is the setting that holds the incarnation of central that was heard last.
const keyHeard = "desk.incarnation"

// TakeDecisions hands out what the person signed in decided and central has not acknowledged, in the order in which it was made, behind
// the number after: at most limit of them, all of one study. In the same transaction they are marked as on their way, so that none can
// be undone any more. Those whose answer never came are among them. last is the number of the last one; none means no more.
func (s *Store) TakeDecisions(ctx context.Context, after int64, limit int) (list []delivery.PackedDecision, last int64, err error) {
	who, err := s.Credentials(ctx)
	if err != nil || who.User == "" {
		return nil, 0, err
	}
	err = s.Write(ctx, "take the decisions to send", func(ctx context.Context, tx *sql.Tx) error {
		list, last = nil, 0
		another := false // the next ones are of another study
		err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var d delivery.PackedDecision
			var number int64
			if err := rows.Scan(&number, &d.ID, &d.Study, (*[]byte)(&d.Body)); err != nil {
				return err
			}
			another = another || len(list) > 0 && d.Study != list[0].Study
			if !another {
				list, last = append(list, d), number
			}
			return nil
		}, `SELECT number, id, study, body FROM decision WHERE state IN ('waiting', 'in_flight') AND made_by = ? AND number > ? ORDER BY number LIMIT ?`, who.User, after, limit)
		if err != nil {
			return err
		}
		return mark(ctx, tx, list, InFlight)
	})
	return list, last, err
}

func mark(ctx context.Context, tx *sql.Tx, list []delivery.PackedDecision, state DecisionState) error {
	for _, d := range list {
		if _, err := tx.ExecContext(ctx, `UPDATE decision SET state = ? WHERE id = ? AND state IN ('waiting', 'in_flight')`, state, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// ReturnDecisions makes decisions waiting again that certainly did not reach central.
func (s *Store) ReturnDecisions(ctx context.Context, list []delivery.PackedDecision) error {
	return s.Write(ctx, "return the decisions", func(ctx context.Context, tx *sql.Tx) error { return mark(ctx, tx, list, Waiting) })
}

// KeepDecisionReceipts keeps central's answers. A refused decision counts for nothing any more, unless central may take it later: then it
// waits, and can be undone.
func (s *Store) KeepDecisionReceipts(ctx context.Context, receipts []delivery.DecisionReceipt) error {
	return s.Write(ctx, "keep the receipts", func(ctx context.Context, tx *sql.Tx) error {
		for _, r := range receipts {
			state := Sent
			switch {
			case r.Status == delivery.DecisionRefused && r.Retryable:
				state = Waiting
			case r.Status == delivery.DecisionRefused:
				state = Refused
			}
			var kind delivery.DecisionKind
			var study, subject string
			err := tx.QueryRowContext(ctx, `UPDATE decision SET state = ?, code = ?, refusal = ? WHERE id = ? AND own = 1 RETURNING kind, study, subject`,
				state, r.Code, r.Reason, r.ID).Scan(&kind, &study, &subject)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			if err := s.hot.settle(ctx, tx, kind, study, subject); err != nil {
				return err
			}
		}
		return nil
	})
}

// HeardCentral notes which incarnation of central answers. Another one than before was restored from a backup and may have lost what it
// had acknowledged: all that was made here goes out again, and what central still has comes back as a duplicate.
func (s *Store) HeardCentral(ctx context.Context, incarnation string) error {
	before, err := s.Setting(ctx, keyHeard)
	if err != nil || incarnation == "" || before == incarnation {
		return err
	}
	if before != "" {
		err := s.Write(ctx, "send the decisions again", func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE decision SET state = 'in_flight' WHERE own = 1 AND state = 'sent'`)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.SaveSetting(ctx, keyHeard, incarnation)
}
