package program_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{key: newECDSA(t)}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func newECDSA(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign returns a certificate for localhost and its key.
func (a *authority) sign(t testing.TB, serial int64) (cert, key []byte) {
	t.Helper()
	own := newECDSA(t)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.cert, own.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// trusting is what a client that knows the authority speaks.
func (a *authority) trusting() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	return &tls.Config{RootCAs: roots, ServerName: "localhost"}
}

// pair is a certificate and its key in files.
type pair struct{ cert, key string }

func newPair(t testing.TB) pair {
	dir := t.TempDir()
	return pair{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
}

// write replaces a file as renewing programs do.
func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func (p pair) put(t testing.TB, cert, key []byte) {
	write(t, p.cert, cert)
	write(t, p.key, key)
}

// serial is which certificate a new connection is shown.
func serial(t testing.TB, at string, config *tls.Config) int64 {
	t.Helper()
	conn, err := tls.Dial("tcp", at, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestTLSWithACertificateThatIsRenewedWhileItServes(t *testing.T) {
	t.Parallel()
	a, p := newAuthority(t), newPlace(t)
	files := newPair(t)
	cert, key := a.sign(t, 11)
	files.put(t, cert, key)
	s := p.serve(t, "--listen", "0.0.0.0:0", "--tls-cert", files.cert, "--tls-key", files.key)
	_, port, err := net.SplitHostPort(s.at)
	if err != nil {
		t.Fatal(err)
	}
	at := net.JoinHostPort("127.0.0.1", port)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: a.trusting(), ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	res, err := client.Get("https://" + at + protocol.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 || res.ProtoMajor != 2 || !strings.HasPrefix(res.Header.Get("Strict-Transport-Security"), "max-age=31536000") {
		t.Errorf("%s %s %v", res.Status, res.Proto, res.Header)
	}
	old := a.trusting()
	old.MaxVersion = tls.VersionTLS11
	old.MinVersion = tls.VersionTLS10
	if conn, err := tls.Dial("tcp", at, old); err == nil {
		_ = conn.Close()
		t.Error("it speaks TLS 1.1")
	}
	if got := serial(t, at, a.trusting()); got != 11 {
		t.Errorf("certificate %d, want 11", got)
	}

	// Renewed, first the certificate, then its key: in between the one before goes on. The connection from before stays.
	newCert, newKey := a.sign(t, 12)
	write(t, files.cert, newCert)
	if got := serial(t, at, a.trusting()); got != 11 {
		t.Errorf("certificate %d before its key was there, want 11", got)
	}
	write(t, files.key, newKey)
	if got := serial(t, at, a.trusting()); got != 12 {
		t.Errorf("certificate %d after the renewal, want 12", got)
	}
	write(t, files.cert, []byte("no certificate"))
	if err := os.Remove(files.key); err != nil {
		t.Fatal(err)
	}
	if got := serial(t, at, a.trusting()); got != 12 {
		t.Errorf("certificate %d after it was damaged, want 12", got)
	}
	if log := s.log.String(); strings.Count(log, "the one before is used") != 2 || strings.Contains(log, "PRIVATE") {
		t.Errorf("the log: %s", log)
	}
}

// Plain HTTP to the port of TLS gets no interview, and the field app's own client syncs over TLS.
func TestTheAgentEnrolsOverTLS(t *testing.T) {
	t.Parallel()
	a, p := newAuthority(t), newPlace(t)
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	code := strings.TrimSpace(p.must(t, "", "enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	files := newPair(t)
	cert, key := a.sign(t, 11)
	files.put(t, cert, key)
	s := p.serve(t, "--tls-cert", files.cert, "--tls-key", files.key)
	res, err := http.Get("http://" + s.at + protocol.PathHealth)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("plain HTTP got %s", res.Status)
	}
	client, err := agent.NewClient(agent.ClientParams{
		Central: "https://" + s.at, Now: time.Now, Transport: &http.Transport{TLSClientConfig: a.trusting()},
	})
	if err != nil {
		t.Fatal(err)
	}
	given, err := client.Enrol(context.Background(), protocol.EnrolRequest{Code: code, Platform: "test", AppVersion: "1"})
	if err != nil || given.Token == "" {
		t.Errorf("%+v, %v", given.Device, err)
	}
}

func TestFlagsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	files := newPair(t)
	files.put(t, []byte("x"), []byte("x"))
	for _, tc := range []struct {
		name, want string
		args       []string
	}{
		{"no certificate", "cannot be read", []string{"--tls-cert", files.cert, "--tls-key", files.key}},
		{"metrics for everybody", "--metrics-any-address", []string{"--metrics", "0.0.0.0:0"}},
		{"metrics nowhere", "HOST:PORT", []string{"--metrics", "nonsense"}},
		{"a root that is none", "no certificate", []string{"--acme", "central.example.org", "--acme-http=", "--acme-root", files.cert}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if said := p.refused(t, tc.args...); !strings.Contains(said, tc.want) {
				t.Errorf("%s; want %q", said, tc.want)
			}
		})
	}
}

// refused gives central serve and returns why it does not serve.
func (p place) refused(t *testing.T, args ...string) string {
	t.Helper()
	got := p.run(t, "", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	if got.code == 0 {
		t.Fatalf("it served: %s", got.stdout)
	}
	return got.stderr
}

// The folder for certificates of an authority is the user's alone, and callers over plain HTTP are sent on.
func TestACMESendsCallersOnAndKeepsKeysToItself(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	plain := freeAddress(t)
	s := p.serve(t, "--acme", "central.example.org", "--acme-directory", "https://127.0.0.1:1/nobody", "--acme-http="+plain)
	info, err := os.Stat(filepath.Join(p.data, "certificates"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Fatalf("%v, %v", info, err)
	}
	if !strings.Contains(s.text.String(), "https://central.example.org") {
		t.Errorf("it does not say how it is reached: %s", s.text)
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequest(http.MethodGet, "http://"+plain+"/v1/pull", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "central.example.org"
	res, err := stay.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusFound || res.Header.Get("Location") != "https://central.example.org/v1/pull" {
		t.Errorf("%s %s", res.Status, res.Header.Get("Location"))
	}
	// Nobody gets a certificate for a name that is not central's.
	if conn, err := tls.Dial("tcp", s.at, &tls.Config{ServerName: "elsewhere.example.org", InsecureSkipVerify: true}); err == nil {
		_ = conn.Close()
		t.Error("there is a certificate for another name")
	}
}

// freeAddress is one that was free a moment ago.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr())
}
