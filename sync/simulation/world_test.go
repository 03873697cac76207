package simulation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/delivery"
)

// world is one simulated day. It runs in a bubble of virtual time, in which a moment passes only when everybody waits: what happens
// at one moment is therefore never disturbed, and the same seed always plays the same day.
type world struct {
	t       testing.TB
	dir     string
	seed    uint64
	dice    *rand.Rand
	secrets *rand.ChaCha8 // central's randomness
	plan    plan
	start   time.Time // what a right clock shows when the day begins
	began   time.Time
	central *central
	devices []*device
	order   sync.Mutex
	lives   sync.WaitGroup
	letters sync.WaitGroup // requests on their way that nobody waits for

	// ledger is every record that any device ever saved, with its exact bytes; files is every picture.
	ledger map[delivery.Identity][]byte
	visits map[string][]numbered // what central is told of with each visit, as far as it was unsent
	files  map[string][]byte
	bad    map[string]flaw // records that reach central spoilt, by id
	copied bool            // a device's file was restored or copied: two phones may have gone on from one state
	reset  bool            // central was restored from a backup
	byHand bool            // as reset, by copying files
	over   bool
	trace  bytes.Buffer
	counts map[string]int
}

// place is a number of an epoch.
type place struct {
	epoch string
	seq   int64
}

// numbered is a record with its number.
type numbered struct {
	at place
	id delivery.Identity
}

// flaw is what is wrong with a record.
type flaw string

const (
	badSum   flaw = "sum"   // the device's storage damaged the body
	newKind  flaw = "kind"  // an app that is newer than central made it
	stolenID flaw = "taken" // its id is that of another device's record
)

func newWorld(t testing.TB, dir string, seed uint64) *world {
	w := &world{
		t: t, dir: dir, seed: seed, dice: rand.New(rand.NewPCG(seed, 1)), start: noon(), began: time.Now(),
		ledger: map[delivery.Identity][]byte{}, visits: map[string][]numbered{}, files: map[string][]byte{}, bad: map[string]flaw{}, counts: map[string]int{},
	}
	var key [32]byte
	for i := range key {
		key[i] = byte(w.dice.Uint32())
	}
	w.secrets = rand.NewChaCha8(key)
	return w
}

// now is the right time.
func (w *world) now() time.Time { return w.start.Add(time.Since(w.began)) }

// note adds a line to the day's story. No line holds anything that is drawn from the machine's own randomness.
func (w *world) note(format string, args ...any) {
	fmt.Fprintf(&w.trace, "%12s ", time.Since(w.began).Round(time.Microsecond))
	fmt.Fprintf(&w.trace, format+"\n", args...)
}

// count notes that something of a kind happened.
func (w *world) count(what string) { w.counts[what]++ }

// fail ends the day with its story, from whichever goroutine.
func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	if w.over && w.t.Failed() {
		w.t.FailNow() // what follows from a failure says nothing new
	}
	w.over = true
	story := w.trace.Bytes()
	if len(story) > 12_000 && !testing.Verbose() {
		story = story[len(story)-12_000:]
	}
	w.t.Fatalf("seed %d: %s\n%s", w.seed, fmt.Sprintf(format, args...), story)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.fail("%v", err)
	}
}

// sum is the story's fingerprint.
func (w *world) sum() string {
	sum := sha256.Sum256(w.trace.Bytes())
	return hex.EncodeToString(sum[:8])
}

// between draws a duration. Nanoseconds make it improbable that two things happen at the same moment.
func between(dice *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(dice.Int64N(int64(high-low)))
}

// baton tells the race detector what virtual time sees to already: whoever wakes later comes after all that was done before.
func (w *world) baton() {
	w.order.Lock()
	defer w.order.Unlock()
}

// sleep waits until a moment at which nobody else is busy.
func (w *world) sleep(d time.Duration) {
	w.baton()
	time.Sleep(d)
	w.baton()
}

// happens draws whether something of a probability happens.
func happens(dice *rand.Rand, p float64) bool { return p > 0 && dice.Float64() < p }

// newID makes a UUIDv7 of a clock and of dice, so that ids too are the same each time.
func newID(now time.Time, dice *rand.Rand) string {
	var id uuid.UUID
	ms := now.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < 16; i++ {
		id[i] = byte(dice.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

// later lets something happen that nobody waits for.
func (w *world) later(after time.Duration, do func()) {
	w.baton()
	w.letters.Go(func() {
		w.sleep(after)
		do()
		w.baton()
	})
}

// play lets the day pass, heals what is broken, and compares central with the devices.
func (w *world) play() {
	for _, d := range w.devices {
		d.live()
	}
	w.lives.Go(w.operate)
	for end := between(w.dice, 4*time.Minute, 9*time.Minute); time.Since(w.began) < end; {
		w.sleep(between(w.dice, 90*time.Second, 4*time.Minute))
		if w.over { // somebody failed
			break
		}
		w.check()
	}
	w.over = true
	w.baton()
	w.lives.Wait()
	w.letters.Wait()
	if w.t.Failed() {
		return
	}
	w.check()
	w.heal()
	w.judge()
}

// leave closes what is open, however the day went.
func (w *world) leave() {
	w.over = true
	w.lives.Wait()
	w.letters.Wait()
	for _, d := range w.devices {
		d.close()
	}
	w.central.close()
}

// copyDir copies files as they are at this moment, as a kill or a backup leaves them: a database before its log, since what is
// folded into it in between stays in the log.
func copyDir(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range entries {
		source, target := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		switch {
		case e.IsDir():
			err = copyDir(source, target)
		case filepath.Ext(e.Name()) == ".lock" || bytes.HasSuffix([]byte(e.Name()), []byte("-shm")):
			continue
		default:
			err = copyFile(source, target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// folder makes the name of a folder that was never used.
func (w *world) folder(kind string) string {
	w.counts["folders"]++
	return filepath.Join(w.dir, fmt.Sprintf("%s-%d", kind, w.counts["folders"]))
}

func quiet() context.Context { return context.Background() }
