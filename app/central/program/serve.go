package program

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
)

type serve struct {
	data
	Listen      string `help:"Where to listen. Plain HTTP is served to this machine only." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BehindProxy bool   `help:"A proxy in front of central does TLS: serve plain HTTP to it from any address, and believe the last address of X-Forwarded-For."`
	organisation
	LogLevel string `help:"What goes to the log on standard error: ${enum}." enum:"debug,info,warn,error" default:"info"`
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
	provider, err := s.organisation.provider()
	if err != nil {
		return err
	}
	imports := &importing{store: store}
	e, err := endpoint.New(endpoint.Params{
		Store: store, Import: imports.uploaded, Now: m.p.Now, NewRequestID: uuid.NewString, Logger: logger, BehindProxy: s.BehindProxy,
		HandIn: key, Organisation: provider,
	})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s (%w); is central running already? Another place is chosen with --listen", s.Listen, err)
	}
	s.welcome(ctx, m, store, listener.Addr())
	m.p.Listening(listener.Addr())
	err = e.Serve(ctx, listener)
	m.print("\nCentral has stopped. Everything it had taken in is saved.\n")
	return err
}

// mayListen keeps tokens and interviews off the open network.
func (s *serve) mayListen() error {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s is no address: write HOST:PORT, such as 127.0.0.1:8080", s.Listen)
	}
	ip := net.ParseIP(host)
	if s.BehindProxy || strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return fmt.Errorf("central does not serve plain HTTP beyond this machine (--listen %s).\n"+
		"Put a proxy with TLS in front of it, such as Caddy:  caddy reverse-proxy --from central.example.org --to 127.0.0.1:8080\n"+
		"If that proxy runs on another machine, add --behind-proxy", s.Listen)
}

func (s *serve) logger(m *Main) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	return slog.New(slog.NewJSONHandler(m.p.Stderr, &slog.HandlerOptions{Level: level})), nil
}

// welcome says where central is and what to do next, with the very commands.
func (s *serve) welcome(ctx context.Context, m *Main, store centralstore.Store, at net.Addr) {
	url := "http://" + at.String()
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
	m.print("\nOther machines reach central only through a proxy with TLS (see --help). Stop with Ctrl+C.\n\n")
}

func studyLine(states []centralstore.StudyState) string {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = fmt.Sprintf("%s (%s)", s.Study.ID, plural(s.Interviews, "interview", "interviews"))
	}
	return strings.Join(names, ", ")
}
