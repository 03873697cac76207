package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"parvis/internal/sqlitefile"
)

// FileName is the database in the data folder, where central has no other.
const FileName = "central.sqlite"

// sqlite is the engine that needs nothing: a file in the data folder. Other processes may have it open too.
type sqlite struct {
	file  *sqlitefile.File
	queue *queue
}

func openSQLite(ctx context.Context, p Params) (engine, error) {
	schema, err := schemaOf("sqlite", p.upTo)
	if err != nil {
		return nil, err
	}
	file, err := sqlitefile.Open(ctx, sqlitefile.Params{
		Path: filepath.Join(p.Dir, FileName), Migrations: schema, Shared: true, Logger: p.Logger,
	})
	if errors.Is(err, sqlitefile.ErrNewer) {
		err = fmt.Errorf("%w: %w", ErrNewer, err)
	}
	if err != nil {
		return nil, err
	}
	return &sqlite{file: file, queue: startQueue(file)}, nil
}

// write commits do together with whatever else is waiting to be written.
func (e *sqlite) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return e.queue.write(ctx, do)
}

func (e *sqlite) read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return e.file.Read(ctx, do)
}

func (e *sqlite) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	return e.file.Prepare(ctx, query)
}

// loaded has nothing to do: SQLite goes on after the highest number by itself.
func (e *sqlite) loaded(context.Context, *sql.Tx) error { return nil }

// pool is empty: the file has its own few connections.
func (e *sqlite) pool() sql.DBStats { return sql.DBStats{} }

// leastRoom is what a batch and its log may take, many times over.
const leastRoom = 64 << 20

func (e *sqlite) room(ctx context.Context) error {
	free, err := e.file.Free(ctx)
	if err == nil && free >= 0 && free < leastRoom {
		return ErrFull
	}
	return err
}

// leastFree is the room on the disk below which somebody should look.
const leastFree = 1 << 30

func (e *sqlite) examine(ctx context.Context, say func(Grade, string, ...any)) error {
	if free, err := e.file.Free(ctx); err != nil {
		return err
	} else if free >= 0 && free < leastFree {
		say(Watch, "the disk has %d MB left: make room", free>>20)
	}
	return e.read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, check := range []string{`PRAGMA integrity_check(10)`, `SELECT "table" FROM pragma_foreign_key_check LIMIT 10`} {
			lines, err := texts(ctx, tx, check)
			if err != nil {
				return err
			}
			for _, line := range lines {
				if line != "ok" {
					say(Ill, "the file is damaged (%s): keep it, and restore a backup", line)
				}
			}
		}
		return nil
	})
}

// close lets what is being written end first.
func (e *sqlite) close() error {
	e.queue.stop()
	return e.file.Close()
}
