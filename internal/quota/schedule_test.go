package quota

import (
	"fmt"
	"maps"
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
	laptop  *laptop
	letters []letter
	records map[int]*Filed // at central
	newest  map[int]interviewed
	written map[string]int
	lowered bool
	next    int
	lost    map[string]bool // epochs
	seen    *seen
}

// seen counts what the schedules came upon, so that it is known to have been put to the test.
type seen struct{ moved, short, late, relearnt int }

// phone is a device with what its storage holds.
type phone struct {
	epoch   string
	wallet  Wallet
	open    [][]string
	made    []interviewed
	loans   map[Sublease]map[string]Loan
	backups []phone
	honest  bool // it never went on from a backup in the same epoch
	ended   bool // its epoch
}

type interviewed struct {
	id, revision int
	cells        []string
	rights       map[string]int
	claims       map[Sublease]map[string]int
}

// letter is what goes to central, or a grant that comes back.
type letter struct {
	from     *phone
	epoch    string
	returned map[string]int
	records  []interviewed
	claims   map[Sublease]map[string]int // up; down what central has heard
	granted  map[string]int              // down
	moved    map[string]int              // down, to a laptop
	laptop   *laptop                     // that it is from or for; nil for a device's
}

func newSchedule(t *testing.T, seed uint64, seen *seen) *schedule {
	s := &schedule{
		t: t, seed: seed, dice: rand.New(rand.NewPCG(seed, 9)), caps: map[string]int{}, records: map[int]*Filed{}, newest: map[int]interviewed{}, written: map[string]int{},
		lost: map[string]bool{}, seen: seen,
	}
	for c := range 1 + s.dice.IntN(4) {
		cell, margin := fmt.Sprintf("cell%d", c), fmt.Sprintf("margin%d", c%2)
		s.caps[cell] = s.dice.IntN(12)
		s.caps[margin] += s.dice.IntN(14)
		s.cells = append(s.cells, []string{cell, margin})
	}
	s.ledger = NewLedger(s.caps)
	s.ledger.Soften("soft0", "soft1", "soft2")
	for range 1 + s.dice.IntN(4) {
		s.devices = append(s.devices, s.enrol(&phone{}))
	}
	s.laptop = s.open(&laptop{})
	return s
}

func (s *schedule) enrol(p *phone) *phone {
	s.next++
	*p = phone{epoch: fmt.Sprintf("e%d", s.next), wallet: Wallet{}, loans: map[Sublease]map[string]Loan{}, honest: true}
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
		s.softly()
	}
	s.settle()
}

// settle lets each device be heard without trouble: then nothing is on its way, and what counts is what was counted.
func (s *schedule) settle() {
	for _, d := range s.devices {
		if !d.honest || d.ended {
			continue
		}
		s.letters = nil
		s.speak(d)
		s.arrive(s.letters[0])
		d.told(s.letters[1])
		for q, h := range d.wallet {
			if l := s.ledger.Accounts[q].Leases[d.epoch]; s.owed(d) && l != (Lease{Granted: h.Granted, Returned: h.Returned, Used: h.Committed}) {
				s.fail("%s of %s at rest: central %+v, device %+v", q, d.epoch, l, h)
			}
		}
	}
	for _, d := range s.devices {
		for _, made := range d.made {
			r := s.records[made.id]
			if r != nil && d.honest && !d.ended && (r.Revision < made.revision || r.Revision == made.revision && !slices.Equal(r.Cells, made.cells)) {
				s.fail("an interview is filed as %+v, it is %+v", r, made)
			}
		}
	}
	s.settleLaptop()
	counted, waiting := map[string]int{}, map[string]int{}
	for _, r := range s.records {
		for _, q := range r.Counted {
			counted[q]++
		}
		if r.Provisional() {
			for _, q := range r.Cells {
				waiting[q]++
			}
		}
	}
	for q, a := range s.ledger.Accounts {
		if a.Used != counted[q] || a.Provisional != waiting[q] {
			s.fail("%s: %d used and %d provisional; %d interviews count and %d wait", q, a.Used, a.Provisional, counted[q], waiting[q])
		}
	}
}

