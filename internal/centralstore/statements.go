package centralstore

import (
	"context"
	"database/sql"
)

// statements are those that every batch runs many times.
type statements struct {
	known, store, advance, deviceChange *sql.Stmt
}

func (h *statements) prepare(ctx context.Context, under engine) (err error) {
	for _, one := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&h.known, `SELECT revision, kind, device, sha256 FROM records WHERE study = $1 AND id = $2`},
		{&h.store, `INSERT INTO records (study, id, revision, n, kind, device, epoch, seq, sha256, interviewer, site, received_at, skew_ms, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`},
		{&h.advance, `UPDATE studies SET feed = feed + $1, interviews = interviews + $2 WHERE id = $3 RETURNING feed`},
		{&h.deviceChange, `UPDATE device_studies SET n = $1 WHERE study = $2 AND device = $3`},
	} {
		if *one.into, err = under.prepare(ctx, one.query); err != nil {
			return err
		}
	}
	return nil
}
