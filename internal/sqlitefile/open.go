package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"

	"github.com/pressly/goose/v3"
	// The driver registers itself under the name "sqlite".
	_ "modernc.org/sqlite"
)

// Params is what a file needs to be opened.
type Params struct {
	// Path is the file; its folder is made where it is missing. Beside it stand Path-wal, Path-shm and Path.lock.
	Path string
	// Migrations holds goose's SQL files at its root; nil leaves the schema alone.
	Migrations fs.FS
	// Base holds the migrations of tables that several stores have alike; they are applied first and counted apart. Nil for none.
	Base fs.FS
	// Readers is how many connections read at once; 0 for one per processor, at least 2.
	Readers int
	// MaxPages caps the file's size in pages of 4,096 bytes; 0 for SQLite's own limit. Past it every write ends in ErrFull.
	MaxPages int
	// Shared lets other processes have the file open too, as central's commands do while central serves; no lock is taken then.
	Shared bool
	// CheckpointEvery is how many transactions are written between two checkpoints; 0 for 200.
	CheckpointEvery int
	// Logger hears of migrations; nil for silence.
	Logger *slog.Logger
}

// File is an open SQLite file. Its methods may be called from any goroutine.
type File struct {
	path   string
	writer *sql.DB
	reader *sql.DB
	lock   *lock
	tidy   *tidier
	closed atomic.Bool
	capped bool
}

// Open opens the file, locks it against other processes, and brings its schema up to date. It fails with ErrLocked where another
// process (or this one) has the file open, and with ErrNewer where a newer version of Parvis wrote it.
func Open(ctx context.Context, p Params) (*File, error) {
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.Readers <= 0 {
		p.Readers = max(2, runtime.NumCPU())
	}
	if err := os.MkdirAll(filepath.Dir(p.Path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of %s: %w", p.Path, err)
	}
	f := &File{path: p.Path, capped: p.MaxPages > 0}
	if !p.Shared {
		held, err := acquire(p.Path + ".lock")
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", p.Path, err)
		}
		f.lock = held
	}
	if err := f.open(ctx, p); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", p.Path, translate(err)), f.Close())
	}
	return f, nil
}

func (f *File) open(ctx context.Context, p Params) (err error) {
	if f.writer, err = openKeeping(writerDSN(p)); err != nil {
		return err
	}
	// SQLite has one writer at a time anyway; one connection turns waiting for the lock into waiting in line.
	f.writer.SetMaxOpenConns(1)
	f.writer.SetMaxIdleConns(1)
	if err := f.writer.PingContext(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, f.writer, "goose_shared_version", p.Base, p.Logger); err != nil {
		return err
	}
	if err := migrate(ctx, f.writer, goose.DefaultTablename, p.Migrations, p.Logger); err != nil {
		return err
	}
	if f.reader, err = openKeeping(readerDSN(p)); err != nil {
		return err
	}
	f.reader.SetMaxOpenConns(p.Readers)
	f.reader.SetMaxIdleConns(p.Readers)
	if err := f.reader.PingContext(ctx); err != nil {
		return err
	}
	f.tidy, err = startTidier(ctx, p, f.Fold)
	return err
}

// writerDSN sets busy_timeout first, since switching to WAL may have to wait. recursive_triggers makes REPLACE fire delete
// triggers, which guard what must not be lost. Checkpoints are the tidier's, so that no tap waits for one.
func writerDSN(p Params) string {
	pragmas := []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
		"recursive_triggers(1)", "temp_store(MEMORY)", "trusted_schema(0)", "wal_autocheckpoint(0)", "journal_size_limit(16777216)",
	}
	if p.MaxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", p.MaxPages))
	}
	return dsn(p.Path, pragmas, "immediate")
}

// readerDSN has no _txlock, since an immediate transaction of a reader would wait for the writer.
func readerDSN(p Params) string {
	return dsn(p.Path, []string{"busy_timeout(5000)", "query_only(1)", "temp_store(MEMORY)", "trusted_schema(0)"}, "")
}

func dsn(path string, pragmas []string, lock string) string {
	q := url.Values{"_pragma": pragmas}
	if lock != "" {
		q.Set("_txlock", lock)
	}
	// The file part is a URI: a question mark, hash or percent sign in a folder's name must not end it.
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

// Path is the file's path.
func (f *File) Path() string { return f.path }

// Close waits for running calls, folds the write-ahead log into the file and lets other processes in. A second call does nothing.
func (f *File) Close() error {
	if f.closed.Swap(true) {
		return nil
	}
	var errs []error
	if f.tidy != nil {
		errs = append(errs, f.tidy.stop())
	}
	if f.reader != nil {
		errs = append(errs, f.reader.Close())
	}
	if f.writer != nil {
		errs = append(errs, f.writer.Close())
	}
	if f.lock != nil {
		errs = append(errs, f.lock.release())
	}
	return errors.Join(errs...)
}
