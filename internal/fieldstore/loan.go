package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

const (
	// mostWanted is how many constraints a laptop is asked about at once.
	mostWanted = 300
	// mostHad bounds what a laptop is told of the tills that it did not answer of last. One that is left out answers what it did before, and
	// is told of the next time.
	mostHad = 300
)

// lentTo is what laptops have passed on in an epoch, but for days and waves that are over.
func lentTo(ctx context.Context, tx *sql.Tx, id, epoch string, periods []string) (lent map[string]map[string]int, err error) {
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var till, name string
		var n int
		if err := rows.Scan(&till, &name, &n); err != nil {
			return err
		}
		if _, key := study.ParseAccount(name); key == "" || slices.Contains(periods, key) {
			lent = lentAt(lent, till, name, n)
		}
		return nil
	}, `SELECT till, quota, total FROM loan WHERE study = ? AND epoch = ?`, id, epoch)
	return lent, err
}

func lentAt(lent map[string]map[string]int, till, name string, n int) map[string]map[string]int {
	if lent == nil {
		lent = map[string]map[string]int{}
	}
	if lent[till] == nil {
		lent[till] = map[string]int{}
	}
	lent[till][name] = n
	return lent
}

// lentFor is what central has not heard of in the constraints whose rights an interview used; nil for nothing.
func lentFor(ctx context.Context, tx *sql.Tx, r reservation) (lent *interview.Lent, err error) {
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var till, name string
		var n int
		if err := rows.Scan(&till, &name, &n); err != nil || r.used[name] == 0 {
			return err
		}
		if lent == nil {
			lent = &interview.Lent{Epoch: r.epoch}
		}
		lent.Tills = lentAt(lent.Tills, till, name, n)
		return nil
	}, `SELECT till, quota, total FROM loan WHERE study = ? AND epoch = ? AND total > heard`, r.study, r.epoch)
	return lent, err
}

func readLoan(ctx context.Context, tx *sql.Tx, id, epoch, till, name string) (l quota.Loan, err error) {
	err = tx.QueryRowContext(ctx, `SELECT total, heard FROM loan WHERE study = ? AND epoch = ? AND till = ? AND quota = ?`, id, epoch, till, name).Scan(&l.Total, &l.Heard)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return l, err
}

