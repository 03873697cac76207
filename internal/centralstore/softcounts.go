package centralstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// arrival is a constraint that holds nobody back, and an epoch from which interviews come that fall in it.
type arrival struct{ epoch, quota string }

// coming counts anew what has come of an epoch, whether it counts or not: before an interview is filed and, by what it returns, after it.
func (b *book) coming(epoch string, f *quota.Filed) (after func()) {
	count := func(by int) {
		for _, q := range f.Soft {
			b.come[arrival{epoch, q}] += by
		}
	}
	count(-1)
	return func() { count(1) }
}

// softRows is how many counts are written in one statement.
const softRows = 100

// saveMore adds what changed in constraints without an account in the ledger, always in the same order.
func (b *book) saveMore(ctx context.Context, tx *sql.Tx) error {
	more, waiting := b.ledger.More, b.ledger.MoreProvisional
	changed := map[string]bool{}
	for q := range more {
		changed[q] = more[q] != 0
	}
	for q := range waiting {
		changed[q] = changed[q] || waiting[q] != 0
	}
	maps.DeleteFunc(changed, func(_ string, yes bool) bool { return !yes })
	maps.DeleteFunc(b.come, func(_ arrival, n int) bool { return n == 0 })
	for part := range slices.Chunk(slices.Sorted(maps.Keys(changed)), softRows) {
		args, values := []any{b.study}, make([]string, len(part))
		for i, q := range part {
			values[i] = fmt.Sprintf("($1, $%d, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3)
			args = append(args, q, more[q], waiting[q])
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO quota_used (study, quota, used, provisional) VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (study, quota) DO UPDATE SET used = quota_used.used + excluded.used, provisional = quota_used.provisional + excluded.provisional`, args...); err != nil {
			return fmt.Errorf("keeping the quotas: %w", err)
		}
	}
	order := func(x, y arrival) int { return cmp.Or(cmp.Compare(x.epoch, y.epoch), cmp.Compare(x.quota, y.quota)) }
	for part := range slices.Chunk(slices.SortedFunc(maps.Keys(b.come), order), softRows) {
		args, values := []any{b.study}, make([]string, len(part))
		for i, a := range part {
			values[i] = fmt.Sprintf("($1, $%d, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3)
			args = append(args, a.epoch, a.quota, b.come[a])
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO quota_come (study, epoch, quota, n) VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (study, epoch, quota) DO UPDATE SET n = quota_come.n + excluded.n`, args...); err != nil {
			return fmt.Errorf("keeping what has come: %w", err)
		}
	}
	return nil
}

// isSoft tells whether an account is that of a constraint which holds nobody back.
func isSoft(st *study.Study, account string) bool {
	name, key := study.ParseAccount(account)
	p, _, _, there := st.PeriodOf(key)
	return there && slices.ContainsFunc(st.Quotas, func(q study.Quota) bool { return q.Name == name && q.Kind != study.Hard && q.Period == p })
}

// softAccounts are those of the constraints that hold nobody back: for the whole study all, for each day or wave those of the wanted ones.
func softAccounts(st *study.Study, wanted []string) (accounts []string) {
	for _, key := range append([]string{""}, wanted...) {
		p, _, _, _ := st.PeriodOf(key)
		for _, q := range st.Quotas {
			if q.Kind != study.Hard && q.Period == p {
				accounts = append(accounts, study.Account(q.Name, key))
			}
		}
	}
	return accounts
}

// tellSoft tells the targets of constraints that hold nobody back and, unless a laptop asks, how they are filled: how a quota stands is for
// those who have a role in the study.
func tellSoft(ctx context.Context, tx *sql.Tx, of Leasing, st *study.Study, wanted []string, a *delivery.LeaseAnswer) (err error) {
	if a.Aims, err = softAims(ctx, tx, *st); err != nil || of.till {
		return err
	}
	a.Done, err = readDone(ctx, tx, st.ID, of.Who.Device, softAccounts(st, wanted))
	return err
}

// readDone tells how many interviews accounts have that hold nobody back, and how many came from a device; nil for no accounts.
func readDone(ctx context.Context, tx *sql.Tx, id, device string, accounts []string) (map[string]delivery.Done, error) {
	if len(accounts) == 0 {
		return nil, nil
	}
	done := make(map[string]delivery.Done, len(accounts))
	for part := range slices.Chunk(accounts, softRows) {
		args := []any{id}
		for _, account := range part {
			done[account] = delivery.Done{}
			args = append(args, account)
		}
		err := eachRow(ctx, tx, func(rows *sql.Rows) error {
			var account string
			var d delivery.Done
			err := rows.Scan(&account, &d.Counted)
			done[account] = d
			return err
		}, `SELECT quota, used FROM quota_used WHERE study = $1 AND quota IN `+marks(2, len(part)), args...)
		if err != nil {
			return nil, fmt.Errorf("reading the quotas: %w", err)
		}
	}
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var account string
		var own int
		err := rows.Scan(&account, &own)
		if d, asked := done[account]; asked {
			d.Own = own
			done[account] = d
		}
		return err
	}, `SELECT c.quota, SUM(c.n) FROM quota_come c JOIN epochs e ON e.id = c.epoch WHERE c.study = $1 AND e.device = $2 GROUP BY c.quota`, id, device)
	return done, wrap("reading what has come", err)
}
