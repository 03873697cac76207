package endpoint

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// readyWait is how long the store may take to answer. Balancers ask every few seconds.
const readyWait = 3 * time.Second

// ready says that the store can take in what devices send, and that central is not about to stop.
func (e *Endpoint) ready(c *call) error {
	if e.draining.Load() {
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "Central is stopping.")
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), readyWait)
	defer cancel()
	err := e.p.Store.Ready(ctx)
	if err == nil {
		return c.respond(map[string]string{"status": "ok"})
	}
	title := "Central's store does not answer."
	if not, ok := errors.AsType[*centralstore.NotReady](err); ok {
		title = not.Reason
		err = not.Err
	}
	if err != nil {
		c.note(slog.String("cause", err.Error()))
	}
	return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, title)
}
