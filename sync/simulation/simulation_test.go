package simulation

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
)

// seeds is how many days are played: 2,000, a night's 50,000 with SOAK=1, or as many as SEEDS says.
func seeds(t *testing.T) uint64 {
	t.Helper()
	if text := os.Getenv("SEEDS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if os.Getenv("SOAK") != "" {
		return 50_000
	}
	return 2_000
}

// Whatever befalls network, devices and central, in the end each record is at central exactly once with equal bytes, or apart, whole
// and explained; on the way central loses nothing it acknowledged and reports exactly the gaps there are.
func TestSimulation(t *testing.T) {
	m, all := newTemplate(t), &tally{counts: map[string]int{}}
	count := seeds(t)
	t.Cleanup(func() { all.judge(t, count) })
	// In groups, since a test that waits for its turn holds memory.
	for first := uint64(0); first < count; first += groupOfSeeds {
		t.Run(fmt.Sprintf("from_%d", first), func(t *testing.T) {
			for seed := first; seed < min(first+groupOfSeeds, count); seed++ {
				t.Run(fmt.Sprintf("seed_%d", seed), func(t *testing.T) {
					t.Parallel()
					all.add(m.day(t, seed))
				})
			}
		})
	}
}

const groupOfSeeds = 250

// A day that cannot be played again is no proof.
func TestTheSameSeedPlaysTheSameDay(t *testing.T) {
	m := newTemplate(t)
	for seed := range uint64(20) {
		first, second := m.day(t, seed), m.day(t, seed)
		if first.sum() != second.sum() {
			t.Errorf("seed %d:\n%s\n\nand then:\n%s", seed, first.trace.Bytes(), second.trace.Bytes())
		}
	}
}

func (m *template) day(t *testing.T, seed uint64) (w *world) {
	t.Helper()
	dir := filepath.Join(m.dir, fmt.Sprintf("%s-%d", filepath.Base(t.Name()), seed))
	synctest.Test(t, func(t *testing.T) {
		w = m.world(t, dir, seed)
		defer w.leave()
		w.play()
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
	}
	return w
}

// tally is what happened on all days together.
type tally struct {
	mu     sync.Mutex
	days   uint64
	counts map[string]int
}

func (a *tally) add(w *world) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.days++
	for what, n := range w.counts {
		a.counts[what] += n
	}
}

// judge sees to it that everything that can happen did: a fault that is never met proves nothing.
func (a *tally) judge(t *testing.T, wanted uint64) {
	if a.days != wanted || wanted < 500 {
		return
	}
	for _, what := range []string{
		"lost request", "lost answer", "cut request", "cut answer", "damaged", "twice", "late", "portal", "trouble", "busy", "rollback", "crash after",
		"full", "killed", "device restored", "cloned", "clock jumped", "enrolled", "revoked", "flawed", "stolen id", "central restored", "sent again", "central copied back", "requeued",
		"missing", "second life noticed", "interviews", "pictures", "quarantine unknown_kind", "quarantine bad_sum", "quarantine other_device", "quarantine other_bytes",
	} {
		if a.counts[what] == 0 {
			t.Errorf("%q never happened", what)
		}
	}
	t.Logf("%d days: %v", a.days, a.counts)
}
