package centralstore

import (
	"context"
	"database/sql"
)

func (s *store) Status(ctx context.Context) (Status, error) {
	var status Status
	var err error
	all := Principal{Grants: []Grant{{Role: Administrator}}}
	if status.Studies, err = s.ListStudies(ctx, all); err != nil {
		return status, err
	}
	if status.Devices, err = s.ListDevices(ctx); err != nil {
		return status, err
	}
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if status.Missing, err = missingAttachments(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM quarantine WHERE settled_at IS NULL`).Scan(&status.Quarantined)
	})
	return status, wrap("counting the quarantine", err)
}
