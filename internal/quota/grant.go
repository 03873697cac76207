package quota

import "math"

// Need is what a device is expected to need of one constraint, in respondents.
type Need struct {
	// Expected is how many it will meet until it synchronises next.
	Expected float64
	// Unheard is how many it has met since it synchronised last, which central has not heard of.
	Unheard float64
}

// enough is how improbable the use of one more right is when no more are given even while plenty remain: 5 in 100, so that a device
// gets about rate + 1.65 sqrt(rate).
const enough = 0.05

// Shares divides n rights of a constraint among devices: right after right goes to the device that will most probably use it until it
// synchronises next, if it meets respondents as one does by chance (Poisson). That is one rule for all of a study's life. While plenty
// remain each device gets what it needs with a probability of 95 in 100, and at least one; in the end the last ones go to those who meet
// the most of these respondents. What is left over stays at central.
func Shares(n int, expected []float64) []int {
	shares := make([]int, len(expected))
	next := make([]float64, len(expected)) // the probability that one more right is used
	mass := make([]float64, len(expected)) // of exactly shares[i] respondents
	for i, mean := range expected {
		mass[i] = math.Exp(-mean)
		next[i] = 1 - mass[i]
	}
	for ; n > 0; n-- {
		best := -1
		for i := range expected {
			if (next[i] > enough || shares[i] == 0 && expected[i] > 0) && (best < 0 || next[i] > next[best]) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		shares[best]++
		mass[best] *= expected[best] / float64(shares[best])
		next[best] = max(next[best]-mass[best], 0)
	}
	return shares
}

// Target is how many rights the device of an epoch should have of a constraint, now that it synchronises, beside the others: its share of
// what is left. What is left is not only what central knows: others will have used some of what they hold since they were heard of.
func (l *Ledger) Target(constraint, epoch string, needs map[string]Need) int {
	a := l.Accounts[constraint]
	if a == nil {
		return 0
	}
	left := float64(a.Cap - a.Used)
	asker, expected := 0, make([]float64, 0, len(needs))
	for _, e := range sortedKeys(needs) {
		if e == epoch {
			asker = len(expected)
		} else {
			left -= used(a.Leases[e].Out(), needs[e].Unheard)
		}
		expected = append(expected, needs[e].Expected)
	}
	if _, ok := needs[epoch]; !ok {
		return 0
	}
	for e, lease := range a.Leases { // of devices that nobody expects anything of, such as lost ones
		if _, ok := needs[e]; !ok {
			left -= float64(lease.Out())
		}
	}
	return Shares(int(math.Round(left)), expected)[asker]
}

// used is how many of n rights are used, on average, where mean respondents are expected.
func used(n int, mean float64) float64 {
	sum, mass, below := 0.0, math.Exp(-mean), 0.0
	for i := range n {
		below += mass
		sum += 1 - below
		mass *= mean / float64(i+1)
	}
	return max(sum, 0)
}
