package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
)

// Planned are the studies here; there can be a plan of each.
func (s *Store) Planned(ctx context.Context) (ids []string, err error) {
	all, err := s.Studies(ctx)
	for _, st := range all {
		ids = append(ids, st.ID)
	}
	return ids, err
}

// KeepPlan keeps a study's assignments as central has them, in place of what it said before. What is older than that changes nothing.
func (s *Store) KeepPlan(ctx context.Context, study string, plan delivery.Plan) error {
	return s.Write(ctx, "keep the plan", func(ctx context.Context, tx *sql.Tx) error {
		kept, err := tx.ExecContext(ctx, `INSERT INTO plan_state (study, at) VALUES (?, ?)
			ON CONFLICT (study) DO UPDATE SET at = excluded.at, older = 0 WHERE excluded.at >= plan_state.at`, study, plan.At)
		if err != nil {
			return err
		}
		if n, err := kept.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM assignment WHERE study = ?`, study); err != nil {
			return err
		}
		for _, day := range plan.Days {
			body, err := json.Marshal(day)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO assignment (study, date, interviewer, body) VALUES (?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, study, day.Date, day.Interviewer, string(body)); err != nil {
				return err
			}
		}
		return nil
	})
}

// PlanUnknown notes that central is of a version that keeps no plan. What was decided here waits until it does.
func (s *Store) PlanUnknown(ctx context.Context, study string) error {
	return s.Write(ctx, "keep that central has no plan", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO plan_state (study, older) VALUES (?, 1) ON CONFLICT (study) DO UPDATE SET older = 1`, study)
		return err
	})
}

// Plan is who is to be where on some days, with who was.
type Plan struct {
	// At is of when central's word is, milliseconds UTC of its clock; 0 where it has not spoken. Older tells that it is of a version that
	// keeps no plan.
	At    int64
	Older bool
	// Days are the planned days in force, by date and interviewer: central's, and what was decided here since.
	Days []PlanDay
	// Shifts are those of the days, and of the day before the first, by their start.
	Shifts []Shift
	// Heard is when central last heard of a device of an interviewer that is not signed off, milliseconds UTC of its clock; 0 for never.
	Heard map[string]int64
	// Zones are the latest moments known of each site, with its zone then.
	Zones map[string]SiteZone
	// KnownTo is the moment up to which shifts are known, milliseconds UTC of this laptop's clock; 0 for none.
	KnownTo int64
}

// SiteZone is what a tablet at a site said of the clocks there.
type SiteZone struct {
	At     int64 // milliseconds UTC
	Offset int   // minutes east
}

// PlanDay is a planned day in force.
type PlanDay struct {
	delivery.StandingDay
	// Open: central has not answered the decision that says so; Undoable: it has not left this laptop.
	Open, Undoable bool
	// Refusal are central's words where it did not take the latest change of the day, or not yet.
	Refusal string
}

