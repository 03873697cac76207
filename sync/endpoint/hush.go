package endpoint

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// How many refusals of strangers the log takes.
const (
	refusalsPerSecond = 5
	refusalsAtOnce    = 200
)

// hush keeps who knocks a million times from filling the disk with log lines: of the refusals of callers without a right token it
// lets some through, counts the others, and tells their number on the next line that it lets through.
type hush struct {
	lines  *rate.Limiter
	silent atomic.Int64
}

func newHush() *hush { return &hush{lines: rate.NewLimiter(refusalsPerSecond, refusalsAtOnce)} }

// says tells whether the line of a call that ended with status is to be written, and what is to be added to it.
func (h *hush) says(c *call, now time.Time) (attrs []slog.Attr, yes bool) {
	if c.known() || c.w.status < http.StatusBadRequest || c.w.status >= http.StatusInternalServerError {
		return nil, true
	}
	if !h.lines.AllowN(now, 1) {
		h.silent.Add(1)
		return nil, false
	}
	if n := h.silent.Swap(0); n > 0 {
		attrs = append(attrs, slog.Int64("refusals_not_logged", n))
	}
	return attrs, true
}
