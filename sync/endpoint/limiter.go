package endpoint

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parvis/sync/protocol"
)

// How often an address may be wrong about a code or a password. What was right does not count, so that a whole team can enrol from
// one connection.
const (
	wrongPerMinute = 10
	wrongAtOnce    = 20
	mostAddresses  = 50_000
)

// limiter counts wrong attempts per address.
type limiter struct {
	mu  sync.Mutex
	per map[string]*rate.Limiter
}

func newLimiter() *limiter { return &limiter{per: map[string]*rate.Limiter{}} }

// reserve takes one attempt off; wait is above 0 where the address has none left, and nothing was taken.
func (l *limiter) reserve(address string, now time.Time) (attempt *rate.Reservation, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.per[address]
	if lim == nil {
		l.forget(now)
		lim = rate.NewLimiter(rate.Every(time.Minute/wrongPerMinute), wrongAtOnce)
		l.per[address] = lim
	}
	attempt = lim.ReserveN(now, 1)
	if wait = attempt.DelayFrom(now); wait > 0 {
		attempt.CancelAt(now)
		return nil, wait
	}
	return attempt, 0
}

// forget drops the addresses that have all their attempts back; when there are still too many, all of them.
func (l *limiter) forget(now time.Time) {
	if len(l.per) < mostAddresses {
		return
	}
	for address, lim := range l.per {
		if lim.TokensAt(now) >= wrongAtOnce {
			delete(l.per, address)
		}
	}
	if len(l.per) >= mostAddresses {
		clear(l.per)
	}
}

// limited lets an address through until it was wrong too often.
func (e *Endpoint) limited(next handler) handler {
	return func(c *call) error {
		now := e.p.Now()
		attempt, wait := e.attempts.reserve(c.address, now)
		if wait > 0 {
			c.w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			return problem(http.StatusTooManyRequests, protocol.CodeTooMany, "Too many attempts. Please wait a minute.")
		}
		err := next(c)
		if err == nil {
			attempt.CancelAt(now)
		}
		return err
	}
}

// addressOf is the network a call came from: an IPv4 address, or the 64 bits of an IPv6 address that one customer usually has.
func (e *Endpoint) addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if e.p.BehindProxy {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			host = last
		}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		prefix, err := ip.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return ip.String()
}
