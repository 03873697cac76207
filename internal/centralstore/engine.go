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

// schemaOf is an engine's migrations up to a version, 0 for all: those both engines share, and its own.
func schemaOf(name string, upTo int64) (fs.FS, error) {
	s := schema{upTo: upTo}
	for _, folder := range []string{"shared", name} {
		layer, err := fs.Sub(migrations, "migrations/"+folder)
		if err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}
		s.layers = append(s.layers, layer)
	}
	return s, nil
}

// schema is several folders of migrations as one.
type schema struct {
	layers []fs.FS
	upTo   int64 // 0 for all
}

// Open implements fs.FS.
func (s schema) Open(name string) (file fs.File, err error) {
	for _, layer := range s.layers {
		if file, err = layer.Open(name); err == nil {
			return file, nil
		}
	}
	return nil, err
}

// ReadDir implements fs.ReadDirFS.
func (s schema) ReadDir(name string) (all []fs.DirEntry, err error) {
	for _, layer := range s.layers {
		entries, err := fs.ReadDir(layer, name)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	all = slices.DeleteFunc(all, func(e fs.DirEntry) bool { return s.upTo > 0 && versionOf(e.Name()) > s.upTo })
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
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
