package fieldstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"

	"parvis/internal/seal"
	"parvis/internal/sqlitefile"
)

// Rescued tells what became of a damaged file when it was opened; nil where it was sound.
func (s *Store) Rescued() *sqlitefile.Rescued { return s.rescued }

// Check looks for damage in the file; with ErrDamaged the next Open sets the file aside and saves what can be read.
func (s *Store) Check(ctx context.Context) error { return s.File.Check(ctx) }

// openOrRescue opens the file; one that is damaged lies aside afterwards, whole, and what could be read of it is in a new one.
func openOrRescue(ctx context.Context, p Params, file sqlitefile.Params) (*Shelf, *sqlitefile.Rescued, error) {
	if !sqlitefile.NeedsRescue(p.Path) {
		shelf, err := OpenShelf(ctx, file)
		if err == nil || errors.Is(err, ErrLocked) || errors.Is(err, ErrNewer) || errors.Is(err, ErrFull) || !sqlitefile.IsDamaged(ctx, p.Path) {
			return shelf, nil, err
		}
		p.Logger.ErrorContext(ctx, "the data file is damaged", "error", err)
	}
	whole, err := withShelf(file)
	if err != nil {
		return nil, nil, err
	}
	r, err := sqlitefile.Rescue(ctx, whole, p.Now())
	if err != nil {
		return nil, nil, err
	}
	p.Logger.WarnContext(ctx, "the damaged data file was set aside", "aside", r.Aside, "rows", r.Rows, "whole", r.Whole)
	shelf, err := OpenShelf(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	return shelf, &r, shelf.Write(ctx, "complete what was rescued", func(ctx context.Context, tx *sql.Tx) error {
		return completeRescued(ctx, tx, keyCopy(p.Path))
	})
}

// completeRescued puts back what the rest cannot do without: the closed data key, from its copy, and epochs, from their records.
func completeRescued(ctx context.Context, tx *sql.Tx, copied string) error {
	if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO epoch (epoch, central, device, last)
		SELECT epoch, coalesce((SELECT value ->> '$' FROM agent_note WHERE name = 'central'), ''), '', max(seq) FROM outbox GROUP BY epoch`); err != nil {
		return err
	}
	var k keyRow
	text, err := os.ReadFile(copied)
	if errors.Is(err, os.ErrNotExist) || (err == nil && json.Unmarshal(text, &k) != nil) {
		return nil // a device that never had a PIN, or a copy that is damaged too
	}
	if err != nil {
		return err
	}
	return k.insert(ctx, tx)
}

// keyCopy is where a copy of the closed data key lies: without the key nothing else could be read.
func keyCopy(path string) string { return path + ".key" }

// keyRow is the row of data_key. What it holds is closed, so that a copy of it gives away no more than the file does.
type keyRow struct {
	PIN      seal.Wrapped  `json:"pin"`
	Recovery *seal.Wrapped `json:"recovery,omitempty"`
}

func (k keyRow) insert(ctx context.Context, tx *sql.Tx) error {
	r := seal.Wrapped{}
	if k.Recovery != nil {
		r = *k.Recovery
	}
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO data_key (one, pin_passes, pin_memory, pin_lanes, pin_salt, pin_key,
		recovery_passes, recovery_memory, recovery_lanes, recovery_salt, recovery_key) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.PIN.Cost.Passes, k.PIN.Cost.MemoryKiB, k.PIN.Cost.Lanes, k.PIN.Salt, k.PIN.Key,
		r.Cost.Passes, r.Cost.MemoryKiB, r.Cost.Lanes, r.Salt, r.Key)
	return err
}

// copyKey renews the copy. A copy that cannot be written endangers nothing that is saved, so it is only logged.
func (s *Store) copyKey(ctx context.Context) {
	var k keyRow
	var r seal.Wrapped
	var passes, memory, lanes sql.NullInt64
	err := s.Read(ctx, "read the closed key", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT pin_passes, pin_memory, pin_lanes, pin_salt, pin_key,
			recovery_passes, recovery_memory, recovery_lanes, recovery_salt, recovery_key FROM data_key`).
			Scan(&k.PIN.Cost.Passes, &k.PIN.Cost.MemoryKiB, &k.PIN.Cost.Lanes, &k.PIN.Salt, &k.PIN.Key, &passes, &memory, &lanes, &r.Salt, &r.Key)
	})
	if err == nil && r.Key != nil {
		r.Cost = seal.Cost{Passes: uint32(passes.Int64), MemoryKiB: uint32(memory.Int64), Lanes: uint8(lanes.Int64)}
		k.Recovery = &r
	}
	if err == nil {
		err = writeWhole(keyCopy(s.File.Path()), k)
	}
	if err != nil {
		s.logger.WarnContext(ctx, "the copy of the closed key was not renewed", "error", err)
	}
}

// writeWhole replaces a file so that after a kill the old or the new one is there.
func writeWhole(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	part := path + ".part"
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, path)
}
