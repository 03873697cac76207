package agent_test

import (
	"context"
	"database/sql"
	"testing"

	"parvis/internal/delivery"
)

// row is one line of the device's outbox as its file has it.
type row struct {
	state, reason string
	body          []byte
}

func (d *device) rows(t testing.TB) map[delivery.Identity]row {
	t.Helper()
	all := d.outbox(t)
	for id, r := range all {
		var err error
		if r.body, err = d.Record(context.Background(), id.ID, id.Revision); err != nil {
			t.Fatal(err)
		}
		all[id] = r
	}
	return all
}

// outbox is what rows are without their bodies.
func (d *device) outbox(t testing.TB) map[delivery.Identity]row {
	t.Helper()
	all := map[delivery.Identity]row{}
	err := d.Read(context.Background(), "read the outbox", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, revision, sha256, state, coalesce(reason, '') FROM outbox`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id delivery.Identity
			var r row
			if err := rows.Scan(&id.ID, &id.Revision, &id.SHA256, &r.state, &r.reason); err != nil {
				return err
			}
			all[id] = r
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func states(rows map[delivery.Identity]row) map[string]int {
	count := map[string]int{}
	for _, r := range rows {
		count[r.state]++
	}
	return count
}
