package desk

import (
	"context"
	"database/sql"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

// state is what a till says of all studies in which there are rights.
func (s *Store) state(ctx context.Context, tx *sql.Tx, t *till, studies []fieldstore.StudyState) (said delivery.TillSaid, err error) {
	visit, err := makeVisit(ctx, tx, s.p.NewID, t)
	if err != nil {
		return said, err
	}
	said = delivery.TillSaid{Laptop: t.laptop, Epochs: []delivery.EpochNumbers{visit}}
	for _, st := range studies {
		if !fieldstore.HasHard(st.Study) {
			continue
		}
		one, err := s.tillStatement(ctx, tx, *t, st.Study)
		if err != nil {
			return said, err
		}
		said.Statements = append(said.Statements, one)
	}
	return said, nil
}

// tillStatement is what is to be said of one study. Whom the laptop met are the rights that it was asked for. Of days and waves that are over
// it says only what central has not heard of what was passed on, as a tablet does: rights there are of no use to anybody else.
func (s *Store) tillStatement(ctx context.Context, tx *sql.Tx, t till, def study.Study) (st delivery.LeaseStatement, err error) {
	st = delivery.LeaseStatement{Study: def.ID, Epoch: t.epoch, Hours: t.hours}
	now := s.p.Now()
	if fieldstore.HasPeriods(def) {
		st.Periods = fieldstore.PeriodsFrom(def, now, 0)
	}
	if st.Holdings, err = t.holdings(ctx, tx, def.ID, fieldstore.PeriodsFrom(def, now, 1)); err != nil {
		return st, err
	}
	for _, h := range st.Holdings {
		st.Respondents = max(st.Respondents, h.Met)
	}
	if st.Passed, err = t.passed(ctx, tx, def.ID); err != nil {
		return st, err
	}
	return st, tx.QueryRowContext(ctx, `INSERT INTO till_statement (till, study, made) VALUES (?, ?, 1) ON CONFLICT (till, study) DO UPDATE SET made = made + 1 RETURNING made`,
		t.epoch, def.ID).Scan(&st.Number)
}

// holdings is what the till says of each constraint, but for days and waves other than those named; whom it met it says of all of them together.
func (t *till) holdings(ctx context.Context, tx *sql.Tx, id string, periods []string) (map[string]delivery.LeaseHolding, error) {
	all := map[string]delivery.LeaseHolding{}
	err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var h delivery.LeaseHolding
		err := rows.Scan(&name, &h.Returned)
		if _, key := study.ParseAccount(name); key == "" || slices.Contains(periods, key) {
			all[name] = h
		}
		return err
	}, `SELECT quota, returned FROM till_right WHERE till = ? AND study = ?`, t.epoch, id)
	if err != nil {
		return nil, err
	}
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var asked int
		err := rows.Scan(&name, &asked)
		bare, _ := study.ParseAccount(name)
		h := all[bare]
		h.Met += asked
		all[bare] = h
		return err
	}, `SELECT quota, sum(asked) FROM till_passed WHERE till = ? AND study = ? GROUP BY quota`, t.epoch, id)
	return all, err
}

// passed is what central has not heard of, by the tablets' epochs.
func (t *till) passed(ctx context.Context, tx *sql.Tx, id string) (all map[string]map[string]int, err error) {
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var epoch, name string
		var n int
		if err := rows.Scan(&epoch, &name, &n); err != nil || all[epoch] == nil && len(all) >= mostPassed {
			return err
		}
		if all == nil {
			all = map[string]map[string]int{}
		}
		if all[epoch] == nil {
			all[epoch] = map[string]int{}
		}
		all[epoch][name] = n
		return nil
	}, `SELECT epoch, quota, total FROM till_passed WHERE till = ? AND study = ? AND total > heard ORDER BY epoch, quota`, t.epoch, id)
	return all, err
}

// TillLeft is what is to be said before the account signs out: all that is free is given back. Whoever signs in next cannot say so, since
// central takes a till from its own account alone. It is said as if it came after a later statement, to which nothing is granted anew; of
// a study in which central has heard of no such one it is said when the account is back.
func (s *Store) TillLeft(ctx context.Context) (said delivery.TillSaid, ok bool, err error) {
	studies, err := s.Studies(ctx)
	if err != nil {
		return said, false, err
	}
	err = s.Write(ctx, "give the rights to pass on back", func(ctx context.Context, tx *sql.Tx) error {
		said, ok = delivery.TillSaid{}, false
		t, _, here, err := s.presentTill(ctx, tx)
		if err != nil || !here {
			return err
		}
		if _, err := s.giveBack(ctx, tx, &t); err != nil || t.visited == t.acts && t.visit == t.confirmed {
			return err
		}
		if said, err = s.state(ctx, tx, &t, studies); err != nil {
			return err
		}
		said.Statements, err = t.late(ctx, tx, said.Statements)
		ok = len(said.Statements) > 0
		return err
	})
	return said, ok, err
}

// late makes statements come after a later one, where central has heard of it.
func (t *till) late(ctx context.Context, tx *sql.Tx, list []delivery.LeaseStatement) (late []delivery.LeaseStatement, err error) {
	for _, st := range list {
		var heard int64
		if err := tx.QueryRowContext(ctx, `SELECT heard FROM till_statement WHERE till = ? AND study = ?`, t.epoch, st.Study).Scan(&heard); err != nil {
			return nil, err
		}
		if heard > 1 {
			st.Number = heard - 1
			late = append(late, st)
		}
	}
	return late, nil
}
