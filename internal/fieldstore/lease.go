package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Statements is what is to be said of all rights that the present central granted, and of studies in which it has granted none yet.
func (s *Store) Statements(ctx context.Context) (list []delivery.LeaseStatement, err error) {
	studies, err := s.Studies(ctx)
	if err != nil {
		return nil, err
	}
	err = s.Read(ctx, "read the rights to fill quotas", func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		for _, st := range studies {
			if !hasHard(st.Study) {
				continue
			}
			hours, err := s.hoursWorked(ctx, tx, st.Study.ID)
			if err != nil {
				return err
			}
			var epochs []string
			err = Each(ctx, tx, func(rows *sql.Rows) error {
				var epoch string
				err := rows.Scan(&epoch)
				epochs = append(epochs, epoch)
				return err
			}, `SELECT DISTINCT epoch FROM holding WHERE study = ?1 AND epoch <> ?2 AND epoch IN `+here+`
				AND (SELECT given_up FROM epoch WHERE epoch.epoch = holding.epoch) = 0`, st.Study.ID, c.Epoch)
			if err != nil {
				return err
			}
			for _, epoch := range append(epochs, c.Epoch) {
				one, err := statement(ctx, tx, st.Study.ID, epoch)
				if err != nil {
					return err
				}
				one.Hours = hours
				list = append(list, one)
			}
		}
		return nil
	})
	return list, err
}

func hasHard(st study.Study) bool {
	for _, q := range st.Quotas {
		if q.Kind == study.Hard {
			return true
		}
	}
	return false
}

// hoursWorked is how long the shifts of a study took, practice and pauses left out.
func (s *Store) hoursWorked(ctx context.Context, tx *sql.Tx, id string) (hours float64, err error) {
	var ms float64
	now := s.now().UnixMilli()
	err = tx.QueryRowContext(ctx, `SELECT coalesce(sum(max(CASE ended_utc WHEN 0 THEN ?2 ELSE ended_utc END - started_utc
			- (SELECT coalesce(sum(CASE to_utc WHEN 0 THEN ?2 ELSE to_utc END - from_utc), 0) FROM pause WHERE pause.shift = shift.id), 0)), 0)
		FROM shift WHERE study = ?1 AND NOT practice`, id, now).Scan(&ms)
	return ms / 3.6e6, err
}

func statement(ctx context.Context, tx *sql.Tx, id, epoch string) (st delivery.LeaseStatement, err error) {
	st = delivery.LeaseStatement{Study: id, Epoch: epoch, Holdings: map[string]delivery.LeaseHolding{}}
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var h delivery.LeaseHolding
		err := rows.Scan(&name, &h.Returned, &h.Committed, &h.Reserved)
		st.Holdings[name] = h
		return err
	}, `SELECT quota, returned, committed, reserved FROM holding WHERE study = ? AND epoch = ?`, id, epoch)
	if err != nil {
		return st, err
	}
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		if name == "" {
			st.Respondents = n
			return nil
		}
		h := st.Holdings[name]
		h.Met = n
		st.Holdings[name] = h
		return nil
	}, `SELECT quota, n FROM met WHERE study = ? AND epoch = ?`, id, epoch)
	return st, err
}

// Leased keeps what central granted, and gives back what is free beyond what should be, in one transaction: from then on nobody here uses
// it. again tells that central should hear of that.
func (s *Store) Leased(ctx context.Context, answers []delivery.LeaseAnswer) (again bool, err error) {
	err = s.write(ctx, "keep the rights to fill quotas", func(ctx context.Context, tx *sql.Tx) error {
		again = false
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range answers {
			wallet, err := readWallet(ctx, tx, a.Study, a.Epoch)
			if err != nil {
				return err
			}
			settled := a.Epoch != c.Epoch
			for name, l := range a.Leases {
				wallet.Told(name, l.Granted)
				if wallet.Keep(name, l.Keep) > 0 {
					again, settled = true, false
				}
				if err := putHolding(ctx, tx, a.Study, a.Epoch, name, wallet[name]); err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, `UPDATE holding SET cap = ?, used = ?, leased = ? WHERE study = ? AND epoch = ? AND quota = ?`,
					l.Cap, l.Used, l.Leased, a.Study, a.Epoch, name); err != nil {
					return err
				}
				settled = settled && wallet[name].Reserved == 0
			}
			if settled { // central has heard that nothing is left of an earlier epoch
				if _, err := tx.ExecContext(ctx, `DELETE FROM holding WHERE study = ? AND epoch = ?`, a.Study, a.Epoch); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return again, err
}

func readWallet(ctx context.Context, tx *sql.Tx, id, epoch string) (quota.Wallet, error) {
	w := quota.Wallet{}
	return w, Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var h quota.Holding
		err := rows.Scan(&name, &h.Granted, &h.Reserved, &h.Committed, &h.Returned)
		w[name] = h
		return err
	}, `SELECT quota, granted, reserved, committed, returned FROM holding WHERE study = ? AND epoch = ?`, id, epoch)
}

func putHolding(ctx context.Context, tx *sql.Tx, id, epoch, name string, h quota.Holding) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO holding (study, epoch, quota, granted, reserved, committed, returned) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study, epoch, quota) DO UPDATE SET granted = excluded.granted, reserved = excluded.reserved, committed = excluded.committed,
			returned = excluded.returned`, id, epoch, name, h.Granted, h.Reserved, h.Committed, h.Returned)
	return err
}

// Quota is one hard constraint as this device knows it.
type Quota struct {
	// Free is how many more interviews may begin here, Going how many go on.
	Free, Going int
	// Cap, Used and Elsewhere are central's: interviews wanted, those that count, and rights that other devices have or nobody.
	Cap, Used, Elsewhere int
}

// Quotas are the hard constraints of a study in which central has said what this device may do; empty where it has not.
func (s *Store) Quotas(ctx context.Context, id string) (known map[string]Quota, err error) {
	known = map[string]Quota{}
	err = s.Read(ctx, "read the rights to fill quotas", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var name string
			var h quota.Holding
			var q Quota
			var leased int
			if err := rows.Scan(&name, &h.Granted, &h.Reserved, &h.Committed, &h.Returned, &q.Cap, &q.Used, &leased); err != nil {
				return err
			}
			q.Free, q.Going = h.Free(), h.Reserved
			q.Elsewhere = max(q.Cap-q.Used-h.Free()-h.Reserved, 0)
			known[name] = q
			return nil
		}, `SELECT quota, granted, reserved, committed, returned, cap, used, leased FROM holding WHERE study = ? AND epoch = ?`, id, c.Epoch)
	})
	return known, err
}
