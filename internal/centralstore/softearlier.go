package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// earlierPage is how many interviews are counted in one transaction; after each earlierTold of them the log says so.
const earlierPage, earlierTold = 500, 50_000

// countEarlier counts the interviews that came before constraints which hold nobody back were counted: once, page by page, and from where it
// was when it was ended on the way.
func (s *store) countEarlier(ctx context.Context) error {
	if s.p.upTo != 0 { // a schema that may be an older one
		return nil
	}
	counted := 0
	for more := true; more; {
		var n int
		if err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
			n, more, err = s.countPage(ctx, tx)
			return err
		}); err != nil {
			return fmt.Errorf("counting what came before: %w", err)
		}
		if counted += n; n > 0 && counted/earlierTold != (counted-n)/earlierTold {
			s.p.Logger.InfoContext(ctx, "counting earlier interviews in soft quotas, once; central serves when it is done", "counted", counted)
		}
	}
	return nil
}

// countPage counts some, and returns how many; more tells that there may be others.
func (s *store) countPage(ctx context.Context, tx *sql.Tx) (n int, more bool, err error) {
	var id, upto string
	err = tx.QueryRowContext(ctx, `SELECT study FROM quota_uncounted ORDER BY study LIMIT 1`).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	if _, err := s.advance(ctx, tx, id, 0, 0); err != nil {
		return 0, false, err
	}
	err = tx.QueryRowContext(ctx, `SELECT upto FROM quota_uncounted WHERE study = $1`, id).Scan(&upto)
	if errors.Is(err, sql.ErrNoRows) { // another process was quicker
		return 0, true, nil
	}
	if err != nil {
		return 0, false, err
	}
	def, err := newestStudy(ctx, tx, id)
	if err != nil {
		return 0, false, err
	}
	var page []earlier
	if slices.ContainsFunc(def.Quotas, func(q study.Quota) bool { return q.Kind != study.Hard }) {
		if page, err = readEarlier(ctx, tx, id, upto); err != nil {
			return 0, false, err
		}
	}
	if err := countSoft(ctx, tx, def, page); err != nil {
		return 0, false, err
	}
	if len(page) < earlierPage {
		_, err = tx.ExecContext(ctx, `DELETE FROM quota_uncounted WHERE study = $1`, id)
		return len(page), true, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE quota_uncounted SET upto = $1 WHERE study = $2`, page[len(page)-1].id, id)
	return len(page), true, err
}

// earlier is an interview by its newest revision.
type earlier struct {
	quota.Filed
	id, epoch string
	cells     []string
}

func readEarlier(ctx context.Context, tx *sql.Tx, id, upto string) (page []earlier, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var e earlier
		var state, review string
		var decided int
		r := delivery.Record{Kind: delivery.KindInterview}
		if err := rows.Scan(&e.id, &e.Revision, &e.epoch, &r.Body, &state, &review, &decided); err != nil {
			return err
		}
		if known, err := readBody(r); err == nil { // else a version could read it that stored it
			e.cells = known.cells
		}
		e.Rejected = delivery.StateNow(delivery.ReviewState(review), decided, e.Revision) == delivery.ReviewRejected
		if state != "" {
			e.Filed = quota.Filed{}
			if err := json.Unmarshal([]byte(state), &e.Filed); err != nil {
				return err
			}
		}
		page = append(page, e)
		return nil
	}, `SELECT r.id, r.revision, COALESCE(f.epoch, r.epoch), r.body, COALESCE(f.state, ''), COALESCE(v.state, ''), COALESCE(v.revision, 0) FROM records r
		LEFT JOIN filed f ON f.study = r.study AND f.id = r.id LEFT JOIN reviews v ON v.study = r.study AND v.record = r.id
		WHERE r.study = $1 AND r.id > $2 AND r.kind = $3
			AND NOT EXISTS (SELECT 1 FROM records newer WHERE newer.study = r.study AND newer.id = r.id AND newer.revision > r.revision)
		ORDER BY r.id LIMIT $4`, id, upto, string(delivery.KindInterview), earlierPage)
	return page, err
}

// countSoft files interviews where nobody is held back.
func countSoft(ctx context.Context, tx *sql.Tx, def *study.Study, page []earlier) error {
	book, err := openBook(ctx, tx, def.ID, nil)
	if err != nil {
		return err
	}
	for _, e := range page {
		for _, q := range e.cells {
			if isSoft(def, q) {
				book.ledger.Soften(q)
			}
		}
		came := book.coming(e.epoch, &e.Filed)
		book.ledger.FileSoft(&e.Filed, e.cells)
		came()
		if len(e.Soft) == 0 {
			continue
		}
		state, err := json.Marshal(e.Filed)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO filed (study, id, epoch, state, spent) VALUES ($1, $2, $3, $4, '')
			ON CONFLICT (study, id) DO UPDATE SET state = excluded.state`, def.ID, e.id, e.epoch, string(state)); err != nil {
			return err
		}
	}
	return book.save(ctx, tx)
}
