package program

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parvis/internal/centralstore"
)

// encryption is the flags of TLS. Certificates come from files or, by ACME, from an authority such as Let's Encrypt; autocert is Go's
// own client for it.
type encryption struct {
	TLSCert       string   `name:"tls-cert" group:"Encryption:" help:"Serve TLS with this certificate chain, PEM. The file is read again when it changes." type:"existingfile" placeholder:"FILE"`
	TLSKey        string   `name:"tls-key" group:"Encryption:" help:"The certificate's key, PEM." type:"existingfile" placeholder:"FILE"`
	ACME          []string `name:"acme" group:"Encryption:" help:"Serve TLS with certificates that central gets by itself for these host names, which must lead here. Listen on :443 then." placeholder:"HOST"`
	ACMEEmail     string   `name:"acme-email" group:"Encryption:" help:"Where the authority writes when something is wrong with a certificate." placeholder:"ADDRESS"`
	ACMEDirectory string   `name:"acme-directory" group:"Encryption:" help:"The authority; left out: Let's Encrypt, whose terms you accept by using it." placeholder:"URL"`
	ACMERoots     string   `name:"acme-roots" group:"Encryption:" help:"Who vouches for that authority, PEM, where it is one of your own; left out: whom the system trusts." type:"existingfile" placeholder:"FILE"`
	ACMEHTTP      string   `name:"acme-http" group:"Encryption:" help:"Where to listen for the authority's question over plain HTTP; browsers that come here are sent on to HTTPS. Empty for none: the question then comes over TLS." default:":80" placeholder:"HOST:PORT"`
}

// on tells whether central itself speaks TLS.
func (e *encryption) on() bool { return e.TLSCert != "" || len(e.ACME) > 0 }

// config is what central speaks; nil for plain HTTP. It serves until ctx ends what ACME needs beside it.
func (e *encryption) config(ctx context.Context, store centralstore.Certificates, logger *slog.Logger) (*tls.Config, error) {
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
		return e.byACME(ctx, store, logger)
	}
	return nil, nil
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
