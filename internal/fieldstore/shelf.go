package fieldstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"parvis/internal/sqlitefile"
)

// Shelf is what any machine that synchronises keeps: who it is, where its last pull ended, the studies and their files, when it
// tries next. A device's Store and a supervisor's laptop are built on it.
type Shelf struct {
	File *sqlitefile.File
	// vault closes what must not lie on the disk in clear; nil where there is no PIN.
	vault *vault
}

// OpenShelf opens the file with the shelf's tables and those of p.Migrations.
func OpenShelf(ctx context.Context, p sqlitefile.Params) (*Shelf, error) {
	p, err := withShelf(p)
	if err != nil {
		return nil, err
	}
	f, err := sqlitefile.Open(ctx, p)
	if err != nil {
		return nil, err
	}
	return &Shelf{File: f}, nil
}

// withShelf adds the shelf's tables to a file.
func withShelf(p sqlitefile.Params) (sqlitefile.Params, error) {
	shared, err := fs.Sub(migrations, "migrations/shelf")
	if err != nil {
		return p, fmt.Errorf("migrations: %w", err)
	}
	p.Base = shared
	return p, nil
}

// Close ends all use of the file.
func (s *Shelf) Close() error { return s.File.Close() }

// Write runs do in one transaction; doing says in an error what was attempted.
func (s *Shelf) Write(ctx context.Context, doing string, do func(ctx context.Context, tx *sql.Tx) error) error {
	return because(doing, s.File.Write(ctx, do))
}

// Read runs do on one picture of the file; doing says in an error what was attempted.
func (s *Shelf) Read(ctx context.Context, doing string, do func(ctx context.Context, tx *sql.Tx) error) error {
	return because(doing, s.File.Read(ctx, do))
}

func because(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Each calls scan for every row of a query.
func Each(ctx context.Context, tx *sql.Tx, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
