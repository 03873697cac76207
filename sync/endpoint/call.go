package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// call is one request while it is answered.
type call struct {
	e       *Endpoint
	w       *response
	r       *http.Request
	id      string
	began   time.Time
	who     centralstore.Principal
	address string // where it came from, as limits see it
	room    room   // what its body takes
	notes   []slog.Attr
}

// response remembers what was answered, for the log.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(data)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// serve wraps a route in what every answer needs: an id, headers, limits of time, a log line, and a problem for what went wrong.
func (e *Endpoint) serve(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{e: e, w: &response{ResponseWriter: w}, r: r, id: e.p.NewRequestID(), began: e.p.Now()}
		c.address = e.addressOf(r)
		e.p.Metrics.began()
		body := &counted{ReadCloser: r.Body} // what a caller says it sends is no figure
		r.Body = body
		defer func() {
			e.p.Metrics.ended(route.path, r.Method, c.w.status, body.n, c.w.bytes, e.p.Now().Sub(c.began))
		}()
		// What of the body nobody read, the server reads after this, for so long at most.
		defer func() { c.readUntil(time.Now().Add(e.p.Limits.Patience)) }()
		defer c.log(route.path)
		defer func() { c.room.leave() }()
		defer c.recover()
		c.header()
		if err := c.answer(route); err != nil {
			c.fail(err)
		}
	})
}

func (c *call) answer(route route) error {
	if route.methods == nil {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "There is nothing at this address.")
	}
	if err := c.version(); err != nil {
		return err
	}
	m, ok := route.methods[c.r.Method]
	if !ok {
		c.w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(route.methods)), ", "))
		return problem(http.StatusMethodNotAllowed, protocol.CodeMethod, "This address does not take "+clip(c.r.Method)+".")
	}
	return c.e.admitted(m.access, m.handle)(c)
}

// version refuses a request of a version that central does not speak, and names those it does, so that the caller can go on with
// the highest that both speak. No version means the first, so that a client may be as simple as possible.
func (c *call) version() error {
	asked := c.r.Header.Get(protocol.VersionHeader)
	if asked == "" {
		return nil
	}
	if n, err := strconv.Atoi(asked); err == nil && slices.Contains(protocol.Versions(), n) {
		return nil
	}
	p := problem(http.StatusBadRequest, protocol.CodeVersion, "Central does not speak this version of the protocol.")
	p.Versions = protocol.Versions()
	return p
}

// clip shortens what a caller chose, for a log line or an answer.
func clip(text string) string {
	const most = 32
	if len(text) > most {
		return text[:most]
	}
	return text
}

// known tells whether a right token came with the call.
func (c *call) known() bool { return c.who.IsDevice() || c.who.User != "" }

func (c *call) header() {
	h := c.w.Header()
	h.Set(protocol.VersionHeader, strconv.Itoa(protocol.Version))
	h.Set(protocol.ClockHeader, strconv.FormatInt(c.began.UnixMilli(), 10))
	h.Set(protocol.RequestHeader, c.id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if c.r.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// recover answers a panic with a problem. The stack is logged, the value only where it is the runtime's own.
func (c *call) recover() {
	value := recover()
	if value == nil {
		return
	}
	what := fmt.Sprintf("%T", value)
	if err, ok := value.(error); ok {
		var own interface{ RuntimeError() }
		if errors.As(err, &own) {
			what = err.Error()
		}
	}
	c.e.p.Logger.Error("panic", slog.String("request", c.id), slog.String("value", what), slog.String("stack", string(debug.Stack())))
	if c.w.status == 0 {
		c.fail(problem(http.StatusInternalServerError, protocol.CodeInternal, "Something went wrong at central."))
	}
}

func (c *call) log(path string) {
	more, yes := c.e.quiet.says(c, c.e.p.Now())
	if !yes {
		return
	}
	level := slog.LevelInfo
	if c.w.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	who := ""
	switch {
	case c.who.IsDevice():
		who = c.who.Name()
	case c.who.User != "":
		who = string(c.who.Role())
	}
	attrs := append([]slog.Attr{
		slog.String("request", c.id), slog.String("method", clip(c.r.Method)), slog.String("route", path), slog.Int("status", c.w.status),
		slog.Int64("in", max(c.r.ContentLength, 0)), slog.Int64("out", c.w.bytes), slog.Duration("took", c.e.p.Now().Sub(c.began)), slog.String("who", who),
	}, append(c.notes, more...)...)
	c.e.p.Logger.LogAttrs(c.r.Context(), level, "request", attrs...)
}

// respond sends JSON.
func (c *call) respond(value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return c.send(http.StatusOK, protocol.ContentJSON, data)
}

// send compresses as the caller understands. An answer that cannot be delivered is the caller's to ask for again.
func (c *call) send(status int, contentType string, data []byte) error {
	c.room.leave() // a caller that reads slowly holds only its answer
	h := c.w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	data, encoding := c.e.compress.encode(data, c.r.Header.Get("Accept-Encoding"))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	c.answerIn(int64(len(data)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(data)
	return nil
}

func (c *call) note(attrs ...slog.Attr) { c.notes = append(c.notes, attrs...) }
