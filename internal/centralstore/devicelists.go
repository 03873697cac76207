package centralstore

import (
	"context"
	"database/sql"
	"fmt"

	"parvis/internal/delivery"
)

func (s *store) ListDevices(ctx context.Context) ([]delivery.DeviceState, error) {
	return s.devices(ctx, func(ctx context.Context, tx *sql.Tx) ([]string, error) {
		return texts(ctx, tx, `SELECT id FROM devices ORDER BY last_seen DESC, id`)
	})
}

func (s *store) DevicesOf(ctx context.Context, who Principal, study string) ([]delivery.DeviceState, error) {
	if study != "" {
		if err := mayLead(who, study); err != nil {
			return nil, err
		}
	}
	return s.devices(ctx, func(ctx context.Context, tx *sql.Tx) ([]string, error) {
		args, err := led(ctx, tx, who, study)
		if err != nil || len(args) == 0 {
			return nil, err
		}
		return texts(ctx, tx, `SELECT id FROM devices WHERE EXISTS (SELECT 1 FROM device_studies s WHERE s.device = devices.id AND s.study IN `+
			marks(1, len(args))+`) ORDER BY last_seen DESC, id`, args...)
	})
}

// led are the studies in which a person supervises, or the one that is asked for, which must be there.
func led(ctx context.Context, tx *sql.Tx, who Principal, study string) (ids []any, err error) {
	all, err := visibleStudies(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	there := false
	for _, id := range all {
		there = there || id == study
		if (study == "" || id == study) && mayLead(who, id) == nil {
			ids = append(ids, id)
		}
	}
	if study != "" && !there {
		return nil, noStudy(study)
	}
	return ids, nil
}

func (s *store) devices(ctx context.Context, which func(ctx context.Context, tx *sql.Tx) ([]string, error)) ([]delivery.DeviceState, error) {
	var states []delivery.DeviceState
	err := s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		states = nil
		ids, err := which(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			state, err := deviceState(ctx, tx, id)
			if err != nil {
				return err
			}
			states = append(states, state)
		}
		return nil
	})
	return states, wrap("listing devices", err)
}

// mayLead tells whether the principal supervises in a study, of whatever part of it. Nobody in particular is whoever hosts central.
func mayLead(who Principal, study string) error {
	switch {
	case who.IsDevice():
		return fail(Forbidden, "A device does not do this.")
	case who.User == "" && len(who.Grants) == 0:
		return nil
	case !who.Sees(study):
		return noStudy(study)
	case !who.reaches(study, Supervisor).records:
		return fail(Forbidden, "This needs the role of a supervisor in the study.")
	}
	return nil
}

func noStudy(study string) error { return fail(NotFound, "There is no study %s.", clip(study, 64)) }

// LateRecord is one that arrived from an epoch after it was lost.
type LateRecord struct {
	ID, Device, Epoch, Interviewer string
	Revision                       int
	Kind                           delivery.Kind
	ReceivedAt, LostAt             int64 // milliseconds UTC
}

func (s *store) LateRecords(ctx context.Context, study string, limit int) (list []LateRecord, err error) {
	err = s.report(ctx, func(ctx context.Context, tx *sql.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT r.id, r.device, r.epoch, r.interviewer, r.revision, r.kind, r.received_at, e.lost_at
			FROM epochs e JOIN records r ON r.epoch = e.id AND r.received_at >= e.lost_at
			WHERE e.lost_at IS NOT NULL AND r.study = $1 ORDER BY r.received_at DESC, r.id LIMIT $2`, study, limit)
		if err != nil {
			return fmt.Errorf("reading late records: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var r LateRecord
			if err := rows.Scan(&r.ID, &r.Device, &r.Epoch, &r.Interviewer, &r.Revision, &r.Kind, &r.ReceivedAt, &r.LostAt); err != nil {
				return fmt.Errorf("reading late records: %w", err)
			}
			list = append(list, r)
		}
		return wrap("reading late records", rows.Err())
	})
	return list, err
}
