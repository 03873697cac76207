package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// patience is how long an exchange may stand still before it is given up. A phone that changes cells, or a link of 2G that others
// fill, stands still for half a minute and goes on; central takes that long at most for a batch.
const patience = time.Minute

// looks is how many times within its patience an exchange is looked at.
const looks = 8

// errStalled ends an exchange that stands still.
var errStalled = errors.New("the connection stands still")

// pulse is the life of one exchange.
type pulse struct {
	moved    atomic.Int64 // grows with every byte and every step
	up, down atomic.Int64 // bytes of bodies
}

type pulseKey struct{}

func pulseOf(ctx context.Context) *pulse {
	p, _ := ctx.Value(pulseKey{}).(*pulse)
	return p
}

// watch gives an exchange its pulse and ends it when nothing has moved for patience. The caller calls stop.
func watch(ctx context.Context, patience time.Duration) (watched context.Context, p *pulse, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	p = &pulse{}
	go p.guard(ctx, patience, cancel)
	return httptrace.WithClientTrace(context.WithValue(ctx, pulseKey{}, p), p.trace()), p, func() { cancel(nil) }
}

// guard counts looks instead of reading a clock: an app that the system froze has not looked, and its exchange is not to blame.
func (p *pulse) guard(ctx context.Context, patience time.Duration, end context.CancelCauseFunc) {
	look := time.NewTicker(max(patience/looks, time.Millisecond))
	defer look.Stop()
	for last, still := int64(0), 0; still < looks; still++ {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if now := p.moved.Load(); now != last {
			last, still = now, -1
		}
	}
	end(fmt.Errorf("%w: nothing moved for %s", errStalled, patience))
}

// trace takes the steps on the way to a connection for signs of life, and has the connection tell of its bytes.
func (p *pulse) trace() *httptrace.ClientTrace {
	step := func() { p.moved.Add(1) }
	return &httptrace.ClientTrace{
		DNSDone:     func(httptrace.DNSDoneInfo) { step() },
		ConnectDone: func(string, string, error) { step() },
		GotConn: func(info httptrace.GotConnInfo) {
			step()
			if conn, ok := watchedUnder(info.Conn); ok {
				conn.serve(p)
			}
		},
	}
}

// watchedTripper tells an exchange of the bytes of its bodies, whoever carries them.
type watchedTripper struct{ next http.RoundTripper }

// RoundTrip carries the request.
func (t watchedTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	p := pulseOf(r.Context())
	if p == nil {
		return t.next.RoundTrip(r)
	}
	if r.Body != nil {
		r = r.Clone(r.Context())
		r.Body = &countedBody{ReadCloser: r.Body, moved: &p.moved, bytes: &p.up}
		if again := r.GetBody; again != nil {
			r.GetBody = func() (io.ReadCloser, error) {
				body, err := again()
				return &countedBody{ReadCloser: body, moved: &p.moved, bytes: &p.up}, err
			}
		}
	}
	res, err := t.next.RoundTrip(r)
	if err == nil {
		res.Body = &countedBody{ReadCloser: res.Body, moved: &p.moved, bytes: &p.down}
	}
	return res, err
}

// CloseIdleConnections hands the wish on.
func (t watchedTripper) CloseIdleConnections() {
	if closer, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// countedBody counts what is read of it.
type countedBody struct {
	io.ReadCloser
	moved, bytes *atomic.Int64
}

// Read counts.
func (b *countedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	b.moved.Add(int64(n))
	b.bytes.Add(int64(n))
	return n, err
}
