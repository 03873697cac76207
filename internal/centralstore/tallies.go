package centralstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// Tally is how many records of a kind, by their newest revisions, came out in one way on one day.
type Tally struct {
	Study       string
	Day         string // of the place where it was, 2026-11-24
	Site        string
	Interviewer string
	Kind        delivery.Kind         // shift, contact or interview
	Disposition interview.Disposition // "" for shifts
	Count       int
}

// tallies are changes of the table of that name, which is kept beside the records so that reports need not read them. The table is
// made of the records and of nothing else: Doctor counts again and compares.
type tallies map[Tally]int

func (t tallies) add(k Tally, by int) { t[k] += by }

func tallyOf(kind delivery.Kind, study, interviewer string, e essence) (Tally, bool) {
	if e.at.IsZero() {
		return Tally{}, false
	}
	year := e.at.Time().Year()
	day := "unknown" // a clock that lies beyond every calendar
	if year > 0 && year < 10000 {
		day = e.at.Time().Format(time.DateOnly)
	}
	return Tally{Study: study, Day: day, Site: storable(e.site), Interviewer: interviewer, Kind: kind, Disposition: e.disposition}, true
}

// count notes what a new record changes in the tallies: a further revision takes the place of the newest one before it.
func (b *batch) count(ctx context.Context, tx *sql.Tx, r checked) error {
	if !r.first {
		before := delivery.Record{Kind: r.Kind}
		var interviewer string
		err := tx.QueryRowContext(ctx, `SELECT revision, interviewer, body FROM records WHERE study = $1 AND id = $2 ORDER BY revision DESC LIMIT 1`, r.Study, r.ID).
			Scan(&before.Revision, &interviewer, &before.Body)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("reading the revision before: %w", err)
		}
		if before.Revision > r.Revision {
			return nil
		}
		if e, err := readBody(before); err == nil {
			if k, counted := tallyOf(r.Kind, r.Study, interviewer, e); counted {
				b.tallies.add(k, -1)
			}
		}
	}
	if k, counted := tallyOf(r.Kind, r.Study, b.epochs[r.Epoch], r.essence); counted {
		b.tallies.add(k, 1)
	}
	return nil
}

// keep writes the changes, always in the same order.
func (t tallies) keep(ctx context.Context, tx *sql.Tx) error {
	for _, k := range slices.SortedFunc(maps.Keys(t), compareTallies) {
		if t[k] == 0 {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO tallies (study, day, site, interviewer, kind, disposition, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (study, day, site, interviewer, kind, disposition) DO UPDATE SET n = tallies.n + excluded.n`,
			k.Study, k.Day, k.Site, k.Interviewer, string(k.Kind), string(k.Disposition), t[k])
		if err != nil {
			return fmt.Errorf("keeping the counts: %w", err)
		}
	}
	return nil
}

func compareTallies(a, b Tally) int {
	return cmp.Or(cmp.Compare(a.Study, b.Study), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Site, b.Site), cmp.Compare(a.Interviewer, b.Interviewer),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Disposition, b.Disposition))
}

// Tallies returns the counts of a study within the sites a person may see, by day.
func (s *store) Tallies(ctx context.Context, who Principal, study string) (list []Tally, err error) {
	if !who.Sees(study) || who.IsDevice() {
		return nil, fail(NotFound, "There is no study %s.", clip(study, 64))
	}
	r := who.reaches(study, Supervisor)
	if !r.records {
		return nil, fail(Forbidden, "Counts are for supervisors, researchers and administrators of the study.")
	}
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		within, err := r.filter(ctx, tx, study)
		if err != nil {
			return err
		}
		args := []any{study}
		list, err = readTallies(ctx, tx, `SELECT study, day, site, interviewer, kind, disposition, n FROM tallies WHERE study = $1 AND n <> 0`+
			within.where(&args)+` ORDER BY day, site, interviewer, kind, disposition`, args...)
		return err
	})
	return list, err
}

func readTallies(ctx context.Context, tx *sql.Tx, query string, args ...any) (list []Tally, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the counts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Study, &t.Day, &t.Site, &t.Interviewer, &t.Kind, &t.Disposition, &t.Count); err != nil {
			return nil, fmt.Errorf("reading the counts: %w", err)
		}
		list = append(list, t)
	}
	return list, wrap("reading the counts", rows.Err())
}
