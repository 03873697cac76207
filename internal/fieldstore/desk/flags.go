package desk

import (
	"context"
	"database/sql"
	"encoding/json"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/quality"
)

// Flags judges the interviewers of a study by their summaries, as of the last Digest. It reads no interview.
func (s *Store) Flags(ctx context.Context, studyID string) ([]quality.Flag, error) {
	st, err := s.Study(ctx, studyID)
	if err != nil {
		return nil, err
	}
	crew, err := s.Crew(ctx, studyID, "", "")
	if err != nil {
		return nil, err
	}
	summaries := map[string]quality.Summary{}
	if err := s.Read(ctx, "read the summaries", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var body []byte
			var one quality.Summary
			if err := rows.Scan(&body); err != nil {
				return err
			}
			err := json.Unmarshal(body, &one)
			summaries[one.Interviewer] = one
			return err
		}, `SELECT body FROM quality_summary WHERE study = ?`, studyID)
	}); err != nil {
		return nil, err
	}
	var all []quality.Colleague
	for _, i := range crew {
		if one, known := summaries[i.Interviewer]; known {
			all = append(all, quality.Colleague{Summary: one, Tally: i.Tally, WorkedMS: i.WorkedMS})
		}
	}
	return quality.Judge(all, st.MinSeconds), nil
}

// DayCount is what a day brought.
type DayCount struct {
	Day       string // such as 2026-11-22
	Completes int    // those that count, as on the board
	WorkedMS  int64
}

// Daily lists what each day brought, the earliest first; at one site unless site is empty.
func (s *Store) Daily(ctx context.Context, studyID, site string) (list []DayCount, err error) {
	err = s.Read(ctx, "count by day", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var d DayCount
			err := rows.Scan(&d.Day, &d.Completes, &d.WorkedMS)
			list = append(list, d)
			return err
		}, `SELECT day, sum(completes), sum(worked_ms) FROM output WHERE study = ?1 AND day <> '' AND ?2 IN ('', site) GROUP BY day ORDER BY day`, studyID, site)
	})
	return list, err
}

// Tick is one interview on a day's timeline.
type Tick struct {
	ID, Site, Interviewer string
	Counts                bool  // it is complete and counts, as on the board
	Started, DurationMS   int64 // milliseconds, UTC
}

// Ticks lists the interviews of a day that are not void, in order; at one site unless site is empty.
func (s *Store) Ticks(ctx context.Context, studyID, day, site string) (list []Tick, err error) {
	err = s.Read(ctx, "list the day's interviews", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var t Tick
			err := rows.Scan(&t.ID, &t.Site, &t.Interviewer, &t.Counts, &t.Started, &t.DurationMS)
			list = append(list, t)
			return err
		}, `SELECT id, site, interviewer, disposition = ?4 AND NOT `+isApart+`, started_utc, duration_ms FROM interview
			WHERE study = ?1 AND day = ?2 AND ?3 IN ('', site) AND NOT void ORDER BY started_utc`, studyID, day, site, interview.Complete)
	})
	return list, err
}
