package agent

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// The times and sizes of connections.
const (
	// sendBuffer is how much the system may take off the agent's hands before it has left: a phone's system would else swallow a whole
	// batch at once, and nobody could tell a slow link from a dead one. It is enough for 50 KB/s over a satellite.
	sendBuffer = 32 << 10
	// idleConnection is short because a phone changes its network while nobody looks, and the old connection then leads nowhere.
	idleConnection = 30 * time.Second
	// handshake ends what nobody watches any more; whoever waits for it gives it up long before when nothing moves.
	handshake = 5 * time.Minute
)

// NewTransport is what an agent or a client uses where it is given none. It makes connections that tell of every byte, so that an exchange is given up for standing still and never for taking long.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: patience, KeepAlive: 15 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConns: 4,
		IdleConnTimeout: idleConnection, TLSHandshakeTimeout: handshake, ExpectContinueTimeout: time.Second,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			if tcp, ok := conn.(*net.TCPConn); ok {
				// Where the system does not take the wish, a stall is found out later.
				_ = tcp.SetWriteBuffer(sendBuffer)
			}
			w := &watchedConn{Conn: conn}
			w.serve(pulseOf(ctx))
			return w, nil
		},
	}
}

// watchedConn tells the exchange it serves of every byte that moves, those of headers and of encryption too.
type watchedConn struct {
	net.Conn
	serves atomic.Pointer[pulse]
}

// serve makes an exchange the one that is told. Where several share a connection, as HTTP/2 has them, it is the latest; the others
// still see the bytes of their bodies.
func (c *watchedConn) serve(p *pulse) {
	if p != nil {
		c.serves.Store(p)
		p.moved.Add(1)
	}
}

// Read tells of what came.
func (c *watchedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.note(n)
	return n, err
}

// Write tells of what left for the system's send buffer. It hands over little at a time, since a call counts when it returns.
func (c *watchedConn) Write(b []byte) (written int, err error) {
	for {
		n, err := c.Conn.Write(b[written:min(len(b), written+piece)])
		c.note(n)
		if written += n; err != nil || written == len(b) {
			return written, err
		}
	}
}

// piece is what a connection hands to the system at once.
const piece = 4 << 10

func (c *watchedConn) note(n int) {
	if p := c.serves.Load(); p != nil && n > 0 {
		p.moved.Add(int64(n))
	}
}

// watchedUnder is the connection under an encrypted one, or under whatever else lies around it, where it is one of ours.
func watchedUnder(conn net.Conn) (*watchedConn, bool) {
	for {
		if w, ok := conn.(*watchedConn); ok {
			return w, true
		}
		around, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			return nil, false
		}
		conn = around.NetConn()
	}
}
