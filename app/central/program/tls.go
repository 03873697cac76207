package program

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/time/rate"
)

// security is how central is reached from other machines.
type security struct {
	TLSCert       string   `name:"tls-cert" help:"1. Your own certificate: a PEM file with its whole chain. It is read again when it changes." placeholder:"FILE" type:"path" group:"tls"`
	TLSKey        string   `name:"tls-key" help:"The private key of --tls-cert, a PEM file." placeholder:"FILE" type:"path" group:"tls"`
	ACME          []string `name:"acme" help:"2. A certificate from Let's Encrypt, or another authority that speaks ACME, for these names; central gets and renews it. Its terms are accepted by this. Needs --listen :443." placeholder:"DOMAIN" group:"tls"`
	ACMEEmail     string   `name:"acme-email" help:"Where the authority writes to before a certificate ends." placeholder:"ADDRESS" group:"tls"`
	ACMEDirectory string   `name:"acme-directory" help:"The authority (default ${default})." default:"${acme}" placeholder:"URL" group:"tls"`
	ACMERoot      string   `name:"acme-root" help:"The certificate by which an authority of your own is known, a PEM file." type:"existingfile" placeholder:"FILE" group:"tls"`
	ACMECache     string   `name:"acme-cache" help:"Where certificates and their keys are kept; left out: acme in the data folder. Several centrals of one name share a folder." type:"path" placeholder:"DIR" group:"tls"`
	ACMEHTTP      string   `name:"acme-http" help:"Where the authority asks over plain HTTP whether the name is yours, and where callers are sent on to HTTPS; off for not at all (default ${default})." default:":80" placeholder:"HOST:PORT" group:"tls"`
	BehindProxy   bool     `help:"3. A proxy in front of central does TLS: serve plain HTTP to it from any address, and believe the last address of X-Forwarded-For." group:"tls"`
}

// check refuses what makes no sense together, and plain HTTP beyond this machine: tokens and interviews would travel in the open.
func (s *security) check(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	switch {
	case err != nil:
		return fmt.Errorf("--listen %s is no address: write HOST:PORT, such as 127.0.0.1:8080", listen)
	case (s.TLSCert == "") != (s.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key go together: give both")
	case s.TLSCert != "" && len(s.ACME) > 0:
		return errors.New("--tls-cert and --acme are two ways to a certificate: give one")
	case s.encrypted() || s.BehindProxy || local(host):
		return nil
	}
	return fmt.Errorf("central does not serve plain HTTP beyond this machine (--listen %s). One of three ways:\n"+
		"  your own certificate         central serve --listen :443 --tls-cert chain.pem --tls-key key.pem\n"+
		"  one from Let's Encrypt       central serve --listen :443 --acme central.example.org --acme-email you@example.org\n"+
		"  a proxy that does TLS        caddy reverse-proxy --from central.example.org --to 127.0.0.1:8080\n"+
		"If that proxy runs on another machine, add --behind-proxy", listen)
}

func (s *security) encrypted() bool { return s.TLSCert != "" || len(s.ACME) > 0 }

// local tells whether only this machine reaches an address.
func local(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

// secured is what security leads to.
type secured struct {
	config *tls.Config  // nil for plain HTTP
	names  []string     // of the certificate
	beside http.Handler // answers plain HTTP beside central; nil for nobody
}

// open gets what TLS needs.
func (s *security) open(ctx context.Context, d data, logger *slog.Logger) (secured, error) {
	switch {
	case s.TLSCert != "":
		c := &certificate{certFile: s.TLSCert, keyFile: s.TLSKey, logger: logger}
		current, err := c.current(ctx)
		if err != nil {
			return secured{}, err
		}
		return secured{config: &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}, names: current.Leaf.DNSNames}, nil
	case len(s.ACME) > 0:
		return s.automatic(d, logger)
	}
	return secured{}, nil
}

// automatic gets certificates by itself. autocert, of the Go project, is what does it with the fewest parts. Keys and certificates lie
// in a folder that is the user's alone and not in the database, so that neither a dump nor a backup of central holds the key to its
// name; centrals that share a name share a folder, or have a balancer in front, which then does TLS.
func (s *security) automatic(d data, logger *slog.Logger) (secured, error) {
	dir := s.ACMECache
	if dir == "" {
		dir = filepath.Join(d.Data, "acme")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return secured{}, fmt.Errorf("making the folder for certificates: %w", err)
	}
	client, err := s.authority()
	if err != nil {
		return secured{}, err
	}
	manager := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(dir), HostPolicy: autocert.HostWhitelist(s.ACME...), Email: s.ACMEEmail, Client: client,
	}
	config := manager.TLSConfig() // answers TLS-ALPN-01 too
	config.MinVersion = tls.VersionTLS12
	config.GetCertificate = s.told(config.GetCertificate, logger)
	out := secured{config: config, names: s.ACME}
	if s.ACMEHTTP != "off" {
		out.beside = manager.HTTPHandler(nil) // HTTP-01, and everybody else to HTTPS
	}
	return out, nil
}

// authority speaks to the ACME server.
func (s *security) authority() (*acme.Client, error) {
	client := &acme.Client{DirectoryURL: s.ACMEDirectory, UserAgent: "parvis-central", HTTPClient: &http.Client{Timeout: time.Minute}}
	if s.ACMERoot == "" {
		return client, nil
	}
	pem, err := os.ReadFile(s.ACMERoot)
	if err != nil {
		return nil, fmt.Errorf("--acme-root: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--acme-root: there is no certificate in %s", s.ACMERoot)
	}
	client.HTTPClient.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return client, nil
}

// told logs why there is no certificate for one of central's own names, which nobody would learn otherwise: once a minute at most, as
// anybody may ask.
func (s *security) told(get getter, logger *slog.Logger) getter {
	often := rate.Sometimes{Interval: time.Minute}
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := get(hello)
		if err != nil && slices.Contains(s.ACME, hello.ServerName) {
			often.Do(func() {
				logger.ErrorContext(hello.Context(), "no certificate from the authority", slog.String("name", hello.ServerName), slog.String("error", err.Error()))
			})
		}
		return cert, err
	}
}

// getter is tls.Config.GetCertificate.
type getter = func(*tls.ClientHelloInfo) (*tls.Certificate, error)
