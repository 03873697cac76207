package quota

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// schedule is one random life of a study: devices that are offline, a network that loses, doubles and reorders, and people who change
// their minds.
type schedule struct {
	t       *testing.T
	dice    *rand.Rand
	seed    uint64
	ledger  *Ledger
	caps    map[string]int // the highest each has been, for the law of overshoot
	cells   [][]string     // what a respondent can fall in: one interlocked cell and its margin
	devices []*phone
	letters []letter
	records map[int]*record // at central
	written map[string]int
	lowered bool
	next    int
}

// phone is a device with what its storage holds.
type phone struct {
	epoch   string
	wallet  Wallet
	open    [][]string
	made    []interviewed
	backups []phone
	honest  bool // it never went on from a backup in the same epoch
	ended   bool // its epoch
}

type interviewed struct {
	id, revision int
	cells        []string
	before       []string // of the revision before
}

// letter is what goes to central, or a grant that comes back.
type letter struct {
	from     *phone
	epoch    string
	returned map[string]int
	records  []interviewed
	granted  map[string]int // down
}

type record struct {
	epoch    string
	revision int
	cells    []string // counted in; nil for provisional
	wanted   []string
	rejected bool
}

func newSchedule(t *testing.T, seed uint64) *schedule {
	s := &schedule{t: t, seed: seed, dice: rand.New(rand.NewPCG(seed, 9)), caps: map[string]int{}, records: map[int]*record{}, written: map[string]int{}}
	for c := range 1 + s.dice.IntN(4) {
		cell, margin := fmt.Sprintf("cell%d", c), fmt.Sprintf("margin%d", c%2)
		s.caps[cell] = s.dice.IntN(12)
		s.caps[margin] += s.dice.IntN(14)
		s.cells = append(s.cells, []string{cell, margin})
	}
	s.ledger = NewLedger(s.caps)
	for range 1 + s.dice.IntN(4) {
		s.devices = append(s.devices, s.enrol(&phone{}))
	}
	return s
}

func (s *schedule) enrol(p *phone) *phone {
	s.next++
	*p = phone{epoch: fmt.Sprintf("e%d", s.next), wallet: Wallet{}, honest: true}
	return p
}

func (s *schedule) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("seed %d: %s", s.seed, fmt.Sprintf(format, args...))
}

func (s *schedule) play(steps int) {
	for range steps {
		before := map[string]int{}
		for q, a := range s.ledger.Accounts {
			before[q] = a.Used + a.Leased()
		}
		allowed := s.step()
		for q, a := range s.ledger.Accounts {
			if now := a.Used + a.Leased(); now > a.Cap && now > before[q] && !allowed {
				s.fail("%s: %d used and %d leased of %d", q, a.Used, a.Leased(), a.Cap)
			}
			for e, l := range a.Leases {
				if l.Out() < 0 {
					s.fail("%s: %d rights of %s are out", q, l.Out(), e)
				}
			}
			if !s.lowered && a.Used > s.caps[q]+s.written[q] {
				s.fail("%s: %d counted of %d, with %d written off", q, a.Used, s.caps[q], s.written[q])
			}
		}
		s.conserved()
	}
}

// conserved compares each honest device with central: whatever one has that the other has not is on its way, and nothing is negative.
func (s *schedule) conserved() {
	for _, d := range s.devices {
		if !d.honest {
			continue
		}
		for q, h := range d.wallet {
			l := s.ledger.Accounts[q].Leases[d.epoch]
			grants, returns, interviews := l.Granted-h.Granted, h.Returned-l.Returned, h.Committed-l.Used
			if grants < 0 || returns < 0 || interviews < 0 && !d.ended || h.Free() < 0 || h.Reserved < 0 {
				s.fail("%s of %s: central %+v, device %+v", q, d.epoch, l, h)
			}
			if out := h.Free() + h.Reserved + grants + returns + interviews; out != l.Out()+l.Written {
				s.fail("%s of %s: %d rights there, %d here", q, d.epoch, out, l.Out()+l.Written)
			}
		}
	}
}

// step is one thing that happens; allowed tells that a person may have let a constraint pass its cap.
func (s *schedule) step() (allowed bool) {
	d := s.devices[s.dice.IntN(len(s.devices))]
	switch n := s.dice.IntN(100); {
	case n < 22:
		if cells := s.cells[s.dice.IntN(len(s.cells))]; d.wallet.Reserve(cells) {
			d.open = append(d.open, cells)
		}
	case n < 38:
		s.finish(d)
	case n < 42:
		s.edit(d)
	case n < 60:
		s.speak(d)
	case n < 85:
		s.carry()
	case n < 88:
		d.backups = append(d.backups, d.copied())
	case n < 90:
		s.restore(d)
	case n < 91:
		for q, n := range s.ledger.WriteOff(d.epoch) {
			s.written[q] += n
		}
		d.ended = true
		if s.dice.IntN(2) == 0 {
			s.enrol(d)
		}
	case n < 94:
		names := s.ledger.Constraints()
		q := names[s.dice.IntN(len(names))]
		to := s.dice.IntN(14)
		s.lowered = s.lowered || to < s.ledger.Accounts[q].Cap
		s.caps[q] = max(s.caps[q], to)
		if err := s.ledger.SetCap(q, to); err != nil {
			s.fail("%v", err)
		}
	default:
		return s.judge()
	}
	return false
}

// finish completes an interview that goes on, or breaks it off.
func (s *schedule) finish(d *phone) {
	if len(d.open) == 0 {
		return
	}
	cells := d.open[0]
	d.open = d.open[1:]
	if s.dice.IntN(4) == 0 {
		d.wallet.Release(cells)
		return
	}
	d.wallet.Commit(cells)
	s.next++
	d.made = append(d.made, interviewed{id: s.next, revision: 1, cells: cells})
}

