package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/quota"
	"parvis/internal/study"
)

const (
	// usualRate is how many respondents an hour are expected of a device while nobody of the study has worked.
	usualRate = 2.0
	// firstGap is how many hours of work a device is expected to be away while nothing is known of it: a shift.
	firstGap = 8.0
	// shortGap bounds it from below, since somebody who synchronises every minute may be away for long the next time.
	shortGap = 0.5
	mostHeld = 2000 // constraints in a statement
	// staleDays is after how long without a word nothing is kept back for a device on the days to come, in milliseconds.
	staleDays = askedAhead + dayMillis
	// askedAhead is how long before a period begins a device may have asked for rights of it, in milliseconds.
	askedAhead = study.DaysAhead * dayMillis
	// staleTill is staleDays for a laptop, in all periods.
	staleTill = dayMillis
	dayMillis = 24 * 3600 * 1000
)

// Leasing is what a device says of its rights to fill quotas, to central itself or by whoever brings what it handed in.
type Leasing struct {
	Who Principal
	// Epochs are told of along with it, the present one first; empty for that of the token. A statement of an epoch that is told of with a
	// visit which is not the latest is another life's, or late: it is not heard, and the answer to it has no leases.
	Epochs     []delivery.EpochNumbers
	Statements []delivery.LeaseStatement
	// Ended tells that the device was shut out since it said so: it gives back, and is granted nothing.
	Ended bool
	// beyond are the constraints in which a laptop's account may not have rights, by study.
	beyond map[string][]string
	till   bool // it is a laptop's
}

// grantee is who is granted what of a study.
type grantee struct {
	Leasing
	hard   hardCaps
	wanted []string // days
}

// present is the device's present epoch; "" for none.
func (l Leasing) present() string {
	switch {
	case l.Ended:
		return ""
	case len(l.Epochs) > 0:
		return l.Epochs[0].Epoch
	}
	return l.Who.Epoch
}

// hears tells whether a statement of an epoch is to be believed.
func (l Leasing) hears(e epochRow, epoch string) bool {
	return !slices.ContainsFunc(l.Epochs, func(n delivery.EpochNumbers) bool { return n.Epoch == epoch && !e.hears(n) })
}

// Leases answers what a device says of its rights, takes back what it gives back, and grants what it should have until it synchronises
// again. Statements of epochs that are not the device's present one, or have ended, only give back, and so does one that comes after a
// later one of its epoch.
func (s *store) Leases(ctx context.Context, l Leasing) (answers []delivery.LeaseAnswer, err error) {
	who := l.Who
	if !who.IsDevice() {
		return nil, fail(Forbidden, "Only a device has leases.")
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		answers = nil
		// First, since it holds the device's row, as in a push.
		if _, err := tx.ExecContext(ctx, `UPDATE devices SET last_seen = $1 WHERE id = $2`, s.now(), who.Device); err != nil {
			return fmt.Errorf("noting the device: %w", err)
		}
		if err := s.hold(ctx, tx, who.Device, l.Statements); err != nil {
			return err
		}
		for _, st := range l.Statements {
			if !slices.Contains(who.Studies, st.Study) { // whether there is such a study is not said
				answers = append(answers, nothing(st))
				continue
			}
			a, err := s.lease(ctx, tx, l, st)
			if err != nil {
				return err
			}
			answers = append(answers, a)
		}
		return nil
	})
	return answers, err
}

