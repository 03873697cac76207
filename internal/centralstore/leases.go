package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/quota"
)

const (
	// usualRate is how many respondents an hour are expected of a device while nobody of the study has worked.
	usualRate = 2.0
	// firstGap is how many hours of work a device is expected to be away while nothing is known of it: a shift.
	firstGap = 8.0
	// shortGap bounds it from below, since somebody who synchronises every minute may be away for long the next time.
	shortGap = 0.5
	mostHeld = 2000 // constraints in a statement
)

// Leases answers what a device says of its rights, takes back what it gives back, and grants what it should have until it synchronises
// again. Statements of epochs that are not the device's present one only give back.
func (s *store) Leases(ctx context.Context, who Principal, present string, statements []delivery.LeaseStatement) (answers []delivery.LeaseAnswer, err error) {
	if !who.IsDevice() {
		return nil, fail(Forbidden, "Only a device has leases.")
	}
	if present == "" {
		present = who.Epoch
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		answers = nil
		// First, since it holds the device's row, as in a push.
		if _, err := tx.ExecContext(ctx, `UPDATE devices SET last_seen = $1 WHERE id = $2`, s.now(), who.Device); err != nil {
			return fmt.Errorf("noting the device: %w", err)
		}
		for _, st := range statements {
			if !slices.Contains(who.Studies, st.Study) { // whether there is such a study is not said
				answers = append(answers, delivery.LeaseAnswer{Study: st.Study, Epoch: st.Epoch, Leases: map[string]delivery.Lease{}})
				continue
			}
			a, err := s.lease(ctx, tx, who, present, st)
			if err != nil {
				return err
			}
			answers = append(answers, a)
		}
		return nil
	})
	return answers, err
}

func (s *store) lease(ctx context.Context, tx *sql.Tx, who Principal, present string, st delivery.LeaseStatement) (delivery.LeaseAnswer, error) {
	a := delivery.LeaseAnswer{Study: st.Study, Epoch: st.Epoch, Leases: map[string]delivery.Lease{}}
	e, err := readEpoch(ctx, tx, storable(st.Epoch), who.Device)
	if err != nil || !e.known || e.others {
		return a, err
	}
	// The study's row is held until the commit, as by a push: what is granted and what is counted come one after the other.
	if _, err := s.advance(ctx, tx, st.Study, 0, 0); err != nil {
		return a, err
	}
	def, err := newestStudy(ctx, tx, st.Study)
	if err != nil {
		return a, err
	}
	caps := capsOf(*def)
	b, err := openBook(ctx, tx, st.Study, caps, "")
	if err != nil {
		return a, err
	}
	for name := range caps {
		b.ledger.Return(st.Epoch, name, st.Holdings[name].Returned)
	}
	if st.Epoch == present && len(caps) > 0 {
		if err := s.grantRights(ctx, tx, b, caps, st, &a); err != nil {
			return a, err
		}
	}
	for name := range caps {
		acc := b.ledger.Accounts[name]
		l := a.Leases[name]
		l.Granted, l.Cap, l.Used, l.Leased = acc.Leases[st.Epoch].Granted, acc.Cap, acc.Used, acc.Leased()
		a.Leases[name] = l
	}
	return a, b.save(ctx, tx)
}

// grantRights notes the device's pace and brings its free rights to its share.
func (s *store) grantRights(ctx context.Context, tx *sql.Tx, b *book, caps map[string]int, st delivery.LeaseStatement, a *delivery.LeaseAnswer) error {
	if err := s.notePace(ctx, tx, st); err != nil {
		return err
	}
	paces, gaps, err := readPaces(ctx, tx, st.Study)
	if err != nil {
		return err
	}
	told := map[string]quota.Pace{}
	for epoch, p := range paces {
		told[epoch] = p.Pace
	}
	rates := quota.Rates(told, caps, usualRate)
	for name := range caps {
		needs := make(map[string]quota.Need, len(paces))
		for epoch, p := range paces {
			away := min(float64(s.now()-p.heard)/float64(time.Hour.Milliseconds()), gaps[epoch])
			needs[epoch] = quota.Need{Expected: rates[epoch][name] * gaps[epoch], Unheard: rates[epoch][name] * max(away, 0)}
		}
		acc, h := b.ledger.Accounts[name], st.Holdings[name]
		// Rights of interviews that go on or have not come yet are not free.
		busy := max(h.Committed-acc.Leases[st.Epoch].Used, 0) + max(h.Reserved, 0)
		keep := b.ledger.Target(name, st.Epoch, needs)
		b.ledger.Grant(st.Epoch, name, keep+busy-acc.Leases[st.Epoch].Out())
		a.Leases[name] = delivery.Lease{Keep: keep}
	}
	return nil
}

// notePace keeps what the device says of whom it met, and about how long it works between two synchronisations.
func (s *store) notePace(ctx context.Context, tx *sql.Tx, st delivery.LeaseStatement) error {
	met := map[string]int{}
	for name, h := range st.Holdings {
		if h.Met > 0 && len(met) < mostHeld {
			met[name] = h.Met
		}
	}
	text, err := json.Marshal(met)
	if err != nil {
		return fmt.Errorf("keeping the device's pace: %w", err)
	}
	// A gap is half the one before and half what went by since, so that one short or long one does not change it all.
	_, err = tx.ExecContext(ctx, `INSERT INTO paces (study, epoch, hours, gap, respondents, met, heard_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (study, epoch) DO UPDATE SET
			gap = CASE WHEN excluded.hours - paces.hours < $8 THEN paces.gap ELSE (paces.gap + excluded.hours - paces.hours) / 2 END,
			hours = CASE WHEN excluded.hours - paces.hours < $8 THEN paces.hours ELSE excluded.hours END,
			respondents = excluded.respondents, met = excluded.met, heard_at = excluded.heard_at`,
		st.Study, st.Epoch, min(max(st.Hours, 0), 1e5), firstGap, min(max(st.Respondents, 0), 1e6), string(text), s.now(), shortGap)
	return wrap("keeping the device's pace", err)
}

// pace is what a device said last, and when.
type pace struct {
	quota.Pace
	heard int64
}

// readPaces reads the paces of all epochs of a study that go on, and the hours of work between two of their synchronisations.
func readPaces(ctx context.Context, tx *sql.Tx, id string) (paces map[string]pace, gaps map[string]float64, err error) {
	paces, gaps = map[string]pace{}, map[string]float64{}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var epoch, met string
		var p pace
		var gap float64
		if err := rows.Scan(&epoch, &p.Hours, &gap, &p.Respondents, &met, &p.heard); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(met), &p.Met); err != nil {
			return err
		}
		paces[epoch], gaps[epoch] = p, min(max(gap, shortGap), firstGap)
		return nil
	}, `SELECT p.epoch, p.hours, p.gap, p.respondents, p.met, p.heard_at FROM paces p JOIN epochs e ON e.id = p.epoch
		WHERE p.study = $1 AND e.ended_at IS NULL`, id)
	return paces, gaps, wrap("reading the devices' paces", err)
}

// eachRow calls scan for each row of a query.
func eachRow(ctx context.Context, tx *sql.Tx, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
