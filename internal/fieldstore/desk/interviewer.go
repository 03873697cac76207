package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
)

// Interviewer is one interviewer's work in a study, on one day or all.
type Interviewer struct {
	Interviewer string
	Passed      int // persons counted
	Contacts    map[interview.Disposition]int
	Tally       interview.Tally
	Completes   int
	OpenShifts  int
	// LastSeen is when central last heard of one of the interviewer's devices, milliseconds UTC of central's clock; 0 for never.
	LastSeen int64
	// Missing are numbers of records central knows to exist and does not have, over all epochs of all devices of the
	// interviewer.
	Missing []delivery.Range
	Devices []delivery.DeviceState
}

// Interviewers lists who worked in a study on a day such as 2026-11-22, or ever where day is empty, by code. Devices that central
// knows of are listed with their interviewer even where nothing has come from them yet.
func (s *Store) Interviewers(ctx context.Context, studyID, day string) (list []Interviewer, err error) {
	found := map[string]*Interviewer{}
	at := func(code string) *Interviewer {
		if found[code] == nil {
			found[code] = &Interviewer{Interviewer: code, Contacts: map[interview.Disposition]int{}}
		}
		return found[code]
	}
	err = s.Read(ctx, "list the interviewers", func(ctx context.Context, tx *sql.Tx) error {
		for _, part := range []func(context.Context, *sql.Tx, string, string, func(string) *Interviewer) error{contacts, completes, shifts, devices} {
			if err := part(ctx, tx, studyID, day, at); err != nil {
				return err
			}
		}
		return nil
	})
	for _, code := range slices.Sorted(maps.Keys(found)) {
		list = append(list, *found[code])
	}
	return list, err
}

// Days lists the days on which somebody worked in a study, the latest first.
func (s *Store) Days(ctx context.Context, studyID string) (days []string, err error) {
	err = s.Read(ctx, "list the days", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var day string
			err := rows.Scan(&day)
			days = append(days, day)
			return err
		}, `SELECT day FROM contact_count WHERE study = ?1 UNION SELECT day FROM shift WHERE study = ?1
			UNION SELECT day FROM interview_count WHERE study = ?1 ORDER BY day DESC`, studyID)
	})
	return days, err
}

func contacts(ctx context.Context, tx *sql.Tx, studyID, day string, at func(string) *Interviewer) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var d interview.Disposition
		var class interview.Class
		var n int
		if err := rows.Scan(&code, &d, &class, &n); err != nil {
			return err
		}
		i := at(code)
		i.Contacts[d] += n
		i.Tally.Add(class, n)
		return nil
	}, `SELECT interviewer, disposition, class, sum(n) AS total FROM contact_count WHERE study = ?1 AND ?2 IN ('', day)
		GROUP BY interviewer, disposition, class HAVING total <> 0`, studyID, day)
}

func completes(ctx context.Context, tx *sql.Tx, studyID, day string, at func(string) *Interviewer) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var n int
		if err := rows.Scan(&code, &n); err != nil {
			return err
		}
		at(code).Completes = n
		return nil
	}, `SELECT interviewer, sum(n) FROM interview_count WHERE study = ?1 AND ?2 IN ('', day) AND disposition = ?3 GROUP BY interviewer`,
		studyID, day, interview.Complete)
}

func shifts(ctx context.Context, tx *sql.Tx, studyID, day string, at func(string) *Interviewer) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var passed, open int
		if err := rows.Scan(&code, &passed, &open); err != nil {
			return err
		}
		i := at(code)
		i.Passed, i.OpenShifts = passed, open
		return nil
	}, `SELECT interviewer, sum(passed), sum(open) FROM shift WHERE study = ?1 AND ?2 IN ('', day) GROUP BY interviewer`, studyID, day)
}

func devices(ctx context.Context, tx *sql.Tx, _, _ string, at func(string) *Interviewer) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var body []byte
		var d delivery.DeviceState
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &d); err != nil {
			return err
		}
		i := at(d.Interviewer)
		i.Devices = append(i.Devices, d)
		i.LastSeen = max(i.LastSeen, d.LastSeen)
		i.Missing = append(i.Missing, d.Gaps()...)
		return nil
	}, `SELECT body FROM device ORDER BY device`)
}

// Devices lists the devices central knows of.
func (s *Store) Devices(ctx context.Context) (list []delivery.DeviceState, err error) {
	err = s.Read(ctx, "list the devices", func(ctx context.Context, tx *sql.Tx) error {
		all := &Interviewer{}
		err := devices(ctx, tx, "", "", func(string) *Interviewer { return all })
		list = all.Devices
		return err
	})
	return list, err
}
