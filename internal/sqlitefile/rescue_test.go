package sqlitefile

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func filled(t *testing.T, rows int) (path string, p Params) {
	t.Helper()
	p = Params{Path: filepath.Join(t.TempDir(), "data.db"), Migrations: fstest.MapFS{"00001_a.sql": {Data: []byte(`-- +goose Up
CREATE TABLE word (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
CREATE TABLE name (id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX word_text ON word (text);`)}}}
	f := open(t, p)
	if err := f.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for n := range rows {
			text := fmt.Sprintf("%05d %s", n, strings.Repeat("x", 200))
			if _, err := tx.ExecContext(ctx, `INSERT INTO word VALUES (?, ?)`, n, text); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO name VALUES (?, ?)`, text[:5], text); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(context.Background()); err != nil || NeedsRescue(p.Path) {
		t.Fatalf("a sound file: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return p.Path, p
}

// Pages in the middle turn to noise: it is noticed, the file lies aside byte by byte, and what the other pages hold is there again.
func TestADamagedFileIsSetAsideAndWhatCanBeReadIsThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const rows = 2000
	path, p := filled(t, rows)
	random := rand.New(rand.NewPCG(7, 1))
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages := len(raw) / 4096
	for i := pages / 2; i < pages/2+3; i++ {
		for j := range 4096 {
			raw[i*4096+j] = byte(random.Uint32())
		}
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(ctx, p)
	if err == nil {
		if err := f.Check(ctx); !errors.Is(err, ErrDamaged) || !NeedsRescue(path) {
			t.Errorf("the damage was not noticed: %v", err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	} else if !errors.Is(err, ErrDamaged) {
		t.Fatal(err)
	}
	r, err := Rescue(ctx, p, time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(r.Aside); err != nil || !bytes.Equal(kept, raw) || !strings.HasSuffix(r.Aside, "data-damaged-20261124-200000.db") {
		t.Errorf("the damaged file does not lie aside as it was: %s, %v", r.Aside, err)
	}
	if NeedsRescue(path) || r.Whole {
		t.Errorf("still to be rescued %v, said to be whole %v", NeedsRescue(path), r.Whole)
	}
	f = open(t, p)
	if err := f.Check(ctx); err != nil {
		t.Errorf("the new file: %v", err)
	}
	// three pages of some hundred hold few of the rows
	if total := r.Rows["word"] + r.Rows["name"]; total < 2*rows-200 || total >= 2*rows {
		t.Errorf("%v of %d rows a table were rescued", r.Rows, rows)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "rescue-*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v was left behind", left, err)
	}
}

// A file of which nothing can be read is set aside all the same, and work goes on in a new one.
func TestAFileOfNoiseIsSetAside(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path, p := filled(t, 10)
	noise := bytes.Repeat([]byte("noise"), 4000)
	if err := os.WriteFile(path, noise, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, p); !errors.Is(err, ErrDamaged) {
		t.Fatalf("%v", err)
	}
	r, err := Rescue(ctx, p, time.Now())
	if err != nil || r.Whole || r.Rows["word"] != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if kept, err := os.ReadFile(r.Aside); err != nil || !bytes.Equal(kept, noise) {
		t.Errorf("the file does not lie aside as it was: %v", err)
	}
	open(t, p)
}

// What the log holds and the file does not have yet is rescued too.
func TestTheLogIsRescuedWithTheFile(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path, p := filled(t, 500)
	f := open(t, p)
	if err := f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO word VALUES (9999, 'the last word')`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// as a kill leaves it: file and log copied while it is open
	dead := Params{Path: filepath.Join(t.TempDir(), "data.db"), Migrations: p.Migrations}
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(path+suffix, dead.Path+suffix); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Rescue(ctx, dead, time.Now())
	if err != nil || !r.Whole || r.Rows["word"] != 501 || r.Rows["name"] != 500 {
		t.Fatalf("%+v, %v", r, err)
	}
}
