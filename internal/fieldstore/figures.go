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
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var d interview.Disposition
			var class interview.Class
			var n int
			if err := rows.Scan(&d, &class, &n); err != nil {
				return err
			}
			f.Approached += n
			f.ByDisposition[d] += n
			f.Tally.Add(class, n)
			return nil
		}, `SELECT disposition, class, count(*) FROM contact WHERE shift = ? AND NOT void GROUP BY disposition, class`, shift)
	})
	f.Completes = f.ByDisposition[interview.Complete]
	f.Rates = f.Tally.Rates()
	return f, err
}

// Outlook is what there is to say about delivery at a glance.
type Outlook struct {
	ToFinish          int // drafts, practice left out
	InterviewsWaiting int
	RecordsWaiting    int   // interviews included
	PicturesWaiting   int   // of ended interviews, but for the quarantined ones
	Quarantined       int   // records
	Elsewhere         int   // records of RecordsWaiting that belong to another central than the present one
	LastSent          int64 // when central last acknowledged a record, milliseconds UTC of this device's clock; 0 for never
}

// Outlook counts what waits, over all studies.
func (s *Store) Outlook(ctx context.Context) (o Outlook, err error) {
	err = s.Read(ctx, "count what waits", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM draft WHERE NOT practice),
			count(*) FILTER (WHERE state <> 'quarantined' AND kind = 'interview'),
			count(*) FILTER (WHERE state <> 'quarantined'),
			count(*) FILTER (WHERE state = 'quarantined'),
			count(*) FILTER (WHERE state <> 'quarantined' AND epoch NOT IN `+here+`),
			(SELECT coalesce(max(answered), 0) FROM outbox WHERE state = 'sent'),
			(SELECT count(*)`+toSend+` AND o.state <> 'quarantined')
			FROM outbox WHERE state <> 'sent'`).
			Scan(&o.ToFinish, &o.InterviewsWaiting, &o.RecordsWaiting, &o.Quarantined, &o.Elsewhere, &o.LastSent, &o.PicturesWaiting)
	})
	return o, err
}
