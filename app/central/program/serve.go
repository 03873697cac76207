package program

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
)

type serve struct {
	data
	Listen       string   `help:"Where to listen, ${default} unless told otherwise. Without TLS, this machine only." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BehindProxy  bool     `group:"Encryption:" help:"A proxy in front of central does TLS: serve plain HTTP to it from any address, and believe the last address of X-Forwarded-For."`
	ProxyAddress []string `group:"Encryption:" help:"With --behind-proxy: take connections from these addresses and networks alone." placeholder:"CIDR"`
	encryption
	organisation
	Metrics           string        `group:"Operation:" help:"Serve figures for Prometheus at /metrics, to whoever asks; left out: nowhere. Keep it on this machine or on a network of your own." placeholder:"HOST:PORT"`
	MetricsAnyAddress bool          `group:"Operation:" help:"Allow --metrics an address that other machines reach. Let only your Prometheus reach it."`
	Drain             time.Duration `group:"Operation:" help:"How long to go on after being told to stop, while /readyz says no, so that a load balancer moves on first." default:"0s"`
	LogLevel          string        `group:"Operation:" help:"What goes to the log on standard error: ${enum}." enum:"debug,info,warn,error" default:"info"`
	LogFormat         string        `group:"Operation:" help:"How: ${enum}." enum:"json,text" default:"json"`
}

// Help is shown below the flags.
func (s *serve) Help() string {
	return `Central needs no configuration: it keeps everything in the data folder and listens on this machine.

For the field it must be reached over TLS, in one of three ways:

  a proxy in front of it      caddy reverse-proxy --from central.example.org --to 127.0.0.1:8080
  certificates by itself      central serve --listen :443 --acme central.example.org
  certificates from files     central serve --listen :443 --tls-cert chain.pem --tls-key key.pem

People sign in with a password (central user add), which an authenticator app may second (central user totp), or with their
organisation's account: --oidc-issuer, --oidc-client-id, the secret in PARVIS_OIDC_SECRET.

More than one machine: any number of centrals over one PostgreSQL, with the same hand-in.key in their data folders and the same place
for files (--media). Passwords belong into the environment (PARVIS_CENTRAL_DB, PGPASSWORD, AWS_SECRET_ACCESS_KEY, PARVIS_OIDC_SECRET), not on the
command line.

/healthz says that the process lives, /readyz that it can take in a batch. Ctrl+C or SIGTERM ends it once what it has begun is done;
a second one ends it at once.`
}

// Run serves until ctx ends.
func (s *serve) Run(ctx context.Context, m *Main) error {
	if err := s.mayListen(); err != nil {
		return err
	}
	store, err := m.open(ctx, s.data, true)
	if err != nil {
		return err
	}
	logger, err := s.logger(m)
	if err != nil {
		return err
	}
	key, err := m.handInKey(s.data)
	if err != nil {
		return err
	}
	config, err := s.config(ctx, store, logger)
	if err != nil {
		return err
	}
	provider, err := s.provider(s.ACME)
	if err != nil {
		return err
	}
	metrics, err := s.metrics(ctx, m, store, logger)
	if err != nil {
		return err
	}
	imports := &importing{store: store}
	e, err := endpoint.New(endpoint.Params{
		Store: store, Import: imports.uploaded, Now: m.p.Now, NewRequestID: uuid.NewString, Logger: logger, BehindProxy: s.BehindProxy,
		HandIn: key, TLS: config, Metrics: metrics, Drain: s.Drain, Organisation: provider,
	})
	if err != nil {
		return err
	}
	listener, err := s.listen(ctx, logger)
	if err != nil {
		return err
	}
	s.welcome(ctx, m, store, listener.Addr())
	m.p.Listening(listener.Addr())
	go s.fetch(ctx, config, logger) // it may wait for an authority that nobody else waits for
	err = e.Serve(ctx, listener)
	m.print("\nCentral has stopped. Everything it had taken in is saved.\n")
	return err
}

// metrics serves the figures on a listener of their own; nil where nobody wants them.
func (s *serve) metrics(ctx context.Context, m *Main, store centralstore.Store, logger *slog.Logger) (*endpoint.Metrics, error) {
	if s.Metrics == "" {
		return nil, nil
	}
	host, _, err := net.SplitHostPort(s.Metrics)
	if err != nil {
		return nil, fmt.Errorf("--metrics %s is no address: write HOST:PORT, such as 127.0.0.1:9090", s.Metrics)
	}
	if !loopback(host) && !s.MetricsAnyAddress {
		return nil, fmt.Errorf("figures are served to this machine only (--metrics %s), since they ask nobody who they are; if only your Prometheus reaches that address, add --metrics-any-address", s.Metrics)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Metrics)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s for --metrics: %w", s.Metrics, err)
	}
	figures := endpoint.NewMetrics(store, version(), logger)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", figures.Handler())
	serveBeside(ctx, l, mux, logger)
	m.print("\nFigures for Prometheus: http://%s/metrics\n", l.Addr())
	return figures, nil
}

// version is what the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return setting.Value
		}
	}
	return info.Main.Version
}

// listen opens the socket, for the proxy alone where its addresses are named.
func (s *serve) listen(ctx context.Context, logger *slog.Logger) (net.Listener, error) {
	allowed, err := s.proxies()
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (%w); is central running already? Another place is chosen with --listen", s.Listen, err)
	}
	if len(allowed) > 0 {
		return &onlyFrom{Listener: listener, allowed: allowed}, nil
	}
	if host, _, _ := net.SplitHostPort(s.Listen); s.BehindProxy && !loopback(host) {
		logger.WarnContext(ctx, "whoever reaches this address is taken for the proxy; name the proxy's own with --proxy-address", "address", listener.Addr().String())
	}
	return listener, nil
}

// mayListen keeps tokens and interviews off the open network.
func (s *serve) mayListen() error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s is no address: write HOST:PORT, such as 127.0.0.1:8080", s.Listen)
	}
	if s.on() || s.BehindProxy || loopback(host) {
		return nil
	}
	return fmt.Errorf("central does not serve plain HTTP beyond this machine (--listen %s).\n"+
		"Let it get certificates by itself:                   central serve --listen :443 --acme central.example.org\n"+
		"or put a proxy with TLS in front of it, such as Caddy:  caddy reverse-proxy --from central.example.org --to 127.0.0.1:8080\n"+
		"If that proxy runs on another machine, add --behind-proxy and --proxy-address", s.Listen)
}

func (s *serve) logger(m *Main) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(m.p.Stderr, options)), nil
	}
	return slog.New(slog.NewJSONHandler(m.p.Stderr, options)), nil
}

// welcome says where central is and what to do next, with the very commands.
func (s *serve) welcome(ctx context.Context, m *Main, store centralstore.Store, at net.Addr) {
	url := "http://" + at.String()
	switch {
	case len(s.ACME) > 0:
		url = "https://" + s.ACME[0]
		if _, port, _ := net.SplitHostPort(at.String()); port != "443" {
			url += ":" + port
		}
	case s.on():
		url = "https://" + at.String()
	}
	m.print("\nParvis central is running.\n\n  Address   %s\n  Data      %s\n", url, s.where())
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
	if !s.on() {
		m.print("\nOther machines reach central only over TLS (see central serve --help).")
	}
	m.print(" Stop with Ctrl+C.\n\n")
}

func studyLine(states []centralstore.StudyState) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = fmt.Sprintf("%s (%s)", s.Study.ID, plural(s.Interviews, "interview", "interviews"))
	}
	return strings.Join(names, ", ")
}
