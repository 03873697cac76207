package desk

import (
	"context"
	"database/sql"
	"errors"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// mostAsked is how many rights of one constraint a tablet can want at once.
const mostAsked = 1000

// LendRights passes rights on to a tablet that asks for them, as far as there are some; what it answers is written down before. Studies and
// constraints in which this laptop has none are passed over.
func (s *Store) LendRights(ctx context.Context, asked []delivery.RightsAsked, now int64) (lent []delivery.RightsLent, err error) {
	err = s.Write(ctx, "pass rights on", func(ctx context.Context, tx *sql.Tx) error {
		lent = nil
		t, _, ok, err := s.presentTill(ctx, tx)
		if err != nil || !ok || t.ended > 0 {
			return err
		}
		var tablets int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tablet WHERE token <> '' AND seen >= ?`, now-lately).Scan(&tablets); err != nil {
			return err
		}
		if err := t.wasAsked(ctx, tx, now); err != nil {
			return err
		}
		for _, a := range asked {
			one := delivery.RightsLent{Study: a.Study, Till: t.epoch, Rights: map[string]int{}}
			for name, want := range a.Want {
				total, known, err := t.lend(ctx, tx, a, name, min(max(want, 0), mostAsked), tablets)
				if err != nil {
					return err
				}
				if known {
					one.Rights[name] = total
				}
			}
			if len(one.Rights) > 0 {
				lent = append(lent, one)
			}
		}
		return nil
	})
	return lent, err
}

// wasAsked counts the time since the question before. Where the clock was ahead then, it is counted from now on.
func (t *till) wasAsked(ctx context.Context, tx *sql.Tx, now int64) error {
	pause := max(min(now-t.asked, longestPause), 0)
	_, err := tx.ExecContext(ctx, `UPDATE till SET hours = hours + ?, asked = ? WHERE epoch = ?`, float64(pause)/3.6e6, now, t.epoch)
	return err
}

// lend answers for one constraint; known is false where the till has none of it.
func (t *till) lend(ctx context.Context, tx *sql.Tx, a delivery.RightsAsked, name string, want, tablets int) (total int, known bool, err error) {
	r, err := readRight(ctx, tx, t.epoch, a.Study, name)
	if err == nil {
		known, err = t.knows(ctx, tx, a.Study, name)
	}
	if err != nil || !known {
		return 0, false, err
	}
	var passed, before int
	err = tx.QueryRowContext(ctx, `SELECT total, asked FROM till_passed WHERE till = ? AND study = ? AND quota = ? AND epoch = ?`, t.epoch, a.Study, name, a.Epoch).Scan(&passed, &before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, false, err
	}
	was, had := r, a.HadOf(t.epoch, name)
	total = r.Pass(passed, had, want, tablets)
	if _, err := tx.ExecContext(ctx, `INSERT INTO till_passed (till, study, quota, epoch, total, asked) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (till, study, quota, epoch) DO UPDATE SET total = excluded.total, asked = excluded.asked`,
		t.epoch, a.Study, name, a.Epoch, total, max(before, total, min(had, r.Granted)+want)); err != nil {
		return 0, false, err
	}
	if r == was {
		return total, true, nil
	}
	return total, true, t.putRight(ctx, tx, a.Study, name, r)
}

// knows tells whether central has ever said something of the constraint.
func (t *till) knows(ctx context.Context, tx *sql.Tx, id, name string) (known bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM till_right WHERE till = ? AND study = ? AND quota = ?)`, t.epoch, id, name).Scan(&known)
	return known, err
}

// Lending tells what this laptop has of rights in each study, and what it passed on.
func (s *Store) Lending(ctx context.Context) (list []delivery.Lending, err error) {
	err = s.Read(ctx, "read the rights to pass on", func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		t, _, ok, err := s.presentTill(ctx, tx)
		if err != nil || !ok {
			return err
		}
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var l delivery.Lending
			err := rows.Scan(&l.Study, &l.Here, &l.Lent)
			list = append(list, l)
			return err
		}, `SELECT study, sum(max(granted - returned - max(lent, moved), 0)), sum(lent) FROM till_right WHERE till = ? GROUP BY study ORDER BY study`, t.epoch)
	})
	return list, err
}
