package desk

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// giveBack gives all that is free back; it returns how much.
func (s *Store) giveBack(ctx context.Context, tx *sql.Tx, t *till) (back int, err error) {
	type row struct{ study, quota string }
	var all []row
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var r row
		err := rows.Scan(&r.study, &r.quota)
		all = append(all, r)
		return err
	}, `SELECT study, quota FROM till_right WHERE till = ?`, t.epoch)
	for _, one := range all {
		r, err := readRight(ctx, tx, t.epoch, one.study, one.quota)
		if err != nil {
			return back, err
		}
		if n := r.Keep(0); n > 0 {
			back += n
			if err := t.putRight(ctx, tx, one.study, one.quota, r); err != nil {
				return back, err
			}
		}
	}
	return back, err
}

func readRight(ctx context.Context, tx *sql.Tx, epoch, id, name string) (r quota.Till, err error) {
	err = tx.QueryRowContext(ctx, `SELECT granted, returned, lent, moved FROM till_right WHERE till = ? AND study = ? AND quota = ?`, epoch, id, name).
		Scan(&r.Granted, &r.Returned, &r.Lent, &r.Moved)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r, err
}

// putRight keeps what the till has of a constraint, and counts that something was done.
func (t *till) putRight(ctx context.Context, tx *sql.Tx, id, name string, r quota.Till) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO till_right (till, study, quota, granted, returned, lent, moved) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (till, study, quota) DO UPDATE SET granted = excluded.granted, returned = excluded.returned, lent = excluded.lent, moved = excluded.moved`,
		t.epoch, id, name, r.Granted, r.Returned, r.Lent, r.Moved); err != nil {
		return err
	}
	t.acts++
	_, err := tx.ExecContext(ctx, `UPDATE till SET acts = ? WHERE epoch = ?`, t.acts, t.epoch)
	return err
}

// meetRight keeps that central has spoken of a constraint. Where it granted nothing there is nothing to make a visit for.
func (t *till) meetRight(ctx context.Context, tx *sql.Tx, id, name string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO till_right (till, study, quota) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, t.epoch, id, name)
	return err
}

// forgetDays drops what the till had of days that are long over, where central has heard of all of it: it would grow with each day of
// fieldwork. Central must have spoken of the present day, so that it is not a wrong clock that ends the others. What was asked for stays,
// in the constraint itself and of no tablet's epoch. Waves are few, and stay.
func (t *till) forgetDays(ctx context.Context, tx *sql.Tx, a delivery.LeaseAnswer, now time.Time) error {
	today := study.DayOf(now)
	spoken := func(name string) bool { _, key := study.ParseAccount(name); return key == today }
	if !slices.ContainsFunc(slices.Collect(maps.Keys(a.Leases)), spoken) {
		return nil
	}
	over, err := t.heardOf(ctx, tx, a.Study, study.DayOf(now.AddDate(0, 0, -daysKept)))
	if err != nil {
		return err
	}
	for _, name := range over {
		bare, _ := study.ParseAccount(name)
		if _, err := tx.ExecContext(ctx, `INSERT INTO till_passed (till, study, quota, epoch, asked)
			SELECT till, study, ?, '', sum(asked) FROM till_passed WHERE till = ? AND study = ? AND quota = ? GROUP BY till, study
			ON CONFLICT (till, study, quota, epoch) DO UPDATE SET asked = asked + excluded.asked`, bare, t.epoch, a.Study, name); err != nil {
			return err
		}
		for _, table := range []string{"till_passed", "till_right"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE till = ? AND study = ? AND quota = ?`, t.epoch, a.Study, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// heardOf are the accounts of days before one of which there is nothing that central has not heard of.
func (t *till) heardOf(ctx context.Context, tx *sql.Tx, id, before string) (names []string, err error) {
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		_, key := study.ParseAccount(name)
		if _, wave := time.Parse(time.DateOnly, key); wave == nil && key < before {
			names = append(names, name)
		}
		return err
	}, `SELECT quota FROM till_right r WHERE till = ? AND study = ?
		AND NOT EXISTS (SELECT 1 FROM till_passed p WHERE p.till = r.till AND p.study = r.study AND p.quota = r.quota AND p.total > p.heard)`, t.epoch, id)
	return names, err
}
