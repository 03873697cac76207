package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/quota"
)

// mostTills is how many laptops a device may say to have rights of, and mostLent how many rights of one constraint.
const (
	mostTills = 50
	// mostPassed is how many tablets a laptop may say at once that it passed rights on to.
	mostPassed = 500
	mostLent   = 1_000_000
)

// claims are rights that laptops passed on, as the device says that has them.
type claims []claim

type claim struct {
	quota.Sublease
	quota string
	total int
	lost  bool // the device was
}

// readClaims puts what a device says in order, within what one may say.
func readClaims(epoch string, tills map[string]map[string]int) (list claims) {
	names := slices.Sorted(maps.Keys(tills))
	for _, till := range names[max(len(names)-mostTills, 0):] { // the latest, as a rule: more than one may say are not heard
		if len(list) >= mostTills*mostHeld {
			break
		}
		for _, q := range slices.Sorted(maps.Keys(tills[till])) {
			list = append(list, claim{Sublease: quota.Sublease{Till: storable(till), Epoch: epoch}, quota: storable(q), total: min(max(tills[till][q], 0), mostLent)})
		}
	}
	return list
}

func (c claims) quotas() (names []string) {
	for _, one := range c {
		names = append(names, one.quota)
	}
	return names
}

// epochs are those whose rights are touched.
func (c claims) epochs() (ids []string) {
	for _, one := range c {
		ids = append(ids, one.Till, one.Epoch)
	}
	return unique(ids)
}

func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// sound are those claims whose tills are of laptops.
func (c claims) sound(ctx context.Context, tx *sql.Tx) (rest claims, err error) {
	tills := map[string]bool{}
	for _, one := range c {
		tills[one.Till] = false
	}
	if len(tills) == 0 {
		return nil, nil
	}
	args := []any{}
	for till := range tills {
		args = append(args, till)
	}
	known, err := texts(ctx, tx, `SELECT e.id FROM epochs e JOIN devices d ON d.id = e.device WHERE d.laptop <> '' AND e.id IN `+marks(1, len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("looking for the laptops: %w", err)
	}
	for _, till := range known {
		tills[till] = true
	}
	for _, one := range c {
		if tills[one.Till] {
			rest = append(rest, one)
		}
	}
	return rest, nil
}

// claim finds what is to be heard of the rights that interviews were made with: an interview says so itself, since it may come before
// any statement of its device, or beside one that nobody hears.
func (b *batch) claim(ctx context.Context, tx *sql.Tx, list []*filing) error {
	for _, f := range list {
		said := f.lent
		if said == nil {
			continue
		}
		own, err := readEpoch(ctx, tx, storable(said.Epoch), b.p.Who.Device)
		if err != nil {
			return err
		}
		if !own.known || own.others {
			continue
		}
		if f.claims, err = lentFor(said, f.rights).sound(ctx, tx); err != nil {
			return err
		}
		for i := range f.claims {
			f.claims[i].lost = own.lost
		}
	}
	return nil
}

// lentFor are the claims about constraints in which the interview used rights; others are none of its business.
func lentFor(said *interview.Lent, rights map[string]int) (list claims) {
	return slices.DeleteFunc(readClaims(storable(said.Epoch), said.Tills), func(c claim) bool { return rights[c.quota] < 1 })
}

// readHeard reads what was heard before of what was passed on to some epochs.
func (b *book) readHeard(ctx context.Context, tx *sql.Tx, epochs []string) error {
	args := []any{b.study}
	for _, epoch := range unique(epochs) {
		args = append(args, epoch)
	}
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var s quota.Sublease
		var n int
		if err := rows.Scan(&name, &s.Till, &s.Epoch, &n); err != nil {
			return err
		}
		if a := b.ledger.Accounts[name]; a != nil {
			a.Heard[s] = n
		}
		return nil
	}, `SELECT quota, till, epoch, heard FROM subleases WHERE study = $1 AND epoch IN `+marks(2, len(args)-1), args...)
	if err != nil {
		return fmt.Errorf("reading what was passed on: %w", err)
	}
	for name, a := range b.ledger.Accounts {
		was := b.was[name]
		was.heard = maps.Clone(a.Heard)
		b.was[name] = was
	}
	return nil
}

