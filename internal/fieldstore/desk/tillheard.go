package desk

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// TillHeard keeps what central answered, and gives back what is free beyond what should be. again tells that central should be told anew:
// of that, or of the epoch that begins because this one is another life's or has ended.
func (s *Store) TillHeard(ctx context.Context, said delivery.TillSaid, heard delivery.TillHeard) (again bool, err error) {
	err = s.Write(ctx, "keep the rights to pass on", func(ctx context.Context, tx *sql.Tx) error {
		again = false
		t, _, here, err := s.presentTill(ctx, tx)
		if err != nil || !here || len(said.Epochs) == 0 || t.epoch != said.Epochs[0].Epoch {
			return err
		}
		if heard.Visit != "" {
			again = true
			return t.other(ctx, tx, heard.Visit)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE till SET confirmed = ? WHERE epoch = ?`, said.Epochs[0].Visit, t.epoch); err != nil {
			return err
		}
		for _, a := range heard.Answers {
			more, err := s.tillAnswer(ctx, tx, &t, a.Bounded())
			if err != nil {
				return err
			}
			again = again || more
		}
		if !heard.Ended && t.ended > 0 { // as it was for a person who supervised nothing for some time
			if _, err := tx.ExecContext(ctx, `UPDATE till SET ended = 0 WHERE epoch = ?`, t.epoch); err != nil {
				return err
			}
		}
		if heard.Ended {
			more, err := s.tillEnded(ctx, tx, &t, heard.Renew)
			again = again || more
			return err
		}
		return nil
	})
	return again, err
}

// TillRefused ends the present till for an account from which central takes nothing, such as that of a supervisor who is none any more: it
// passes nothing on. Central hears of what is free, which is given back, when it listens again; then the till goes on.
func (s *Store) TillRefused(ctx context.Context, said delivery.TillSaid) error {
	return s.Write(ctx, "end the rights to pass on", func(ctx context.Context, tx *sql.Tx) error {
		t, _, here, err := s.presentTill(ctx, tx)
		if err != nil || !here || len(said.Epochs) == 0 || t.epoch != said.Epochs[0].Epoch {
			return err
		}
		_, err = s.tillEnded(ctx, tx, &t, false)
		return err
	})
}

// other takes up that central knows another visit than the one this till thought: its own from before central was restored from a backup, or
// one of another life of this file, which has the till from then on.
func (t *till) other(ctx context.Context, tx *sql.Tx, visit string) error {
	var own bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM till_visit WHERE till = ? AND name = ?)`, t.epoch, visit).Scan(&own)
	if err != nil {
		return err
	}
	if !own {
		_, err := tx.ExecContext(ctx, `UPDATE till SET gone = 1 WHERE epoch = ?`, t.epoch)
		return err
	}
	return t.restored(ctx, tx, visit)
}

// restored has a central that was restored from a backup told anew, after the visit it knows.
func (t *till) restored(ctx context.Context, tx *sql.Tx, visit string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE till SET confirmed = ? WHERE epoch = ?`, visit, t.epoch); err != nil {
		return err
	}
	return tellAnew(ctx, tx, t.epoch)
}

// tellAnew has central told of all that a till passed on. What is left of its rights central is to say first: it may have forgotten some.
func tellAnew(ctx context.Context, tx *sql.Tx, epoch string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE till_passed SET heard = 0 WHERE till = ?`, epoch); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE till_right SET granted = 0 WHERE till = ?`, epoch)
	return err
}

// tillEnded gives everything back; once central has heard that, another epoch may begin.
func (s *Store) tillEnded(ctx context.Context, tx *sql.Tx, t *till, renew bool) (again bool, err error) {
	back, err := s.giveBack(ctx, tx, t)
	if err != nil {
		return false, err
	}
	if back > 0 || t.ended == 0 {
		_, err := tx.ExecContext(ctx, `UPDATE till SET ended = 1 WHERE epoch = ?`, t.epoch)
		return back > 0 || renew, err
	}
	if !renew {
		return false, nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE till SET gone = 1 WHERE epoch = ?`, t.epoch)
	return true, err
}

// tillAnswer takes up an answer of one study; one that comes after that to a later statement changes nothing.
func (s *Store) tillAnswer(ctx context.Context, tx *sql.Tx, t *till, a delivery.LeaseAnswer) (again bool, err error) {
	if a.Epoch != t.epoch || len(a.Leases) == 0 {
		return false, nil
	}
	done, err := tx.ExecContext(ctx, `UPDATE till_statement SET heard = max(heard, ?1), made = max(made, ?1) WHERE till = ?2 AND study = ?3 AND (heard <= ?1 OR ?1 = 0)`, a.Number, t.epoch, a.Study)
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for name, l := range a.Leases {
		r, err := readRight(ctx, tx, t.epoch, a.Study, name)
		if err != nil {
			return false, err
		}
		was := r
		r.Told(l.Granted, l.Moved)
		again = r.Keep(l.Keep) > 0 || again
		if r != was {
			err = t.putRight(ctx, tx, a.Study, name, r)
		} else {
			err = t.meetRight(ctx, tx, a.Study, name)
		}
		if err != nil {
			return false, err
		}
	}
	for epoch, of := range a.Passed {
		for name, n := range of {
			if _, err := tx.ExecContext(ctx, `UPDATE till_passed SET heard = max(heard, ?) WHERE till = ? AND study = ? AND quota = ? AND epoch = ?`,
				n, t.epoch, a.Study, name, epoch); err != nil {
				return false, err
			}
		}
	}
	return again, t.forgetDays(ctx, tx, a, s.p.Now())
}
