package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// aimsOf are the targets in force of a study's constraints: what the latest decision says, or else the workbook.
func aimsOf(ctx context.Context, tx *sql.Tx, st study.Study) (map[string]delivery.Aim, error) {
	aims := make(map[string]delivery.Aim, len(st.Quotas))
	for _, q := range st.Quotas {
		aims[q.Name] = delivery.Aim{Target: q.Target}
	}
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var aim delivery.Aim
		if err := rows.Scan(&name, &aim.Target, &aim.Closed); err != nil {
			return err
		}
		if _, there := aims[name]; there { // a newer version of the study may not have it
			aims[name] = aim
		}
		return nil
	}, `SELECT quota, target, closed <> 0 FROM quota_aims WHERE study = $1`, st.ID)
	return aims, wrap("reading the targets", err)
}

// softAims are the targets in force of the constraints of a study that are not hard; nil where there are none.
func softAims(ctx context.Context, tx *sql.Tx, st study.Study) (map[string]delivery.Aim, error) {
	st.Quotas = slices.DeleteFunc(slices.Clone(st.Quotas), func(q study.Quota) bool { return q.Kind == study.Hard })
	if len(st.Quotas) == 0 {
		return nil, nil
	}
	return aimsOf(ctx, tx, st)
}

// capsOf is how many interviews may count in each hard constraint of a study.
func capsOf(ctx context.Context, tx *sql.Tx, st study.Study) (hardCaps, error) {
	caps := hardCaps{&st, map[study.Period]map[string]int{}}
	if !slices.ContainsFunc(st.Quotas, func(q study.Quota) bool { return q.Kind == study.Hard }) {
		return caps, nil
	}
	aims, err := aimsOf(ctx, tx, st)
	for _, q := range st.Quotas {
		if q.Kind != study.Hard {
			continue
		}
		if caps.period[q.Period] == nil {
			caps.period[q.Period] = map[string]int{}
		}
		caps.period[q.Period][q.Name] = 0
		if aim := aims[q.Name]; !aim.Closed {
			caps.period[q.Period][q.Name] = aim.Target + q.Tolerance
		}
	}
	return caps, err
}

// whereQuotas finds the constraints that a change of targets names. Who answers for some sites only steers what is those sites' own.
func whereQuotas(ctx context.Context, tx *sql.Tx, d decision) (about subject, found bool, err error) {
	said, ok := d.said.(*delivery.Steering)
	if !ok {
		return about, false, fmt.Errorf("a change of targets has the body of %s", d.Kind)
	}
	def, err := newestStudy(ctx, tx, d.Study)
	if err != nil {
		return about, false, err
	}
	sites := map[string]bool{}
	for _, q := range def.Quotas {
		if _, named := said.Aims[q.Name]; named {
			about.site = q.Site
			sites[q.Site] = true
		}
	}
	if len(sites) > 1 {
		about.site = "" // of the whole study
	}
	for name := range said.Aims {
		if !slices.ContainsFunc(def.Quotas, func(q study.Quota) bool { return q.Name == name }) {
			return about, false, nil
		}
	}
	return about, true, nil
}

