package program

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"parvis/internal/centralstore"
)

// checkACME refuses what the authority would refuse later, when nobody looks.
func (e *encryption) checkACME() error {
	for i, domain := range e.ACME {
		domain = strings.ToLower(strings.TrimSpace(domain))
		if e.ACME[i] = domain; net.ParseIP(domain) != nil || !strings.Contains(domain, ".") || strings.ContainsAny(domain, "*/:") {
			return fmt.Errorf("--acme takes whole names of this machine, such as central.example.org; %q is none", domain)
		}
	}
	if e.ACMEDirectory == "" {
		return nil
	}
	u, err := url.Parse(e.ACMEDirectory)
	if err != nil || u.Host == "" || u.Scheme != "https" {
		return errors.New("--acme-directory is the https address of the authority's directory")
	}
	return nil
}

// byACME keeps the account's key, the certificates with theirs and the answers to the authority's questions in central's store. So
// whichever central the authority asks has the answer, a certificate is got once for all of them, and a central that is replaced brings
// nothing along.
func (e *encryption) byACME(ctx context.Context, store centralstore.Certificates, logger *slog.Logger) (*tls.Config, error) {
	if err := e.checkACME(); err != nil {
		return nil, err
	}
	client, err := e.authority()
	if err != nil {
		return nil, err
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: shared{store}, HostPolicy: autocert.HostWhitelist(e.ACME...), Email: e.ACMEEmail, Client: client,
	}
	if e.ACMEHTTP != "" {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", e.ACMEHTTP)
		if err != nil {
			return nil, fmt.Errorf("cannot listen on %s for the authority's question (%w); --acme-http names another place, or none", e.ACMEHTTP, err)
		}
		serveBeside(ctx, l, m.HTTPHandler(nil), logger)
	}
	config := m.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config, nil
}

// authority is how the authority is asked.
func (e *encryption) authority() (*acme.Client, error) {
	client := &acme.Client{DirectoryURL: e.ACMEDirectory, UserAgent: "parvis-central"}
	if e.ACMEDirectory == "" {
		client.DirectoryURL = autocert.DefaultACMEDirectory
	}
	if e.ACMERoots == "" {
		return client, nil
	}
	text, err := os.ReadFile(e.ACMERoots)
	if err != nil {
		return nil, fmt.Errorf("reading --acme-roots: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--acme-roots %s holds no certificate in PEM", e.ACMERoots)
	}
	client.HTTPClient = &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	}}
	return client, nil
}

// againAfter is when a certificate that could not be got is asked for again.
const againAfter = 10 * time.Minute

// fetch asks for each certificate before anybody else does, so that no device waits for the authority, and the log says what is wrong.
// It goes the way that a device's first bytes go.
func (e *encryption) fetch(ctx context.Context, config *tls.Config, logger *slog.Logger) {
	for _, domain := range e.ACME {
		for {
			_, err := config.GetCertificate(&tls.ClientHelloInfo{
				ServerName: domain, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // what every device takes
			})
			if ctx.Err() != nil {
				return
			}
			if err == nil {
				logger.InfoContext(ctx, "certificate at hand", "name", domain)
				break
			}
			logger.ErrorContext(ctx, "no certificate from the authority: does the name lead here, and can the authority reach ports 80 or 443 of it?",
				"name", domain, "cause", err.Error())
			select {
			case <-ctx.Done():
				return
			case <-time.After(againAfter):
			}
		}
	}
}

// shared is autocert's memory in central's store, which closes everything with the key that each central of one database has in its
// data folder: whoever has a copy of the database alone cannot pass for central.
type shared struct{ store centralstore.Certificates }

func (s shared) Get(ctx context.Context, name string) ([]byte, error) {
	data, err := s.store.Certificate(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, autocert.ErrCacheMiss
	}
	return data, err
}

func (s shared) Put(ctx context.Context, name string, data []byte) error {
	return s.store.KeepCertificate(ctx, name, data)
}

func (s shared) Delete(ctx context.Context, name string) error {
	return s.store.DropCertificate(ctx, name)
}
