package simulation

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing/synctest"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/sync/agent"
)

const (
	devicePIN = "482915"
	fileName  = "field.sqlite"
)

// device is one phone: the real store in a real file, and the real agent over it.
type device struct {
	w     *world
	index int
	dice  *rand.Rand // the interviewer's
	dir   string
	store *fieldstore.Store // nil while the app is closed
	agent *agent.Agent
	link  *link
	// fate is drawn from by what the agent meets: it and the interviewer may be busy at the same moment.
	fate   *rand.Rand
	faulty *faulty
	off    time.Duration // how far its clock is off

	memory  memory
	backups []deviceBackup
	epoch   string // of its latest credentials
	shut    bool   // central does not know its token any more
	anew    bool   // it came from a copy and is to be enrolled anew before it is used
	fallen  string // where the files lie that a kill left; "" while the app runs

	stop context.CancelFunc
	ran  chan struct{}
}

// memory is what the device's file must hold.
type memory struct {
	made     map[delivery.Identity]bool // every record it announced
	shift    string
	drafts   []draft
	contacts []interview.Contact
}

func (m memory) clone() memory {
	return memory{made: maps.Clone(m.made), shift: m.shift, drafts: slices.Clone(m.drafts), contacts: slices.Clone(m.contacts)}
}

// deviceBackup is a copy of the device's files with what they hold.
type deviceBackup struct {
	dir    string
	memory memory
}

func (w *world) addDevice(dir string, m memory) *device {
	n := uint64(len(w.devices))
	d := &device{w: w, index: len(w.devices), dir: dir, memory: m}
	d.dice, d.fate = rand.New(rand.NewPCG(w.seed, 100+n)), rand.New(rand.NewPCG(w.seed, 200+n))
	d.off = between(d.dice, -time.Minute, time.Minute)
	w.devices = append(w.devices, d)
	return d
}

func (d *device) now() time.Time { return d.w.now().Add(d.off) }

// open starts the app.
func (d *device) open() {
	s, err := fieldstore.Open(quiet(), fieldstore.Params{
		Path: filepath.Join(d.dir, fileName), Now: d.now, NewID: func() string { return newID(d.now(), d.dice) },
		PINCost: seal.Cost{Passes: 1, MemoryKiB: 8, Lanes: 1},
	})
	d.w.must(err)
	d.w.must(s.UnlockOrSetPIN(quiet(), devicePIN))
	d.store = s
	d.link = &link{w: d.w, from: d.index, dice: d.fate}
	f := &faulty{Store: s, d: d, dice: d.fate}
	d.faulty = f
	d.agent, err = agent.New(agent.Params{
		Store: f, Outbox: f, Transport: d.link, Platform: "test", AppVersion: "1", Now: d.now, Rand: d.fate.Float64, Finished: d.finished,
	})
	d.w.must(err)
	c, err := s.Credentials(quiet())
	d.w.must(err)
	d.epoch, d.shut = c.Epoch, d.shut || c.Revoked
}

// run lets the agent synchronise by its own schedule. It returns when the agent waits for something, so that what follows never races
// with it.
func (d *device) run() {
	d.w.baton()
	defer synctest.Wait()
	ctx, stop := context.WithCancel(quiet())
	d.stop, d.ran = stop, make(chan struct{})
	a, ran := d.agent, d.ran
	go func() {
		defer close(ran)
		_ = a.Run(ctx) // it always ends well
	}()
}

// halt ends the agent's own running and waits for it.
func (d *device) halt() {
	if d.stop != nil {
		d.stop()
		<-d.ran
		d.stop = nil
	}
}

func (d *device) finished(_ agent.Report, err error) {
	d.w.baton()
	defer d.w.baton()
	switch agent.ReasonOf(err) {
	case agent.Revoked, agent.SignInAgain:
		d.shut = true
	}
}

// close ends the app in good order.
func (d *device) close() {
	d.halt()
	if d.store != nil {
		d.w.must(d.store.Close())
		d.store = nil
	}
}

