package centralstore

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"parvis/internal/delivery"
)

// Tilling is what a supervisor's laptop says of the rights it passes on to tablets. The laptop is a device of the account: one for each
// key of a laptop and account, with epochs as other devices have them.
type Tilling struct {
	Who Principal // a person
	// Laptop is the SHA-256 of the laptop's key, in hex.
	Laptop               string
	Platform, AppVersion string
	// Epochs are the till's, the present one first; at least one.
	Epochs     []delivery.EpochNumbers
	Statements []delivery.LeaseStatement
}

// Tilled is what becomes of it.
type Tilled struct {
	Answers []delivery.LeaseAnswer
	// Visit is that of the present epoch which central had heard of before, where it is another than was told: then nothing was heard.
	Visit string
	// Ended tells that the present epoch has ended: the laptop gives back, and passes nothing on. Renew tells that it may begin another.
	Ended, Renew bool
}

// Till settles a laptop's rights and grants it those it should have until it comes again, in studies in which the account supervises. In
// others it only gives back. It fails with Forbidden for anybody but a person, and with Invalid.
func (s *store) Till(ctx context.Context, t Tilling) (done Tilled, err error) {
	if t.Who.IsDevice() || t.Who.User == "" {
		return done, fail(Forbidden, "Only a person's laptop passes rights on.")
	}
	if sum, err := hex.DecodeString(t.Laptop); err != nil || len(sum) != 32 || hex.EncodeToString(sum) != t.Laptop {
		return done, fail(Invalid, "A laptop is known by the SHA-256 of its key, in hex.")
	}
	if len(t.Epochs) == 0 || !isUUID(t.Epochs[0].Epoch) {
		return done, fail(Invalid, "A laptop that passes rights on names its epoch.")
	}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		done, err = s.till(ctx, tx, t)
		return err
	})
	return done, err
}

func (s *store) till(ctx context.Context, tx *sql.Tx, t Tilling) (done Tilled, err error) {
	led, err := led(ctx, tx, t.Who, "")
	if err != nil {
		return done, err
	}
	leads := func(study string) bool { return slices.Contains(led, any(study)) }
	device, revoked, err := s.laptop(ctx, tx, t, slices.ContainsFunc(t.Statements, func(st delivery.LeaseStatement) bool { return leads(st.Study) }))
	if err != nil {
		return done, err
	}
	if device == "" {
		for _, st := range t.Statements {
			done.Answers = append(done.Answers, nothing(st))
		}
		return done, nil
	}
	epochs := told(Principal{}, t.Epochs[:min(len(t.Epochs), mostEpochs)], 0)
	present, err := readEpoch(ctx, tx, epochs[0].Epoch, device)
	if err != nil {
		return done, err
	}
	done.Renew = revoked == 0 || t.Who.Since > revoked
	switch {
	case present.others:
		return Tilled{}, fail(Invalid, "This epoch is another device's.")
	case !present.known && !done.Renew:
		done.Ended = true // it begins no new one by itself
	case !present.known && revoked != 0:
		if _, err := tx.ExecContext(ctx, `UPDATE devices SET revoked_at = NULL, erase_at = NULL, lost_at = NULL WHERE id = $1`, device); err != nil {
			return done, fmt.Errorf("letting the laptop in again: %w", err)
		}
	}
	if !done.Ended {
		if done.Visit, err = s.hearTill(ctx, tx, device, epochs); err != nil {
			return done, err
		}
		done.Ended = present.ended
	}
	if done.Visit != "" {
		return done, nil
	}
	if e, err := readEpoch(ctx, tx, epochs[0].Epoch, device); err != nil {
		return done, err
	} else if !e.known && !done.Ended {
		return Tilled{}, fail(Invalid, "This laptop has begun too many epochs today. Is there a copy of it?")
	}
	if !done.Ended {
		if err := s.takeOn(ctx, tx, t, device, leads, !present.known); err != nil {
			return done, err
		}
	}
	done.Answers, err = s.tillAnswers(ctx, tx, t, device, epochs, leads, done.Ended)
	return done, err
}

