package centralstore

import (
	"context"
	"database/sql"
	"fmt"

	"parvis/internal/delivery"
)

// place is where a record stands: its id means something within its study.
type place struct{ study, id string }

// kept is a revision that the database has.
type kept struct {
	revision       int
	kind           delivery.Kind
	device, sha256 string
}

// look reads what the database has of all the records that may be stored, many with one statement.
func (b *batch) look(ctx context.Context, tx *sql.Tx) error {
	b.here = map[place][]kept{}
	ids := map[string][]string{}
	for _, r := range b.records {
		if r.cause == "" {
			ids[r.Study] = append(ids[r.Study], r.ID)
		}
	}
	for _, study := range b.p.Who.Studies {
		for rest := ids[study]; len(rest) > 0; {
			n := together(len(rest))
			args := []any{study}
			for _, id := range rest[:n] {
				args = append(args, id)
			}
			if err := b.lookFor(ctx, tx, study, b.s.hot.known[n], args); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return nil
}

func (b *batch) lookFor(ctx context.Context, tx *sql.Tx, study string, query *sql.Stmt, args []any) error {
	rows, err := tx.StmtContext(ctx, query).QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("looking for the records: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		at, h := place{study: study}, kept{}
		if err := rows.Scan(&at.id, &h.revision, &h.kind, &h.device, &h.sha256); err != nil {
			return fmt.Errorf("looking for the records: %w", err)
		}
		b.here[at] = append(b.here[at], h)
	}
	return wrap("looking for the records", rows.Err())
}

// known is what the database and the batch itself say about a record's id.
type known struct {
	same  bool
	cause Cause
	first bool // no revision of the record was here
}

func (k *known) meet(r *checked, device string, h kept) {
	k.first = false
	switch {
	case h.revision == r.Revision && h.sha256 == r.SHA256:
		k.same = true
	case h.device != device:
		k.cause = OtherDevice
	case h.kind != r.Kind:
		k.cause = OtherKindHere
	case h.revision == r.Revision:
		k.cause = OtherBytes
	}
}

func (b *batch) known(r *checked) known {
	k := known{first: true}
	device := b.p.Who.Device
	for _, i := range b.fresh {
		if other := b.records[i]; other.ID == r.ID && other.Study == r.Study {
			k.meet(r, device, kept{other.Revision, other.Kind, device, other.SHA256})
		}
	}
	for _, h := range b.here[place{r.Study, r.ID}] {
		k.meet(r, device, h)
	}
	r.first = k.first
	return k
}

// inserts gathers rows of records, so that many go with one statement.
type inserts struct {
	b    *batch
	rows [][]any
}

func (w *inserts) add(r checked, n int64) {
	b := w.b
	w.rows = append(w.rows, []any{
		r.Study, r.ID, r.Revision, n, string(r.Kind), b.p.Who.Device, r.Epoch, r.Seq, r.SHA256, b.epochs[r.Epoch], r.site, b.now,
		b.p.Skew.Milliseconds(), []byte(r.Body),
	})
}

func (w *inserts) flush(ctx context.Context, tx *sql.Tx) error {
	for len(w.rows) > 0 {
		n := together(len(w.rows))
		var args []any
		for _, row := range w.rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.StmtContext(ctx, w.b.s.hot.store[n]).ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("storing records: %w", err)
		}
		w.rows = w.rows[n:]
	}
	return nil
}