// applySteering puts the targets in force, each unless a later decision about it came before. Rights that are out stay out: a target
// below what is used and leased takes effect as they come back.
func applySteering(ctx context.Context, tx *sql.Tx, d decision) (change effect, err error) {
	said, ok := d.said.(*delivery.Steering)
	if !ok {
		return change, fmt.Errorf("a change of targets has the body of %s", d.Kind)
	}
	def, err := newestStudy(ctx, tx, d.Study)
	if err != nil {
		return change, err
	}
	before, err := aimsOf(ctx, tx, *def)
	if err != nil {
		return change, err
	}
	var were, are []string
	for _, name := range slices.Sorted(maps.Keys(said.Aims)) {
		aim, stands := said.Aims[name], delivery.Order{}
		err := tx.QueryRowContext(ctx, `SELECT at, decision FROM quota_aims WHERE study = $1 AND quota = $2`, d.Study, name).Scan(&stands.At, &stands.ID)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return change, fmt.Errorf("reading the target: %w", err)
		}
		if err == nil && d.Order().Before(stands) {
			continue
		}
		closed := 0
		if aim.Closed {
			closed = 1
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO quota_aims (study, quota, target, closed, at, decision) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (study, quota) DO UPDATE SET target = excluded.target, closed = excluded.closed, at = excluded.at, decision = excluded.decision`,
			d.Study, name, aim.Target, closed, d.Order().At, d.ID); err != nil {
			return change, fmt.Errorf("keeping the target: %w", err)
		}
		were, are = append(were, aimText(name, before[name])), append(are, aimText(name, aim))
	}
	return effect{strings.Join(were, ", "), strings.Join(are, ", ")}, nil
}

func aimText(name string, a delivery.Aim) string {
	if a.Closed {
		return fmt.Sprintf("%s %d closed", name, a.Target)
	}
	return fmt.Sprintf("%s %d", name, a.Target)
}

// QuotaStates tells how a study's constraints stand, as far as a person answers for them: those of other sites are left out.
func (s *store) QuotaStates(ctx context.Context, who Principal, id string) (states delivery.QuotaStates, err error) {
	if !who.Sees(id) || who.IsDevice() {
		return states, fail(NotFound, "There is no study %s.", clip(id, 64))
	}
	r := who.reaches(id, Supervisor)
	if !r.records {
		return states, fail(Forbidden, "Quotas are for supervisors, researchers and administrators of the study.")
	}
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		states = delivery.QuotaStates{At: s.now(), Quotas: []delivery.QuotaState{}}
		within, err := r.filter(ctx, tx, id)
		if err != nil {
			return err
		}
		def, err := newestStudy(ctx, tx, id)
		if err != nil {
			return err
		}
		aims, err := aimsOf(ctx, tx, *def)
		if err != nil {
			return err
		}
		known, err := readStates(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, q := range def.Quotas {
			if q.Site != "" && !within.all && !slices.Contains(within.sites, q.Site) {
				continue
			}
			for _, account := range accountsNow(def, q, states.At) {
				state := known[account]
				state.Name, state.Aim = account, aims[q.Name]
				states.Quotas = append(states.Quotas, state)
			}
		}
		return nil
	})
	return states, err
}

// accountsNow are a constraint's accounts of the days that it is somewhere on earth; between two waves those of the one before.
func accountsNow(st *study.Study, q study.Quota, now int64) (accounts []string) {
	for _, by := range []time.Duration{-furthest, 0, furthest} {
		accounts = append(accounts, study.Account(q.Name, st.KeyNear(q.Period, study.DayOf(time.UnixMilli(now).UTC().Add(by)))))
	}
	return slices.Compact(accounts)
}

// readStates sums up the ledger by constraint.
func readStates(ctx context.Context, tx *sql.Tx, id string) (map[string]delivery.QuotaState, error) {
	known := map[string]delivery.QuotaState{}
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var q delivery.QuotaState
		err := rows.Scan(&name, &q.Used, &q.Provisional)
		known[name] = q
		return err
	}, `SELECT quota, used, provisional FROM quota_used WHERE study = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("reading the quotas: %w", err)
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var name string
		var out, written, devices int
		if err := rows.Scan(&name, &out, &written, &devices); err != nil {
			return err
		}
		q := known[name]
		q.Leased, q.Written, q.Devices = out, written, devices
		known[name] = q
		return nil
	}, `SELECT quota, SUM(granted - returned - used - written - moved), SUM(written), SUM(CASE WHEN granted - returned - used - written - moved > 0 THEN 1 ELSE 0 END)
		FROM leases WHERE study = $1 GROUP BY quota`, id)
	if err != nil {
		return nil, fmt.Errorf("reading the leases: %w", err)
	}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var text string
		busy := map[string]int{}
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &busy); err != nil {
			return err
		}
		for name, n := range busy {
			q := known[name]
			q.Busy = min(q.Busy+n, q.Leased)
			known[name] = q
		}
		return nil
	}, `SELECT p.busy FROM paces p JOIN epochs e ON e.id = p.epoch WHERE p.study = $1 AND e.ended_at IS NULL`, id)
	return known, wrap("reading what goes on", err)
}
