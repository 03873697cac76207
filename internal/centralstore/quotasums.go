package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parvis/internal/quota"
	"parvis/internal/study"
)

// quotaSums are what stands in quota_used and quota_come, by what it is of; nothing is 0.
type quotaSums map[quotaSum]int

// quotaSum names one of the figures.
type quotaSum struct {
	study, quota string
	what         string // sumUsed, sumProvisional, or the epoch of which interviews have come
}

const (
	sumUsed        = "used"
	sumProvisional = "provisional"
	sumCome        = "come "
)

// readQuotaSums reads them as they were kept while interviews came.
func readQuotaSums(ctx context.Context, tx *sql.Tx) (sums quotaSums, err error) {
	sums = quotaSums{}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id, name string
		var used, provisional int
		err := rows.Scan(&id, &name, &used, &provisional)
		sums.add(quotaSum{id, name, sumUsed}, used)
		sums.add(quotaSum{id, name, sumProvisional}, provisional)
		return err
	}, `SELECT study, quota, used, provisional FROM quota_used`)
	if err != nil {
		return nil, fmt.Errorf("reading the quotas: %w", err)
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id, epoch, name string
		var n int
		err := rows.Scan(&id, &epoch, &name, &n)
		sums.add(quotaSum{id, name, sumCome + epoch}, n)
		return err
	}, `SELECT study, epoch, quota, n FROM quota_come`)
	return sums, wrap("reading what has come", err)
}

// sumQuotas makes them anew from where each interview counts.
func sumQuotas(ctx context.Context, tx *sql.Tx) (sums quotaSums, err error) {
	sums = quotaSums{}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var id, epoch, state string
		if err := rows.Scan(&id, &epoch, &state); err != nil {
			return err
		}
		var f quota.Filed
		if err := json.Unmarshal([]byte(state), &f); err != nil {
			return err
		}
		sums.file(id, epoch, f)
		return nil
	}, `SELECT study, epoch, state FROM filed`)
	return sums, wrap("reading where interviews count", err)
}

func (s quotaSums) add(of quotaSum, n int) {
	if s[of] += n; s[of] == 0 {
		delete(s, of)
	}
}

// file adds one interview.
func (s quotaSums) file(id, epoch string, f quota.Filed) {
	for _, q := range f.Counted {
		s.add(quotaSum{id, q, sumUsed}, 1)
	}
	for _, q := range f.Soft {
		s.add(quotaSum{id, q, sumCome + epoch}, 1)
		if !f.Rejected && !f.Provisional() {
			s.add(quotaSum{id, q, sumUsed}, 1)
		}
	}
	if f.Provisional() {
		for _, q := range f.Cells {
			s.add(quotaSum{id, q, sumProvisional}, 1)
		}
	}
}

// examineQuotas adds up anew where each interview counts, and compares with what devices and supervisors are told. Of a quota that the
// newest version of its study has not, nobody is told.
func (s *store) examineQuotas(ctx context.Context, say func(Grade, string, ...any)) error {
	return s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		differ, err := readQuotaSums(ctx, tx)
		if err != nil {
			return err
		}
		figures := len(differ)
		anew, err := sumQuotas(ctx, tx)
		if err != nil {
			return err
		}
		for of, n := range anew {
			differ.add(of, -n)
		}
		if err := differ.onlyPresent(ctx, tx); err != nil {
			return err
		}
		if len(differ) == 0 {
			say(Well, "%d figures of quotas are the sums of their interviews", figures)
			return nil
		}
		studies := map[string]bool{}
		for of := range differ {
			studies[of.study] = true
		}
		say(Ill, "%d figures of quotas are not the sums of their interviews, in %s; central recount puts them right",
			len(differ), strings.Join(slices.Sorted(maps.Keys(studies)), ", "))
		return nil
	})
}

// onlyPresent leaves out quotas that the newest version of their study has not.
func (s quotaSums) onlyPresent(ctx context.Context, tx *sql.Tx) error {
	known := map[string]*study.Study{}
	for of := range s {
		def := known[of.study]
		if def == nil {
			var err error
			if def, err = newestStudy(ctx, tx, of.study); err != nil {
				return err
			}
			known[of.study] = def
		}
		name, _ := study.ParseAccount(of.quota)
		if !slices.ContainsFunc(def.Quotas, func(q study.Quota) bool { return q.Name == name }) {
			delete(s, of)
		}
	}
	return nil
}

// recountQuotas makes the figures anew; the studies' rows are held.
func recountQuotas(ctx context.Context, tx *sql.Tx) error {
	sums, err := sumQuotas(ctx, tx)
	if err != nil {
		return err
	}
	for _, clear := range []string{`DELETE FROM quota_used`, `DELETE FROM quota_come`} {
		if _, err := tx.ExecContext(ctx, clear); err != nil {
			return fmt.Errorf("counting anew: %w", err)
		}
	}
	for of, n := range sums {
		query, args := `INSERT INTO quota_come (study, epoch, quota, n) VALUES ($1, $2, $3, $4)`, []any{of.study, strings.TrimPrefix(of.what, sumCome), of.quota, n}
		switch of.what {
		case sumUsed:
			query, args = `INSERT INTO quota_used (study, quota, used, provisional) VALUES ($1, $2, $3, 0)
				ON CONFLICT (study, quota) DO UPDATE SET used = excluded.used`, []any{of.study, of.quota, n}
		case sumProvisional:
			query, args = `INSERT INTO quota_used (study, quota, used, provisional) VALUES ($1, $2, 0, $3)
				ON CONFLICT (study, quota) DO UPDATE SET provisional = excluded.provisional`, []any{of.study, of.quota, n}
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("counting anew: %w", err)
		}
	}
	return nil
}
