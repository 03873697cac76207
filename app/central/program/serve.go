package program

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
)

type serve struct {
	data
	Listen string `help:"Where to listen (default ${default}). Without TLS only this machine is served." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"place"`
	security
	watching
	ReplaceHandInKey bool `help:"The hand-in.key that these data belong with is lost for good: go on with the one in the data folder, or a new one. Files that were sealed for the lost one stay closed." group:"data"`
}

// Help is what central serve --help says beside its flags.
func (s *serve) Help() string {
	return `Serves until Ctrl+C or SIGTERM; then it finishes what it has begun. A second one ends it at once. Everything acknowledged is saved in either case.

Examples:
  central serve
      try it on this machine: http://127.0.0.1:8080, a file in the data folder
  central serve --listen :443 --acme central.example.org --acme-email you@example.org
      a server of its own on the internet, with certificates from Let's Encrypt; ports 80 and 443 must reach it
  central serve --listen :443 --tls-cert chain.pem --tls-key key.pem
      with a certificate of your own
  PARVIS_CENTRAL_DB=postgres://central@db.example.org/parvis central serve --listen 10.0.0.5:8080 --behind-proxy --media s3://s3.example.org/parvis --drain 5s --metrics 127.0.0.1:9090
      one of several behind a balancer that does TLS; each needs the same hand-in.key in its data folder`
}

// Run serves until ctx ends.
func (s *serve) Run(ctx context.Context, m *Main) error {
	if err := s.check(s.Listen); err != nil {
		return err
	}
	if err := s.checkMetrics(); err != nil {
		return err
	}
	logger, err := s.logger(m.p.Stderr)
	if err != nil {
		return err
	}
	store, err := m.open(ctx, s.data, true)
	if err != nil {
		return err
	}
	key, err := m.handInKey(ctx, s.data, store, s.ReplaceHandInKey)
	if err != nil {
		return err
	}
	secured, err := s.security.open(ctx, s.data, logger)
	if err != nil {
		return err
	}
	metrics := endpoint.NewMetrics(endpoint.MetricsParams{Store: store, Version: version()})
	imports := &importing{store: store}
	e, err := endpoint.New(endpoint.Params{
		Store: store, Import: imports.uploaded, Now: m.p.Now, NewRequestID: uuid.NewString, Logger: logger, BehindProxy: s.BehindProxy,
		HandIn: key, TLS: secured.config, Metrics: metrics, Drain: s.Drain,
	})
	if err != nil {
		return err
	}
	beside, err := s.beside(ctx, m, secured, metrics)
	defer beside.close()
	if err != nil {
		return err
	}
	listener, err := listen(ctx, s.Listen, "--listen")
	if err != nil {
		return err
	}
	s.welcome(ctx, m, store, s.address(secured, listener.Addr()))
	m.p.Listening(listener.Addr())
	err = e.Serve(ctx, listener)
	m.print("\nCentral has stopped. Everything it had taken in is saved.\n")
	return err
}

// beside opens what is served beside central: metrics, and plain HTTP for the authority of certificates.
func (s *serve) beside(ctx context.Context, m *Main, secured secured, metrics *endpoint.Metrics) (*others, error) {
	o := &others{}
	if s.Metrics != "" {
		mux := http.NewServeMux()
		mux.Handle("/metrics", metrics.Handler())
		at, err := o.serve(ctx, s.Metrics, "--metrics", mux)
		if err != nil {
			return o, err
		}
		m.print("Metrics are at http://%s/metrics\n", at)
	}
	if secured.beside != nil {
		if _, err := o.serve(ctx, s.ACMEHTTP, "--acme-http", secured.beside); err != nil {
			return o, err
		}
	}
	return o, nil
}

func listen(ctx context.Context, at, flag string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", at)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("cannot listen on %s (%w): the system keeps ports below 1024 for those who may; on Linux let central have them with\n"+
			"    sudo setcap cap_net_bind_service=+ep \"$(command -v central)\"\nor choose another place with %s", at, err, flag)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s (%w); is central running already? Another place is chosen with %s", at, err, flag)
	}
	return listener, nil
}

// address is how central is reached, as far as it knows: a certificate has names, and behind a proxy it has another one.
func (s *serve) address(secured secured, at net.Addr) string {
	if secured.config == nil {
		return "http://" + at.String()
	}
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return "https://" + at.String()
	}
	if len(secured.names) > 0 {
		host = secured.names[0]
	}
	if port == "443" {
		return "https://" + host
	}
	return "https://" + net.JoinHostPort(host, port)
}

// welcome says where central is and what to do next, with the very commands.
func (s *serve) welcome(ctx context.Context, m *Main, store centralstore.Store, url string) {
	m.print("\nParvis central is running.\n\n  Address   %s\n  Data      %s\n", url, s.Data)
	status, err := store.Status(ctx)
	if err != nil {
		m.print("\n")
		return
	}
	example := "my-study"
	if len(status.Studies) > 0 {
		example = status.Studies[0].Study.ID
		m.print("  Studies   %s\n", studyLine(status.Studies))
	}
	m.print("\nIn another terminal:\n")
	if len(status.Studies) == 0 {
		m.print("  bring in a study           central study import my-study.xlsx%s\n", s.flag())
	}
	m.print("  enrol an interviewer       central enrol-code --study %s --interviewer 0417%s\n", example, s.flag())
	m.print("  let a supervisor sign in   central user add NAME --role supervisor --study %s%s\n", example, s.flag())
	m.print("  see what has arrived       central status%s\n", s.flag())
	m.print("\nThe code is typed into the field app, together with the address above.")
	if !s.encrypted() && !s.BehindProxy {
		m.print("\nOther machines reach central only over TLS: central serve --help says how.")
	}
	m.print("\nStop with Ctrl+C.\n\n")
}

func studyLine(states []centralstore.StudyState) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = fmt.Sprintf("%s (%s)", s.Study.ID, plural(s.Interviews, "interview", "interviews"))
	}
	return strings.Join(names, ", ")
}
