package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
)

// certificateUse is bound to everything in the table certificates, so that nothing closed for another use passes for it.
const certificateUse = "certificate "

// The longest of what is kept: a key with a chain of certificates has some 6 KB.
const mostCertificate = 256 << 10

func (s *store) Certificate(ctx context.Context, name string) (kept []byte, err error) {
	err = s.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT sealed FROM certificates WHERE name = $1`, name).Scan(&kept)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("reading a certificate: %w", fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a certificate: %w", err)
	}
	return s.decrypt(certificateUse+name, kept)
}

func (s *store) KeepCertificate(ctx context.Context, name string, data []byte) error {
	if len(data) > mostCertificate {
		return errors.New("keeping a certificate: it is too long to be one")
	}
	sealed, err := s.encrypt(certificateUse+name, data)
	if err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO certificates (name, sealed, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at`, name, sealed, s.now())
		return wrap("keeping a certificate", err)
	})
}

func (s *store) DropCertificate(ctx context.Context, name string) error {
	return s.write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM certificates WHERE name = $1`, name)
		return wrap("dropping a certificate", err)
	})
}
