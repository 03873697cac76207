package fieldstore

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Statements is what is to be said of all rights that the present central granted, and of studies in which it has granted none yet. Each
// has a number, so that it is known for a late one wherever it was carried.
func (s *Store) Statements(ctx context.Context) (list []delivery.LeaseStatement, err error) {
	studies, err := s.Studies(ctx)
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, "state the rights to fill quotas", func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		for _, st := range studies {
			if len(st.Quotas) == 0 {
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
				one, err := statement(ctx, tx, st.Study, epoch, s.now())
				if err != nil {
					return err
				}
				one.Hours = hours
				if epoch == c.Epoch && HasPeriods(st.Study) {
					one.Periods = PeriodsFrom(st.Study, s.now(), 0)
				}
				if one.Number, err = nextStatement(ctx, tx, st.Study.ID, epoch); err != nil {
					return err
				}
				list = append(list, one)
			}
		}
		return nil
	})
	return list, err
}

func nextStatement(ctx context.Context, tx *sql.Tx, id, epoch string) (number int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO statement (study, epoch, made) VALUES (?, ?, 1) ON CONFLICT (study, epoch) DO UPDATE SET made = made + 1 RETURNING made`,
		id, epoch).Scan(&number)
	return number, err
}

// HasHard tells whether a study has hard constraints, HasPeriods whether a constraint is for each day or wave.
func HasHard(st study.Study) bool {
	return slices.ContainsFunc(st.Quotas, func(q study.Quota) bool { return q.Kind == study.Hard })
}

func HasPeriods(st study.Study) bool {
	return slices.ContainsFunc(st.Quotas, func(q study.Quota) bool { return q.Period != study.WholeStudy })
}

// PeriodsFrom are the local dates for which rights and counts are of use, from some days before the present one on, and the waves that they lie in.
func PeriodsFrom(st study.Study, now time.Time, before int) (keys []string) {
	var waves []string
	for n := -before; n <= study.DaysAhead; n++ {
		day := study.DayOf(time.Date(now.Year(), now.Month(), now.Day()+n, 12, 0, 0, 0, now.Location()))
		keys = append(keys, day)
		if w, ok := st.WaveOn(day); ok && !slices.Contains(waves, w.Name) {
			waves = append(waves, w.Name)
		}
	}
	return append(keys, waves...)
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

// statement is what is to be said of one study and epoch. Of days and waves that are over it says only what goes on: rights there are of no
// use to anybody else, and would be said for ever. Yesterday is not over, since interviews begun before midnight may still end.
func statement(ctx context.Context, tx *sql.Tx, def study.Study, epoch string, now time.Time) (st delivery.LeaseStatement, err error) {
	id := def.ID
	st = delivery.LeaseStatement{Study: id, Epoch: epoch, Holdings: map[string]delivery.LeaseHolding{}}
	periods := PeriodsFrom(def, now, 1)
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var h delivery.LeaseHolding
		err := rows.Scan(&name, &h.Returned, &h.Committed, &h.Reserved)
		if _, key := study.ParseAccount(name); key == "" || h.Reserved > 0 || slices.Contains(periods, key) {
			st.Holdings[name] = h
		}
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
	if err != nil {
		return st, err
	}
	st.Lent, err = lentTo(ctx, tx, id, epoch, periods)
	return st, err
}

// Leased keeps what central granted, and the targets and counts it told, and gives back what is free beyond what should be, in one transaction: from then on nobody here uses
// it. again tells that central should hear of that. An answer of an epoch that was given up, and one that comes after that to a later
// statement, change nothing.
func (s *Store) Leased(ctx context.Context, answers []delivery.LeaseAnswer) (again bool, err error) {
	err = s.write(ctx, "keep the rights to fill quotas", func(ctx context.Context, tx *sql.Tx) error {
		again = false
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range answers {
			a = a.Bounded()
			news, err := hearAnswer(ctx, tx, a)
			if err != nil {
				return err
			}
			if !news {
				continue
			}
			if err := keepAims(ctx, tx, a); err != nil {
				return err
			}
			if err := keepDone(ctx, tx, a); err != nil {
				return err
			}
			wallet, err := readWallet(ctx, tx, a.Study, a.Epoch)
			if err != nil {
				return err
			}
			settled := a.Epoch != c.Epoch
			if err := heardOfLoans(ctx, tx, a, wallet); err != nil {
				return err
			}
			for name, l := range a.Leases {
				wallet.Told(name, l.Granted)
				if wallet.Keep(name, l.Keep) > 0 {
					again, settled = true, false
				}
				if err := putHolding(ctx, tx, a.Study, a.Epoch, name, wallet[name]); err != nil {
					return err
				}
				if _, err := tx.ExecContext(ctx, `UPDATE holding SET cap = ?, used = ?, leased = ?, keep = ? WHERE study = ? AND epoch = ? AND quota = ?`,
					l.Cap, l.Used, l.Leased, kept(a, l), a.Study, a.Epoch, name); err != nil {
					return err
				}
				settled = settled && wallet[name].Reserved == 0 && wallet[name].Lent == 0
			}
			if settled { // central has heard that nothing is left of an earlier epoch
				for _, table := range []string{"holding", "loan"} {
					if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE study = ? AND epoch = ?`, a.Study, a.Epoch); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return again, err
}

