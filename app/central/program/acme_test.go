package program_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

const acmeName = "central.example.org"

// portOf is the port of an address.
func portOf(t testing.TB, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// pebble is the authority that Let's Encrypt tests clients with, linked into tests alone. It asks at the two ports whether the name is central's.
type pebble struct {
	directory, root string         // as the flags want them
	trusted         *x509.CertPool // what it signs with
}

func newPebble(t *testing.T, plainPort, tlsPort int) pebble {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	logger, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	signer := ca.New(logger, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	asker := va.New(logger, plainPort, tlsPort, false, nameServer(t), store)
	front := wfe.New(logger, store, asker, signer, []string{"pebble.example.org"}, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	p := pebble{directory: server.URL + wfe.DirectoryPath, root: filepath.Join(t.TempDir(), "root.pem"), trusted: x509.NewCertPool()}
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(p.root, own, 0o600); err != nil {
		t.Fatal(err)
	}
	p.trusted.AppendCertsFromPEM(signer.GetRootCert(0).PEM())
	return p
}

// nameServer says that every name is this machine's.
func nameServer(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0") // Pebble asks over TCP
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, asked *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(asked)
		for _, q := range asked.Question {
			if q.Qtype == dns.TypeA {
				answer.Answer = append(answer.Answer, &dns.A{
					Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1),
				})
			}
		}
		_ = w.WriteMsg(answer) // who asked asks again
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.ActivateAndServe() // until the end of the test
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return listener.Addr().String()
}

// port80 stands for the port of a server's plain HTTP, whose number no request names.
func port80(t *testing.T, to string) (port int) {
	t.Helper()
	server := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", to, acmeName
	}})
	t.Cleanup(server.Close)
	return portOf(t, server.Listener.Addr().String())
}

// Central gets a certificate for its name from an authority, whichever way that asks, and has it still after it was started again.
func TestACertificateFromAnAuthority(t *testing.T) {
	for _, way := range []string{"over TLS", "over HTTP"} {
		t.Run(way, func(t *testing.T) {
			at, plain := freeAddress(t), ""
			asksTLS, asksPlain := portOf(t, at), portOf(t, freeAddress(t)) // nobody answers there
			if way == "over HTTP" {
				plain, asksTLS = freeAddress(t), asksPlain
				asksPlain = port80(t, plain)
			}
			authority, p := newPebble(t, asksPlain, asksTLS), newPlace(t)
			start := func() serving {
				return p.serve(t, "--listen", at, "--acme", acmeName, "--acme-directory", authority.directory, "--acme-root", authority.root,
					"--acme-http="+plain)
			}
			s := start()
			config := &tls.Config{ServerName: acmeName, RootCAs: authority.trusted}
			first := shown(t, s, config)
			s.stop()
			s = start()
			if again := shown(t, s, config); again.SerialNumber.Cmp(first.SerialNumber) != 0 {
				t.Error("it asked for another certificate when it was started again")
			}
			s.stop()
		})
	}
}

// shown is the certificate of central; getting it may take some time.
func shown(t *testing.T, s serving, config *tls.Config) *x509.Certificate {
	t.Helper()
	conn, err := tls.Dial("tcp", s.at, config)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}
