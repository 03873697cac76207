package endpoint_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// Serve speaks TLS where it is given a certificate, with HTTP/2, over the same limits of connections.
func TestServeSpeaksTLS(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	d := c.device(t, "mall")
	borrowed := httptest.NewTLSServer(nil) // for its certificate and who trusts it
	defer borrowed.Close()
	e, err := endpoint.New(endpoint.Params{Store: c.store, Now: time.Now, NewRequestID: uuid.NewString, TLS: &tls.Config{Certificates: borrowed.TLS.Certificates}})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- e.Serve(ctx, listener) }()
	transport := borrowed.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+listener.Addr().String()+protocol.PathPull, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.Token)
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK || res.ProtoMajor != 2 {
		t.Errorf("%s %d %s %v", res.Proto, res.StatusCode, body, err)
	}
	transport.CloseIdleConnections()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// patient serves on a real socket with a short patience.
func patient(t *testing.T, change func(*endpoint.Params)) (c *central, address string) {
	t.Helper()
	c = newCentral(t, nil)
	p := endpoint.Params{Store: c.store, Now: time.Now, NewRequestID: uuid.NewString}
	p.Limits.Patience = time.Second
	if change != nil {
		change(&p)
	}
	e, err := endpoint.New(p)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- e.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	c.url = "http://" + listener.Addr().String()
	return c, listener.Addr().String()
}

// A body that comes byte by byte, or stands still, is given up, however long it said it would be.
func TestASlowBodyIsGivenUp(t *testing.T) {
	t.Parallel()
	c, address := patient(t, nil)
	d := c.device(t, "mall")
	for name, every := range map[string]time.Duration{"byte by byte": 50 * time.Millisecond, "standing still": time.Hour} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 4000000\r\n\r\n{", d.Token)
		go func() {
			for err := error(nil); err == nil; time.Sleep(every) {
				_, err = conn.Write([]byte(" "))
			}
		}()
		if err := conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		// Central says that the body was cut off, and closes; a caller that still sends may see only that.
		if _, err := io.ReadAll(conn); err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: central waits for ever", name)
		}
		_ = conn.Close()
	}
	if got := c.push(t, d, contact(t, d, 1, "mall")); got.Receipts[0].Status != protocol.Received {
		t.Errorf("%+v", got)
	}
}

// lengthy is a store whose disk is slow.
type lengthy struct{ centralstore.Store }

func (s lengthy) Push(ctx context.Context, p centralstore.Push) (centralstore.Pushed, error) {
	select {
	case <-ctx.Done():
		return centralstore.Pushed{}, ctx.Err()
	case <-time.After(2500 * time.Millisecond):
	}
	return s.Store.Push(ctx, p)
}

// Work that takes longer than central's patience is not taken for a caller that has gone.
func TestLongWorkIsFinished(t *testing.T) {
	t.Parallel()
	c, _ := patient(t, func(p *endpoint.Params) { p.Store = lengthy{p.Store} })
	d := c.device(t, "mall")
	for seq := range int64(2) {
		if got := c.push(t, d, contact(t, d, seq+1, "mall")); got.Receipts[0].Status != protocol.Received {
			t.Errorf("%+v", got)
		}
	}
}
