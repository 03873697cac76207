package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// keepAims takes up the targets in force that central told; where it is an older one, which tells none, those known stay.
func keepAims(ctx context.Context, tx *sql.Tx, a delivery.LeaseAnswer) error {
	if a.Aims == nil {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM aim WHERE study = ?`, a.Study); err != nil {
		return err
	}
	for name, aim := range a.Aims {
		if _, err := tx.ExecContext(ctx, `INSERT INTO aim (study, quota, epoch, target, closed) VALUES (?, ?, ?, ?, ?)`,
			a.Study, name, a.Epoch, aim.Target, aim.Closed); err != nil {
			return err
		}
	}
	return nil
}

// Aims are the targets in force of a study's constraints that are not hard, by name, as the present central told them; those it has not
// told of have the workbook's.
func (s *Store) Aims(ctx context.Context, study string) (known map[string]delivery.Aim, err error) {
	known = map[string]delivery.Aim{}
	err = s.Read(ctx, "read the targets", func(ctx context.Context, tx *sql.Tx) error {
		return Each(ctx, tx, func(rows *sql.Rows) error {
			var name string
			var aim delivery.Aim
			err := rows.Scan(&name, &aim.Target, &aim.Closed)
			known[name] = aim
			return err
		}, `SELECT quota, target, closed FROM aim WHERE study = ? AND epoch IN `+here, study)
	})
	return known, err
}