// hearAnswer tells whether an answer is to be kept, and remembers which statement it answers.
func hearAnswer(ctx context.Context, tx *sql.Tx, a delivery.LeaseAnswer) (news bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM epoch WHERE epoch = ?1 AND NOT given_up AND epoch IN `+here+`)
		AND ?3 >= CASE ?3 WHEN 0 THEN 0 ELSE coalesce((SELECT heard FROM statement WHERE study = ?2 AND epoch = ?1), 0) END`, a.Epoch, a.Study, a.Number).Scan(&news)
	if err != nil || !news || a.Number == 0 {
		return news, err
	}
	// A number that was not made here is that of another life of this file, which central has heard: the next one is to be a later one.
	_, err = tx.ExecContext(ctx, `INSERT INTO statement (study, epoch, made, heard) VALUES (?1, ?2, ?3, ?3)
		ON CONFLICT (study, epoch) DO UPDATE SET made = max(made, ?3), heard = ?3`, a.Study, a.Epoch, a.Number)
	return news, err
}

func readWallet(ctx context.Context, tx *sql.Tx, id, epoch string) (quota.Wallet, error) {
	w := quota.Wallet{}
	return w, Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var h quota.Holding
		err := rows.Scan(&name, &h.Granted, &h.Lent, &h.Reserved, &h.Committed, &h.Returned)
		w[name] = h
		return err
	}, `SELECT quota, granted, lent, reserved, committed, returned FROM holding WHERE study = ? AND epoch = ?`, id, epoch)
}

func putHolding(ctx context.Context, tx *sql.Tx, id, epoch, name string, h quota.Holding) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO holding (study, epoch, quota, granted, lent, reserved, committed, returned) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study, epoch, quota) DO UPDATE SET granted = excluded.granted, lent = excluded.lent, reserved = excluded.reserved, committed = excluded.committed,
			returned = excluded.returned`, id, epoch, name, h.Granted, h.Lent, h.Reserved, h.Committed, h.Returned)
	return err
}

// Quota is one hard constraint as this device knows it.
type Quota struct {
	// Free is how many more interviews may begin here, Going how many go on.
	Free, Going int
	// Cap, Used and Elsewhere are central's: interviews wanted, those that count, and rights that other devices have or nobody.
	Cap, Used, Elsewhere int
}

// Quotas are the hard constraints of a study, by account, in which central has said what this device may do; empty where it has not.
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
			if err := rows.Scan(&name, &h.Granted, &h.Lent, &h.Reserved, &h.Committed, &h.Returned, &q.Cap, &q.Used, &leased); err != nil {
				return err
			}
			q.Free, q.Going = max(h.Free(), 0), h.Reserved
			q.Elsewhere = max(q.Cap-q.Used-q.Free-h.Reserved, 0)
			known[name] = q
			return nil
		}, `SELECT quota, granted, lent, reserved, committed, returned, cap, used, leased FROM holding WHERE study = ? AND epoch = ?`, id, c.Epoch)
	})
	return known, err
}