// Plan reads the days from one date to another, such as 2026-11-30, both included.
func (s *Store) Plan(ctx context.Context, studyID, from, to string) (p Plan, err error) {
	plan, err := s.Schedule(ctx)
	if err != nil {
		return p, err
	}
	p.KnownTo = plan.LastSuccess
	err = s.Read(ctx, "read the plan", func(ctx context.Context, tx *sql.Tx) error {
		for _, part := range []func(context.Context, *sql.Tx, string, string, string) error{p.standing, p.decided, p.shifts, p.zones, p.heard} {
			if err := part(ctx, tx, studyID, from, to); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// standing is what central said.
func (p *Plan) standing(ctx context.Context, tx *sql.Tx, studyID, from, to string) error {
	err := fieldstore.Each(ctx, tx, func(rows *sql.Rows) error { return rows.Scan(&p.At, &p.Older) }, `SELECT at, older FROM plan_state WHERE study = ?`, studyID)
	if err != nil {
		return err
	}
	p.Days = nil
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var body []byte
		var day PlanDay
		if err := rows.Scan(&body); err != nil {
			return err
		}
		err := json.Unmarshal(body, &day.StandingDay)
		p.Days = append(p.Days, day)
		return err
	}, `SELECT body FROM assignment WHERE study = ? AND date BETWEEN ? AND ?`, studyID, from, to)
}

// decided puts over it what central may not know, in the order of decisions.
func (p *Plan) decided(ctx context.Context, tx *sql.Tx, studyID, from, to string) error {
	at := map[[2]string]int{}
	for i, day := range p.Days {
		at[[2]string{day.Date, day.Interviewer}] = i
	}
	list, err := readDecisions(ctx, tx, `study = ? AND subject = ? AND (state <> 'sent' OR at > ?)`, studyID, delivery.PlanSubject, p.At)
	if err != nil {
		return err
	}
	for _, d := range list {
		said, err := bodyOf[delivery.Planning](d)
		if err != nil {
			return err
		}
		for _, day := range said.Days {
			if d.Kind != delivery.Assignments || day.Date < from || day.Date > to {
				continue
			}
			key := [2]string{day.Date, day.Interviewer}
			i, known := at[key]
			if !known {
				i = len(p.Days)
				at[key] = i
				p.Days = append(p.Days, PlanDay{StandingDay: delivery.StandingDay{PlannedDay: delivery.PlannedDay{Interviewer: day.Interviewer, Date: day.Date}}})
			}
			p.Days[i].take(d, day)
		}
	}
	slices.SortFunc(p.Days, func(a, b PlanDay) int {
		return strings.Compare(a.Date+"\n"+a.Interviewer, b.Date+"\n"+b.Interviewer)
	})
	return nil
}

// take is what a decision says of the day, unless a later one stands; one that central refused leaves it as it is.
func (p *PlanDay) take(d Decided, day delivery.PlannedDay) {
	order := delivery.Order{At: d.At, ID: d.ID}
	switch {
	case order.Before(p.Order()):
	case d.State == Refused:
		p.Refusal = d.Refusal
	default:
		*p = PlanDay{
			StandingDay: delivery.StandingDay{PlannedDay: day.Sorted(), Decision: d.ID, At: d.At, By: d.MadeBy},
			Open:        d.State == Waiting || d.State == InFlight, Undoable: d.State == Waiting, Refusal: d.Refusal,
		}
	}
}

func (p *Plan) shifts(ctx context.Context, tx *sql.Tx, studyID, from, to string) error {
	if day, err := time.Parse(time.DateOnly, from); err == nil {
		from = day.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	p.Shifts = nil
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var one Shift
		err := rows.Scan(&one.ID, &one.Site, &one.Interviewer, &one.Started, &one.Ended, &one.Zone, &one.WorkedMS, &one.Open)
		p.Shifts = append(p.Shifts, one)
		return err
	}, `SELECT id, site, interviewer, started, ended, zone, worked_ms, open FROM shift_time WHERE study = ? AND day BETWEEN ? AND ? ORDER BY started, id`, studyID, from, to)
}

func (p *Plan) zones(ctx context.Context, tx *sql.Tx, studyID, _, _ string) error {
	p.Zones = map[string]SiteZone{}
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var site string
		var zone SiteZone
		err := rows.Scan(&site, &zone.Offset, &zone.At) // of the row with the latest start
		p.Zones[site] = zone
		return err
	}, `SELECT site, zone, max(started) FROM shift_time WHERE study = ? GROUP BY site`, studyID)
}

func (p *Plan) heard(ctx context.Context, tx *sql.Tx, _, _, _ string) error {
	p.Heard = map[string]int64{}
	return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var body []byte
		var d delivery.DeviceState
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &d); err != nil || d.Revoked || d.Account != "" { // a laptop is nobody to plan
			return err
		}
		p.Heard[d.Interviewer] = max(p.Heard[d.Interviewer], d.LastSeen)
		return nil
	}, `SELECT body FROM device`)
}
