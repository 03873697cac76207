package guard

import (
	"context"
	"iter"
	"maps"
	"net"
	"sync"
)

// Gate is a listener that keeps slow and idle connections from shutting others out. Closing the door once it is full, as a plain
// limit does, is what an attacker wants: slow ones hold the places and good ones wait. So a new connection is always let in, and
// where there are too many, of its address or of all, one gives way that has shown no right token: the oldest of them, since who
// means well has sent its request by then. A connection with a right token gives way only where all have one.
type Gate struct {
	net.Listener
	each, all int // each is 0 for any number

	mu   sync.Mutex
	per  map[string]map[*guarded]struct{}
	open int
	seen int64 // counts connections, which orders them by age
	shut int64 // how many gave way
}

// guarded is a connection behind the gate.
type guarded struct {
	net.Conn
	gate    *Gate
	address string
	number  int64
	trusted bool // under gate.mu
	once    sync.Once
}

// NewGate puts a gate before a listener: at most each connections of an address, 0 for any number, and all of them together.
func NewGate(l net.Listener, each, all int) *Gate {
	g := &Gate{Listener: l, each: each, all: all, per: map[string]map[*guarded]struct{}{}}
	return g
}

// Accept lets the next connection in and another one out where there are too many.
func (g *Gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &guarded{Conn: conn, gate: g, address: Network(conn.RemoteAddr().String())}
	if out := g.enter(c); out != nil {
		out.abort()
	}
	return c, nil
}

func (g *Gate) enter(c *guarded) (out *guarded) {
	g.mu.Lock()
	defer g.mu.Unlock()
	same := g.per[c.address]
	switch {
	case g.each > 0 && len(same) >= g.each:
		out = eldest(maps.Keys(same))
	case g.open >= g.all:
		out = eldest(g.everyone)
	}
	if out != nil {
		g.remove(out)
		g.shut++
	}
	if g.per[c.address] == nil {
		g.per[c.address] = map[*guarded]struct{}{}
	}
	g.seen++
	c.number = g.seen
	g.per[c.address][c] = struct{}{}
	g.open++
	return out
}

// everyone walks over all open connections.
func (g *Gate) everyone(yield func(*guarded) bool) {
	for _, conns := range g.per {
		for c := range conns {
			if !yield(c) {
				return
			}
		}
	}
}

// eldest is the one to give way first: without a right token before with one, then the oldest. It looks at all of them, which costs
// less than a millisecond for as many as there may be, and only when there are as many.
func eldest(conns iter.Seq[*guarded]) (out *guarded) {
	for c := range conns {
		if out == nil || (!c.trusted && out.trusted) || (c.trusted == out.trusted && c.number < out.number) {
			out = c
		}
	}
	return out
}

func (g *Gate) remove(c *guarded) {
	conns := g.per[c.address]
	if _, in := conns[c]; !in {
		return
	}
	delete(conns, c)
	if len(conns) == 0 {
		delete(g.per, c.address)
	}
	g.open--
}

// Close ends the connection and makes room.
func (c *guarded) Close() error {
	c.leave()
	return c.Conn.Close()
}

func (c *guarded) leave() {
	c.once.Do(func() {
		c.gate.mu.Lock()
		defer c.gate.mu.Unlock()
		c.gate.remove(c)
	})
}

// abort ends a connection that gives way. The server, which reads from it, notices and tidies up.
func (c *guarded) abort() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // nothing is owed to it, and its place is free at once
	}
	_ = c.Close()
}

// connKey is where a request's context holds its connection.
type connKey struct{}

// Remember puts a connection into the context of its requests.
func Remember(ctx context.Context, conn net.Conn) context.Context {
	if tls, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = tls.NetConn()
	}
	if c, ok := conn.(*guarded); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// Trust notes that a right token came over the request's connection.
func Trust(ctx context.Context) {
	c, ok := ctx.Value(connKey{}).(*guarded)
	if !ok {
		return
	}
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	c.trusted = true
}
