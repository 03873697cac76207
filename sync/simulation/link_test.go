package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parvis/sync/protocol"
)

// link is a device's way to central, in memory. It dies with the app that uses it.
type link struct {
	w    *world
	from int // the device
	dice *rand.Rand
	dead bool
	old  []request // what passed before, to come again
}

// RoundTrip implements http.RoundTripper.
func (l *link) RoundTrip(in *http.Request) (*http.Response, error) {
	r := request{method: in.Method, url: in.URL.RequestURI(), header: in.Header.Clone(), from: fmt.Sprintf("10.0.0.%d:1", l.from+1)}
	if in.Body != nil {
		var err error
		if r.body, err = io.ReadAll(in.Body); err != nil {
			return nil, err
		}
		_ = in.Body.Close() // what was read of it is all there is
	}
	l.w.baton()
	defer l.w.baton()
	if l.dead {
		return nil, errCut
	}
	fault := l.draw()
	res, err := l.carry(in.Context(), r, fault)
	if l.dead {
		return nil, errCut
	}
	status := 0
	if err == nil {
		status = res.StatusCode
	}
	if fault != "" {
		l.w.count(fault)
	}
	path, _, _ := strings.Cut(r.url, "?")
	if strings.HasPrefix(path, protocol.PathAttachment) {
		path = protocol.PathAttachment
	}
	l.w.note("device %d: %s %s %s: %d", l.from, r.method, path, fault, status)
	return res, err
}

// draw picks the fault that hits a request, "" for none.
func (l *link) draw() string {
	p := l.w.plan
	x := l.dice.Float64()
	for _, f := range []struct {
		name string
		p    float64
	}{
		{"lost request", p.lostRequest},
		{"lost answer", p.lostAnswer},
		{"cut request", p.cutRequest},
		{"cut answer", p.cutAnswer},
		{"damaged", p.damaged},
		{"twice", p.twice},
		{"late", p.late},
		{"portal", p.portal},
		{"trouble", p.trouble},
		{"busy", p.busy},
		{"rollback", p.rollback},
		{"crash after", p.crashAfter},
	} {
		if x -= f.p; x < 0 {
			return f.name
		}
	}
	return ""
}

// carry takes a request to central and the answer back, or as far as they get.
func (l *link) carry(ctx context.Context, r request, fault string) (*http.Response, error) {
	trip := func() time.Duration {
		return time.Duration(l.w.plan.slow * float64(between(l.dice, 10*time.Millisecond, 120*time.Millisecond)))
	}
	c := l.w.central
	if fault == "late" { // central gets it when nobody waits any more, and after what was sent later
		l.w.later(between(l.dice, 5*time.Second, 3*time.Minute), func() { l.again(r, "late") })
		return nil, l.w.pass(ctx, time.Hour)
	}
	if err := l.w.pass(ctx, trip()); err != nil {
		return nil, err
	}
	if l.dead {
		return nil, errCut
	}
	if res, ends := l.astray(r, fault); ends {
		if res == nil {
			return nil, errCut
		}
		return res, nil
	}
	if len(l.old) < 8 {
		l.old = append(l.old, r)
	}
	res, err := c.answer(spoilt(r, fault, l.dice))
	if err != nil {
		return nil, err
	}
	switch fault {
	case "lost answer", "cut request":
		return nil, errCut
	case "crash after":
		c.die()
		return nil, errCut
	case "twice":
		l.again(l.old[l.dice.IntN(len(l.old))], "again")
		if res, err = c.answer(r); err != nil {
			return nil, err
		}
	case "cut answer":
		data, _ := io.ReadAll(res.Body) // a recorder's body does not fail
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(data[:len(data)/2]), broken{}))
	}
	if err := l.w.pass(ctx, trip()); err != nil {
		return nil, err
	}
	return res, nil
}

// astray is for requests that central never handles, or not to the end.
func (l *link) astray(r request, fault string) (res *http.Response, ends bool) {
	switch fault {
	case "lost request":
		return nil, true
	case "rollback":
		l.w.central.rollback(r)
		return nil, true
	case "portal":
		return page(http.StatusOK, nil, "<html>Please sign in to the network</html>"), true
	case "trouble":
		return page([]int{500, 502, 503}[l.dice.IntN(3)], http.Header{protocol.VersionHeader: {"1"}}, "{}"), true
	case "busy":
		seconds := strconv.Itoa(1 + l.dice.IntN(90))
		problem := `{"status":429,"title":"Too many.","code":"too_many_requests","retryable":true}`
		return page(http.StatusTooManyRequests, http.Header{protocol.VersionHeader: {"1"}, "Retry-After": {seconds}}, problem), true
	}
	return nil, false
}

// again delivers a request once more; nobody hears the answer.
func (l *link) again(r request, how string) {
	res, err := l.w.central.answer(r)
	status := 0
	if err == nil {
		status = res.StatusCode
	}
	l.w.note("device %d: %s %s: %d", l.from, how, r.method, status)
}

// spoilt is what central gets of a request.
func spoilt(r request, fault string, dice *rand.Rand) request {
	switch {
	case fault == "cut request":
		r.cut = true
	case fault == "damaged" && len(r.body) > 0:
		r.body = bytes.Clone(r.body)
		r.body[dice.IntN(len(r.body))] ^= 1 << dice.IntN(8)
	}
	return r
}

// pass waits, unless whoever asked gives up.
func (w *world) pass(ctx context.Context, d time.Duration) error {
	w.baton()
	defer w.baton()
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func page(status int, h http.Header, body string) *http.Response {
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: h, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}
