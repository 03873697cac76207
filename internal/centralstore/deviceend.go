package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"parvis/internal/delivery"
)

// DeviceEnd ends a device's enrolment.
type DeviceEnd struct {
	Device string
	How    End
	// Who orders it; the zero Principal for whoever hosts central, then Actor is the name.
	Who   Principal
	Actor string
	// Reason stands in the audit log; it may be empty.
	Reason string
}

// End is why a device's enrolment ends.
type End string

// The ends. After each of them the device may enrol again with a new code, and delivers what it still holds.
const (
	EndRevoked End = "revoked"
	EndLost    End = "lost"
	EndErased  End = "erased" // it destroys what it holds when it next asks
)

func (s *store) RevokeDevice(ctx context.Context, device, actor string) error {
	return s.EndDevice(ctx, DeviceEnd{Device: device, How: EndRevoked, Actor: actor})
}

func (s *store) LoseDevice(ctx context.Context, device, actor string) error {
	return s.EndDevice(ctx, DeviceEnd{Device: device, How: EndLost, Actor: actor})
}

func (s *store) EraseDevice(ctx context.Context, device, actor string) error {
	return s.EndDevice(ctx, DeviceEnd{Device: device, How: EndErased, Actor: actor})
}

func (s *store) EndDevice(ctx context.Context, o DeviceEnd) error {
	if o.Who.User != "" {
		o.Actor = o.Who.Name()
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		now := s.now()
		update := map[End]string{
			EndRevoked: `UPDATE devices SET revoked_at = $1 WHERE id = $2`,
			EndLost:    `UPDATE devices SET revoked_at = $1, lost_at = $1 WHERE id = $2`,
			EndErased:  `UPDATE devices SET revoked_at = $1, erase_at = $1 WHERE id = $2`,
		}[o.How]
		// The row is held before anything is looked at: a batch of the device comes before or after.
		done, err := tx.ExecContext(ctx, update, now, o.Device)
		if err != nil {
			return fmt.Errorf("ending the device's enrolment: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, noDevice(o.Device))
		}
		if err := mayEnd(ctx, tx, o.Who, o.Device); err != nil {
			return err
		}
		if o.How == EndErased {
			if err := noLaptop(ctx, tx, o.Device, "A supervisor's laptop destroys nothing when it is told to: revoke it, or write it off as lost."); err != nil {
				return err
			}
		}
		if err := endTokens(ctx, tx, o.Device, now); err != nil {
			return err
		}
		if err := endEpochs(ctx, tx, o.Device, now); err != nil {
			return err
		}
		// First, since it holds the studies' rows: what a laptop or tablet tells of rights meanwhile comes before or after.
		if err := s.touch(ctx, tx, o.Device); err != nil {
			return err
		}
		if o.How == EndLost {
			if _, err := tx.ExecContext(ctx, `UPDATE epochs SET lost_at = $1 WHERE device = $2 AND lost_at IS NULL`, now, o.Device); err != nil {
				return fmt.Errorf("ending the device's epochs: %w", err)
			}
			if err := writeOff(ctx, tx, o.Device); err != nil {
				return err
			}
		}
		return s.auditDevice(ctx, tx, o.Actor, map[End]string{EndRevoked: "device revoked", EndLost: "device lost", EndErased: "device to be erased"}[o.How], o.Device, o.Reason)
	})
}

