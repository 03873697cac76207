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
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/time/rate"
)

// encryption is the flags of TLS. Certificates come from files or, by ACME, from an authority such as Let's Encrypt; autocert is Go's
// own client for it.
type encryption struct {
	TLSCert       string   `name:"tls-cert" group:"Encryption:" help:"Serve TLS with this certificate chain, PEM. The file is read again when it changes." type:"existingfile" placeholder:"FILE"`
	TLSKey        string   `name:"tls-key" group:"Encryption:" help:"The certificate's key, PEM." type:"existingfile" placeholder:"FILE"`
	ACME          []string `name:"acme" group:"Encryption:" help:"Serve TLS with certificates that central gets by itself for these host names, which must lead here. Listen on :443 then." placeholder:"HOST"`
	ACMEEmail     string   `name:"acme-email" group:"Encryption:" help:"Where the authority writes when something is wrong with a certificate." placeholder:"ADDRESS"`
	ACMEDirectory string   `name:"acme-directory" group:"Encryption:" help:"The authority; left out: Let's Encrypt, whose terms you accept by using it." placeholder:"URL"`
	ACMERoot      string   `name:"acme-root" group:"Encryption:" help:"The certificate by which an authority of your own is known, PEM." type:"existingfile" placeholder:"FILE"`
	ACMEHTTP      string   `name:"acme-http" group:"Encryption:" help:"Where to listen for the authority's question over plain HTTP; browsers that come here are sent on to HTTPS. Empty for none: the question then comes over TLS." default:":80" placeholder:"HOST:PORT"`
}

// on tells whether central itself speaks TLS.
func (e *encryption) on() bool { return e.TLSCert != "" || len(e.ACME) > 0 }

// config is what central speaks; nil for plain HTTP. It serves until ctx ends what ACME needs beside it.
func (e *encryption) config(ctx context.Context, data string, logger *slog.Logger) (*tls.Config, error) {
	switch {
	case (e.TLSCert == "") != (e.TLSKey == ""):
		return nil, errors.New("--tls-cert and --tls-key belong together: give both")
	case e.TLSCert != "" && len(e.ACME) > 0:
		return nil, errors.New("certificates come from files or by ACME: give --tls-cert or --acme, not both")
	case e.TLSCert != "":
		files := &certificate{certFile: e.TLSCert, keyFile: e.TLSKey, logger: logger}
		if _, err := files.current(ctx); err != nil {
			return nil, err
		}
		return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: files.get}, nil
	case len(e.ACME) > 0:
		return e.byACME(ctx, data, logger)
	}
	return nil, nil
}

// byACME keeps certificates and the account's key in the data folder. Each of several centrals gets certificates of its own: keys
// stay out of the database, and an authority allows a few for the same name. Behind a load balancer it is the balancer that should do TLS.
func (e *encryption) byACME(ctx context.Context, data string, logger *slog.Logger) (*tls.Config, error) {
	cache := filepath.Join(data, "certificates")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for certificates: %w", err)
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(cache), HostPolicy: autocert.HostWhitelist(e.ACME...), Email: e.ACMEEmail,
	}
	var err error
	if m.Client, err = e.authority(); err != nil {
		return nil, err
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
	config.GetCertificate = e.told(config.GetCertificate, logger)
	return config, nil
}

// authority speaks to the ACME server.
func (e *encryption) authority() (*acme.Client, error) {
	directory := e.ACMEDirectory
	if directory == "" {
		directory = acme.LetsEncryptURL
	}
	client := &acme.Client{DirectoryURL: directory, UserAgent: "parvis-central", HTTPClient: &http.Client{Timeout: time.Minute}}
	if e.ACMERoot == "" {
		return client, nil
	}
	pem, err := os.ReadFile(e.ACMERoot)
	if err != nil {
		return nil, fmt.Errorf("--acme-root: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--acme-root: there is no certificate in %s", e.ACMERoot)
	}
	client.HTTPClient.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	return client, nil
}

// getter is tls.Config.GetCertificate.
type getter = func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// told logs why there is no certificate for one of central's own names, which nobody would learn otherwise: once a minute at most, as
// anybody may ask.
func (e *encryption) told(get getter, logger *slog.Logger) getter {
	often := rate.Sometimes{Interval: time.Minute}
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := get(hello)
		if err != nil && slices.Contains(e.ACME, hello.ServerName) {
			often.Do(func() {
				logger.ErrorContext(hello.Context(), "no certificate from the authority", slog.String("name", hello.ServerName), slog.String("error", err.Error()))
			})
		}
		return cert, err
	}
}

// serveBeside serves something small until ctx ends.
func serveBeside(ctx context.Context, l net.Listener, handler http.Handler, logger *slog.Logger) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // nobody waits for what it says
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("a service beside central ended", "cause", err.Error())
		}
	}()
}
