package desk

import (
	"context"
	"database/sql"
	"encoding/json"

	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// Shift is when and where somebody worked.
type Shift struct {
	ID, Site, Interviewer string
	// Started and Ended are milliseconds UTC; of a shift that goes on, Ended is until when that is known. Zone is minutes east.
	Started, Ended int64
	Zone           int
	// WorkedMS is its length without the pauses, milliseconds.
	WorkedMS int64
	Passed   int
	Open     bool
	Pauses   []interview.Pause
	Notes    []interview.ShiftNote
}

func shiftOf(s interview.Shift, known int64) Shift {
	out := Shift{ID: s.ID, Site: s.Site, Interviewer: s.Interviewer, Started: s.Started.UTC, Ended: s.Ended.UTC, Zone: s.Started.Offset, Passed: s.Passed, Open: s.Ended.IsZero(), Pauses: s.Pauses, Notes: s.Notes}
	if out.Open {
		out.Ended = max(known, s.Started.UTC)
	}
	out.WorkedMS = max(0, out.Ended-out.Started)
	for _, p := range s.Pauses {
		to := p.To.UTC
		if p.To.IsZero() {
			to = out.Ended
		}
		out.WorkedMS -= max(0, min(to, out.Ended)-max(p.From.UTC, out.Started))
	}
	out.WorkedMS = max(0, out.WorkedMS)
	return out
}

func (s Shift) keep(ctx context.Context, tx *sql.Tx, study, day string) error {
	pauses, err := json.Marshal(s.Pauses)
	if err != nil {
		return err
	}
	notes, err := json.Marshal(s.Notes)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO shift_time (id, study, day, site, interviewer, started, ended, zone, worked_ms, passed, open, pauses, notes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET day = excluded.day, site = excluded.site, started = excluded.started, ended = excluded.ended, worked_ms = excluded.worked_ms,
			passed = excluded.passed, open = excluded.open, pauses = excluded.pauses, notes = excluded.notes`,
		s.ID, study, day, s.Site, s.Interviewer, s.Started, s.Ended, s.Zone, s.WorkedMS, s.Passed, s.Open, string(pauses), string(notes))
	return err
}

// Shifts lists the shifts of a study on a day, by site, interviewer and start; at one site unless site is empty.
func (s *Store) Shifts(ctx context.Context, studyID, day, site string) (list []Shift, err error) {
	err = s.Read(ctx, "list the shifts", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var one Shift
			var pauses, notes []byte
			if err := rows.Scan(&one.ID, &one.Site, &one.Interviewer, &one.Started, &one.Ended, &one.Zone, &one.WorkedMS, &one.Passed, &one.Open, &pauses, &notes); err != nil {
				return err
			}
			if err := json.Unmarshal(pauses, &one.Pauses); err != nil {
				return err
			}
			err := json.Unmarshal(notes, &one.Notes)
			list = append(list, one)
			return err
		}, `SELECT id, site, interviewer, started, ended, zone, worked_ms, passed, open, pauses, notes FROM shift_time
			WHERE study = ?1 AND day = ?2 AND ?3 IN ('', site) ORDER BY site, interviewer, started`, studyID, day, site)
	})
	return list, err
}
