package load

import (
	"context"
	"maps"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// Figures are what a run has come to.
type Figures struct {
	Interviews  int // that central said it has, for the first time or again
	Quarantined int
	Pushes      int
	Took        time.Duration // from the first push to the last answer
	// What a push takes, from the device's first byte to its receipts: half of them, 95 and 99 of a hundred, the longest.
	P50, P95, P99, Longest time.Duration
	// Up and Down are bytes on the connections while pushing, headers and encryption too.
	Up, Down int64
	Errors   int // what trying again could not mend
	Retries  map[agent.Reason]int
}

// PerSecond is how many interviews a second were taken in.
func (f Figures) PerSecond() float64 {
	if f.Took <= 0 {
		return 0
	}
	return float64(f.Interviews) / f.Took.Seconds()
}

// meter gathers figures from all devices.
type meter struct {
	now      func() time.Time
	up, down atomic.Int64

	mu          sync.Mutex
	began, last time.Time
	each        []time.Duration
	f           Figures
}

// begin leaves out what enrolling has taken.
func (m *meter) begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.up.Store(0)
	m.down.Store(0)
	m.began = m.now()
	m.last = m.began
}

// took notes what a push took.
func (m *meter) took(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.each = append(m.each, d)
}

// receipts notes what central said of a batch. What it does not speak of it has not taken in.
func (m *meter) receipts(list []protocol.Receipt, pushed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = m.now()
	for _, r := range list {
		switch r.Status {
		case protocol.Received, protocol.Duplicate:
			m.f.Interviews++
		default:
			m.f.Quarantined++
		}
	}
	m.f.Errors += max(pushed-len(list), 0)
}

func (m *meter) failed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.f.Errors++
}

func (m *meter) retried(r agent.Reason) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.f.Retries == nil {
		m.f.Retries = map[agent.Reason]int{}
	}
	m.f.Retries[r]++
}

func (m *meter) figures() Figures {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.f
	f.Retries = maps.Clone(m.f.Retries)
	f.Pushes, f.Took, f.Up, f.Down = len(m.each), m.last.Sub(m.began), m.up.Load(), m.down.Load()
	sorted := slices.Sorted(slices.Values(m.each))
	if n := len(sorted); n > 0 {
		at := func(percent int) time.Duration { return sorted[(n-1)*percent/100] }
		f.P50, f.P95, f.P99, f.Longest = at(50), at(95), at(99), sorted[n-1]
	}
	return f
}

type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// counted counts the bytes of every connection.
func (m *meter) counted(next dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := next(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &countedConn{Conn: conn, m: m}, nil
	}
}

type countedConn struct {
	net.Conn
	m *meter
}

// NetConn is the connection itself, in which the client looks for stalls.
func (c *countedConn) NetConn() net.Conn { return c.Conn }

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.m.down.Add(int64(n))
	return n, err
}

func (c *countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.m.up.Add(int64(n))
	return n, err
}
