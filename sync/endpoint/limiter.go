package endpoint

import (
	"net/http"
	"strings"

	"golang.org/x/time/rate"

	"parvis/internal/centralstore"
	"parvis/sync/protocol/guard"
)

// guesses bounds how often codes, or passwords, are wrong: per address, and over all of them.
type guesses struct {
	per *guard.Limiter
	all *rate.Limiter
}

func newGuesses(l Limits) *guesses {
	return &guesses{guard.NewLimiter(l.Wrong), guard.NewBucket(l.WrongEverywhere)}
}

// limited lets an address through until it was wrong too often, or all addresses together were.
func (g *guesses) limited(next handler) handler {
	return func(c *call) error {
		now := c.began
		attempt, wait := g.per.Take(c.address, now)
		if wait > 0 {
			return c.wait(wait, "There were too many wrong attempts.")
		}
		among, wait := guard.Reserve(g.all, now)
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

// addressOf is the network a call came from: an IPv4 address, or the 64 bits of an IPv6 address that one customer usually has.
func (e *Endpoint) addressOf(r *http.Request) string {
	host := r.RemoteAddr
	if e.p.BehindProxy {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); last != "" {
			host = last
		}
	}
	return guard.Network(host)
}
