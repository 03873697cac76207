package sqlitefile

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func schema(tables ...string) fs.FS {
	all := fstest.MapFS{}
	for i, table := range tables {
		all["0000"+string(rune('1'+i))+"_t.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + table + "\n")}
	}
	return all
}

func open(t *testing.T, p Params) *File {
	t.Helper()
	f, err := Open(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // a test may have closed it before
	return f
}

func pragma(t *testing.T, db *sql.DB, name string) string {
	t.Helper()
	var v string
	if err := db.QueryRow("PRAGMA " + name).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConnectionsAreSetUpAsTheyMustBe(t *testing.T) {
	t.Parallel()
	f := open(t, Params{Path: filepath.Join(t.TempDir(), "with space #1", "50%?.db"), Migrations: schema("CREATE TABLE t (x);")})
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "recursive_triggers": "1", "busy_timeout": "5000",
		"wal_autocheckpoint": "0", "temp_store": "2",
	} {
		if got := pragma(t, f.writer, name); got != want {
			t.Errorf("writer's %s is %s, want %s", name, got, want)
		}
	}
	if got := pragma(t, f.reader, "query_only"); got != "1" {
		t.Errorf("readers may write")
	}
	if _, err := os.Stat(f.Path()); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
	if _, err := f.reader.Exec("INSERT INTO t VALUES (1)"); err == nil {
		t.Error("a reader wrote")
	}
}

func TestAWriteIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := open(t, Params{Path: filepath.Join(t.TempDir(), "a.db"), Migrations: schema("CREATE TABLE t (x INTEGER PRIMARY KEY);")})
	insert := func(x int, after error) error {
		return f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO t VALUES (?)", x); err != nil {
				return err
			}
			return after
		})
	}
	stop := errors.New("stop")
	if err := insert(1, stop); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	if err := insert(2, nil); err != nil {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(ctx)
	if err := f.Write(gone, func(ctx context.Context, tx *sql.Tx) error {
		cancel() // too late to tear the transaction
		_, err := tx.ExecContext(ctx, "INSERT INTO t VALUES (3)")
		return err
	}); err != nil {
		t.Error(err)
	}
	if err := f.Write(gone, func(context.Context, *sql.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := ids(t, f); got != "2 3" {
		t.Errorf("kept %q", got)
	}
}

func ids(t *testing.T, f *File) (all string) {
	t.Helper()
	if err := f.Read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(group_concat(x, ' '), '') FROM t").Scan(&all)
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReadersSeeOnePictureWhileTheWriterGoesOn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := open(t, Params{Path: filepath.Join(t.TempDir(), "a.db"), Migrations: schema("CREATE TABLE t (x INTEGER PRIMARY KEY);"), Readers: 4})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				if err := f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
					_, err := tx.ExecContext(ctx, "INSERT INTO t DEFAULT VALUES")
					return err
				}); err != nil {
					t.Error(err)
				}
				if err := f.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
					var a, b int
					err := errors.Join(tx.QueryRowContext(ctx, "SELECT count(*) FROM t").Scan(&a), tx.QueryRowContext(ctx, "SELECT count(*) FROM t").Scan(&b))
					if a != b {
						t.Errorf("%d rows, then %d", a, b)
					}
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := len(strings.Fields(ids(t, f))); n != 200 {
		t.Errorf("%d rows", n)
	}
}

func TestANewerSchemaIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	for name, p := range map[string][2]Params{
		"own": {
			{Migrations: schema("CREATE TABLE t (x);", "CREATE TABLE u (x);")}, {Migrations: schema("CREATE TABLE t (x);")},
		},
		"shared": {
			{Base: schema("CREATE TABLE t (x);", "CREATE TABLE u (x);"), Migrations: schema("CREATE TABLE o (x);")},
			{Base: schema("CREATE TABLE t (x);"), Migrations: schema("CREATE TABLE o (x);")},
		},
	} {
		p[0].Path, p[1].Path = path+name, path+name
		f := open(t, p[0])
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := Open(context.Background(), p[1])
		if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "newer version of Parvis") {
			t.Errorf("%s: %v", name, err)
		}
		open(t, p[0])
	}
}

func TestAMigrationThatFailsLeavesNoTrace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	if _, err := Open(context.Background(), Params{Path: path, Migrations: schema("CREATE TABLE t (x);", "CREATE TABLE u (x); CREATE TABLE u (x);")}); err == nil {
		t.Fatal("it did not fail")
	}
	f := open(t, Params{Path: path, Migrations: schema("CREATE TABLE t (x);", "CREATE TABLE u (x INTEGER PRIMARY KEY);", "INSERT INTO u VALUES (7);")})
	var x int
	if err := f.reader.QueryRow("SELECT x FROM u").Scan(&x); err != nil || x != 7 {
		t.Errorf("%d, %v", x, err)
	}
}

const childVar = "PARVIS_TEST_LOCKED_FILE"

func TestASecondProcessIsRefused(t *testing.T) {
	if path := os.Getenv(childVar); path != "" {
		_, err := Open(context.Background(), Params{Path: path})
		if !errors.Is(err, ErrLocked) {
			t.Fatalf("opened: %v", err)
		}
		return
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	f := open(t, Params{Path: path, Migrations: schema("CREATE TABLE t (x);")})
	child := exec.Command(os.Args[0], "-test.run=^TestASecondProcessIsRefused$")
	child.Env = append(os.Environ(), childVar+"="+path)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v %s", err, out)
	}
	if _, err := Open(context.Background(), Params{Path: path}); !errors.Is(err, ErrLocked) {
		t.Errorf("the same process: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, Params{Path: path})
}

func TestWhatIsNoDatabaseIsSaidToBeDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Params{Path: path}); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
}

func TestFullSaysSoAndKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	f := open(t, Params{Path: filepath.Join(t.TempDir(), "a.db"), MaxPages: 20, Migrations: schema("CREATE TABLE t (x INTEGER PRIMARY KEY, y BLOB);")})
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		err = f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO t (y) VALUES (zeroblob(3000))")
			return err
		})
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("%v", err)
	}
	if kept := len(strings.Fields(ids(t, f))); kept != n-1 || kept == 0 {
		t.Errorf("%d of %d kept", kept, n-1)
	}
}

func TestScrubLeavesNothingDeletedInTheLog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	f := open(t, Params{Path: path, Migrations: schema("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT);")})
	for _, query := range []string{"INSERT INTO t (y) VALUES ('a very secret thing')", "DELETE FROM t"} {
		if err := f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, query)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	found := func() (where []string) {
		for _, end := range []string{"", "-wal"} {
			if text, err := os.ReadFile(path + end); err == nil && strings.Contains(string(text), "very secret") {
				where = append(where, path+end)
			}
		}
		return where
	}
	if len(found()) == 0 {
		t.Fatal("the test looks in the wrong place: it does not find what is there")
	}
	if err := f.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if left := found(); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
}

func TestTheLogIsFoldedIntoTheFileAsItGrows(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	f := open(t, Params{Path: path, CheckpointEvery: 20, Migrations: schema("CREATE TABLE t (x INTEGER PRIMARY KEY, y BLOB);")})
	for range 200 {
		if err := f.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO t VALUES (1, randomblob(9000))")
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if all := int64(200 * 3 * 4096); info.Size() > all*3/4 {
		t.Errorf("the log has %d bytes, of %d if nothing were ever folded", info.Size(), all)
	}
}
