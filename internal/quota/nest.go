package quota

import "math"

// Within names for a constraint those that lie in it: whoever falls in one of them falls in it too, as in a total over cells. Only direct
// ones are named, those of a total's totals are theirs.
type Within map[string][]string

// Targets is how many rights the device of an epoch should have of each constraint of needs, by constraint and epoch, now that it
// synchronises, beside the others: its share of what is left. What is left is not only what central knows: others will have used some of
// what they hold since they were heard of.
//
// A right in a total is of use only beside one in a cell. So that the last ones of either do not lie with devices that cannot use them, a
// total is divided as the cells within it were, and what lies in none of them by itself; where it is scarcer than they are, by how many of
// its respondents each device can interview with the rights it has in cells.
func (l *Ledger) Targets(epoch string, needs map[string]map[string]Need, within Within) map[string]int {
	d := division{ledger: l, epoch: epoch, needs: needs, within: within, shares: map[string]map[string]int{}}
	targets := make(map[string]int, len(needs))
	for _, c := range sortedKeys(needs) {
		targets[c] = d.of(c)[epoch]
	}
	return targets
}

// division is how rights are divided among all epochs, for one that synchronises.
type division struct {
	ledger *Ledger
	epoch  string
	needs  map[string]map[string]Need
	within Within
	shares map[string]map[string]int // by constraint and epoch
}

func (d *division) of(constraint string) map[string]int {
	if shares, done := d.shares[constraint]; done {
		return shares
	}
	d.shares[constraint] = nil // one that lies within itself, by mistake, is divided by itself
	a, needs := d.ledger.Accounts[constraint], d.needs[constraint]
	if _, asks := needs[d.epoch]; a == nil || !asks {
		return nil
	}
	left, expected := d.left(a, needs), make(map[string]float64, len(needs))
	for e, n := range needs {
		expected[e] = n.Expected
	}
	d.shares[constraint] = d.nested(constraint, left, expected)
	return d.shares[constraint]
}

// left is how many rights of a constraint can be divided.
func (d *division) left(a *Account, needs map[string]Need) int {
	left := float64(a.Cap - a.Used)
	for e, lease := range a.Leases {
		n, ok := needs[e]
		switch {
		case !ok: // of a device that nobody expects anything of, such as a lost one
			left -= float64(lease.Out())
		case e != d.epoch:
			left -= used(lease.Out(), n.Unheard)
		}
	}
	return int(math.Round(left))
}

// nested divides what is left of a constraint, after those within it.
func (d *division) nested(constraint string, left int, expected map[string]float64) map[string]int {
	var inner []string
	for _, i := range d.within[constraint] {
		if d.of(i) != nil {
			inner = append(inner, i)
		}
	}
	if len(inner) == 0 {
		return among(left, expected)
	}
	sum, whole, outside := make(map[string]int, len(expected)), 0, make(map[string]float64, len(expected))
	usable := make(map[string]float64, len(expected))
	for e, mean := range expected {
		met, use := 0.0, 0.0
		for _, i := range inner {
			n := d.needs[i][e].Expected
			met, use = met+n, use+used(d.shares[i][e], n)
			sum[e] += d.shares[i][e]
		}
		whole += sum[e]
		outside[e] = max(mean-met, 0)
		usable[e] = mean
		if met > 0 {
			usable[e] = outside[e] + (mean-outside[e])*use/met
		}
	}
	if whole > left {
		return among(left, usable)
	}
	for e, n := range among(left-whole, outside) {
		sum[e] += n
	}
	return sum
}

// among is Shares by epoch.
func among(n int, expected map[string]float64) map[string]int {
	epochs, means := sortedKeys(expected), make([]float64, 0, len(expected))
	for _, e := range epochs {
		means = append(means, expected[e])
	}
	shares := make(map[string]int, len(epochs))
	for i, n := range Shares(n, means) {
		shares[epochs[i]] = n
	}
	return shares
}
