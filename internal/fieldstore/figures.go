package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/interview"
)

// ShiftFigures is a shift in numbers.
type ShiftFigures struct {
	Passed     int // persons counted
	Approached int // contacts, those in progress included
	Completes  int
	// Selected is the count of passers-by at which the present sampling interval began: that of the last contact, or of the start.
	// Persons that a correction added since did not pass before the interviewer's eyes, so the beginning moves with them.
	Selected int
	// ByDisposition counts contacts by outcome, Tally by class; Rates come from Tally.
	ByDisposition map[interview.Disposition]int
	Tally         interview.Tally
	Rates         interview.Rates
}

// ShiftFigures counts a shift. Contacts that were taken back count for nothing.
func (s *Store) ShiftFigures(ctx context.Context, shift string) (f ShiftFigures, err error) {
	f.ByDisposition = map[interview.Disposition]int{}
	err = s.Read(ctx, "count the shift", func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT passed FROM shift WHERE id = ?`, shift).Scan(&f.Passed); err != nil {
			return err
		}
		if f.Selected, err = s.selected(ctx, tx, shift); err != nil {
			return err
		}
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var d interview.Disposition
			var class interview.Class
			var n int
			if err := rows.Scan(&d, &class, &n); err != nil {
				return err
			}
			if d != interview.NotApproached {
				f.Approached += n
			}
			f.ByDisposition[d] += n
			f.Tally.Add(class, n)
			return nil
		}, `SELECT disposition, class, count(*) FROM contact WHERE shift = ? AND NOT void GROUP BY disposition, class`, shift)
	})
	f.Completes = f.ByDisposition[interview.Complete]
	f.Rates = f.Tally.Rates()
	return f, err
}

// selected goes by the order in which things were kept, since the clock may have been set back.
func (s *Store) selected(ctx context.Context, tx *sql.Tx, shift string) (int, error) {
	last, err := noneAsEmpty(tx.QueryRowContext(ctx, `SELECT id FROM contact WHERE shift = ? AND NOT void ORDER BY rowid DESC LIMIT 1`, shift))
	if err != nil {
		return 0, err
	}
	passed := 0
	if last != "" {
		c, err := s.readContact(ctx, tx, last)
		if err != nil {
			return 0, err
		}
		passed = c.Passed
	}
	corrected := 0
	err = tx.QueryRowContext(ctx, `SELECT coalesce(sum(after - before), 0) FROM correction WHERE shift = ?1 AND contacts >=
		(SELECT count(*) FROM contact WHERE shift = ?1 AND rowid <= (SELECT rowid FROM contact WHERE id = ?2))`, shift, last).Scan(&corrected)
	return passed + corrected, err
}

// Outlook is what there is to say about delivery at a glance.
type Outlook struct {
	ToFinish          int // drafts, practice left out
	InterviewsWaiting int
	RecordsWaiting    int // interviews included
	PicturesWaiting   int // of ended interviews, but for the quarantined ones
	Quarantined       int // records
	Elsewhere         int // records of RecordsWaiting that belong to another central than the present one
	// WithLaptop is what of RecordsWaiting lies with the supervisor's laptop too.
	WithLaptop WithLaptop
	LastSent   int64 // when central last acknowledged a record, milliseconds UTC of this device's clock; 0 for never
}

// Outlook counts what waits, over all studies.
func (s *Store) Outlook(ctx context.Context) (o Outlook, err error) {
	err = s.Read(ctx, "count what waits", func(ctx context.Context, tx *sql.Tx) error {
		if o.WithLaptop, err = withLaptop(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM draft WHERE NOT practice),
			count(DISTINCT id) FILTER (WHERE state <> 'quarantined' AND kind = 'interview'),
			count(*) FILTER (WHERE state <> 'quarantined'),
			count(*) FILTER (WHERE state = 'quarantined'),
			count(*) FILTER (WHERE state <> 'quarantined' AND epoch NOT IN `+here+`),
			(SELECT coalesce(max(answered), 0) FROM outbox WHERE state = 'sent'),
			(SELECT count(*)`+toSend+` AND o.state <> 'quarantined')
			FROM `+unsent+` WHERE state <> 'sent'`).
			Scan(&o.ToFinish, &o.InterviewsWaiting, &o.RecordsWaiting, &o.Quarantined, &o.Elsewhere, &o.LastSent, &o.PicturesWaiting)
	})
	return o, err
}
