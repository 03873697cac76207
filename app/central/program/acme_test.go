package program_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	"parvis/sync/protocol"
)

// domain leads to this machine for the authority of the tests.
const domain = "central.example.org"

// acmeAuthority is Pebble, the server that the makers of Let's Encrypt give to those who test ACME clients (it is part of the tests
// alone, and of no program). It asks its questions at ports of this machine.
type acmeAuthority struct {
	*httptest.Server
	root   *x509.Certificate
	own    string       // the file with the certificate that the authority itself shows
	orders atomic.Int64 // certificates handed out
	httpAt string
}

func newACME(t *testing.T, httpPort, tlsPort int) *acmeAuthority {
	t.Helper()
	silent := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	authority := ca.New(silent, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "of a test"}})
	front := wfe.New(silent, store, va.New(silent, httpPort, tlsPort, false, resolver(t), store), authority, nil, false, false, 0, 0)
	handler := front.Handler()
	a := &acmeAuthority{httpAt: fmt.Sprintf("127.0.0.1:%d", httpPort), own: filepath.Join(t.TempDir(), "authority.pem")}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &status{ResponseWriter: w}
		handler.ServeHTTP(seen, r)
		if strings.HasPrefix(r.URL.Path, "/finalize-order") && seen.code == http.StatusOK {
			a.orders.Add(1)
		}
	}))
	t.Cleanup(a.Close)
	root, err := x509.ParseCertificate(authority.GetRootCert(0).DER)
	check(t, err)
	a.root = root
	check(t, os.WriteFile(a.own, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}), 0o600))
	return a
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// resolver is a name server for which every name is this machine.
func resolver(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, asked *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(asked)
		if q := asked.Question[0]; q.Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)}}
		}
		_ = w.WriteMsg(answer) // who asked asks again
	})}
	go func() { _ = server.ActivateAndServe() }() // until the listener is closed
	t.Cleanup(func() { _ = server.Shutdown() })
	return listener.Addr().String()
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// forward stands for port 80 of the domain: what is asked there, in the domain's bare name, is asked at another port.
func forward(t *testing.T, port int, to string) {
	t.Helper()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	check(t, err)
	server := &http.Server{Handler: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: to})
		r.Out.Host = domain
	}}, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(listener) }() // until the test ends
	t.Cleanup(func() { _ = server.Close() })
}

// visit calls central by its domain and returns the certificate it showed.
func (a *acmeAuthority) visit(address string) (*x509.Certificate, error) {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	client := &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: domain}},
	}
	res, err := client.Get("https://" + address + protocol.PathHealth)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New(res.Status)
	}
	return res.TLS.PeerCertificates[0], nil
}

// Central gets a certificate by itself, whichever way the authority asks: over TLS at central's own port, or over HTTP at another. What it
// got lies in its store, closed: the next central of the same data asks for none.
func TestCentralGetsItsCertificateFromAnAuthority(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "20") // a client must cope with that
	for _, way := range []string{"over TLS", "over HTTP"} {
		t.Run(way, func(t *testing.T) {
			place, tlsPort, httpPort := newPlace(t), freePort(t), freePort(t)
			reached := tlsPort
			if way == "over HTTP" {
				reached = freePort(t) // where nobody answers, so that only the other way is left
			}
			a := newACME(t, httpPort, reached)
			own := fmt.Sprintf("127.0.0.1:%d", tlsPort)
			flags := []string{"--acme", domain, "--acme-directory", a.URL + "/dir", "--acme-roots", a.own, "--acme-email", "host@example.org", "--listen", own, "--acme-http="}
			if way == "over HTTP" {
				asked := fmt.Sprintf("127.0.0.1:%d", freePort(t))
				flags[len(flags)-1] += asked
				forward(t, httpPort, asked)
			}
			_, said := place.starts(t, flags...)
			until(t, said, "certificate at hand")
			first, err := a.visit(own)
			if err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if _, err := tls.Dial("tcp", own, &tls.Config{InsecureSkipVerify: true, ServerName: "other.example.org"}); err == nil {
				t.Error("central passes for another name")
			}
			if got := a.orders.Load(); got != 1 {
				t.Errorf("%d certificates were handed out", got)
			}
			if way == "over HTTP" {
				leadsToTLS(t, a.httpAt)
			}
			noKeyInTheClear(t, place.data)
			a.Close() // the authority is away: what is kept must do for the next central
			at, said := place.starts(t, append(slices.Clone(flags[:6]), "--acme-http=")...)
			second, err := a.visit(at)
			if err != nil || second.SerialNumber.Cmp(first.SerialNumber) != 0 {
				t.Errorf("another central of the same data: %v\n%s", err, said)
			}
		})
	}
}

// Behind a balancer the authority may ask a central that knows nothing of the question: the answer lies in the store.
func TestAnotherCentralAnswersTheAuthority(t *testing.T) {
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	place, httpPort, asked := newPlace(t), freePort(t), fmt.Sprintf("127.0.0.1:%d", freePort(t))
	a := newACME(t, httpPort, freePort(t))
	forward(t, httpPort, asked)
	// The one that is asked cannot get a certificate by itself; the one that gets one is asked nothing.
	place.starts(t, "--acme", domain, "--acme-directory", "https://127.0.0.1:1/dir", "--acme-http", asked)
	at, said := place.starts(t, "--acme", domain, "--acme-directory", a.URL+"/dir", "--acme-roots", a.own, "--acme-http", "127.0.0.1:0")
	until(t, said, "certificate at hand")
	if _, err := a.visit(at); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// until waits for words in the log, unless it says that they will not come.
func until(t *testing.T, said *locked, words string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(said.String(), words); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) || strings.Contains(said.String(), "no certificate from the authority") {
			t.Fatalf("it got none: %s", said)
		}
	}
}

// leadsToTLS: a browser that comes over HTTP is sent on.
func leadsToTLS(t *testing.T, address string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get("http://" + address + "/")
	check(t, err)
	defer res.Body.Close()
	if to := res.Header.Get("Location"); res.StatusCode/100 != 3 || !strings.HasPrefix(to, "https://") {
		t.Errorf("%d to %q", res.StatusCode, to)
	}
}

// noKeyInTheClear looks through everything in the data folder for the private keys.
func noKeyInTheClear(t *testing.T, dir string) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("PRIVATE KEY")) {
			t.Errorf("a private key lies in %s as it is", path)
		}
		return err
	}))
}
