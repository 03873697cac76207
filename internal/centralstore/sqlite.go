package centralstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"parvis/internal/sqlitefile"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Params is what central's store needs.
type Params struct {
	Dir    string // the data folder; made where it is missing
	Now    func() time.Time
	Rand   io.Reader // crypto/rand.Reader; secrets come from it
	Logger *slog.Logger
	// Cost of hashing passwords and codes; zero for the usual one. A code is found by its hash, so a cost that changes makes the
	// codes that are out unknown.
	Cost Cost
}

// FileName is the database in the data folder.
const FileName = "central.sqlite"

// sqlite is the Store over an embedded SQLite. Its SQL keeps to what PostgreSQL shares, numbered parameters included.
type sqlite struct {
	p     Params
	file  *sqlitefile.File
	queue *queue
	blobs folder
	// pictures are files that interviews name, apart from those of studies: nobody reads one by knowing the other's path.
	pictures folder
	uploads  uploads
	hashing  chan struct{} // how many passwords are hashed at once: each takes its memory
	self     identity
	hot      statements
}

// identity is what the table central says.
type identity struct{ incarnation, codeSalt string }

// OpenSQLite opens or makes the store in a folder. Other processes may have it open too.
func OpenSQLite(ctx context.Context, p Params) (Store, error) {
	if p.Dir == "" || p.Now == nil || p.Rand == nil {
		return nil, errors.New("central's store needs a folder, a clock and randomness")
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.Cost == (Cost{}) {
		p.Cost = usual()
	}
	schema, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	file, err := sqlitefile.Open(ctx, sqlitefile.Params{
		Path: filepath.Join(p.Dir, FileName), Migrations: schema, Shared: true, Logger: p.Logger,
	})
	if err != nil {
		return nil, fmt.Errorf("opening central's data in %s: %w", p.Dir, err)
	}
	s := &sqlite{p: p, file: file, blobs: folder{filepath.Join(p.Dir, "blobs")}, pictures: folder{filepath.Join(p.Dir, "attachments")},
		uploads: uploads{dir: filepath.Join(p.Dir, "uploads")}, hashing: make(chan struct{}, 2)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening central's data in %s: %w", p.Dir, err), file.Close())
	}
	return s, nil
}

func (s *sqlite) start(ctx context.Context) error {
	if err := s.file.Write(ctx, s.introduce); err != nil {
		return err
	}
	if err := errors.Join(s.blobs.make(), s.pictures.make()); err != nil {
		return err
	}
	if err := s.hot.prepare(ctx, s.file); err != nil {
		return err
	}
	s.queue = startQueue(s.file)
	return nil
}

// introduce reads who this database is, or decides it when it is new.
func (s *sqlite) introduce(ctx context.Context, tx *sql.Tx) error {
	err := tx.QueryRowContext(ctx, `SELECT incarnation, code_salt FROM central`).Scan(&s.self.incarnation, &s.self.codeSalt)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	salt, err := s.secret("")
	if err != nil {
		return err
	}
	incarnation, err := uuid.NewRandomFromReader(s.p.Rand)
	if err != nil {
		return fmt.Errorf("reading randomness: %w", err)
	}
	s.self = identity{incarnation: incarnation.String(), codeSalt: salt}
	_, err = tx.ExecContext(ctx, `INSERT INTO central (incarnation, code_salt, created_at) VALUES ($1, $2, $3)`,
		s.self.incarnation, s.self.codeSalt, s.now())
	return err
}

// now is the clock in milliseconds UTC.
func (s *sqlite) now() int64 { return s.p.Now().UnixMilli() }

func (s *sqlite) newID() (string, error) {
	id, err := uuid.NewV7FromReader(s.p.Rand)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	return id.String(), nil
}

// write commits do together with whatever else is waiting to be written.
func (s *sqlite) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.queue.write(ctx, do)
}

func (s *sqlite) read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.file.Read(ctx, do)
}

// Close lets what is being written end first.
func (s *sqlite) Close() error {
	s.queue.stop()
	return s.file.Close()
}
