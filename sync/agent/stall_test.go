package agent_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// The patience of these tests, and steps of a slow link that take several times as long altogether.
const (
	shortPatience = time.Second
	slowStep      = shortPatience / 12
	slowSteps     = 36
)

// impatient is a client that soon gives up what stands still, by its own transport or by somebody else's.
func impatient(t *testing.T, address string, transport http.RoundTripper) *agent.Client {
	t.Helper()
	c, err := agent.NewClient(agent.ClientParams{Central: address, Token: "t", Transport: transport, Now: time.Now, Patience: shortPatience})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// transports are the client's own and one that knows nothing of being watched.
func transports(t *testing.T) map[string]http.RoundTripper {
	foreign := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(foreign.CloseIdleConnections)
	return map[string]http.RoundTripper{"own transport": nil, "another's transport": foreign}
}

// However long an answer takes, it is waited for while it comes.
func TestASlowAnswerIsWaitedForWhileItMoves(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(protocol.VersionHeader, "1")
		text := `{"cursor":"c","items":[],"filling":"` + strings.Repeat("x", slowSteps) + `"}`
		for i := range len(text) {
			_, _ = io.WriteString(w, text[i:i+1])
			if i%(len(text)/slowSteps) == 0 {
				_ = http.NewResponseController(w).Flush()
				time.Sleep(slowStep)
			}
		}
	}))
	t.Cleanup(server.Close)
	for name, transport := range transports(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			page, err := impatient(t, server.URL, transport).Pull(context.Background(), "")
			if err != nil || page.Cursor != "c" {
				t.Errorf("%+v, %v", page, err)
			}
			if took := time.Since(began); took < 2*shortPatience {
				t.Errorf("it took %s only, this tests nothing", took)
			}
		})
	}
}

// However long a body takes to leave, it is sent while it leaves: the client's own connections do not let the system swallow it.
func TestASlowBodyIsSentWhileItMoves(t *testing.T) {
	t.Parallel()
	address := slowReader(t)
	began := time.Now()
	body := noise(seeded(t, 3), slowSteps*slowBite)
	answer, err := impatient(t, address, nil).PutAttachment(context.Background(), delivery.Attachment{SHA256: "00", Size: int64(len(body))}, 0, body)
	if err != nil || answer.Have != int64(len(body)) {
		t.Errorf("%+v, %v", answer, err)
	}
	if took := time.Since(began); took < 2*shortPatience {
		t.Errorf("it took %s only, this tests nothing", took)
	}
}

// slowBite is what a slow reader takes at a time.
const slowBite = 256 << 10

// slowReader takes a body bit by bit, and then says how much it was.
func slowReader(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		have := int64(0)
		for {
			n, err := io.CopyN(io.Discard, r.Body, slowBite)
			if have += n; err != nil {
				break
			}
			time.Sleep(slowStep)
		}
		w.Header().Set(protocol.VersionHeader, "1")
		_, _ = fmt.Fprintf(w, `{"have":%d}`, have)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String()
}

// What stands still is given up, wherever it stops, and the reason is the connection, not whoever waits.
func TestWhatStandsStillIsGivenUp(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing, not even to TLS
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	over := make(chan struct{})
	stalls := map[string]func(http.ResponseWriter, *http.Request){
		"before the answer": func(http.ResponseWriter, *http.Request) { <-over },
		"within the answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(protocol.VersionHeader, "1")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"have":`)
			_ = http.NewResponseController(w).Flush()
			<-over
		},
		"within the body": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.CopyN(io.Discard, r.Body, 1000)
			<-over
		},
	}
	addresses := map[string]string{"no handshake": "https://" + silent.Addr().String()}
	for name, handle := range stalls {
		server := httptest.NewServer(http.HandlerFunc(handle))
		t.Cleanup(server.Close)
		addresses[name] = server.URL
	}
	t.Cleanup(func() { close(over) })
	for name, address := range addresses {
		for whose, transport := range transports(t) {
			t.Run(name+", "+whose, func(t *testing.T) {
				t.Parallel()
				_, err := impatient(t, address, transport).PutAttachment(context.Background(), delivery.Attachment{SHA256: "00", Size: 1}, 0, noise(seeded(t, 4), 8<<20))
				wantReason(t, err, agent.Offline)
				if !strings.Contains(err.Error(), "stands still") {
					t.Errorf("it does not say why: %v", err)
				}
			})
		}
	}
}

// leaving is a transport that counts how often it was told to let go of its connections.
type leaving struct {
	http.RoundTripper
	told *int
}

// CloseIdleConnections counts.
func (l leaving) CloseIdleConnections() { *l.told++ }

// After a synchronisation no connection is kept: the next one may go over another network, and a sleeping radio saves the battery.
func TestASynchronisationKeepsNoConnection(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	told := 0
	a, err := agent.New(agent.Params{Store: d.Store, Outbox: d.Store, Transport: leaving{d.net, &told}, Now: d.now, AppVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Sync(context.Background()); err != nil || told != 1 {
		t.Errorf("told %d times, %v", told, err)
	}
}
