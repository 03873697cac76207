package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// watching is what whoever runs central sees of it, and how it stops.
type watching struct {
	Metrics           string        `help:"Serve metrics for Prometheus here, at /metrics; left out: nowhere. They name nobody, and ask for no token." placeholder:"HOST:PORT" group:"watch"`
	MetricsAnyAddress bool          `help:"Allow --metrics an address that other machines reach. Let only your Prometheus reach it." group:"watch"`
	LogLevel          string        `help:"What goes to the log on standard error: ${enum} (default ${default})." enum:"debug,info,warn,error" default:"info" placeholder:"LEVEL" group:"watch"`
	LogFormat         string        `help:"How the log is written: ${enum} (default ${default})." enum:"json,text" default:"json" placeholder:"FORMAT" group:"watch"`
	Drain             time.Duration `help:"How long to go on after SIGTERM while /readyz says 503, so that a balancer sends nobody here any more (default ${default})." default:"0s" placeholder:"TIME" group:"watch"`
}

func (w *watching) checkMetrics() error {
	if w.Drain < 0 || w.Drain > 5*time.Minute {
		return errors.New("--drain is between 0s and 5m; a balancer needs some seconds")
	}
	if w.Metrics == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(w.Metrics)
	if err != nil {
		return fmt.Errorf("--metrics %s is no address: write HOST:PORT, such as 127.0.0.1:9090", w.Metrics)
	}
	if !local(host) && !w.MetricsAnyAddress {
		return fmt.Errorf("metrics are served to this machine only (--metrics %s), since they ask for no token. If only your Prometheus reaches that address, add --metrics-any-address", w.Metrics)
	}
	return nil
}

func (w *watching) logger(to io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(w.LogLevel)); err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	if w.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(to, options)), nil
	}
	return slog.New(slog.NewJSONHandler(to, options)), nil
}

// version is the program's own, as Go's tools put it in.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (info.Main.Version == "" || info.Main.Version == "(devel)") {
			return s.Value
		}
	}
	return info.Main.Version
}

// others are servers beside central.
type others struct{ all []*http.Server }

// serve begins to serve at an address; flag is where it came from.
func (o *others) serve(ctx context.Context, at, flag string, handler http.Handler) (net.Addr, error) {
	listener, err := listen(ctx, at, flag)
	if err != nil {
		return nil, err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	o.all = append(o.all, server)
	go func() { _ = server.Serve(listener) }() // ends with close
	return listener.Addr(), nil
}

// close ends them at once: nobody loses anything by it.
func (o *others) close() {
	for _, s := range o.all {
		_ = s.Close() // the process ends
	}
}
