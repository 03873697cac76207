package desk

import (
	"context"
	"database/sql"
	"errors"

	"parvis/internal/delivery"
)

// RelayIdentity returns the certificate and the key, as PEM, by which this laptop proves to be itself; nil where none was made.
func (s *Store) RelayIdentity(ctx context.Context) (certificate, key []byte, err error) {
	err = s.Read(ctx, "read this laptop's certificate", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT certificate, key FROM relay_identity`).Scan(&certificate, &key)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return certificate, key, err
}

// SaveRelayIdentity keeps them, once: tablets know the laptop by its key.
func (s *Store) SaveRelayIdentity(ctx context.Context, certificate, key []byte) error {
	return s.Write(ctx, "keep this laptop's certificate", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO relay_identity (one, certificate, key) VALUES (1, ?, ?)`, certificate, key)
		return err
	})
}

// AddTablet keeps a device that paired; hash is of its token. A device that still has a token of the hash before stays the one it was.
func (s *Store) AddTablet(ctx context.Context, t delivery.Tablet, hash, before string) error {
	return s.Write(ctx, "keep a paired tablet", func(ctx context.Context, tx *sql.Tx) error {
		if before != "" {
			done, err := tx.ExecContext(ctx, `UPDATE tablet SET token = ?, name = ?, paired = ? WHERE token = ?`, hash, t.Name, t.Paired, before)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil || n > 0 {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO tablet (id, name, token, paired) VALUES (?, ?, ?, ?)`, t.ID, t.Name, hash, t.Paired)
		return err
	})
}

// TabletOf finds the device with a token of this hash and notes that it was here; ok is false where there is none.
func (s *Store) TabletOf(ctx context.Context, hash string, now int64) (id string, ok bool, err error) {
	if hash == "" {
		return "", false, nil
	}
	err = s.Write(ctx, "find a paired tablet", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `UPDATE tablet SET seen = ? WHERE token = ? RETURNING id`, now, hash).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		ok = err == nil
		return err
	})
	return id, ok, err
}

// ShutOutTablet ends a device's token here and returns its hash, for LetInTablet. What it gave is forwarded all the same.
func (s *Store) ShutOutTablet(ctx context.Context, id string) (hash string, err error) {
	err = s.Write(ctx, "shut a tablet out", func(ctx context.Context, tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT token FROM tablet WHERE id = ?`, id).Scan(&hash); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE tablet SET token = '' WHERE id = ?`, id)
		return err
	})
	return hash, err
}

// LetInTablet takes back that a device was shut out.
func (s *Store) LetInTablet(ctx context.Context, id, hash string) error {
	return s.Write(ctx, "let a tablet in again", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE tablet SET token = ? WHERE id = ? AND token = ''`, hash, id)
		return err
	})
}
