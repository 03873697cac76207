package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parvis/internal/delivery"
	"parvis/internal/seal"
)

func (s *store) Enrol(ctx context.Context, e Enrolment) (Enrolled, error) {
	letters, ok := readCode(e.Code)
	if !ok {
		return Enrolled{}, badCode()
	}
	hash, err := s.hashCode(ctx, letters)
	if err != nil {
		return Enrolled{}, err
	}
	secret, err := s.secret(devicePrefix)
	if err != nil {
		return Enrolled{}, err
	}
	given := Enrolled{Secret: secret, Expires: s.p.Now().Add(deviceTrusted), Recovery: seal.NewRecoveryCode()}
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.enrol(ctx, tx, e, hash, &given) })
	if err != nil {
		return Enrolled{}, err
	}
	return given, nil
}

func badCode() error {
	return fail(BadCode, "This code is not known, was used already or has expired.")
}

func (s *store) enrol(ctx context.Context, tx *sql.Tx, e Enrolment, hash string, given *Enrolled) error {
	now := s.now()
	err := tx.QueryRowContext(ctx,
		`UPDATE codes SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING interviewer`, now, hash).Scan(&given.Interviewer)
	if errors.Is(err, sql.ErrNoRows) {
		return badCode()
	}
	if err != nil {
		return fmt.Errorf("using the code: %w", err)
	}
	if err := s.sameOrNewDevice(ctx, tx, e, given); err != nil {
		return err
	}
	if given.Epoch, err = s.newID(); err != nil {
		return err
	}
	if err := s.beginEpoch(ctx, tx, given); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE codes SET device = $1 WHERE hash = $2`, given.Device, hash); err != nil {
		return fmt.Errorf("using the code: %w", err)
	}
	studies, err := texts(ctx, tx, `SELECT study FROM code_studies WHERE hash = $1 ORDER BY study`, hash)
	if err != nil {
		return fmt.Errorf("reading the code's studies: %w", err)
	}
	for _, study := range studies {
		if err := assign(ctx, tx, study, given.Device); err != nil {
			return err
		}
		if err := s.bringCard(ctx, tx, study, given.Interviewer); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, "device:"+given.Device, "device enrolled", study, "interviewer:"+given.Interviewer, "epoch "+given.Epoch); err != nil {
			return err
		}
	}
	// The device was assigned to other studies before: their readers learn of its new state too.
	return s.touch(ctx, tx, given.Device)
}

// sameOrNewDevice keeps the device where the token it had before proves that it is the same one.
func (s *store) sameOrNewDevice(ctx context.Context, tx *sql.Tx, e Enrolment, given *Enrolled) error {
	platform, version := clip(e.Platform, 64), clip(e.AppVersion, 64)
	now := s.now()
	if e.Previous != "" {
		var device sql.NullString
		err := tx.QueryRowContext(ctx, `SELECT device FROM tokens WHERE hash = $1`, hashToken(e.Previous)).Scan(&device)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("reading the token before: %w", err)
		}
		if device.Valid {
			given.Device = device.String
			if err := endTokens(ctx, tx, device.String, now); err != nil {
				return err
			}
			if err := endEpochs(ctx, tx, device.String, now); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE devices SET interviewer = $1, platform = $2, app_version = $3, last_seen = $4, recovery = $5, revoked_at = NULL, erase_at = NULL, lost_at = NULL
				WHERE id = $6`, given.Interviewer, platform, version, now, given.Recovery, given.Device)
			return wrap("keeping the device", err)
		}
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	given.Device = id
	_, err = tx.ExecContext(ctx, `INSERT INTO devices (id, interviewer, platform, app_version, created_at, last_seen, recovery) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
		id, given.Interviewer, platform, version, now, given.Recovery)
	return wrap("keeping the device", err)
}

func (s *store) beginEpoch(ctx context.Context, tx *sql.Tx, given *Enrolled) error {
	now := s.now()
	_, err := tx.ExecContext(ctx, `INSERT INTO epochs (id, device, interviewer, started_at) VALUES ($1, $2, $3, $4)`,
		given.Epoch, given.Device, given.Interviewer, now)
	if err != nil {
		return fmt.Errorf("beginning the epoch: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO tokens (hash, device, epoch, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		hashToken(given.Secret), given.Device, given.Epoch, "device", now, given.Expires.UnixMilli())
	return wrap("keeping the device's token", err)
}

func assign(ctx context.Context, tx *sql.Tx, study, device string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO device_studies (study, device, n) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`, study, device)
	return wrap("assigning the study", err)
}

