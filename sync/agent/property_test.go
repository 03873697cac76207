package agent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"
)

// Whatever happens in whatever order, in the end each record is at central once, to the byte, and nothing waits. A seed that fails
// replays alone with -run 'Whatever/seed_N'.
func TestWhateverHappensEachRecordArrivesOnce(t *testing.T) {
	seeds := uint64(4)
	if os.Getenv("SOAK") != "" {
		seeds = 500
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			whatever(t, seeded(t, seed))
		})
	}
}

func whatever(t *testing.T, dice *rand.Rand) {
	c := newCentral(t)
	devices := []*device{newDevice(t, c), newDevice(t, c)}
	for _, d := range devices {
		d.ready(t, c)
	}
	failures := 0
	for range 40 {
		d := devices[dice.IntN(len(devices))]
		switch dice.IntN(10) {
		case 0, 1, 2:
			d.contact(t)
		case 3:
			d.interview(t)
		case 4:
			d.open(t)
		case 5:
			c.stop(t)
			if dice.IntN(2) == 0 { // somebody tries while it is down
				failures += try(d)
			}
			c.start(t)
		case 6:
			// A code whose answer is lost is used up; then the device needs another one, and stays the same device.
			if _, err := d.agent.Enrol(context.Background(), c.address, c.code(t)); err != nil {
				failures++
				d.net.mend()
				if _, err := d.agent.Enrol(context.Background(), c.address, c.code(t)); err != nil {
					t.Fatal(err)
				}
			}
		default:
			d.net.spoil(anyFault(dice))
			failures += try(d)
		}
	}
	for _, d := range devices {
		d.net.mend()
		d.sync(t)
	}
	if failures == 0 {
		t.Error("nothing went wrong on the way: this tests nothing")
	}
	exactlyOnce(t, c, devices...)
	for _, d := range devices {
		if again := d.sync(t); again.Sent+again.Requeued+len(again.Quarantined) != 0 {
			t.Errorf("a synchronisation with nothing to do did %+v", again)
		}
	}
	states, err := c.store.ListDevices(context.Background())
	if err != nil || len(states) != len(devices) {
		t.Fatalf("%d devices, %v", len(states), err)
	}
	for _, s := range states {
		if len(s.Missing) != 0 {
			t.Errorf("central still misses %v", s.Missing)
		}
	}
}

func try(d *device) int {
	if _, err := d.agent.Sync(context.Background()); err != nil {
		return 1
	}
	return 0
}

// anyFault hits each request of a synchronisation with a chance, or none at all.
func anyFault(dice *rand.Rand) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	faults := []func(*http.Request, http.RoundTripper) (*http.Response, error){
		noConnection, lostAnswer, cutAnswer, cutRequest, twice, answering(http.StatusInternalServerError, "{}"), answering(http.StatusOK, "<html>sign in</html>"),
	}
	fault, chance := faults[dice.IntN(len(faults))], dice.IntN(4)
	turns := make([]bool, 64)
	for i := range turns {
		turns[i] = dice.IntN(4) < chance
	}
	turn := 0
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		turn++
		if turns[turn%len(turns)] {
			return fault(r, next)
		}
		return next.RoundTrip(r)
	}
}
