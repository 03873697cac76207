package desk

import (
	"context"
	"database/sql"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/quota"
	"parvis/internal/study"
)

// Board is a study at a glance.
type Board struct {
	// Study has the targets in force, not the workbook's.
	Study study.Study
	Lines []quota.Line
	// Counts are what the lines were made of: of every day and wave.
	Counts []quota.Count
	// Today are the figures of the day asked for.
	Today Day
	// States are how constraints stand at central, by account, as of StatesAt (milliseconds UTC of central's clock); none where it has not
	// said. Aims are the targets in force, Open the decisions about them that central has not answered, the oldest first.
	States   map[string]delivery.QuotaState
	StatesAt int64
	Aims     map[string]delivery.Aim
	Open     []Unanswered
	// Outcomes counts interviews that are not void by site and disposition.
	Outcomes map[string]map[interview.Disposition]int
	// Completes is the sum of complete interviews.
	Completes int
	// Provisional are complete interviews that wait for somebody to accept them; they stand in no other count here.
	Provisional int
	// ReceivedAt is when central received the latest of what is here, milliseconds UTC of central's clock; 0 for nothing.
	ReceivedAt int64
}

// Board reads counts only, never interviews. day is the date whose figures stand apart, such as 2026-11-24, and
// whose targets for each day or wave are meant; empty for the present one.
func (s *Store) Board(ctx context.Context, studyID, day string) (b Board, err error) {
	if b.Study, err = s.Study(ctx, studyID); err != nil {
		return b, err
	}
	if day == "" {
		day = study.DayOf(s.p.Now())
	}
	b.Outcomes = map[string]map[interview.Disposition]int{}
	err = s.Read(ctx, "read the board", func(ctx context.Context, tx *sql.Tx) error {
		if b.Counts, err = quotaCounts(ctx, tx, studyID); err != nil {
			return err
		}
		if err := b.steered(ctx, tx); err != nil {
			return err
		}
		b.Lines = quota.Board(b.Study, b.Counts, quota.Shown{Day: day})
		if err := tx.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM latest WHERE name = 'received_at'), 0)`).Scan(&b.ReceivedAt); err != nil {
			return err
		}
		if b.Today, err = dayOfBoard(ctx, tx, studyID, day, b.ReceivedAt); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM interview WHERE study = ? AND provisional AND void = 0 AND review <> 'rejected'`, studyID).
			Scan(&b.Provisional); err != nil {
			return err
		}
		return b.outcomes(ctx, tx, studyID)
	})
	return b, err
}

// steered reads how the constraints stand at central and puts the targets in force in the study.
func (b *Board) steered(ctx context.Context, tx *sql.Tx) error {
	states, err := quotaStates(ctx, tx, b.Study.ID)
	if err != nil {
		return err
	}
	b.StatesAt, b.States = states.At, map[string]delivery.QuotaState{}
	for _, q := range states.Quotas {
		b.States[q.Name] = q
	}
	if b.Aims, b.Open, err = aims(ctx, tx, b.Study, states); err != nil {
		return err
	}
	b.Study.Quotas = slices.Clone(b.Study.Quotas)
	for i, q := range b.Study.Quotas {
		b.Study.Quotas[i].Target = b.Aims[q.Name].Target
	}
	return nil
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
	}, `SELECT cell, site, n FROM quota_count WHERE study = ? AND day = '' AND n <> 0`, studyID)
	return counts, err
}
