package relay

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// server is what stands between the network and the exchanges.
type server struct {
	r         *Relay
	tablets   *guard.Limiter
	strangers *guard.Limiter
	wrong     *rate.Limiter
	crowd     *guard.Crowd
	bodies    *semaphore.Weighted
	inflate   protocol.Inflater

	filing   sync.Mutex
	fileSum  string // of the file that was asked for last; it never changes
	fileBody []byte
}

func newServer(r *Relay) *server {
	l := r.p.Limits
	return &server{
		r: r, tablets: guard.NewLimiter(l.Tablet), strangers: guard.NewLimiter(l.Stranger), wrong: guard.NewBucket(l.Wrong), crowd: guard.NewCrowd(),
		bodies: semaphore.NewWeighted(l.Bodies),
	}
}

// The times of the server.
const (
	headerWait   = 10 * time.Second
	idleWait     = time.Minute
	shutdownWait = 5 * time.Second
	headerBytes  = 16 << 10
)

// Serve answers on the listener, over TLS with the laptop's own key, until ctx ends; then it finishes what it has begun and returns nil.
func (r *Relay) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: r.Handler(), ReadHeaderTimeout: headerWait, IdleTimeout: idleWait, MaxHeaderBytes: headerBytes, ConnContext: guard.Remember,
		ErrorLog:  slog.NewLogLogger(r.p.Logger.Handler(), slog.LevelDebug),
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{r.identity.certificate}},
	}
	failed := make(chan error, 1)
	go func() {
		failed <- server.ServeTLS(guard.NewGate(listener, r.p.Limits.Each, r.p.Limits.Connections), "", "")
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serving tablets: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
	defer cancel()
	err := server.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // who is still sending sends again
	}
	if err != nil {
		return fmt.Errorf("ending the service for tablets: %w", err)
	}
	return nil
}

// Handler answers tablets. It is to be served over TLS alone; Serve does.
func (r *Relay) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+protocol.PathRelayPair, r.server.stranger(r.server.pair))
	mux.Handle("PUT "+protocol.PathRelayBatch+"/{sha256}", r.server.tablet(r.server.take))
	mux.Handle("POST "+protocol.PathRelayStates, r.server.tablet(r.server.states))
	mux.Handle("POST "+protocol.PathRelayRights, r.server.tablet(r.server.rights))
	mux.Handle("GET "+protocol.PathRelayBlob+"/{sha256}", r.server.tablet(r.server.blob))
	mux.Handle("/", r.server.stranger(func(*call) error {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "There is nothing at this address.")
	}))
	return mux
}

// call is one request while it is answered.
type call struct {
	s      *server
	w      http.ResponseWriter
	r      *http.Request
	tablet string // the paired tablet's id; "" for a stranger
	done   bool   // the answer has begun
}

type handler func(*call) error

// answer wraps an exchange in what every answer needs.
func (s *server) answer(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, w: w, r: r}
		h := w.Header()
		h.Set(protocol.VersionHeader, strconv.Itoa(protocol.Version))
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		defer func() { guard.ReadUntil(w, time.Now().Add(s.r.p.Limits.Patience)) }()
		if err := handle(c); err != nil {
			c.fail(err)
		}
	})
}

// stranger lets anybody in, as often as an address may come.
func (s *server) stranger(handle handler) http.Handler {
	return s.answer(func(c *call) error {
		if err := c.unknown(); err != nil {
			return err
		}
		return handle(c)
	})
}

// tablet lets those in that bring the token of a paired tablet.
func (s *server) tablet(handle handler) http.Handler {
	return s.answer(func(c *call) error {
		scheme, secret, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
		key := guard.TokenKey(secret)
		if !s.tablets.Knows(key) && s.strangers.Empty(guard.Network(c.r.RemoteAddr), time.Now()) {
			return c.wait(time.Second)
		}
		id, ok := "", false
		if strings.EqualFold(scheme, "Bearer") && secret != "" && len(secret) <= 256 {
			var err error
			if id, ok, err = s.r.p.Store.TabletOf(c.r.Context(), delivery.Sum([]byte(secret)), s.r.p.Now().UnixMilli()); err != nil {
				return err
			}
		}
		if !ok {
			if err := c.unknown(); err != nil {
				return err
			}
			return problem(http.StatusUnauthorized, protocol.CodeUnauthorised, "This tablet is not paired with this laptop.")
		}
		guard.Trust(c.r.Context())
		if _, wait := s.tablets.Take(key, time.Now()); wait > 0 {
			return c.wait(wait)
		}
		if !s.crowd.Enter(key, s.r.p.Limits.AtOnce) {
			return c.wait(time.Second)
		}
		defer s.crowd.Leave(key)
		c.tablet = id
		return handle(c)
	})
}

func (c *call) unknown() error {
	if _, wait := c.s.strangers.Take(guard.Network(c.r.RemoteAddr), time.Now()); wait > 0 {
		return c.wait(wait)
	}
	return nil
}

func (c *call) wait(wait time.Duration) error {
	c.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	return problem(http.StatusTooManyRequests, protocol.CodeTooMany, "There are too many requests. Please wait a moment.")
}

// read takes the body whole, inflated, within limit bytes, as far as there is room for all that are being read.
func (c *call) read(limit int64) (data []byte, leave func(), err error) {
	held := int64(0)
	leave = func() { c.s.bodies.Release(held) }
	if c.r.ContentLength > limit {
		return nil, leave, protocol.ErrTooLarge
	}
	body := http.MaxBytesReader(c.w, guard.NewPaced(c.w, c.r.Body, c.s.r.p.Limits.Patience), limit)
	data, err = c.s.inflate.Metered(body, strings.ToLower(c.r.Header.Get("Content-Encoding")), limit, func(n int64) error {
		if !c.s.bodies.TryAcquire(n) {
			return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "The laptop has its hands full. Please try again in a moment.")
		}
		held += n
		return nil
	})
	return data, leave, err
}

const mostSmall = 64 << 10

func (c *call) decode(into any) error {
	data, leave, err := c.read(mostSmall)
	defer leave()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body is not the JSON this address takes.")
	}
	return nil
}

func (c *call) respond(status int, contentType string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	h := c.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	guard.AnswerIn(c.w, int64(len(data)), c.s.r.p.Limits.Patience)
	c.done = true
	c.w.WriteHeader(status)
	_, _ = c.w.Write(data) // a caller that has gone asks again
	return nil
}

func problem(status int, code protocol.Code, title string) protocol.Problem {
	return protocol.Problem{Title: title, Status: status, Code: code, Retryable: status >= 500 || status == http.StatusTooManyRequests}
}

// fail answers with a problem; what is not known stays inside.
func (c *call) fail(err error) {
	var p protocol.Problem
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &tooLong), errors.Is(err, protocol.ErrTooLarge):
		p = problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "The body is longer than a laptop takes.")
	case errors.Is(err, protocol.ErrEncoding), errors.Is(err, protocol.ErrDamaged):
		p = problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body was damaged or cut off on its way.")
		p.Retryable = true
	default:
		c.s.r.p.Logger.Error("a tablet was not answered", "error", err)
		p = problem(http.StatusInternalServerError, protocol.CodeInternal, "Something went wrong on the laptop.")
	}
	if c.done {
		return
	}
	if p.Status == http.StatusUnauthorized {
		c.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	_ = c.respond(p.Status, protocol.ContentProblem, p)
}
