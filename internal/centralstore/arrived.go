package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"parvis/internal/delivery"
)

// mostRanges is how many missing ranges are told at once; the rest follows when these have come.
const mostRanges = 100

// account notes the sequence numbers of a batch, stored, duplicate or quarantined, as arrived: central holds all of them whole;
// then what is missing is known. Numbers that another life of the device may have told of for other records are not noted.
func (b *batch) account(ctx context.Context, tx *sql.Tx) error {
	numbers := map[string][]int64{}
	for i, r := range b.records {
		if r.Seq < 1 || r.Seq > mostSeq || r.Epoch == "" {
			continue
		}
		own, err := b.owns(ctx, tx, r.Epoch)
		if err != nil {
			return err
		}
		if !own || b.heard.doubts[r.Epoch] {
			continue
		}
		numbers[r.Epoch] = append(numbers[r.Epoch], b.records[i].Seq)
	}
	for epoch, seqs := range numbers {
		if err := arrive(ctx, tx, epoch, ranges(seqs)); err != nil {
			return err
		}
	}
	var err error
	b.pushed.Gaps, err = b.heard.missing(ctx, tx)
	return err
}

// ranges joins numbers to ranges, in order.
func ranges(numbers []int64) []delivery.Range {
	slices.Sort(numbers)
	var joined []delivery.Range
	for _, n := range numbers {
		joined = join(joined, delivery.Range{First: n, Last: n})
	}
	return joined
}

// join appends a range that begins no earlier than the last one.
func join(sorted []delivery.Range, r delivery.Range) []delivery.Range {
	if len(sorted) > 0 {
		if last := &sorted[len(sorted)-1]; r.First <= last.Last+1 {
			last.Last = max(last.Last, r.Last)
			return sorted
		}
	}
	return append(sorted, r)
}

// arrive adds ranges to an epoch's. Only what touches them is read and written again, in the usual case one row.
func arrive(ctx context.Context, tx *sql.Tx, epoch string, added []delivery.Range) error {
	low, high := added[0].First-1, added[len(added)-1].Last+1
	kept, err := readRanges(ctx, tx, `SELECT first, last FROM arrived WHERE epoch = $1 AND last >= $2 AND first <= $3 ORDER BY first`, epoch, low, high)
	if err != nil {
		return err
	}
	all := append(kept, added...)
	slices.SortFunc(all, func(a, b delivery.Range) int { return int(a.First - b.First) })
	var merged []delivery.Range
	for _, r := range all {
		merged = join(merged, r)
	}
	if slices.Equal(merged, kept) {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM arrived WHERE epoch = $1 AND last >= $2 AND first <= $3`, epoch, low, high); err != nil {
		return fmt.Errorf("noting what arrived: %w", err)
	}
	for _, r := range merged {
		if _, err := tx.ExecContext(ctx, `INSERT INTO arrived (epoch, first, last) VALUES ($1, $2, $3)`, epoch, r.First, r.Last); err != nil {
			return fmt.Errorf("noting what arrived: %w", err)
		}
	}
	return nil
}

func readRanges(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]delivery.Range, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what arrived: %w", err)
	}
	defer rows.Close()
	var all []delivery.Range
	for rows.Next() {
		var r delivery.Range
		if err := rows.Scan(&r.First, &r.Last); err != nil {
			return nil, fmt.Errorf("reading what arrived: %w", err)
		}
		all = append(all, r)
	}
	return all, wrap("reading what arrived", rows.Err())
}

// missing lists the gaps between 1 and the higher of high and the highest number that arrived.
func missing(ctx context.Context, tx *sql.Tx, epoch string, high int64) ([]delivery.Range, error) {
	here, err := readRanges(ctx, tx, `SELECT first, last FROM arrived WHERE epoch = $1 ORDER BY first LIMIT $2`, epoch, mostRanges)
	if err != nil {
		return nil, err
	}
	var gaps []delivery.Range
	next := int64(1)
	for _, r := range here {
		if r.First > next {
			gaps = append(gaps, delivery.Range{First: next, Last: r.First - 1})
		}
		next = r.Last + 1
	}
	if len(here) < mostRanges && next <= high {
		gaps = append(gaps, delivery.Range{First: next, Last: high})
	}
	return gaps, nil
}
