package endpoint_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

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

// A body that comes byte by byte is given up, however long it said it would be; one at the slowest rate central waits for is not.
func TestASlowBodyIsGivenUp(t *testing.T) {
	if !soak() {
		t.Skip("this takes two minutes; SOAK=1 runs it")
	}
	t.Parallel()
	c := startChild(t)
	for rate, cut := range map[int]bool{20: true, 4096: false} {
		t.Run(fmt.Sprint(rate, " bytes a second"), func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", c.Address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 4000000\r\n\r\n{", c.Device)
			began := time.Now()
			for time.Since(began) < 100*time.Second {
				if _, err = conn.Write(make([]byte, rate)); err != nil {
					break
				}
				time.Sleep(time.Second)
			}
			if (err != nil) != cut {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
			t.Logf("%v after %v", err, time.Since(began).Round(time.Second))
		})
	}
}
