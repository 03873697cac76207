package agent_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"testing"

	"parvis/internal/delivery"
)

// Whatever the order in which tablets and laptop lose and find each other and central, are killed, and lose answers: at no time is a
// record sent that central does not have, and in the end each is there once and the laptop keeps nothing.
func TestLaptopAndTabletsInAnyOrder(t *testing.T) {
	for seed := range uint64(6) {
		r := seeded(t, seed)
		c, d, l := site(t)
		other := newDevice(t, c)
		other.ready(t, c)
		other.sync(t)
		l.pair(t, other)
		tablets := []*device{d, other}
		for range 70 {
			randomStep(t, r, c, l, tablets[r.IntN(2)])
			for _, tablet := range tablets {
				honest(t, c, tablet)
			}
		}
		l.net.mend()
		l.door.lose.Store(false)
		for _, tablet := range tablets {
			tablet.net.spoil(noConnection)
			_, _ = tablet.agent.Sync(context.Background()) // a connection that was kept may have ended
			carried(t, tablet)
		}
		l.sync(t)
		for _, tablet := range tablets {
			carried(t, tablet)
		}
		exactlyOnce(t, c, tablets...)
		for _, tablet := range tablets {
			tablet.net.mend()
			tablet.sync(t)
			tablet.sync(t)
		}
		l.sync(t)
		exactlyOnce(t, c, tablets...)
		if held, forwarded := l.parcels(t); held != 0 || forwarded != 0 {
			t.Errorf("seed %d: the laptop keeps %d and %d", seed, held, forwarded)
		}
	}
}

type fault = func(*http.Request, http.RoundTripper) (*http.Response, error)

// weather is how a network is.
func weather(r *rand.Rand) fault {
	return []fault{nil, noConnection, noConnection, lostAnswer, cutAnswer, cutRequest, twice}[r.IntN(7)]
}

func randomStep(t *testing.T, r *rand.Rand, c *central, l *laptop, d *device) {
	switch r.IntN(10) {
	case 0, 1:
		d.contact(t)
	case 2:
		d.interview(t)
	case 3, 4:
		d.net.spoil(noConnection)
		_, _ = d.agent.Sync(context.Background())
	case 5:
		l.door.lose.Store(true)
		d.net.spoil(noConnection)
		_, _ = d.agent.Sync(context.Background())
		l.door.lose.Store(false)
	case 6:
		d.net.spoil(weather(r))
		_, _ = d.agent.Sync(context.Background())
	case 7:
		l.net.spoil(weather(r))
		_, _ = l.agent.Sync(context.Background())
	case 8:
		l.kill(t)
	case 9:
		d.open(t)
	}
}

// honest wants everything that a tablet calls sent to be at central.
func honest(t *testing.T, c *central, d *device) {
	t.Helper()
	there := map[delivery.Identity]bool{}
	for _, r := range c.records(t) {
		there[r.Identity()] = true
	}
	for id, r := range d.outbox(t) {
		if r.state == "sent" && !there[id] {
			t.Fatalf("%+v is called sent and is not at central", id)
		}
	}
}
