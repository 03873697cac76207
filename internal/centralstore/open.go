package centralstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
)

//go:embed migrations
var migrations embed.FS

// Params is what central's store needs.
type Params struct {
	Dir string // the data folder; made where it is missing
	// Database is the address of a PostgreSQL, postgres://USER@HOST/DATABASE; "" for a SQLite file in the data folder.
	Database string
	// Replica is the address of a PostgreSQL that follows Database and serves what people read; "" where there is none. What it shows
	// may be some moments old, and is never torn.
	Replica string
	// Media is where files lie: "" for the data folder, or an S3-compatible store, s3://HOST[:PORT]/BUCKET[/PREFIX]; see openMedia.
	Media string
	Now   func() time.Time
	Rand  io.Reader // crypto/rand.Reader; secrets come from it
	// Key encrypts the few secrets that the database must hold in full. It lies apart from the database; nil where there is none, and
	// then no one-time codes can be set up.
	Key    []byte
	Logger *slog.Logger
	// Cost of hashing passwords and codes; zero for the usual one. A code is found by its hash, so a cost that changes makes the
	// codes that are out unknown.
	Cost Cost

	upTo int64 // the schema's version; 0 for the newest
}

// store is the Store over one of the engines. It keeps nothing between calls that another process would have to know.
type store struct {
	p      Params
	engine engine
	// replica answers what people read; it is engine itself where there is none.
	replica engine
	blobs   media // of studies
	// pictures are files that interviews name, apart from those of studies: nobody reads one by knowing the other's path.
	pictures media
	hashing  chan struct{} // how many passwords are hashed at once: each takes its memory
	self     identity
	hot      statements
}

// identity is what the table central says.
type identity struct{ incarnation, codeSalt string }

// Open opens the store, or makes it where there is none. Other processes may have it open too.
func Open(ctx context.Context, p Params) (Store, error) {
	s, err := openStore(ctx, p)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func openStore(ctx context.Context, p Params) (*store, error) {
	if p.Dir == "" || p.Now == nil || p.Rand == nil {
		return nil, errors.New("central's store needs a folder, a clock and randomness")
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	if p.Cost == (Cost{}) {
		p.Cost = usual()
	}
	open, place := openSQLite, p.Dir
	if p.Database != "" {
		open, place = openPostgres, "PostgreSQL"
	}
	under, err := open(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("opening central's data in %s: %w", place, err)
	}
	s := &store{p: p, engine: under, replica: under, hashing: make(chan struct{}, 2)}
	if p.Database != "" && p.Replica != "" {
		if s.replica, err = openReplica(p); err != nil {
			return nil, errors.Join(err, under.close())
		}
	}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening central's data in %s: %w", place, err), under.close())
	}
	return s, nil
}

func (s *store) start(ctx context.Context) (err error) {
	if s.blobs, err = openMedia(ctx, s.p, "blobs"); err != nil {
		return err
	}
	if s.pictures, err = openMedia(ctx, s.p, "attachments"); err != nil {
		return err
	}
	if err := s.write(ctx, s.introduce); err != nil {
		return err
	}
	if err := s.hot.prepare(ctx, s.engine); err != nil {
		return err
	}
	return s.countEarlier(ctx)
}

// introduce reads who this database is, or decides it when it is new.
func (s *store) introduce(ctx context.Context, tx *sql.Tx) error {
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
func (s *store) now() int64 { return s.p.Now().UnixMilli() }

func (s *store) newID() (string, error) {
	id, err := uuid.NewV7FromReader(s.p.Rand)
	if err != nil {
		return "", fmt.Errorf("making an id: %w", err)
	}
	return id.String(), nil
}

// write commits what do does, and what it noted for the audit log. A mistake in it that panics fails it alone: over SQLite it runs in the
// queue's goroutine, beside others, where nobody could recover.
func (s *store) write(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.engine.write(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		defer func() {
			if what := recover(); what != nil {
				err = fmt.Errorf("a mistake in the program: %v\n%s", what, debug.Stack())
			}
		}()
		noted := &notes{}
		if err := do(context.WithValue(ctx, notesKey{}, noted), tx); err != nil {
			return err
		}
		return s.chain(ctx, tx, noted.lines)
	})
}

func (s *store) read(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.engine.read(ctx, do)
}

// report reads for people, who do not mind some moments.
func (s *store) report(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	if s.replica == s.engine {
		return s.engine.read(ctx, do)
	}
	err := s.replica.read(ctx, do)
	if errors.Is(err, ErrUnavailable) { // a replica that is away is no reason to answer nothing
		return s.engine.read(ctx, do)
	}
	return err
}

// Close lets what is being written end first.
func (s *store) Close() error {
	if s.replica == s.engine {
		return s.engine.close()
	}
	return errors.Join(s.replica.close(), s.engine.close())
}
