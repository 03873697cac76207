package guard

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostKeys is how many addresses or tokens a limiter remembers.
const mostKeys = 50_000

// Limiter counts per key: an address or a token.
type Limiter struct {
	mu   sync.Mutex
	rate Rate
	per  map[string]*rate.Limiter
}

// NewLimiter makes one in which every key has the same rate.
func NewLimiter(r Rate) *Limiter { return &Limiter{rate: r, per: map[string]*rate.Limiter{}} }

// Take takes one off; wait is above 0 where the key has none left, and nothing was taken.
func (l *Limiter) Take(key string, now time.Time) (taken *rate.Reservation, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.per[key]
	if lim == nil {
		l.forget(now)
		lim = NewBucket(l.rate)
		l.per[key] = lim
	}
	return Reserve(lim, now)
}

// NewBucket makes what a rate fills.
func NewBucket(r Rate) *rate.Limiter { return rate.NewLimiter(rate.Limit(r.PerSecond), r.AtOnce) }

// Reserve takes one out of a bucket; wait is above 0 where there is none, and nothing was taken.
func Reserve(lim *rate.Limiter, now time.Time) (taken *rate.Reservation, wait time.Duration) {
	taken = lim.ReserveN(now, 1)
	if wait = taken.DelayFrom(now); wait > 0 {
		taken.CancelAt(now)
		return nil, wait
	}
	return taken, 0
}

// Knows tells whether the key was here lately.
func (l *Limiter) Knows(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.per[key] != nil
}

// Empty tells whether the key has none left, without taking any.
func (l *Limiter) Empty(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim := l.per[key]
	return lim != nil && lim.TokensAt(now) < 1
}

// forget drops the keys that have all of theirs back; when there are still too many, all of them.
func (l *Limiter) forget(now time.Time) {
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

// Crowd counts what is going on at the same time, per key.
type Crowd struct {
	mu  sync.Mutex
	per map[string]int
}

// NewCrowd makes an empty one.
func NewCrowd() *Crowd { return &Crowd{per: map[string]int{}} }

// Enter tells whether there is room; whoever entered leaves.
func (c *Crowd) Enter(key string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per[key] >= most {
		return false
	}
	c.per[key]++
	return true
}

// Leave makes room again.
func (c *Crowd) Leave(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.per[key]--; c.per[key] <= 0 {
		delete(c.per, key)
	}
}
