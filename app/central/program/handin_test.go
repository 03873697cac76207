package program_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// refused gives central serve and returns why it does not serve.
func (p place) refused(t *testing.T, args ...string) string {
	t.Helper()
	got := p.run(t, "", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	if got.code == 0 {
		t.Fatalf("it served: %s", got.stdout)
	}
	return got.stderr
}

func TestACentralWithAnotherKeyDoesNotServe(t *testing.T) {
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
	for _, want := range []string{"Copy it from the data folder of a central", "scp ", "--replace-hand-in-key"} {
		if said := p.refused(t); !strings.Contains(said, want) {
			t.Errorf("without a key: %s; want %q", said, want)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it made another key")
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
	write(t, path, key)
	p.serve(t).stop()

	// The key is lost for good: another takes its place, and then the lost one is the wrong one.
	write(t, path, wrong)
	p.serve(t, "--replace-hand-in-key").stop()
	p.serve(t).stop()
	write(t, path, key)
	p.refused(t)
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
