package program_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parvis/sync/protocol"
)

// Behind a proxy whose address is named, everybody else finds a closed door.
func TestOnlyTheProxyIsLetIn(t *testing.T) {
	t.Parallel()
	at, _ := newPlace(t).starts(t, "--behind-proxy", "--proxy-address", "127.0.0.1,10.0.0.0/8")
	res, err := http.Get("http://" + at + protocol.PathHealth)
	check(t, err)
	_ = res.Body.Close() // its status is the point
	if res.StatusCode != http.StatusOK {
		t.Errorf("the proxy gets %d", res.StatusCode)
	}
	at, _ = newPlace(t).starts(t, "--behind-proxy", "--proxy-address", "10.0.0.0/8")
	if res, err := http.Get("http://" + at + protocol.PathHealth); err == nil {
		_ = res.Body.Close() // it should not be there
		t.Errorf("a stranger gets %d", res.StatusCode)
	}
}

func TestWhatCannotBeServedIsRefusedWithWords(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ flags, want string }{
		{"--listen 0.0.0.0:0", "--acme central.example.org"},
		{"--listen example.org", "HOST:PORT"},
		{"--acme *.example.org", "whole names"},
		{"--acme 127.0.0.1", "whole names"},
		{"--acme localhost", "whole names"},
		{"--acme central.example.org --acme-directory http://example.org/dir", "https address"},
		{"--acme central.example.org --acme-roots place_test.go", "holds no certificate"},
		{"--proxy-address 10.0.0.1", "goes with --behind-proxy"},
		{"--behind-proxy --proxy-address 10.0.0.300", "neither"},
	} {
		args := append([]string{"serve", "--listen", "127.0.0.1:0"}, strings.Fields(one.flags)...)
		if got := newPlace(t).run(t, "", args...); got.code != 1 || !strings.Contains(got.stderr, one.want) {
			t.Errorf("%s: %d %s", one.flags, got.code, got.stderr)
		}
	}
}

// A central whose key is not that of the others does nothing, says which file to copy, and leaves no wrong key behind.
func TestEveryCentralOfADatabaseHasTheSameKey(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	key := filepath.Join(p.data, "hand-in.key")
	right, err := os.ReadFile(key)
	check(t, err)
	check(t, os.Remove(key))
	for _, args := range [][]string{{"status"}, {"serve", "--listen", "127.0.0.1:0"}, {"user", "add", "ada", "--role", "viewer", "--password-stdin"}} {
		got := p.run(t, "a long enough password\n", args...)
		if got.code != 1 || !strings.Contains(got.stderr, key) {
			t.Errorf("%v without the key: %d %s", args, got.code, got.stderr)
		}
		if _, err := os.Stat(key); err == nil {
			t.Fatalf("%v left a key of its own", args)
		}
	}
	other := newPlace(t)
	other.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	wrong, err := os.ReadFile(filepath.Join(other.data, "hand-in.key"))
	check(t, err)
	check(t, os.WriteFile(key, wrong, 0o600))
	if got := p.run(t, "", "status"); got.code != 1 {
		t.Errorf("it works with another central's key: %s", got.stdout)
	}
	if kept, err := os.ReadFile(key); err != nil || string(kept) != string(wrong) {
		t.Error("a key that a person put there was taken away")
	}
	check(t, os.WriteFile(key, right, 0o600))
	p.must(t, "", "status")
}

// The password in a database's address is in no word that central says.
func TestThePasswordOfTheDatabaseIsNotRepeated(t *testing.T) {
	const password = "sesame-of-the-test"
	for _, address := range []string{
		"postgres://parvis:" + password + "@127.0.0.1:1/parvis?connect_timeout=1", "postgres://parvis@127.0.0.1:1/parvis?connect_timeout=1&password=" + password,
		"host=127.0.0.1 port=1 connect_timeout=1 password=" + password, "postgres://parvis:" + password + "@127.0.0.1:port/%zz",
	} {
		t.Setenv("PARVIS_CENTRAL_DB", address)
		for _, args := range [][]string{{"serve", "--listen", "127.0.0.1:0"}, {"status"}, {"serve", "--help"}, {"doctor"}, {"serve", "--db", address, "--listen", "127.0.0.1:0"}} {
			got := newPlace(t).run(t, "", args...)
			if said := got.stdout + got.stderr; strings.Contains(said, password) || said == "" {
				t.Errorf("%v says %s", args[0], strings.ReplaceAll(said, password, "THE PASSWORD"))
			}
		}
	}
}