// hear takes up what a statement says was passed on to its epoch, or by it.
func (b *book) hear(ctx context.Context, tx *sql.Tx, said, passed claims, epoch string, lost bool) error {
	if err := b.readHeard(ctx, tx, append(passed.epochs(), epoch)); err != nil {
		return err
	}
	b.take(passed)
	sound, err := said.sound(ctx, tx)
	for i := range sound {
		sound[i].lost = lost
	}
	b.take(sound)
	return err
}

// take takes up claims.
func (b *book) take(list claims) {
	for _, c := range list {
		b.ledger.Claim(c.Sublease, c.quota, c.total, c.lost)
	}
}

func (b *book) saveHeard(ctx context.Context, tx *sql.Tx, name string) error {
	for s, n := range b.ledger.Accounts[name].Heard {
		if n == b.was[name].heard[s] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO subleases (study, quota, till, epoch, heard) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (study, epoch, till, quota) DO UPDATE SET heard = excluded.heard`, b.study, name, s.Till, s.Epoch, n); err != nil {
			return fmt.Errorf("keeping what was passed on: %w", err)
		}
	}
	return nil
}

// readPassed are the claims for tablets of the study that a laptop says it passed rights on to.
func readPassed(ctx context.Context, tx *sql.Tx, of Leasing, st delivery.LeaseStatement) (list claims, err error) {
	if !of.till || len(st.Passed) == 0 || len(st.Passed) > mostPassed {
		return nil, nil
	}
	args := []any{st.Study}
	for epoch := range st.Passed {
		args = append(args, storable(epoch))
	}
	lost := map[string]bool{}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var epoch string
		var gone bool
		err := rows.Scan(&epoch, &gone)
		lost[epoch] = gone
		return err
	}, `SELECT e.id, e.lost_at IS NOT NULL FROM epochs e JOIN device_studies s ON s.device = e.device JOIN devices d ON d.id = e.device
		WHERE s.study = $1 AND d.laptop = '' AND e.id IN `+marks(2, len(args)-1), args...)
	if err != nil {
		return nil, fmt.Errorf("looking for the tablets: %w", err)
	}
	for epoch, gone := range lost {
		for name, n := range st.Passed[epoch] {
			list = append(list, claim{Sublease: quota.Sublease{Till: st.Epoch, Epoch: epoch}, quota: storable(name), total: min(max(n, 0), mostLent), lost: gone})
		}
	}
	return list, nil
}

// passedOn is what was heard of that.
func (b *book) passedOn(list claims) map[string]map[string]int {
	heard := map[string]map[string]int{}
	for _, c := range list {
		if a := b.ledger.Accounts[c.quota]; a != nil {
			if heard[c.Epoch] == nil {
				heard[c.Epoch] = map[string]int{}
			}
			heard[c.Epoch][c.quota] = a.Heard[c.Sublease]
		}
	}
	return heard
}

// lentTo is what was heard of what an epoch was passed on, as an answer says it. What was said of tills that are none, such as those
// that this central forgot when it was restored, is heard too: there is nothing behind it.
func (b *book) lentTo(epoch string, said claims) map[string]map[string]int {
	lent := map[string]map[string]int{}
	put := func(till, name string, n int) {
		if lent[till] == nil {
			lent[till] = map[string]int{}
		}
		lent[till][name] = max(lent[till][name], n)
	}
	for _, c := range said {
		if b.ledger.Accounts[c.quota] != nil {
			put(c.Till, c.quota, c.total)
		}
	}
	for name, a := range b.ledger.Accounts {
		for s, n := range a.Heard {
			if s.Epoch == epoch {
				put(s.Till, name, n)
			}
		}
	}
	return lent
}
