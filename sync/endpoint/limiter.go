package endpoint

import (
	"crypto/sha256"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parvis/internal/centralstore"
)

// mostKeys is how many addresses or tokens a limiter remembers.
const mostKeys = 50_000

// limiter counts per key: an address or a token.
type limiter struct {
	mu   sync.Mutex
	rate Rate
	per  map[string]*rate.Limiter
}

func newLimiter(r Rate) *limiter { return &limiter{rate: r, per: map[string]*rate.Limiter{}} }

// take takes one off; wait is above 0 where the key has none left, and nothing was taken.
func (l *limiter) take(key string, now time.Time) (taken *rate.Reservation, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.per[key]
	if lim == nil {
		l.forget(now)
		lim = newBucket(l.rate)
		l.per[key] = lim
	}
	return reserve(lim, now)
}

func newBucket(r Rate) *rate.Limiter { return rate.NewLimiter(rate.Limit(r.PerSecond), r.AtOnce) }

func reserve(lim *rate.Limiter, now time.Time) (taken *rate.Reservation, wait time.Duration) {
	taken = lim.ReserveN(now, 1)
	if wait = taken.DelayFrom(now); wait > 0 {
		taken.CancelAt(now)
		return nil, wait
	}
	return taken, 0
}

// knows tells whether the key was here lately.
func (l *limiter) knows(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.per[key] != nil
}

// empty tells whether the key has none left, without taking any.
func (l *limiter) empty(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.per[key]
	return lim != nil && lim.TokensAt(now) < 1
}

// forget drops the keys that have all of theirs back; when there are still too many, all of them.
func (l *limiter) forget(now time.Time) {
	if len(l.per) < mostKeys {
		return
	}
	for key, lim := range l.per {
		if lim.TokensAt(now) >= float64(l.rate.AtOnce) {
			delete(l.per, key)
		}
	}
	if len(l.per) >= mostKeys {
		clear(l.per)
	}
}

// guesses bounds how often codes, or passwords, are wrong: per address, and over all of them.
type guesses struct {
	per *limiter
	all *rate.Limiter
}

func newGuesses(l Limits) *guesses {
	return &guesses{newLimiter(l.Wrong), newBucket(l.WrongEverywhere)}
}

// limited lets an address through until it was wrong too often, or all addresses together were.
func (g *guesses) limited(next handler) handler {
	return func(c *call) error {
		now := c.began
		attempt, wait := g.per.take(c.address, now)
		if wait > 0 {
			return c.wait(wait, "There were too many wrong attempts.")
		}
		among, wait := reserve(g.all, now)
		if wait > 0 {
			attempt.CancelAt(now)
			return c.wait(wait, "There are too many wrong attempts from elsewhere just now.")
		}
		err := next(c)
		// A right password without the one-time code that belongs to it is half an attempt: the code is tried next.
		if err == nil || centralstore.CodeOf(err) == centralstore.OTPNeeded {
			attempt.CancelAt(now)
			among.CancelAt(now)
		}
		return err
	}
}

// crowd counts what is going on at the same time, per key.
type crowd struct {
	mu  sync.Mutex
	per map[string]int
}

func newCrowd() *crowd { return &crowd{per: map[string]int{}} }

// enter tells whether there is room; whoever entered leaves.
func (c *crowd) enter(key string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per[key] >= most {
		return false
	}
	c.per[key]++
	return true
}

func (c *crowd) leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per[key]--; c.per[key] <= 0 {
		delete(c.per, key)
	}
}

// tokenKey is what a limiter remembers of a token: not the token.
func tokenKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return string(sum[:16])
}

// addressOf is the network a call came from: an IPv4 address, or the 64 bits of an IPv6 address that one customer usually has.
func (e *Endpoint) addressOf(r *http.Request) string {
	host := r.RemoteAddr
	if e.p.BehindProxy {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			host = last
		}
	}
	return network(host)
}

func network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
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