// edit moves a finished interview to another cell, for which the device needs a right.
func (s *schedule) edit(d *phone) {
	if len(d.made) == 0 {
		return
	}
	old := d.made[s.dice.IntN(len(d.made))]
	for _, later := range d.made {
		if later.id == old.id && later.revision > old.revision {
			old = later
		}
	}
	to := s.cells[s.dice.IntN(len(s.cells))]
	if added := without(to, old.cells); d.wallet.Reserve(added) {
		d.wallet.Commit(added)
		d.made = append(d.made, interviewed{id: old.id, revision: old.revision + 1, cells: to, before: old.cells})
	}
}

// speak sends all a device has to say, after it gave some rights back.
func (s *schedule) speak(d *phone) {
	up := letter{from: d, epoch: d.epoch, returned: map[string]int{}}
	for _, q := range sortedKeys(d.wallet) {
		d.wallet.Keep(q, s.dice.IntN(4))
		up.returned[q] = d.wallet[q].Returned
	}
	up.records = slices.Clone(d.made)
	s.letters = append(s.letters, up)
}

// carry takes a letter out of the bag, whichever; it may be lost, or stay to come again.
func (s *schedule) carry() {
	if len(s.letters) == 0 {
		return
	}
	i := s.dice.IntN(len(s.letters))
	l := s.letters[i]
	if s.dice.IntN(3) > 0 {
		s.letters = slices.Delete(s.letters, i, i+1)
	}
	switch {
	case s.dice.IntN(6) == 0: // lost
	case l.granted != nil:
		if l.from.epoch == l.epoch {
			for q, n := range l.granted {
				l.from.wallet.Told(q, n)
			}
		}
	default:
		s.arrive(l)
	}
}

// arrive is a device's letter at central, which grants what a target says.
func (s *schedule) arrive(l letter) {
	records := slices.Clone(l.records)
	if s.dice.IntN(3) == 0 {
		s.dice.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	}
	for _, r := range records {
		s.take(l.epoch, r)
	}
	down := letter{from: l.from, epoch: l.epoch, granted: map[string]int{}}
	for _, q := range s.ledger.Constraints() {
		s.ledger.Return(l.epoch, q, l.returned[q])
		needs := map[string]Need{}
		for _, d := range s.devices {
			if !d.ended {
				needs[d.epoch] = Need{Expected: 3 * s.dice.Float64(), Unheard: s.dice.Float64()}
			}
		}
		if _, ended := needs[l.epoch]; ended {
			s.ledger.Grant(l.epoch, q, s.ledger.Target(q, l.epoch, needs)-s.ledger.Accounts[q].Leases[l.epoch].Out())
		}
		down.granted[q] = s.ledger.Accounts[q].Leases[l.epoch].Granted
	}
	s.letters = append(s.letters, down)
}

// take is what central does with a revision of an interview.
func (s *schedule) take(epoch string, r interviewed) {
	have := s.records[r.id]
	switch {
	case have == nil:
		have = &record{epoch: epoch, revision: r.revision, wanted: r.cells}
		s.records[r.id] = have
		if s.ledger.Count(epoch, r.cells) == nil {
			have.cells = r.cells
		}
		if r.before != nil { // it came before the first revision, whose rights were used too
			s.ledger.Spend(epoch, without(r.before, r.cells))
		}
	case r.revision <= have.revision:
	default:
		have.revision, have.wanted = r.revision, r.cells
		if have.cells == nil || have.rejected {
			s.ledger.Spend(epoch, without(r.cells, r.before))
			return
		}
		if s.ledger.Reclassify(epoch, have.cells, r.cells) == nil {
			have.cells = r.cells
		}
	}
}

// restore puts a backup in a device's place: as DESIGN has it in a new epoch, or, as nobody should, in the old one.
func (s *schedule) restore(d *phone) {
	if len(d.backups) == 0 {
		return
	}
	old := d.backups[s.dice.IntN(len(d.backups))]
	if s.dice.IntN(3) > 0 {
		s.enrol(d)
		return
	}
	epoch := d.epoch
	if old.epoch != epoch {
		return
	}
	backups := d.backups
	*d = old.copied()
	d.backups, d.honest = backups, false
}

func (d *phone) copied() phone {
	c := *d
	c.wallet = Wallet{}
	for q, h := range d.wallet {
		c.wallet[q] = h
	}
	c.open, c.made, c.backups = slices.Clone(d.open), slices.Clone(d.made), nil
	return c
}

// judge is a supervisor's decision about an interview.
func (s *schedule) judge() (allowed bool) {
	if len(s.records) == 0 {
		return false
	}
	ids := sortedKeys(s.records)
	r := s.records[ids[s.dice.IntN(len(ids))]]
	switch {
	case r.rejected:
	case r.cells != nil:
		s.ledger.Reject(r.cells)
		r.rejected = true
	case s.dice.IntN(2) == 0: // accepted, where no more than was written off comes of it
		for _, q := range r.wanted {
			if a := s.ledger.Accounts[q]; a.Used >= s.caps[q]+s.written[q] || a.Used >= a.Cap+s.written[q] {
				return false
			}
		}
		s.ledger.Accept(r.wanted)
		r.cells = r.wanted
		return true
	}
	return false
}

// Whatever happens in whatever order, no constraint has more used and leased than its cap, nothing overshoots but by what was written
// off, and no right is lost or made on the way.
func TestRightsAreConserved(t *testing.T) {
	t.Parallel()
	n := uint64(10_000)
	if os.Getenv("SOAK") != "" {
		n = 1_000_000
	}
	for seed := range n {
		newSchedule(t, seed).play(120)
	}
}
