package program_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whoever works on a database without its key is told how to come by it, and makes no other.
func TestACentralWithAnotherKeyDoesNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.serve(t).stop()
	path := filepath.Join(p.data, "hand-in.key")
	key, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"status"}, {"backup", filepath.Join(t.TempDir(), "b")}} {
		got := p.run(t, "", args...)
		if got.code == 0 || !strings.Contains(got.stderr, "Copy hand-in.key") {
			t.Errorf("%v without a key: %d %s", args, got.code, got.stderr)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%v made another key", args)
		}
	}
	other := newPlace(t)
	other.serve(t).stop()
	wrong, err := os.ReadFile(filepath.Join(other.data, "hand-in.key"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, wrong)
	if said := p.refused(t); !strings.Contains(said, "another hand-in.key") || strings.Contains(said, "AGE-SECRET") {
		t.Error(said)
	}
	if still, err := os.ReadFile(path); err != nil || !bytes.Equal(still, wrong) {
		t.Error("a key that was there is gone")
	}
	write(t, path, key)
	p.serve(t).stop()
}

// A backup comes with its key, which takes the place of another one.
func TestARestoredCentralServesWithItsOwnKey(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.serve(t).stop()
	file := filepath.Join(t.TempDir(), "backup")
	p.must(t, "", "backup", file)
	to := newPlace(t)
	if err := os.MkdirAll(to.data, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(to.data, "hand-in.key")
	write(t, path, []byte("another key"))
	if said := to.must(t, "", "restore", file); !strings.Contains(said, "was another key and is now") {
		t.Error(said)
	}
	want, err := os.ReadFile(filepath.Join(p.data, "hand-in.key"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("its key is not the backup's, %v", err)
	}
	aside, err := filepath.Glob(path + ".*")
	if err != nil || len(aside) != 1 {
		t.Errorf("the key from before: %v, %v", aside, err)
	}
	to.serve(t).stop()
}
