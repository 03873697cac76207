package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

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
	// loaded is called in the transaction that has put rows with numbers of their own into the tables.
	loaded(ctx context.Context, tx *sql.Tx) error
	// pool is how the connections are used; room fails where nothing more could be written.
	pool() sql.DBStats
	room(ctx context.Context) error
	// examine looks whether the engine itself is sound and set up so that nothing acknowledged is lost.
	examine(ctx context.Context, say func(Grade, string, ...any)) error
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

// schemaOf is an engine's own migrations, up to a version; 0 for all.
func schemaOf(name string, upTo int64) (fs.FS, error) {
	schema, err := fs.Sub(migrations, "migrations/"+name)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	if upTo == 0 {
		return schema, nil
	}
	return until{schema, upTo}, nil
}

// until is the migrations up to a version.
type until struct {
	fs.FS
	version int64
}

// ReadDir implements fs.ReadDirFS.
func (u until) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(u.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return versionOf(e.Name()) > u.version }), err
}

// Glob implements fs.GlobFS.
func (u until) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(u.FS, pattern)
	return slices.DeleteFunc(names, func(name string) bool { return versionOf(name) > u.version }), err
}

// versionOf is the number that a migration's file begins with.
func versionOf(name string) int64 {
	digits, _, _ := strings.Cut(path.Base(name), "_")
	version, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return version
}

// newestSchema is the version this program brings a database to.
func newestSchema() (newest int64, err error) {
	schema, err := schemaOf("sqlite", 0)
	if err != nil {
		return 0, err
	}
	entries, err := fs.ReadDir(schema, ".")
	for _, e := range entries {
		newest = max(newest, versionOf(e.Name()))
	}
	return newest, err
}
