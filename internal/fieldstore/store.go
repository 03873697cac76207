package fieldstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/sqlitefile"
)

//go:embed migrations
var migrations embed.FS

// What a caller can act on.
var (
	// ErrNotFound: there is no such thing on this device.
	ErrNotFound = errors.New("not on this device")
	// ErrIncomplete: the file has not been fetched to its end yet.
	ErrIncomplete = errors.New("not completely fetched yet; synchronise with a connection")
	// ErrNotEnrolled: nothing real can be recorded before central knows the device.
	ErrNotEnrolled = errors.New("this device is not enrolled")
	// ErrShiftOpen: one shift at a time.
	ErrShiftOpen = errors.New("a shift is open; end it first")
	// ErrNoShift: the shift is not open.
	ErrNoShift = errors.New("the shift is not open")
	// ErrPaused: nobody counts during a pause.
	ErrPaused = errors.New("the shift is paused; resume it first")
	// ErrFull: the device's storage is full. What was saved before is safe.
	ErrFull = sqlitefile.ErrFull
	// ErrLocked: another running copy of the app has the file.
	ErrLocked = sqlitefile.ErrLocked
	// ErrNewer: a newer version of the app wrote the file.
	ErrNewer = sqlitefile.ErrNewer
	// ErrDamaged: the file was damaged while it was open; opening it again saves what can be read.
	ErrDamaged = sqlitefile.ErrDamaged
)

// Params is what a store needs.
type Params struct {
	// Path of the SQLite file; its folder is made where it is missing.
	Path string
	// Now is the wall clock in the device's zone; nil for time.Now.
	Now func() time.Time
	// NewID makes identifiers; nil for UUIDv7.
	NewID  func() string
	Logger *slog.Logger // nil for silence
	// MaxPages caps the file, in pages of 4,096 bytes; 0 for no cap.
	MaxPages int
	// PINCost is what one guess at the PIN takes; zero for the usual, cheaper for tests.
	PINCost seal.Cost
}

// Store is the device's memory. It may be used from any goroutine. It opens locked: until SetPIN or Unlock, what is closed can be
// neither read nor saved.
type Store struct {
	*Shelf
	now    func() time.Time
	newID  func() string
	logger *slog.Logger
	hot    *statements

	pinCost seal.Cost
	rescued *sqlitefile.Rescued
}

// Open opens the device's file, or makes it. It fails with ErrLocked where another running copy has it open: two copies would
// give out the same sequence numbers. A damaged file is set aside, whole, and what can be read of it goes on in a new one; see Rescued.
func Open(ctx context.Context, p Params) (*Store, error) {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.NewID == nil {
		p.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if p.Logger == nil {
		p.Logger = slog.New(slog.DiscardHandler)
	}
	own, err := fs.Sub(migrations, "migrations/device")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	shelf, rescued, err := openOrRescue(ctx, p, sqlitefile.Params{Path: p.Path, Migrations: own, MaxPages: p.MaxPages, Logger: p.Logger})
	if err != nil {
		return nil, err
	}
	shelf.vault = &vault{}
	s := &Store{Shelf: shelf, now: p.Now, newID: p.NewID, logger: p.Logger, pinCost: p.PINCost, rescued: rescued}
	if s.hot, err = prepare(ctx, shelf.File); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the device's statements: %w", err), s.Close())
	}
	return s, nil
}

func (s *Store) moment() interview.Moment { return interview.MomentOf(s.now()) }

func (s *Store) write(ctx context.Context, doing string, do func(ctx context.Context, tx *sql.Tx) error) error {
	return s.Write(ctx, doing, do)
}

// statements are those an interview runs at every answer.
type statements struct {
	saveDraft, saveProgress, insertStep *sql.Stmt
}

func prepare(ctx context.Context, f *sqlitefile.File) (*statements, error) {
	var h statements
	for _, s := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&h.saveDraft, `UPDATE draft SET open_ms = ?, position = ?, language = ?, snapshot = ? WHERE id = ?`},
		{&h.saveProgress, `UPDATE draft SET open_ms = ?, position = ?, language = ? WHERE id = ?`},
		{&h.insertStep, `INSERT INTO step (draft, number, kind, question, at_utc, at_offset, open_ms, changed, position, detail)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
	} {
		stmt, err := f.Prepare(ctx, s.query)
		if err != nil {
			return nil, err
		}
		*s.to = stmt
	}
	return &h, nil
}
