package endpoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parvis/sync/protocol/guard"
)

// The times of the server. Those of bodies are the calls' own, since they go by length.
const (
	headerWait   = 10 * time.Second
	idleWait     = 2 * time.Minute
	shutdownWait = 30 * time.Second
	headerBytes  = 96 << 10 // a cursor travels in the address
)

// Serve answers on the listener, over TLS where Params says so, until ctx ends; then it takes nothing new, finishes what it has
// begun and returns nil. The listener is a plain one: TLS goes on top of the limits of connections.
func (e *Endpoint) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: e.Handler(), ReadHeaderTimeout: headerWait, IdleTimeout: idleWait, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(e.p.Logger.Handler(), slog.LevelDebug), ConnContext: guard.Remember, TLSConfig: e.p.TLS,
	}
	each := e.p.Limits.ConnectionsEach
	if e.p.BehindProxy {
		each = 0 // every connection has the proxy's address
	}
	guarded := guard.NewGate(listener, each, e.p.Limits.Connections)
	failed := make(chan error, 1)
	go func() {
		if e.p.TLS != nil {
			failed <- server.ServeTLS(guarded, "", "")
			return
		}
		failed <- server.Serve(guarded)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	e.draining.Store(true)
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-time.After(e.p.Drain):
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
	defer cancel()
	err := server.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		// Whoever is still sending sends again.
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("ending the service: %w", err)
	}
	return nil
}
