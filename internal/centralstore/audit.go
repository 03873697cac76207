package centralstore

import (
	"context"
	"database/sql"
	"fmt"
)

// audit writes a line into the audit log, in the transaction of what it tells about.
func (s *store) audit(ctx context.Context, tx *sql.Tx, actor, action, study, subject, detail string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO audit (at, actor, action, study, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.now(), actor, action, study, subject, detail)
	if err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}

func (s *store) Audit(ctx context.Context, limit int) ([]AuditEntry, error) {
	var entries []AuditEntry
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT at, actor, action, study, subject, detail FROM audit ORDER BY n DESC LIMIT $1`, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e AuditEntry
			if err := rows.Scan(&e.At, &e.Actor, &e.Action, &e.Study, &e.Subject, &e.Details); err != nil {
				return err
			}
			entries = append(entries, e)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	return entries, nil
}
