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
	Completes   int // complete interviews that count, as on the board
	OpenShifts  int
	// WorkedMS is the time of shifts without their pauses, milliseconds; MedianMS the median length of complete interviews, 0 for
	// none or while it has not been made anew (see Digest).
	WorkedMS, MedianMS int64
	// Forms are the versions of the questionnaire in use, by device, as of the last interview each sent.
	Forms map[string]string
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
	return s.Crew(ctx, studyID, day, "")
}

// crew is a list of interviewers being made.
type crew struct {
	study, day, site string
	found            map[string]*Interviewer
}

func (c *crew) at(code string) *Interviewer {
	if c.found[code] == nil {
		c.found[code] = &Interviewer{Interviewer: code, Contacts: map[interview.Disposition]int{}, Forms: map[string]string{}}
	}
	return c.found[code]
}

// Crew is Interviewers at one site; empty for all of them. Devices belong to no site: they are listed with those who worked there.
func (s *Store) Crew(ctx context.Context, studyID, day, site string) (list []Interviewer, err error) {
	c := &crew{study: studyID, day: day, site: site, found: map[string]*Interviewer{}}
	err = s.Read(ctx, "list the interviewers", func(ctx context.Context, tx *sql.Tx) error {
		for _, part := range []func(context.Context, *sql.Tx) error{c.contacts, c.output, c.lengths, c.devices, c.forms} {
			if err := part(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, code := range slices.Sorted(maps.Keys(c.found)) {
		list = append(list, *c.found[code])
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

func (c *crew) contacts(ctx context.Context, tx *sql.Tx) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var d interview.Disposition
		var class interview.Class
		var n int
		if err := rows.Scan(&code, &d, &class, &n); err != nil {
			return err
		}
		i := c.at(code)
		i.Contacts[d] += n
		i.Tally.Add(class, n)
		return nil
	}, `SELECT interviewer, disposition, class, n FROM effort WHERE study = ?1 AND day = ?2 AND ?3 IN ('', site) AND n <> 0`, c.study, c.day, c.site)
}

func (c *crew) output(ctx context.Context, tx *sql.Tx) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var completes, passed, open int
		var worked int64
		if err := rows.Scan(&code, &completes, &worked, &passed, &open); err != nil {
			return err
		}
		i := c.at(code)
		i.Completes, i.WorkedMS, i.Passed, i.OpenShifts = i.Completes+completes, i.WorkedMS+worked, i.Passed+passed, i.OpenShifts+open
		return nil
	}, `SELECT interviewer, completes, worked_ms, passed, open FROM output WHERE study = ?1 AND day = ?2 AND ?3 IN ('', site)`, c.study, c.day, c.site)
}

func (c *crew) lengths(ctx context.Context, tx *sql.Tx) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var code string
		var ms int64
		err := rows.Scan(&code, &ms)
		if i := c.found[code]; i != nil {
			i.MedianMS = ms
		}
		return err
	}, `SELECT interviewer, median_ms FROM length WHERE study = ? AND day = ? AND site = ?`, c.study, c.day, c.site)
}

func (c *crew) devices(ctx context.Context, tx *sql.Tx) error {
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var body []byte
		var d delivery.DeviceState
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &d); err != nil {
			return err
		}
		if d.Account != "" { // nobody interviews with a supervisor's laptop
			return nil
		}
		if c.site != "" && c.found[d.Interviewer] == nil {
			return nil
		}
		i := c.at(d.Interviewer)
		i.Devices = append(i.Devices, d)
		i.LastSeen = max(i.LastSeen, d.LastSeen)
		i.Missing = append(i.Missing, d.Gaps()...)
		return nil
	}, `SELECT body FROM device ORDER BY device`)
}

func (c *crew) forms(ctx context.Context, tx *sql.Tx) error {
	versions := map[string]string{}
	err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var device, version string
		err := rows.Scan(&device, &version)
		versions[device] = version
		return err
	}, `SELECT device, version FROM device_form WHERE study = ?`, c.study)
	for _, i := range c.found {
		for _, d := range i.Devices {
			if v, known := versions[d.Device]; known {
				i.Forms[d.Device] = v
			}
		}
	}
	return err
}

// Devices lists the devices central knows of.
func (s *Store) Devices(ctx context.Context) (list []delivery.DeviceState, err error) {
	err = s.Read(ctx, "list the devices", func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var body []byte
			var d delivery.DeviceState
			if err := rows.Scan(&body); err != nil {
				return err
			}
			err := json.Unmarshal(body, &d)
			list = append(list, d)
			return err
		}, `SELECT body FROM device ORDER BY device`)
	})
	return list, err
}

// Laptops lists the supervisors' laptops that pass rights on.
func (s *Store) Laptops(ctx context.Context) (list []delivery.DeviceState, err error) {
	err = s.Read(ctx, "list the laptops", func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var body []byte
			var d delivery.DeviceState
			if err := rows.Scan(&body); err != nil {
				return err
			}
			err := json.Unmarshal(body, &d)
			if d.Account != "" {
				list = append(list, d)
			}
			return err
		}, `SELECT body FROM device ORDER BY device`)
	})
	return list, err
}