// hold holds the rows of the device's studies that statements are of, in the order in which a push does, so that two devices never wait
// for each other.
func (s *store) hold(ctx context.Context, tx *sql.Tx, device string, statements []delivery.LeaseStatement) error {
	studies, err := studiesOf(ctx, tx, device)
	if err != nil {
		return err
	}
	for _, study := range studies {
		if !slices.ContainsFunc(statements, func(st delivery.LeaseStatement) bool { return st.Study == study }) {
			continue
		}
		if _, err := s.advance(ctx, tx, study, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

// nothing is the answer to a statement that is not heard.
func nothing(st delivery.LeaseStatement) delivery.LeaseAnswer {
	return delivery.LeaseAnswer{Study: st.Study, Epoch: st.Epoch, Number: st.Number, Leases: map[string]delivery.Lease{}}
}

func (s *store) lease(ctx context.Context, tx *sql.Tx, of Leasing, st delivery.LeaseStatement) (delivery.LeaseAnswer, error) {
	a := nothing(st)
	st = st.Bounded()
	e, err := readEpoch(ctx, tx, storable(st.Epoch), of.Who.Device)
	if err != nil || !e.known || e.others || !of.hears(e, st.Epoch) {
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
	hard, err := capsOf(ctx, tx, *def)
	if err != nil {
		return a, err
	}
	present := st.Epoch == of.present() && !e.ended
	wanted := hard.wanted(st.Periods, s.now())
	if present {
		if err := tellSoft(ctx, tx, of, def, wanted, &a); err != nil {
			return a, err
		}
	}
	said := readClaims(st.Epoch, st.Lent)
	passed, err := readPassed(ctx, tx, of, st)
	if err != nil {
		return a, err
	}
	caps := hard.accounts(st.Holdings, append(said.quotas(), passed.quotas()...), wanted)
	b, err := openBook(ctx, tx, st.Study, caps)
	if err != nil {
		return a, err
	}
	if err := b.hear(ctx, tx, said, passed, st.Epoch, e.lost); err != nil {
		return a, err
	}
	a.Ended = e.ended || of.Ended
	a.Lent, a.Passed = b.lentTo(st.Epoch, said), b.passedOn(passed)
	for account := range caps { // after what was passed on was heard, which may be among what is given back
		b.ledger.Return(st.Epoch, account, st.Holdings[account].Returned)
	}
	if present && hard.any() {
		if err := s.grantRights(ctx, tx, b, grantee{of, hard, wanted}, st, &a); err != nil {
			return a, err
		}
		for _, name := range hard.barred(wanted) {
			a.Leases[name] = delivery.Lease{}
		}
	}
	for account := range caps {
		acc := b.ledger.Accounts[account]
		l := a.Leases[account]
		lease := acc.Leases[st.Epoch]
		l.Granted, l.Moved = lease.Told(st.Holdings[account].Committed), lease.Moved
		if !of.till { // how a quota stands is for those who have a role in the study
			l.Cap, l.Used, l.Leased = acc.Cap, acc.Used, acc.Leased()
		}
		a.Leases[account] = l
	}
	return a, b.save(ctx, tx)
}

// grantRights notes the device's pace and brings its free rights to its share, of days and waves in the wanted ones alone. After a late statement, which knows nothing of what the
// device has used since, it only says what the share is.
func (s *store) grantRights(ctx context.Context, tx *sql.Tx, b *book, to grantee, st delivery.LeaseStatement, a *delivery.LeaseAnswer) error {
	var latest int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(number), 0) FROM paces WHERE study = $1 AND epoch = $2`, st.Study, st.Epoch).Scan(&latest)
	if err != nil {
		return fmt.Errorf("reading the device's pace: %w", err)
	}
	late := st.Number != 0 && st.Number < latest
	if a.Number = st.Number; late {
		a.Number = latest
	} else if err := s.notePace(ctx, tx, st, to.beyond[st.Study]); err != nil {
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
	rates := map[study.Period]map[string]map[string]float64{}
	for p, caps := range to.hard.period {
		rates[p] = quota.Rates(told, caps, usualRate)
	}
	needs, within, nested := map[string]map[string]quota.Need{}, quota.Within{}, to.hard.study.Nested()
	for account := range b.ledger.Accounts {
		name, key := study.ParseAccount(account)
		if key != "" && !slices.Contains(to.wanted, key) {
			continue
		}
		kind, _, _, _ := to.hard.study.PeriodOf(key)
		begin := to.hard.beginOf(key)
		needs[account] = make(map[string]quota.Need, len(paces))
		for epoch, p := range paces {
			if !p.reckoned(name, s.now()) || begin-p.heard > askedAhead && s.now()-p.heard > staleDays {
				continue // it can hold no rights of that period, nor is it known to work in it
			}
			rate := rates[kind][epoch][name]
			away := min(float64(s.now()-max(p.heard, begin))/float64(time.Hour.Milliseconds()), gaps[epoch])
			needs[account][epoch] = quota.Need{Expected: rate * gaps[epoch], Unheard: rate * max(away, 0)}
		}
		for _, inner := range nested[name] {
			within[account] = append(within[account], study.Account(inner, key))
		}
	}
	for account, keep := range b.ledger.Targets(st.Epoch, needs, within) {
		h, lease := st.Holdings[account], b.ledger.Accounts[account].Leases[st.Epoch]
		// Rights of interviews that go on or have not come yet are not free; there are no more of those than rights that are out.
		busy := min(max(h.Committed-max(lease.Used, lease.Spent), 0)+max(h.Reserved, 0), max(lease.Out(), 0))
		if _, may := needs[account][st.Epoch]; may && !late {
			b.ledger.Grant(st.Epoch, account, keep+busy-lease.Out())
		}
		a.Leases[account] = delivery.Lease{Keep: keep}
	}
	return nil
}

// notePace keeps what the device says of whom it met, and about how long it works between two synchronisations.
func (s *store) notePace(ctx context.Context, tx *sql.Tx, st delivery.LeaseStatement, beyond []string) error {
	met, busy := map[string]int{}, map[string]int{}
	for name, h := range st.Holdings {
		if h.Met > 0 && len(met) < mostHeld {
			met[name] = h.Met
		}
		if h.Reserved > 0 && len(busy) < mostHeld {
			busy[name] = min(h.Reserved, mostHeld)
		}
	}
	text, err := json.Marshal(met)
	going, other := json.Marshal(busy)
	elsewhere, another := json.Marshal(beyond)
	if err := errors.Join(err, other, another); err != nil {
		return fmt.Errorf("keeping the device's pace: %w", err)
	}
	// A gap is half the one before and half what went by since, so that one short or long one does not change it all. More hours of work
	// than have passed since the last statement mean that a laptop brought both at once: they are one gap.
	_, err = tx.ExecContext(ctx, `INSERT INTO paces (study, epoch, hours, gap, respondents, met, heard_at, number, busy, beyond) VALUES ($1, $2, $3, $4, $5, $6, $7, $9, $10, $11)
		ON CONFLICT (study, epoch) DO UPDATE SET
			gap = CASE WHEN excluded.hours - paces.hours < $8 THEN paces.gap
				WHEN (excluded.hours - paces.hours) * 3600000 > excluded.heard_at - paces.heard_at THEN paces.gap + (excluded.hours - paces.hours) / 2
				ELSE (paces.gap + excluded.hours - paces.hours) / 2 END,
			hours = CASE WHEN excluded.hours - paces.hours < $8 THEN paces.hours ELSE excluded.hours END,
			respondents = excluded.respondents, met = excluded.met, heard_at = excluded.heard_at, number = excluded.number, busy = excluded.busy, beyond = excluded.beyond`,
		st.Study, st.Epoch, min(max(st.Hours, 0), 1e5), firstGap, min(max(st.Respondents, 0), 1e6), string(text), s.now(), shortGap, max(st.Number, 0), string(going), string(elsewhere))
	return wrap("keeping the device's pace", err)
}

// pace is what a device said last, and when.
type pace struct {
	quota.Pace
	heard  int64
	beyond []string // constraints in which it may not have rights
}

// reckoned tells whether a device is expected to need rights of a constraint. A laptop that was not heard of for a day is not: what it has it
// keeps, and nothing more is kept back for it.
func (p pace) reckoned(name string, now int64) bool {
	return !slices.Contains(p.beyond, name) && (!p.Till || now-p.heard <= staleTill)
}

// readPaces reads the paces of all epochs of a study that go on, and the hours of work between two of their synchronisations.
func readPaces(ctx context.Context, tx *sql.Tx, id string) (paces map[string]pace, gaps map[string]float64, err error) {
	paces, gaps = map[string]pace{}, map[string]float64{}
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var epoch, met, beyond string
		var p pace
		var gap float64
		if err := rows.Scan(&epoch, &p.Hours, &gap, &p.Respondents, &met, &p.heard, &beyond, &p.Till); err != nil {
			return err
		}
		if beyond != "" {
			if err := json.Unmarshal([]byte(beyond), &p.beyond); err != nil {
				return err
			}
		}
		if err := json.Unmarshal([]byte(met), &p.Met); err != nil {
			return err
		}
		paces[epoch], gaps[epoch] = p, min(max(gap, shortGap), firstGap)
		return nil
	}, `SELECT p.epoch, p.hours, p.gap, p.respondents, p.met, p.heard_at, p.beyond, d.laptop <> '' FROM paces p JOIN epochs e ON e.id = p.epoch JOIN devices d ON d.id = e.device
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
