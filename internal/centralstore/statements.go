package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// statements are those that every batch runs many times.
type statements struct {
	advance, deviceChange *sql.Stmt
	// known and store take as many records as the key says.
	known, store map[int]*sql.Stmt
}

// sizes are how many records go with one statement: each is prepared, so there are few.
func sizes() []int { return []int{50, 10, 1} }

// together is the largest size that n records fill.
func together(n int) int {
	for _, size := range sizes() {
		if size <= n {
			return size
		}
	}
	return 1
}

func (h *statements) prepare(ctx context.Context, under engine) (err error) {
	h.known, h.store = map[int]*sql.Stmt{}, map[int]*sql.Stmt{}
	for _, size := range sizes() {
		if h.known[size], err = under.prepare(ctx, `SELECT id, revision, kind, device, sha256 FROM records WHERE study = $1 AND id IN `+marks(2, size)); err != nil {
			return err
		}
		if h.store[size], err = under.prepare(ctx, insertRecords(size)); err != nil {
			return err
		}
	}
	if h.advance, err = under.prepare(ctx, `UPDATE studies SET feed = feed + $1, interviews = interviews + $2 WHERE id = $3 RETURNING feed`); err != nil {
		return err
	}
	h.deviceChange, err = under.prepare(ctx, `UPDATE device_studies SET n = $1 WHERE study = $2 AND device = $3`)
	return err
}

func insertRecords(count int) string {
	const columns = 14
	rows := make([]string, count)
	for i := range rows {
		rows[i] = marks(1+i*columns, columns)
	}
	return `INSERT INTO records (study, id, revision, n, kind, device, epoch, seq, sha256, interviewer, site, received_at, skew_ms, body) VALUES ` +
		strings.Join(rows, ", ")
}

// marks are numbered parameters in brackets.
func marks(first, count int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", first+i)
	}
	return "(" + strings.Join(all, ", ") + ")"
}