// fall is a kill at this moment: the files as they are now are all that stays, and nothing that still runs reaches anybody.
func (d *device) fall() {
	d.w.note("device %d is killed", d.index)
	d.w.count("killed")
	d.fallen = d.w.folder("device")
	d.w.must(copyDir(d.dir, d.fallen))
	d.link.dead, d.faulty.dead = true, true
	if d.stop != nil {
		d.stop()
	}
}

// rise opens the app again after a kill.
func (d *device) rise() {
	left := d.fallen
	d.fallen = ""
	d.become(left)
}

// become goes on from other files; those so far are gone.
func (d *device) become(dir string) {
	d.link.dead, d.faulty.dead = true, true
	d.close()
	d.w.must(os.RemoveAll(d.dir))
	d.dir = dir
	d.open()
	d.remembers()
}

// learn takes up the records the last deed announced.
func (d *device) learn() {
	unsent, err := d.store.Unsent(quiet())
	d.w.must(err)
	for _, r := range unsent {
		if d.memory.made[r.Identity()] {
			continue
		}
		_, copied := d.w.ledger[r.Identity()] // on another phone, which may have sent it already
		d.memory.made[r.Identity()] = true
		d.w.ledger[r.Identity()] = slices.Clone(r.Body)
		if happens(d.dice, d.w.plan.bad) && r.Kind != delivery.KindShift && r.Revision == 1 && !copied && d.w.bad[r.ID] == "" {
			d.w.bad[r.ID] = []flaw{badSum, newKind}[d.dice.IntN(2)]
			d.w.count("flawed")
		}
	}
}

// remembers checks that the file holds every record it announced, to the byte.
func (d *device) remembers() {
	for id := range d.memory.made {
		body, err := d.store.Record(quiet(), id.ID, id.Revision)
		if err != nil || delivery.Sum(body) != id.SHA256 {
			d.w.fail("device %d lost a record it had saved: %v", d.index, err)
		}
	}
}

// copied makes a backup of the files while the app runs.
func (d *device) backUp() {
	b := deviceBackup{dir: d.w.folder("device-backup"), memory: d.memory.clone()}
	d.w.must(copyDir(d.dir, b.dir))
	d.backups = append(d.backups, b)
}

// restore puts a backup in the place of the files. What only they held is lost with them.
func (d *device) restore(b deviceBackup) {
	dir := d.w.folder("device")
	d.w.must(copyDir(b.dir, dir))
	d.memory, d.w.copied = b.memory.clone(), true
	d.become(dir)
}

// clone sets another phone up from a copy.
func (d *device) clone() *device {
	dir := d.w.folder("device")
	d.w.must(copyDir(d.dir, dir))
	other := d.w.addDevice(dir, d.memory.clone())
	other.epoch, d.w.copied = d.epoch, true
	other.open()
	return other
}

// enrol tries once.
func (d *device) enrol() {
	code := d.w.central.code("0417")
	if code == "" {
		return
	}
	c, err := d.agent.Enrol(quiet(), "http://127.0.0.1", code)
	synctest.Wait() // an enrolment wakes the agent
	d.w.note("device %d enrols: %s", d.index, agent.ReasonOf(err))
	if kept, unread := d.store.Credentials(quiet()); err != nil && unread == nil && kept.Epoch != d.epoch {
		c, err = kept, nil // what failed came after the device had kept who it is
	}
	if err == nil {
		d.epoch, d.shut, d.anew = c.Epoch, false, false
		d.w.count("enrolled")
	}
}

// unlock enters the PIN, perhaps a wrong one first.
func (d *device) unlock() {
	if happens(d.dice, 0.3) {
		var wrong *fieldstore.WrongPINError
		var soon *fieldstore.TooSoonError
		if err := d.store.Unlock(quiet(), "111222"); !errors.As(err, &wrong) && !errors.As(err, &soon) {
			d.w.fail("a wrong PIN: %v", err)
		}
	}
	var soon *fieldstore.TooSoonError
	if err := d.store.Unlock(quiet(), devicePIN); err != nil && !errors.As(err, &soon) {
		d.w.fail("the right PIN: %v", err)
	}
}