func (s *store) Ending(ctx context.Context, who Principal, device string) (e delivery.DeviceEnding, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		e = delivery.DeviceEnding{}
		state, err := deviceState(ctx, tx, device)
		if errors.Is(err, sql.ErrNoRows) {
			return noDevice(device)
		}
		if err == nil {
			err = mayEnd(ctx, tx, who, device)
		}
		if err != nil {
			return err
		}
		e.LastSeen = state.LastSeen
		for _, gap := range state.Gaps() {
			e.Missing += gap.Last - gap.First + 1
		}
		err = tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(n), 0), COUNT(DISTINCT study || ' ' || quota) FROM (
			SELECT study, quota, granted - returned - used - written - moved AS n FROM leases WHERE epoch IN (SELECT id FROM epochs WHERE device = $1)) AS held WHERE n > 0`,
			device).Scan(&e.Rights, &e.Constraints)
		return wrap("reading the device's rights", err)
	})
	return e, err
}

// noLaptop refuses, in these words, what is for the devices of interviewers only.
func noLaptop(ctx context.Context, tx *sql.Tx, device, words string) error {
	laptops, err := texts(ctx, tx, `SELECT id FROM devices WHERE id = $1 AND laptop <> ''`, device)
	if err == nil && len(laptops) > 0 {
		return fail(Invalid, "%s", words)
	}
	return wrap("reading the device", err)
}

func noDevice(device string) error { return fail(NotFound, "There is no device %s.", clip(device, 64)) }

// auditDevice notes a line for each study of the device, so that each study's administrator reads of it.
func (s *store) auditDevice(ctx context.Context, tx *sql.Tx, actor, deed, device, detail string) error {
	studies, err := texts(ctx, tx, `SELECT study FROM device_studies WHERE device = $1 ORDER BY study`, device)
	if err != nil {
		return fmt.Errorf("reading the device's studies: %w", err)
	}
	for _, study := range studies {
		if err := s.audit(ctx, tx, actor, deed, study, "device:"+device, detail); err != nil {
			return err
		}
	}
	return nil
}

// endEpochs ends those that go on.
func endEpochs(ctx context.Context, tx *sql.Tx, device string, now int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE epochs SET ended_at = $1 WHERE device = $2 AND ended_at IS NULL`, now, device)
	return wrap("ending the device's epochs", err)
}

// mayEnd asks for the role of a supervisor in every study of the device, since it is shut out of all of them. Whoever supervises a part
// of a study may end the devices of interviewers who have worked in that part only, or nowhere yet.
func mayEnd(ctx context.Context, tx *sql.Tx, who Principal, device string) error {
	if who.User == "" && len(who.Grants) == 0 && !who.IsDevice() {
		return nil
	}
	studies, err := texts(ctx, tx, `SELECT study FROM device_studies WHERE device = $1 ORDER BY study`, device)
	if err != nil {
		return fmt.Errorf("reading the device's studies: %w", err)
	}
	if !slices.ContainsFunc(studies, func(study string) bool { return mayLead(who, study) == nil }) {
		if who.IsDevice() || slices.ContainsFunc(studies, who.Sees) {
			return fail(Forbidden, "This needs the role of a supervisor in the study.")
		}
		return noDevice(device)
	}
	for _, study := range studies {
		if mayLead(who, study) != nil {
			return fail(Forbidden, "The device works for another study too, in which you have no such role. Ask an administrator.")
		}
		if err := within(ctx, tx, who, study, device); err != nil {
			return err
		}
	}
	return nil
}

// within tells whether the device's interviewer has worked only where the person supervises.
func within(ctx context.Context, tx *sql.Tx, who Principal, study, device string) error {
	f, err := who.reaches(study, Supervisor).filter(ctx, tx, study)
	if err != nil || f.all {
		return err
	}
	var account string
	if err := tx.QueryRowContext(ctx, `SELECT account FROM devices WHERE id = $1`, device).Scan(&account); err != nil {
		return fmt.Errorf("reading the device: %w", err)
	}
	if account != "" && account != who.User {
		return fail(Forbidden, "This laptop is another supervisor's. Ask a supervisor of the whole study.")
	}
	sites, err := texts(ctx, tx, `SELECT DISTINCT t.site FROM tallies t JOIN devices d ON d.interviewer = t.interviewer WHERE t.study = $1 AND d.id = $2`, study, device)
	if err != nil {
		return fmt.Errorf("reading where the interviewer has worked: %w", err)
	}
	for _, site := range sites {
		if !slices.Contains(f.sites, site) {
			return fail(Forbidden, "The interviewer of this device works beyond your part of the study. Ask a supervisor of the whole study.")
		}
	}
	return nil
}
