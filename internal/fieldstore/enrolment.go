package fieldstore

import (
	"context"
	"database/sql"

	"parvis/internal/delivery"
)

// SaveCredentials keeps who this device is for central. A new epoch begins its own numbers; records of older epochs keep theirs,
// and those still unsent go out under them. The recovery code closes the data key once more and is not kept.
func (s *Store) SaveCredentials(ctx context.Context, c delivery.Credentials) error {
	if c.Recovery != "" {
		if err := s.saveRecovery(ctx, c.Recovery); err != nil {
			return err
		}
		c.Recovery = ""
	}
	return s.write(ctx, "save the enrolment", func(ctx context.Context, tx *sql.Tx) error {
		if c.Epoch != "" {
			// The same enrolment may find central under a new address; its records follow.
			if _, err := tx.ExecContext(ctx, `INSERT INTO epoch (epoch, central, device) VALUES (?, ?, ?)
				ON CONFLICT (epoch) DO UPDATE SET central = excluded.central`, c.Epoch, c.Central, c.Device); err != nil {
				return err
			}
		}
		return s.saveCredentials(ctx, tx, c)
	})
}

// Enrolment is Credentials under the field's word for them.
func (s *Store) Enrolment(ctx context.Context) (delivery.Credentials, error) {
	return s.Credentials(ctx)
}

// SaveEnrolment is SaveCredentials under the field's word for it.
func (s *Store) SaveEnrolment(ctx context.Context, c delivery.Credentials) error {
	return s.SaveCredentials(ctx, c)
}

// ApplyPull keeps pulled items and the cursor in one transaction. Versions of studies stay that drafts are in, or interviews that
// can be reopened.
func (s *Store) ApplyPull(ctx context.Context, items []delivery.Item, cursor string) error {
	return s.ApplyItems(ctx, items, cursor, s.applyItem, s.pruneDevice)
}

// FinishBlob marks a file complete and lets the studies be used that waited for it.
func (s *Store) FinishBlob(ctx context.Context, sha256 string) error {
	if err := s.Shelf.FinishBlob(ctx, sha256); err != nil {
		return err
	}
	return s.write(ctx, "forget replaced versions of studies", s.pruneDevice)
}

func (s *Store) pruneDevice(ctx context.Context, tx *sql.Tx) error {
	if err := s.forgetEnded(ctx, tx); err != nil {
		return err
	}
	return prune(ctx, tx, `SELECT version FROM draft UNION SELECT version FROM ended`)
}