func putLoan(ctx context.Context, tx *sql.Tx, id, epoch, till, name, relay string, l quota.Loan) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO loan (study, epoch, till, quota, relay, total, heard) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study, epoch, till, quota) DO UPDATE SET total = excluded.total, heard = excluded.heard,
			relay = CASE excluded.relay WHEN '' THEN relay ELSE excluded.relay END`, id, epoch, till, name, relay, l.Total, l.Heard)
	return err
}

// heardOfLoans takes up what central has heard of what laptops passed on; it counts that among what it granted, which the same answer says.
func heardOfLoans(ctx context.Context, tx *sql.Tx, a delivery.LeaseAnswer, wallet quota.Wallet) error {
	for till, of := range a.Lent {
		for name, n := range of {
			if _, said := a.Leases[name]; !said {
				continue
			}
			l, err := readLoan(ctx, tx, a.Study, a.Epoch, till, name)
			if err != nil {
				return err
			}
			before := l.Lent()
			l.Told(n)
			h := wallet[name]
			h.Lent += l.Lent() - before
			wallet[name] = h
			if err := putLoan(ctx, tx, a.Study, a.Epoch, till, name, "", l); err != nil {
				return err
			}
		}
	}
	return nil
}

// kept is how many rights should be free as an answer says, for what is asked of laptops.
func kept(a delivery.LeaseAnswer, l delivery.Lease) int {
	if a.Ended {
		return -1
	}
	return max(l.Keep, 0)
}

// RightsWanted is what to ask a laptop for: in each constraint of which central has said something in the present epoch, as many rights as
// are missing of what should be free, and one at least where there is none. It is empty where nothing is missing. Constraints that are full
// are left out, and those of periods other than the present one: there is room for so many, and those of most use come first.
func (s *Store) RightsWanted(ctx context.Context, relay string) (list []delivery.RightsAsked, err error) {
	studies, err := s.Studies(ctx)
	if err != nil {
		return nil, err
	}
	present := presentPeriods(studies, study.DayOf(s.now()))
	err = s.Read(ctx, "look for rights that are short", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		if list, err = shortOf(ctx, tx, c.Epoch, present); err != nil {
			return err
		}
		for i := range list {
			if err := hadOf(ctx, tx, relay, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// presentPeriods are the periods that a day lies in, by study.
func presentPeriods(studies []StudyState, day string) map[string][]string {
	keys := map[string][]string{}
	for _, st := range studies {
		keys[st.ID] = []string{"", day}
		if w, ok := st.WaveOn(day); ok {
			keys[st.ID] = append(keys[st.ID], w.Name)
		}
	}
	return keys
}

// shortOf is how many rights are missing, by study.
func shortOf(ctx context.Context, tx *sql.Tx, epoch string, present map[string][]string) (list []delivery.RightsAsked, err error) {
	left := mostWanted
	err = Each(ctx, tx, func(rows *sql.Rows) error {
		var id, name string
		var free, keep int
		if err := rows.Scan(&id, &name, &free, &keep); err != nil {
			return err
		}
		want := max(keep, 1) - max(free, 0)
		_, key := study.ParseAccount(name)
		if want < 1 || left < 1 || !slices.Contains(present[id], key) {
			return nil
		}
		left--
		i := slices.IndexFunc(list, func(a delivery.RightsAsked) bool { return a.Study == id })
		if i < 0 {
			i, list = len(list), append(list, delivery.RightsAsked{Study: id, Epoch: epoch, Want: map[string]int{}})
		}
		list[i].Want[name] = want
		return nil
	}, `SELECT study, quota, granted + lent - reserved - committed - returned, keep FROM holding WHERE epoch = ? AND keep >= 0 AND used < cap
		ORDER BY keep DESC, study, quota`, epoch)
	return list, err
}

// hadOf reads what the device has of each till that a laptop has had, the one of which it answered last before all others. The laptop looks
// for its present one: accounts take turns on it, and no till is later than another by its name.
func hadOf(ctx context.Context, tx *sql.Tx, relay string, asked *delivery.RightsAsked) error {
	left := mostHad
	return Each(ctx, tx, func(rows *sql.Rows) error {
		var till, name string
		var total int
		if err := rows.Scan(&till, &name, &total); err != nil {
			return err
		}
		if asked.Till == "" {
			asked.Till, asked.Had = till, map[string]int{}
		}
		switch _, wanted := asked.Want[name]; {
		case !wanted:
		case till == asked.Till:
			asked.Had[name] = total
		case left > 0:
			left--
			asked.HadBy = lentAt(asked.HadBy, till, name, total)
		}
		return nil
	}, `SELECT till, quota, total FROM loan WHERE study = ? AND epoch = ? AND relay = ? ORDER BY answer DESC, till DESC`, asked.Study, asked.Epoch, relay)
}

// RightsLent keeps what a laptop passed on, in answer to what was asked of it; what was not asked for is passed over.
func (s *Store) RightsLent(ctx context.Context, relay string, asked []delivery.RightsAsked, lent []delivery.RightsLent) error {
	return s.write(ctx, "keep the rights that a laptop passed on", func(ctx context.Context, tx *sql.Tx) error {
		c, err := s.credentials(ctx, tx)
		if err != nil {
			return err
		}
		answer, err := nextAnswer(ctx, tx)
		if err != nil {
			return err
		}
		for _, got := range lent {
			i := slices.IndexFunc(asked, func(a delivery.RightsAsked) bool { return a.Study == got.Study && a.Epoch == c.Epoch })
			if i < 0 || got.Till == "" {
				continue
			}
			wallet, err := readWallet(ctx, tx, got.Study, c.Epoch)
			if err != nil {
				return err
			}
			for name, total := range got.Rights {
				h, here := wallet[name]
				if _, wanted := asked[i].Want[name]; !wanted || !here {
					continue
				}
				l, err := readLoan(ctx, tx, got.Study, c.Epoch, got.Till, name)
				if err != nil {
					return err
				}
				before := l.Lent()
				l.Pass(delivery.BoundedRights(total))
				h.Lent += l.Lent() - before
				if err := putHolding(ctx, tx, got.Study, c.Epoch, name, h); err != nil {
					return err
				}
				if err := putLoan(ctx, tx, got.Study, c.Epoch, got.Till, name, relay, l); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, `UPDATE loan SET answer = ? WHERE study = ? AND epoch = ? AND till = ?`, answer, got.Study, c.Epoch, got.Till); err != nil {
				return err
			}
		}
		return nil
	})
}

func nextAnswer(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	return n, tx.QueryRowContext(ctx, `SELECT coalesce(max(answer), 0) + 1 FROM loan`).Scan(&n)
}
