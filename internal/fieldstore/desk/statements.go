package desk

import (
	"context"
	"database/sql"

	"parvis/internal/sqlitefile"
)

// statements are those every pulled record runs; preparing them once makes the first pull of a large study several times faster.
type statements struct {
	have, keepRecord, keepLatest, keepInterview, keepShift *sql.Stmt
	countInterview, countSite, countQuota, countContact    *sql.Stmt
	isApart, isDecided                                     *sql.Stmt
	watched, effort, output, keepFact, dropFact, unsummed  *sql.Stmt
	keepForm                                               *sql.Stmt
}

func prepare(ctx context.Context, f *sqlitefile.File) (*statements, error) {
	var h statements
	for _, s := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&h.have, `SELECT revision, body FROM record WHERE id = ?`},
		{&h.keepRecord, `INSERT INTO record (id, kind, revision, study, device, interviewer, epoch, seq, received_at, skew_ms, body)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, device = excluded.device, interviewer = excluded.interviewer,
				epoch = excluded.epoch, seq = excluded.seq, received_at = excluded.received_at, skew_ms = excluded.skew_ms, body = excluded.body`},
		{&h.keepLatest, `INSERT INTO latest (name, value) VALUES ('received_at', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)`},
		{&h.keepInterview, `INSERT INTO interview (id, study, day, site, entrance, interviewer, language, disposition, void,
			started_utc, started_offset, duration_ms, review, draw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?13, ?14)
			ON CONFLICT (id) DO UPDATE SET language = excluded.language, disposition = excluded.disposition,
				void = excluded.void, duration_ms = excluded.duration_ms, review = iif(review IN ('', 'open'), ?13, review)`},
		{&h.isApart, `SELECT EXISTS (SELECT 1 FROM interview WHERE id = ? AND ` + isApart + `)`},
		{&h.isDecided, `SELECT EXISTS (SELECT 1 FROM decision WHERE study = ? AND subject = ?)`},
		{&h.keepShift, `INSERT INTO shift (id, study, day, interviewer, site, passed, open) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET passed = excluded.passed, open = excluded.open`},
		{&h.countInterview, `INSERT INTO interview_count (study, day, interviewer, disposition, n) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (study, day, interviewer, disposition) DO UPDATE SET n = n + ?5`},
		{&h.countSite, `INSERT INTO site_count (study, site, disposition, n) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (study, site, disposition) DO UPDATE SET n = n + ?4`},
		{&h.countQuota, `INSERT INTO quota_count (study, day, cell, site, n) VALUES (?1, ?2, ?3, ?4, ?5), (?1, '', ?3, ?4, ?5)
			ON CONFLICT (study, day, cell, site) DO UPDATE SET n = n + excluded.n`},
		{&h.countContact, `INSERT INTO contact_count (study, day, interviewer, disposition, class, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
			ON CONFLICT (study, day, interviewer, disposition, class) DO UPDATE SET n = n + ?6`},
		{&h.watched, `DELETE FROM unwatched WHERE id = ?`},
		{&h.effort, `INSERT INTO effort (study, day, site, interviewer, disposition, class, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7), (?1, '', ?3, ?4, ?5, ?6, ?7)
			ON CONFLICT (study, day, site, interviewer, disposition, class) DO UPDATE SET n = n + excluded.n`},
		{&h.output, `INSERT INTO output (study, day, site, interviewer, completes, worked_ms, passed, open)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8), (?1, '', ?3, ?4, ?5, ?6, ?7, ?8)
			ON CONFLICT (study, day, site, interviewer) DO UPDATE SET completes = completes + excluded.completes,
				worked_ms = worked_ms + excluded.worked_ms, passed = passed + excluded.passed, open = open + excluded.open`},
		{&h.keepFact, `INSERT INTO interview_fact (id, study, site, interviewer, day, draw, form, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET form = excluded.form, facts = excluded.facts`},
		{&h.dropFact, `DELETE FROM interview_fact WHERE id = ?`},
		{&h.unsummed, `INSERT INTO unsummed (study, interviewer) VALUES (?, ?) ON CONFLICT DO NOTHING`},
		{&h.keepForm, `INSERT INTO device_form (study, device, version, started_utc) VALUES (?, ?, ?, ?) ON CONFLICT (study, device)
			DO UPDATE SET version = excluded.version, started_utc = excluded.started_utc WHERE excluded.started_utc >= started_utc`},
	} {
		stmt, err := f.Prepare(ctx, s.query)
		if err != nil {
			return nil, err
		}
		*s.to = stmt
	}
	return &h, nil
}

func run(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, args ...any) error {
	_, err := tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	return err
}
