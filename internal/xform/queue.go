package xform

import "math/bits"

// queue holds the rules that must run again, with the items they must run for,
// in the order of their ranks.
type queue struct {
	words   []uint64 // one bit for each rank
	targets [][]*item
}

func (q *queue) init(rules int) {
	q.words = make([]uint64, (rules+63)/64)
	q.targets = make([][]*item, rules)
}

func (q *queue) add(r *rule, it *item) {
	bit := uint8(1) << r.kind
	if it.queued&bit != 0 {
		return
	}
	it.queued |= bit
	q.words[r.rank>>6] |= 1 << (r.rank & 63)
	q.targets[r.rank] = append(q.targets[r.rank], it)
}

// next takes the lowest rank out, -1 when nothing waits. The slice belongs to
// the caller until done.
func (q *queue) next() (rank int, items []*item) {
	for w, bitsLeft := range q.words {
		if bitsLeft == 0 {
			continue
		}
		b := bits.TrailingZeros64(bitsLeft)
		q.words[w] &^= 1 << b
		rank = w<<6 + b
		items = q.targets[rank]
		q.targets[rank] = nil
		return rank, items
	}
	return -1, nil
}

// done gives a slice from next back for use again.
func (q *queue) done(rank int, items []*item) {
	if q.targets[rank] == nil {
		clear(items)
		q.targets[rank] = items[:0]
	}
}
