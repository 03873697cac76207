package quota

import (
	"fmt"
	"maps"
)

// laptop is a supervisor's, with what its storage holds: a till for each constraint and what it passed on to whom.
type laptop struct {
	epoch   string
	tills   map[string]Till
	passed  map[Sublease]map[string]int
	backups []laptop
	honest  bool // it never went on from a backup in the same epoch
	ended   bool
}

func (s *schedule) open(l *laptop) *laptop {
	s.next++
	*l = laptop{epoch: fmt.Sprintf("t%d", s.next), tills: map[string]Till{}, passed: map[Sublease]map[string]int{}, honest: true}
	return l
}

func (l *laptop) copied() laptop {
	c := *l
	c.tills, c.passed, c.backups = maps.Clone(l.tills), map[Sublease]map[string]int{}, nil
	for s, of := range l.passed {
		c.passed[s] = maps.Clone(of)
	}
	return c
}

// told keeps what central answered.
func (l *laptop) told(down letter) {
	if down.epoch != l.epoch {
		return
	}
	for q, n := range down.granted {
		t := l.tills[q]
		t.Told(n, down.moved[q])
		l.tills[q] = t
	}
}

// told keeps what central answered.
func (d *phone) told(down letter) {
	for q, n := range down.granted {
		d.wallet.Told(q, n)
	}
	for loan, of := range down.claims {
		for q, n := range of {
			l := d.loans[loan][q]
			l.Told(n)
			d.owe(loan, q, l)
		}
	}
}

// owe keeps a loan, and what it adds to what is free.
func (d *phone) owe(loan Sublease, q string, l Loan) {
	if d.loans[loan] == nil {
		d.loans[loan] = map[string]Loan{}
	}
	h := d.wallet[q]
	h.Lent += l.Lent() - d.loans[loan][q].Lent()
	d.wallet[q], d.loans[loan][q] = h, l
}

// claims are what the phone says it was passed on.
func (d *phone) claims() map[Sublease]map[string]int {
	all := map[Sublease]map[string]int{}
	for loan, of := range d.loans {
		all[loan] = map[string]int{}
		for q, l := range of {
			all[loan][q] = l.Total
		}
	}
	return all
}

// owed tells whether all that a phone was passed on was its till's to pass on.
func (s *schedule) owed(d *phone) bool {
	for loan := range d.loans {
		if loan.Till != s.laptop.epoch && s.lost[loan.Till] || loan.Till == s.laptop.epoch && (!s.laptop.honest || s.laptop.ended) {
			return false
		}
	}
	return true
}

// hear takes up what somebody says was passed on.
func (s *schedule) hear(claims map[Sublease]map[string]int) {
	for _, loan := range sortedLoans(claims) {
		for _, q := range sortedKeys(claims[loan]) {
			new := max(claims[loan][q]-s.ledger.Accounts[q].Heard[loan], 0)
			moved := s.ledger.Claim(loan, q, claims[loan][q], s.lost[loan.Epoch])
			s.seen.moved += moved
			if moved < new {
				s.seen.short++
			}
			if s.lost[loan.Epoch] {
				s.written[q] += moved
				s.seen.late += moved
			}
		}
	}
}

func sortedLoans(m map[Sublease]map[string]int) (list []Sublease) {
	byName := map[string]Sublease{}
	for s := range m {
		byName[s.Till+" "+s.Epoch] = s
	}
	for _, name := range sortedKeys(byName) {
		list = append(list, byName[name])
	}
	return list
}

// lend is something that happens between a phone and the laptop, or to the laptop alone.
func (s *schedule) lend(d *phone, n int) {
	l := s.laptop
	switch {
	case n < 112:
		s.pass(d)
	case n < 115:
		s.speakLaptop()
	case n < 117:
		l.backups = append(l.backups, l.copied())
	case n < 119:
		s.restoreLaptop()
	case s.dice.IntN(3) == 0:
		s.writeOff(l.epoch)
		l.ended = true
		if s.dice.IntN(2) == 0 {
			s.open(l)
		}
	}
}

// pass has a phone ask the laptop for rights; the laptop goes on whatever central thinks of it. The answer may be lost.
func (s *schedule) pass(d *phone) {
	l, loan := s.laptop, Sublease{}
	loan.Till, loan.Epoch = l.epoch, d.epoch
	if l.passed[loan] == nil {
		l.passed[loan] = map[string]int{}
	}
	lost := s.dice.IntN(4) == 0
	for _, q := range s.ledger.Constraints() {
		t, had := l.tills[q], d.loans[loan][q]
		if had.Total > l.passed[loan][q] {
			s.seen.relearnt++
		}
		total := t.Pass(l.passed[loan][q], had.Total, s.dice.IntN(4), 1+s.dice.IntN(3))
		l.tills[q], l.passed[loan][q] = t, total
		if !lost {
			had.Pass(total)
			d.owe(loan, q, had)
		}
	}
}

func (s *schedule) speakLaptop() {
	up := letter{laptop: s.laptop, epoch: s.laptop.epoch, returned: map[string]int{}, claims: s.laptop.copied().passed}
	for _, q := range sortedKeys(s.laptop.tills) {
		t := s.laptop.tills[q]
		t.Keep(s.dice.IntN(4))
		s.laptop.tills[q] = t
		up.returned[q] = t.Returned
	}
	s.letters = append(s.letters, up)
}

// restoreLaptop puts a backup in the laptop's place: in a new epoch where central noticed, or in the old one.
func (s *schedule) restoreLaptop() {
	l := s.laptop
	if len(l.backups) == 0 {
		return
	}
	old := l.backups[s.dice.IntN(len(l.backups))]
	if s.dice.IntN(3) == 0 {
		s.lost[l.epoch] = true // what was passed on in it may be claimed, and nobody looks whether it all was
		s.open(l)
		return
	}
	backups, ended := l.backups, l.ended
	*l = old.copied()
	l.backups, l.honest, l.ended = backups, false, ended
}

// conservedLaptop compares the laptop with central: what one has that the other has not is on its way, over tablets or by itself.
func (s *schedule) conservedLaptop() {
	l := s.laptop
	if !l.honest || l.ended {
		return
	}
	for q, t := range l.tills {
		lease := s.ledger.Accounts[q].Leases[l.epoch]
		grants, returns, claims := lease.Granted-t.Granted, t.Returned-lease.Returned, t.Lent-lease.Moved
		if grants < 0 || returns < 0 || claims < 0 || t.Free() < 0 {
			s.fail("%s of the laptop: central %+v, laptop %+v", q, lease, t)
		}
		if n := t.Free() + grants + returns + claims; n != lease.Out() {
			s.fail("%s of the laptop: %d rights there, %d here", q, n, lease.Out())
		}
	}
}

// settleLaptop lets the laptop be heard without trouble.
func (s *schedule) settleLaptop() {
	l := s.laptop
	if !l.honest || l.ended {
		return
	}
	s.letters = nil
	s.speakLaptop()
	s.arrive(s.letters[0])
	l.told(s.letters[1])
	s.conservedLaptop()
	for q, t := range l.tills {
		if lease := s.ledger.Accounts[q].Leases[l.epoch]; lease != (Lease{Granted: t.Granted, Returned: t.Returned, Moved: t.Moved}) {
			s.fail("%s of the laptop at rest: central %+v, laptop %+v", q, lease, t)
		}
	}
}
