package desk

import (
	"context"
	"database/sql"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Board is a study at a glance.
type Board struct {
	Study study.Study
	Lines []quota.Line
	// Outcomes counts interviews that are not void by site and disposition.
	Outcomes map[string]map[interview.Disposition]int
	// Completes is the sum of complete interviews.
	Completes int
	// ReceivedAt is when central received the latest of what is here, milliseconds UTC of central's clock; 0 for nothing.
	ReceivedAt int64
}

// Board reads counts only, never interviews.
func (s *Store) Board(ctx context.Context, studyID string) (b Board, err error) {
	if b.Study, err = s.Study(ctx, studyID); err != nil {
		return b, err
	}
	b.Outcomes = map[string]map[interview.Disposition]int{}
	err = s.Read(ctx, "read the board", func(ctx context.Context, tx *sql.Tx) error {
		counts, err := quotaCounts(ctx, tx, studyID)
		if err != nil {
			return err
		}
		b.Lines = quota.Board(b.Study, counts)
		if err := tx.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM latest WHERE name = 'received_at'), 0)`).Scan(&b.ReceivedAt); err != nil {
			return err
		}
		return b.outcomes(ctx, tx, studyID)
	})
	return b, err
}

func (b *Board) outcomes(ctx context.Context, tx *sql.Tx, studyID string) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var site string
		var d interview.Disposition
		var n int
		if err := rows.Scan(&site, &d, &n); err != nil {
			return err
		}
		if b.Outcomes[site] == nil {
			b.Outcomes[site] = map[interview.Disposition]int{}
		}
		b.Outcomes[site][d] = n
		if d == interview.Complete {
			b.Completes += n
		}
		return nil
	}, `SELECT site, disposition, n FROM site_count WHERE study = ? AND n <> 0`, studyID)
}

func quotaCounts(ctx context.Context, tx *sql.Tx, studyID string) (counts []quota.Count, err error) {
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var c quota.Count
		err := rows.Scan(&c.Constraint, &c.Site, &c.N)
		counts = append(counts, c)
		return err
	}, `SELECT cell, site, n FROM quota_count WHERE study = ? AND n <> 0`, studyID)
	return counts, err
}