// takeOn has the laptop work for the studies its statements are of in which the account supervises. news tells of something else that
// whoever watches the devices is to learn.
func (s *store) takeOn(ctx context.Context, tx *sql.Tx, t Tilling, device string, leads func(string) bool, news bool) error {
	mine, err := studiesOf(ctx, tx, device)
	if err != nil {
		return err
	}
	for _, st := range t.Statements {
		if !leads(st.Study) || slices.Contains(mine, st.Study) {
			continue
		}
		if err := assign(ctx, tx, st.Study, device); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, t.Who.Name(), "laptop passes rights on", st.Study, "device:"+device, ""); err != nil {
			return err
		}
		mine, news = append(mine, st.Study), true
	}
	if !news {
		return nil
	}
	return s.touch(ctx, tx, device)
}

// laptop finds the account's laptop, or takes it in where the account supervises, and holds its row; "" for none. revoked is when it was shut out; 0 for never.
func (s *store) laptop(ctx context.Context, tx *sql.Tx, t Tilling, leads bool) (device string, revoked int64, err error) {
	platform, version := clip(t.Platform, 64), clip(t.AppVersion, 64)
	err = tx.QueryRowContext(ctx, `UPDATE devices SET last_seen = $1, platform = $2, app_version = $3 WHERE account = $4 AND laptop = $5 RETURNING id, COALESCE(revoked_at, 0)`,
		s.now(), platform, version, t.Who.User, t.Laptop).Scan(&device, &revoked)
	switch {
	case errors.Is(err, sql.ErrNoRows) && !leads:
		return "", 0, nil
	case errors.Is(err, sql.ErrNoRows):
		if device, err = s.newID(); err != nil {
			return "", 0, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO devices (id, interviewer, platform, app_version, created_at, last_seen, recovery, account, laptop)
			VALUES ($1, '', $2, $3, $4, $4, '', $5, $6)`, device, platform, version, s.now(), t.Who.User, t.Laptop)
	}
	return device, revoked, wrap("keeping the laptop", err)
}

// hearTill hears a laptop's visit; it returns the one before where another life of the laptop made that.
func (s *store) hearTill(ctx context.Context, tx *sql.Tx, device string, epochs []delivery.EpochNumbers) (other string, err error) {
	who := Principal{Device: device}
	before, err := readEpoch(ctx, tx, epochs[0].Epoch, device)
	if err != nil {
		return "", err
	}
	if before.known && !before.hears(epochs[0]) {
		return before.visit, nil
	}
	return "", s.hear(ctx, tx, who, epochs)
}

// tillAnswers answers a laptop's statements, study by study.
func (s *store) tillAnswers(ctx context.Context, tx *sql.Tx, t Tilling, device string, epochs []delivery.EpochNumbers, leads func(string) bool, ended bool) (answers []delivery.LeaseAnswer, err error) {
	mine, err := studiesOf(ctx, tx, device)
	if err != nil {
		return nil, err
	}
	if err := s.hold(ctx, tx, device, t.Statements); err != nil {
		return nil, err
	}
	for _, st := range t.Statements {
		if !slices.Contains(mine, st.Study) {
			answers = append(answers, nothing(st))
			continue
		}
		of := Leasing{Who: Principal{Device: device, Studies: mine}, Epochs: epochs, Ended: ended || !leads(st.Study), till: true}
		if of.beyond, err = beyond(ctx, tx, t.Who, st.Study); err != nil {
			return nil, err
		}
		st.Lent = nil // a laptop is lent nothing
		a, err := s.lease(ctx, tx, of, st)
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// beyond are the constraints of sites that a person does not answer for.
func beyond(ctx context.Context, tx *sql.Tx, who Principal, study string) (map[string][]string, error) {
	f, err := who.reaches(study, Supervisor).filter(ctx, tx, study)
	if err != nil || f.all {
		return nil, err
	}
	def, err := newestStudy(ctx, tx, study)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, q := range def.Quotas {
		if q.Site != "" && !slices.Contains(f.sites, q.Site) {
			names = append(names, q.Name)
		}
	}
	return map[string][]string{study: names}, nil
}
