package fieldstore

import (
	"context"
	"database/sql"
	"errors"
)

// Setting returns a choice made on this machine, such as the language; "" where none was made.
func (s *Shelf) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.Read(ctx, "read the setting "+name, func(ctx context.Context, tx *sql.Tx) error {
		value, err = noneAsEmpty(tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = ?`, name))
		return err
	})
	return value, err
}

// SaveSetting keeps a choice.
func (s *Shelf) SaveSetting(ctx context.Context, name, value string) error {
	return s.Write(ctx, "save the setting "+name, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

// noneAsEmpty scans a text that may not be there.
func noneAsEmpty(row *sql.Row) (string, error) {
	var value string
	err := row.Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}
