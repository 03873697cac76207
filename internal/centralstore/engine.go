package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"parvis/internal/sqlitefile"
)

// engine is the database underneath. Both engines run the same SQL, with numbered parameters; what differs between them is behind
// this interface and in their migrations.
type engine interface {
	// write commits do durably, or leaves nothing of it. It may run do more than once: each time from its beginning.
	write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error
	// read runs do on one consistent picture of the data.
	read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error
	// prepare makes a statement for use in write through tx.StmtContext; it lives until close.
	prepare(ctx context.Context, query string) (*sql.Stmt, error)
	close() error
}

// What a caller can act on beside an *Error.
var (
	// ErrFull: nothing more fits; what was stored before is safe.
	ErrFull = sqlitefile.ErrFull
	// ErrUnavailable: the database does not answer just now. What was asked for may have been done all the same.
	ErrUnavailable = errors.New("central's database does not answer")
	// ErrNewer: the database was written by a newer version.
	ErrNewer = errors.New("central's database was written by a newer version of Parvis; update central, the data are safe")
)

// schemaOf is an engine's own migrations.
func schemaOf(name string) (fs.FS, error) {
	schema, err := fs.Sub(migrations, "migrations/"+name)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	return schema, nil
}
