package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// keepDone takes up how constraints that are not hard are filled, as central told; where it is an older one, which does not tell, what is
// known stays.
func keepDone(ctx context.Context, tx *sql.Tx, a delivery.LeaseAnswer) error {
	if a.Done == nil {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM done WHERE study = ?`, a.Study); err != nil {
		return err
	}
	counts, err := ownCounts(ctx, tx, a.Study)
	if err != nil {
		return err
	}
	var w awaited
	if err := tx.QueryRowContext(ctx, `SELECT count(DISTINCT id), count(DISTINCT id) FILTER (WHERE revision > 1) FROM `+unsent+`
		WHERE state <> 'sent' AND kind = 'interview' AND study = ? AND epoch IN `+here, a.Study).Scan(&w.interviews, &w.corrections); err != nil {
		return err
	}
	for account, d := range a.Done {
		if _, err := tx.ExecContext(ctx, `INSERT INTO done (study, quota, epoch, counted, own) VALUES (?, ?, ?, ?, ?)`,
			a.Study, account, a.Epoch, d.Counted, counts[account]-w.among(counts[account]-d.Own)); err != nil {
			return err
		}
	}
	return nil
}

// awaited are a study's interviews for which no receipt is here.
type awaited struct{ interviews, corrections int }

// among is how many own interviews of an account central has yet to hear of, where so many more are here than have come; a correction that
// goes elsewhere is one less. What lies beyond those awaited is not on its way: another life of this device sent it, or it was made for
// another central.
func (w awaited) among(more int) int { return min(max(more, -w.corrections), w.interviews) }

// QuotaCounts returns how many completed interviews fall in each of a study's quota constraints, by account: what the present central said
// last and the own ones that it had not then, corrections included; the own ones alone where it has said nothing, as of hard constraints,
// whose rights Quotas tells.
func (s *Store) QuotaCounts(ctx context.Context, study string) (done map[string]int, err error) {
	err = s.Read(ctx, "count the quotas", func(ctx context.Context, tx *sql.Tx) error {
		if done, err = ownCounts(ctx, tx, study); err != nil {
			return err
		}
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var account string
			var counted, own int
			err := rows.Scan(&account, &counted, &own)
			done[account] = max(counted+done[account]-own, 0)
			return err
		}, `SELECT quota, counted, own FROM done WHERE study = ? AND epoch IN `+here, study)
	})
	return done, err
}

// ownCounts are the completed interviews of this device.
func ownCounts(ctx context.Context, tx *sql.Tx, study string) (own map[string]int, err error) {
	own = map[string]int{}
	return own, Each(ctx, tx, func(rows *sql.Rows) error {
		var cell string
		var n int
		err := rows.Scan(&cell, &n)
		own[cell] = n
		return err
	}, `SELECT cell, n FROM quota_count WHERE study = ? AND n > 0`, study)
}
