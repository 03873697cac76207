package endpoint_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"parvis/sync/protocol"
)

// slow holds connections open and sends next to nothing over them.
type slow struct {
	t     *testing.T
	conns []net.Conn
}

// open dials from the n-th of many loopback addresses, as many machines would, and says the beginning of a request.
func (s *slow) open(address string, n, from int, says string) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+n%from/250), byte(1+n%from%250))}}
	conn, err := dialer.DialContext(context.Background(), "tcp", address)
	if err != nil {
		s.t.Fatalf("connection %d: %v", n, err)
	}
	// One that gave way already says so by failing here.
	_, _ = fmt.Fprint(conn, says)
	s.conns = append(s.conns, conn)
}

func (s *slow) close() {
	for _, c := range s.conns {
		_ = c.Close()
	}
}

// drip sends one more byte over each connection and counts those that still live.
func (s *slow) drip() (alive int) {
	for _, c := range s.conns {
		_ = c.SetDeadline(time.Now().Add(time.Second))
		if _, err := c.Write([]byte("x")); err == nil {
			alive++
		}
	}
	return alive
}

// Ten thousand connections, from one address and from many, that send the beginning of a header, or a body byte by byte, with and
// without a token: central keeps within what it may have open, and whoever means well synchronises at once.
func TestTenThousandSlowConnections(t *testing.T) {
	many := 1500
	if soak() {
		many = 10_000
	}
	c := startChild(t)
	header := "POST /v1/push HTTP/1.1\r\nHost: x\r\nX-Slow: "
	for _, attack := range []struct {
		name, says string
		from       int // addresses
	}{
		{"nothing, from one address", "", 1},
		{"headers, from one address", header, 1},
		{"headers, from many addresses", header, many / 5},
		{"bodies without a token", "POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n{", many / 5},
		{"bodies with a token", "POST /v1/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + c.Device + "\r\nContent-Length: 4000000\r\n\r\n{", 3},
	} {
		t.Run(attack.name, func(t *testing.T) {
			s := &slow{t: t}
			defer s.close()
			var waits []time.Duration
			for n := range many {
				s.open(c.Address, n, attack.from, attack.says)
				if n%(many/10) == 0 {
					waits = append(waits, c.wellBehaved(t))
				}
			}
			waits = append(waits, c.wellBehaved(t))
			open, alive := c.openFiles(t), s.drip()
			waits = append(waits, c.wellBehaved(t))
			t.Logf("%d connections: %d files open at central, %d still take a byte; a device waits %v at most; central has had %d MiB", many, open, alive, slices.Max(waits), c.peakMiB(t))
			if attack.from == 1 && open > 1000 {
				t.Errorf("one address holds %d files open", open)
			}
		})
	}
}

// wellBehaved enrols nobody new, opens a connection of its own, synchronises over it, and tells how long it took. It uses the
// administrator's token where the device's has all its requests going on.
func (c *child) wellBehaved(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	for _, path := range []string{protocol.PathPull, protocol.PathStudies, protocol.PathReady} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, c.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+c.Admin)
		res, err := client.Do(r)
		if err != nil {
			t.Errorf("whoever means well is kept out: %v", err)
			return time.Since(began)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	return time.Since(began)
}
