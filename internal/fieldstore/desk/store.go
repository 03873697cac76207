package desk

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/sqlitefile"
)

//go:embed migrations
var migrations embed.FS

// Params is what a desk needs.
type Params struct {
	// Path of the SQLite file; its folder is made where it is missing.
	Path   string
	Logger *slog.Logger // nil for silence
	// Room is how much of tablets this laptop carries; zero for the usual.
	Room Room
	// Now is the wall clock; nil for time.Now.
	Now func() time.Time
	// NewID makes identifiers; nil for UUIDv7.
	NewID func() string
}

// Store is the laptop's memory. It may be used from any goroutine.
type Store struct {
	*fieldstore.Shelf
	p    Params
	hot  *statements
	room Room
	// shapes are those of the studies' questionnaires that are here.
	shapes shapes
}

// Open opens the laptop's file, or makes it.
func Open(ctx context.Context, p Params) (*Store, error) {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.NewID == nil {
		p.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	shelf, err := fieldstore.OpenShelf(ctx, sqlitefile.Params{Path: p.Path, Migrations: own, Logger: p.Logger})
	if err != nil {
		return nil, err
	}
	s := &Store{Shelf: shelf, p: p, room: p.Room}
	if s.room == (Room{}) {
		s.room = usualRoom
	}
	if s.hot, err = prepare(ctx, shelf.File); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the desk's statements: %w", err), s.Close())
	}
	if err := s.draw(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// ApplyPull keeps pulled items, counts them and keeps the cursor in one transaction. The same items may come again.
func (s *Store) ApplyPull(ctx context.Context, items []delivery.Item, cursor string) error {
	if err := s.shapes.read(ctx, s.Shelf); err != nil {
		return err
	}
	return s.ApplyItems(ctx, items, cursor, s.applyItem, nil)
}

func (s *Store) applyItem(ctx context.Context, tx *sql.Tx, item delivery.Item) error {
	switch item.Kind {
	case delivery.ItemRecord:
		var r delivery.StoredRecord
		if err := json.Unmarshal(item.Body, &r); err != nil {
			return unreadable(ctx, tx, item.ID, 0, string(item.Kind), "the record cannot be read")
		}
		return s.hot.takeIn(ctx, tx, r, s.shapes.of(r.Study))
	case delivery.ItemMessage:
		return keepMessage(ctx, tx, item)
	case delivery.ItemDecision:
		return s.hot.keepDecision(ctx, tx, item)
	case delivery.ItemDevice:
		var d delivery.DeviceState
		if err := json.Unmarshal(item.Body, &d); err != nil {
			return unreadable(ctx, tx, item.ID, 0, string(item.Kind), "the device's state cannot be read")
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO device (device, interviewer, body) VALUES (?, ?, ?)
			ON CONFLICT (device) DO UPDATE SET interviewer = excluded.interviewer, body = excluded.body`, d.Device, d.Interviewer, string(item.Body))
		return err
	}
	return nil
}

// unreadable notes what this version cannot make sense of; one bad record never holds up the others.
func unreadable(ctx context.Context, tx *sql.Tx, id string, revision int, kind, reason string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO unreadable (id, revision, kind, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, id, revision, kind, reason)
	return err
}

// Unreadable is how many pulled things this version could not make sense of.
func (s *Store) Unreadable(ctx context.Context) (n int, err error) {
	err = s.Read(ctx, "count what could not be read", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM unreadable`).Scan(&n)
	})
	return n, err
}
