package fieldwork

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
)

// Sharing is a way of sharing quotas.
type Sharing string

// The ways compared.
const (
	Leases Sharing = "leases"
	Split  Sharing = "split" // evenly, once for all
	Stale  Sharing = "stale" // counts shared at each synchronisation
)

// Sharings are all of them.
func Sharings() []Sharing { return []Sharing{Leases, Split, Stale} }

// Result is what a way of sharing led to, as shares of 0 to 1 over all seeds.
type Result struct {
	Overshoot float64 // interviews beyond the caps, of all wanted
	Unfilled  float64 // interviews that are missing in the end, of all wanted
	Away      float64 // people turned away, of all eligible
	AwayOpen  float64 // people turned away while their cell was still open on another device, of all eligible
	// Hours is how long it took until the last cell was full or the study ended, in hours of work on average.
	Hours float64
}

// share decides who is interviewed. Its methods are called in the order of time.
type share interface {
	// sync is a device's synchronisation.
	sync(device int, at float64)
	// takes tells whether the device interviews somebody of the cell whom it meets at a moment, and counts it.
	takes(device, cell int, at float64) bool
	// open tells whether the device would.
	open(device, cell int) bool
}

// tally sums up over seeds.
type tally struct {
	over, missing, wanted, away, awayOpen, people int
	hours                                         float64
	seeds                                         int
}

func (t tally) result() Result {
	part := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	return Result{
		Overshoot: part(t.over, t.wanted), Unfilled: part(t.missing, t.wanted), Away: part(t.away, t.people), AwayOpen: part(t.awayOpen, t.people),
		Hours: t.hours / float64(max(t.seeds, 1)),
	}
}

// Play plays a study under a way of sharing with so many seeds from p.Seed on. done is called after each; nil for nothing. It ends early,
// with the context's error, when the context does.
func Play(ctx context.Context, p Params, how Sharing, seeds int, done func()) (Result, error) {
	var t tally
	for i := range seeds {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		p.play(how, p.Seed+uint64(i), &t)
		if done != nil {
			done()
		}
	}
	return t.result(), nil
}

func (p Params) play(how Sharing, seed uint64, t *tally) {
	dice := rand.New(rand.NewPCG(seed, 1))
	all := p.people(dice)
	s := p.share(how)
	counted, full := make([]int, len(p.Cells)), 0.0
	calendar := p.syncs(dice)
	for _, who := range all {
		for len(calendar) > 0 && calendar[0].at <= who.at {
			s.sync(calendar[0].device, calendar[0].at)
			calendar = calendar[1:]
		}
		t.people++
		if s.takes(who.device, who.cell, who.at) {
			if counted[who.cell]++; counted[who.cell] == p.Cells[who.cell].Cap {
				full = who.at
			}
			continue
		}
		t.away++
		for d := range p.Devices {
			if d != who.device && s.open(d, who.cell) {
				t.awayOpen++
				break
			}
		}
	}
	t.seeds++
	missing := 0
	for i, c := range p.Cells {
		t.over += max(counted[i]-c.Cap, 0)
		missing += max(c.Cap-counted[i], 0)
	}
	t.missing += missing
	t.wanted += p.total()
	if missing > 0 {
		full = p.end()
	}
	t.hours += full
}

func (p Params) share(how Sharing) share {
	switch how {
	case Split:
		return newSplit(p)
	case Stale:
		return newStale(p)
	}
	return newLeases(p)
}

// visit is a device's synchronisation.
type visit struct {
	at     float64
	device int
}

// syncs are all of them: first in a round before the first shift, then each device at moments of its own, by chance or evenly; at the end
// of a shift, one after the other in whatever order.
func (p Params) syncs(dice *rand.Rand) []visit {
	var all []visit
	for d := range p.Devices {
		all = append(all, visit{0, d})
	}
	if p.ByChance && p.Gap < p.Hours {
		for d := range p.Devices {
			for at := dice.ExpFloat64() * p.Gap; at < p.end(); at += dice.ExpFloat64() * p.Gap {
				all = append(all, visit{at, d})
			}
		}
		slices.SortFunc(all, func(a, b visit) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.device, b.device)) })
		return all
	}
	rounds := int(p.end() / p.Gap)
	for round := 1; round <= rounds; round++ {
		order := dice.Perm(p.Devices)
		for i, d := range order {
			at := float64(round) * p.Gap
			if p.Gap < p.Hours {
				d = i
				at += p.Gap * (float64(d)/float64(p.Devices) - 1)
			}
			all = append(all, visit{at, d})
		}
	}
	return all
}
