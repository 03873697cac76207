package desk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/study"
)

// Steered are the studies here that have quotas.
func (s *Store) Steered(ctx context.Context) (ids []string, err error) {
	all, err := s.Studies(ctx)
	for _, st := range all {
		if len(st.Quotas) > 0 {
			ids = append(ids, st.ID)
		}
	}
	return ids, err
}

// KeepQuotaStates keeps how a study's constraints stand at central. What is older than what is here changes nothing.
func (s *Store) KeepQuotaStates(ctx context.Context, study string, states delivery.QuotaStates) error {
	body, err := json.Marshal(states)
	if err != nil {
		return fmt.Errorf("keep how quotas stand: %w", err)
	}
	return s.Write(ctx, "keep how quotas stand", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO quota_state (study, at, body) VALUES (?, ?, ?)
			ON CONFLICT (study) DO UPDATE SET at = excluded.at, body = excluded.body WHERE excluded.at >= quota_state.at`, study, states.At, string(body))
		return err
	})
}

func quotaStates(ctx context.Context, tx *sql.Tx, studyID string) (states delivery.QuotaStates, err error) {
	var body []byte
	err = tx.QueryRowContext(ctx, `SELECT body FROM quota_state WHERE study = ?`, studyID).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return states, nil
	}
	if err == nil {
		err = json.Unmarshal(body, &states)
	}
	return states, err
}

// Unanswered is a decision about targets that central has not answered.
type Unanswered struct {
	ID     string
	Reason string
	Aims   map[string]delivery.Aim
	// Undoable: it has not left this laptop.
	Undoable bool
}

// aims are the targets in force as far as this laptop knows: the workbook's, then what central said, then what was decided since.
func aims(ctx context.Context, tx *sql.Tx, st study.Study, states delivery.QuotaStates) (map[string]delivery.Aim, []Unanswered, error) {
	all := map[string]delivery.Aim{}
	for _, q := range st.Quotas {
		all[q.Name] = delivery.Aim{Target: q.Target}
	}
	for _, q := range states.Quotas {
		name, _ := study.ParseAccount(q.Name)
		all[name] = q.Aim
	}
	list, err := decisionsOf(ctx, tx, st.ID, delivery.SteeringSubject)
	if err != nil {
		return nil, nil, err
	}
	var open []Unanswered
	for _, d := range counting(list, delivery.QuotaTargets) {
		said, err := bodyOf[delivery.Steering](d)
		if err != nil {
			return nil, nil, err
		}
		unanswered := d.State == Waiting || d.State == InFlight
		if unanswered {
			open = append(open, Unanswered{ID: d.ID, Reason: d.Reason, Aims: said.Aims, Undoable: d.State == Waiting})
		} else if d.At <= states.At {
			continue // central said so
		}
		for name, aim := range said.Aims {
			all[name] = aim
		}
	}
	return all, open, nil
}

// Spot is a constraint's account at a site.
type Spot struct{ Account, Site string }

// Day is a board's figures of one day.
type Day struct {
	Day    string         // the date
	Counts map[string]int // complete interviews by the constraint's account
	BySite map[Spot]int   // the same, of each site
	// From is when the first shift of the day began, To the latest moment known of; milliseconds UTC, 0 for none.
	From, To int64
}

func dayOfBoard(ctx context.Context, tx *sql.Tx, studyID, day string, latest int64) (d Day, err error) {
	d.Day, d.Counts, d.BySite = day, map[string]int{}, map[Spot]int{}
	err = fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
		var at Spot
		var n int
		err := rows.Scan(&at.Account, &at.Site, &n)
		d.Counts[at.Account] += n
		d.BySite[at] = n
		return err
	}, `SELECT cell, site, n FROM quota_count WHERE study = ? AND day = ? AND n <> 0`, studyID, day)
	if err != nil {
		return d, err
	}
	err = tx.QueryRowContext(ctx, `SELECT coalesce(min(started), 0) FROM shift_time WHERE study = ? AND day = ?`, studyID, day).Scan(&d.From)
	if d.From > 0 {
		d.To = max(latest, d.From)
	}
	return d, err
}
