package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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
		defer c.log(route.path)
		defer c.recover()
		c.header()
		c.patience()
		if err := c.answer(route); err != nil {
			c.fail(err)
		}
	})
}

func (c *call) answer(route route) error {
	if route.methods == nil {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "There is nothing at this address.")
	}
	if version := c.r.Header.Get(protocol.VersionHeader); version != "" {
		if n, err := strconv.Atoi(version); err != nil || n < 1 || n > protocol.Version {
			return problem(http.StatusBadRequest, protocol.CodeVersion, fmt.Sprintf("Central speaks version 1 to %d of the protocol.", protocol.Version))
		}
	}
	handle, ok := route.methods[c.r.Method]
	if !ok {
		allowed := make([]string, 0, len(route.methods))
		for method := range route.methods {
			allowed = append(allowed, method)
		}
		slices.Sort(allowed)
		c.w.Header().Set("Allow", strings.Join(allowed, ", "))
		return problem(http.StatusMethodNotAllowed, protocol.CodeMethod, "This address does not take "+c.r.Method+".")
	}
	return handle(c)
}

func (c *call) header() {
	h := c.w.Header()
	h.Set(protocol.VersionHeader, strconv.Itoa(protocol.Version))
	h.Set(protocol.ClockHeader, strconv.FormatInt(c.began.UnixMilli(), 10))
	h.Set(protocol.RequestHeader, c.id)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// The slowest connection central waits for, and what it waits for any.
const (
	slowest   = 1 << 10 // bytes a second
	leastWait = time.Minute
)

// patience gives a call the time its body takes on a bad connection, and no more.
func (c *call) patience() {
	size := c.r.ContentLength
	if size < 0 || size > protocol.MaxUploadBytes {
		size = protocol.MaxUploadBytes
	}
	c.deadlines(size, protocol.MaxAnswerBytes)
}

func (c *call) deadlines(in, out int64) {
	control := http.NewResponseController(c.w)
	read := time.Now().Add(leastWait + time.Duration(in/slowest)*time.Second)
	// Where the server cannot set deadlines, as under a test recorder, there is no connection to guard.
	_ = control.SetReadDeadline(read)
	_ = control.SetWriteDeadline(read.Add(leastWait + time.Duration(out/slowest)*time.Second))
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
		slog.String("request", c.id), slog.String("method", c.r.Method), slog.String("route", path), slog.Int("status", c.w.status),
		slog.Int64("in", max(c.r.ContentLength, 0)), slog.Int64("out", c.w.bytes), slog.Duration("took", c.e.p.Now().Sub(c.began)), slog.String("who", who),
	}, c.notes...)
	c.e.p.Logger.LogAttrs(c.r.Context(), level, "request", attrs...)
}

// read takes the body whole, inflated, within limit bytes.
func (c *call) read(limit int64) ([]byte, error) {
	body := http.MaxBytesReader(c.w, c.r.Body, limit)
	return c.e.inflate.Read(body, strings.ToLower(c.r.Header.Get("Content-Encoding")), limit)
}

// decode reads a small JSON body.
func (c *call) decode(into any, limit int64) error {
	data, err := c.read(limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body is not the JSON this address takes.")
	}
	return nil
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
	h := c.w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	data, encoding := c.e.compress.encode(data, c.r.Header.Get("Accept-Encoding"))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(data)
	return nil
}

func (c *call) note(attrs ...slog.Attr) { c.notes = append(c.notes, attrs...) }
