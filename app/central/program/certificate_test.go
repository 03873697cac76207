package program_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A certificate that cannot be read is told once, and not with each of the handshakes that anybody may make.
func TestABrokenCertificateIsToldOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pool := certificate(t, dir, 1)
	s := newPlace(t).serve(t, "--tls-cert", filepath.Join(dir, "chain.pem"), "--tls-key", filepath.Join(dir, "key.pem"))
	if err := os.WriteFile(filepath.Join(dir, "chain.pem"), []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		conn, err := tls.Dial("tcp", s.at, &tls.Config{RootCAs: pool})
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	if log := s.log.String(); strings.Count(log, "the one before is used") != 1 || strings.Contains(log, "PRIVATE") {
		t.Errorf("the log: %s", log)
	}
	// Replaced by files that are older: it is another one all the same.
	renewed := certificate(t, dir, 2)
	for _, name := range []string{"chain.pem", "key.pem"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		before := info.ModTime().AddDate(0, 0, -1)
		if err := os.Chtimes(filepath.Join(dir, name), before, before); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := tls.Dial("tcp", s.at, &tls.Config{RootCAs: renewed})
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

func TestFiguresStayOnThisMachine(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for _, at := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		if said := p.refused(t, "--metrics", at); !strings.Contains(said, "--metrics-any-address") {
			t.Errorf("%s: %s", at, said)
		}
	}
	if said := p.refused(t, "--metrics", "nonsense"); !strings.Contains(said, "HOST:PORT") {
		t.Error(said)
	}
	p.serve(t, "--metrics", "0.0.0.0:0", "--metrics-any-address").stop()
}