// conserved compares the laptop and each honest device with central: whatever one has that the other has not is on its way, and nothing is negative.
func (s *schedule) conserved() {
	s.conservedLaptop()
	for _, d := range s.devices {
		if !d.honest || !s.owed(d) {
			continue
		}
		for q, h := range d.wallet {
			l := s.ledger.Accounts[q].Leases[d.epoch]
			grants, returns, interviews := l.Granted-h.Granted, h.Returned-l.Returned, h.Committed-l.Used
			if grants < 0 || returns < 0 || interviews < 0 && !d.ended || h.Free() < 0 || h.Reserved < 0 {
				s.fail("%s of %s: central %+v, device %+v", q, d.epoch, l, h)
			}
			for loan, of := range d.loans { // what central counts as the till's, or as granted
				grants -= s.ledger.Accounts[q].Heard[loan] - of[q].Heard
				grants -= of[q].Total - s.ledger.Accounts[q].Heard[loan]
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
	switch n := s.dice.IntN(120); {
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
		s.writeOff(d.epoch)
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
	case n < 100:
		return s.judge()
	default:
		s.lend(d, n)
	}
	return false
}

func (s *schedule) writeOff(epoch string) {
	for q, n := range s.ledger.WriteOff(epoch) {
		s.written[q] += n
	}
	s.lost[epoch] = true
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
	rights := map[string]int{}
	for _, q := range cells {
		rights[q]++
	}
	d.made = append(d.made, interviewed{s.next, 1, cells, rights, d.claims()})
}

// edit moves a finished interview to another cell, for which the device takes a right where it has one.
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
	edited := interviewed{old.id, old.revision + 1, s.cells[s.dice.IntN(len(s.cells))], maps.Clone(old.rights), d.claims()}
	if added := without(edited.cells, old.cells); d.wallet.Reserve(added) {
		d.wallet.Commit(added)
		for _, q := range added {
			edited.rights[q]++
		}
	}
	d.made = append(d.made, edited)
}

// speak sends all a device has to say, after it gave some rights back.
func (s *schedule) speak(d *phone) {
	up := letter{from: d, epoch: d.epoch, returned: map[string]int{}, claims: d.claims()}
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
	case l.granted != nil && l.laptop != nil:
		l.laptop.told(l)
	case l.granted != nil:
		if l.from.epoch == l.epoch {
			l.from.told(l)
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
		if s.records[r.id] == nil {
			s.records[r.id] = &Filed{}
		}
		s.hear(r.claims) // an interview tells of the rights it was made with, whatever is heard first
		s.ledger.File(l.epoch, s.records[r.id], r.revision, append(slices.Clone(r.cells), softOf(r)), r.rights)
		if r.revision > s.newest[r.id].revision {
			s.newest[r.id] = r
		}
	}
	s.hear(l.claims)
	down := letter{from: l.from, epoch: l.epoch, laptop: l.laptop, claims: map[Sublease]map[string]int{}, granted: map[string]int{}, moved: map[string]int{}}
	for _, q := range s.ledger.Constraints() {
		s.ledger.Return(l.epoch, q, l.returned[q])
		needs := map[string]Need{}
		for _, d := range s.devices {
			if !d.ended {
				needs[d.epoch] = Need{Expected: 3 * s.dice.Float64(), Unheard: s.dice.Float64()}
			}
		}
		if !s.laptop.ended {
			needs[s.laptop.epoch] = Need{Expected: 3 * s.dice.Float64(), Unheard: s.dice.Float64()}
		}
		if _, goesOn := needs[l.epoch]; goesOn {
			s.ledger.Grant(l.epoch, q, s.ledger.Targets(l.epoch, map[string]map[string]Need{q: needs}, nil)[q]-s.ledger.Accounts[q].Leases[l.epoch].Out())
		}
		lease := s.ledger.Accounts[q].Leases[l.epoch]
		down.granted[q], down.moved[q] = lease.Granted, lease.Moved
		for loan, n := range s.ledger.Accounts[q].Heard {
			if loan.Epoch != l.epoch {
				continue
			}
			if down.claims[loan] == nil {
				down.claims[loan] = map[string]int{}
			}
			down.claims[loan][q] = n
		}
	}
	s.letters = append(s.letters, down)
}

// softOf is a constraint that holds nobody back, another one with every correction.
func softOf(r interviewed) string { return fmt.Sprintf("soft%d", (r.id+r.revision)%3) }

// softly compares what counts where nobody is held back with the newest revisions themselves.
func (s *schedule) softly() {
	want := map[string]int{}
	for id, f := range s.records {
		if !f.Rejected && !f.Provisional() {
			want[softOf(s.newest[id])]++
		}
	}
	for q := range s.ledger.soft {
		if n := s.ledger.More[q]; n != want[q] {
			s.fail("%s: %d counted of %d", q, n, want[q])
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
	c.loans = map[Sublease]map[string]Loan{}
	for s, of := range d.loans {
		c.loans[s] = maps.Clone(of)
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
	case len(r.Counted) > 0:
		s.ledger.Reject(r)
	case s.dice.IntN(2) == 0:
		return s.ledger.Accept(r) == nil
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
	var seen seen
	for seed := range n {
		newSchedule(t, seed, &seen).play(120)
	}
	t.Logf("%+v", seen)
	if seen.moved == 0 || seen.short == 0 || seen.late == 0 || seen.relearnt == 0 {
		t.Errorf("something was never put to the test: %+v", seen)
	}
}