// studiesOf are the studies a device works for, in the order in which their rows are held.
func studiesOf(ctx context.Context, tx *sql.Tx, device string) ([]string, error) {
	studies, err := texts(ctx, tx, `SELECT study FROM device_studies WHERE device = $1 ORDER BY study`, device)
	return studies, wrap("reading the device's studies", err)
}

func endTokens(ctx context.Context, tx *sql.Tx, device string, now int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE tokens SET revoked_at = $1 WHERE device = $2 AND revoked_at IS NULL`, now, device)
	return wrap("ending the device's tokens", err)
}

// touch makes the device's state a change in the feed of each of its studies.
func (s *store) touch(ctx context.Context, tx *sql.Tx, device string) error {
	studies, err := studiesOf(ctx, tx, device)
	if err != nil {
		return err
	}
	for _, study := range studies {
		n, err := s.advance(ctx, tx, study, 1, 0)
		if err != nil {
			return err
		}
		if err := s.deviceChanged(ctx, tx, n, study, device); err != nil {
			return err
		}
	}
	return nil
}

// deviceChanged gives the device's change its number in a study's feed.
func (s *store) deviceChanged(ctx context.Context, tx *sql.Tx, n int64, study, device string) error {
	_, err := tx.StmtContext(ctx, s.hot.deviceChange).ExecContext(ctx, n, study, device)
	return wrap("noting the device's change", err)
}

func (s *store) DeviceOf(ctx context.Context, token, actor string) (who Principal, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var device, epoch sql.NullString
		err := tx.QueryRowContext(ctx, `SELECT device, epoch FROM tokens WHERE hash = $1`, hashToken(token)).Scan(&device, &epoch)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && !device.Valid) {
			return fail(NotFound, "No device of this central made this file.")
		}
		if err != nil {
			return fmt.Errorf("reading the token: %w", err)
		}
		if who, err = devicePrincipal(ctx, tx, device.String, epoch.String); err != nil {
			return err
		}
		return s.auditDevice(ctx, tx, actor, "file of a device taken in", who.Device, "")
	})
	return who, err
}

func (s *store) RecoveryCode(ctx context.Context, device, actor string) (code string, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT recovery FROM devices WHERE id = $1`, device).Scan(&code)
		if errors.Is(err, sql.ErrNoRows) {
			return noDevice(device)
		}
		if err != nil {
			return fmt.Errorf("reading the recovery code: %w", err)
		}
		if err := noLaptop(ctx, tx, device, "A supervisor's laptop has no PIN to be opened: its supervisor signs in on it."); err != nil {
			return err
		}
		return s.auditDevice(ctx, tx, actor, "recovery code read", device, "")
	})
	return code, err
}

// deviceState reads a device with what is missing of its epochs.
func deviceState(ctx context.Context, tx *sql.Tx, device string) (delivery.DeviceState, error) {
	d := delivery.DeviceState{Device: device}
	err := tx.QueryRowContext(ctx,
		`SELECT interviewer, platform, app_version, last_seen, revoked_at IS NOT NULL, lost_at IS NOT NULL, account FROM devices WHERE id = $1`, device).
		Scan(&d.Interviewer, &d.Platform, &d.AppVersion, &d.LastSeen, &d.Revoked, &d.Lost, &d.Account)
	if err != nil {
		return d, fmt.Errorf("reading the device: %w", err)
	}
	epochs, err := epochStates(ctx, tx, device)
	if err != nil || len(epochs) == 0 {
		return d, err
	}
	d.HighSeq, d.Missing = epochs[0].HighSeq, epochs[0].Missing
	for _, e := range epochs[1:] {
		if len(e.Missing) > 0 {
			d.Earlier = append(d.Earlier, e)
		}
	}
	return d, nil
}

// epochStates reads a device's epochs, the present one first.
func epochStates(ctx context.Context, tx *sql.Tx, device string) (list []delivery.EpochState, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, high_seq FROM epochs WHERE device = $1 ORDER BY started_at DESC, id DESC`, device)
	if err != nil {
		return nil, fmt.Errorf("reading the epochs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e delivery.EpochState
		if err := rows.Scan(&e.Epoch, &e.HighSeq); err != nil {
			return nil, fmt.Errorf("reading the epochs: %w", err)
		}
		list = append(list, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the epochs: %w", err)
	}
	for i := range list {
		e := &list[i]
		if e.Missing, err = missing(ctx, tx, e.Epoch, e.HighSeq); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// clip shortens what somebody says of themselves, between two characters, and takes out what a database does not keep.
func clip(text string, most int) string {
	text = storable(text)
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// storable puts a mark in the place of what no database keeps in a text: the character NUL and bytes that are no characters.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// wrap says what was being done; nil stays nil.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
