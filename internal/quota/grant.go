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
//
// Devices are compared by the logarithm of the probability that one more right is not used: of devices that will almost surely use it the
// probabilities themselves are all 1, and the first of them would get everything.
func Shares(n int, expected []float64) []int {
	shares := make([]int, len(expected))
	idle := make([]float64, len(expected)) // log of the probability that one more right is not used
	mass := make([]float64, len(expected)) // log of that of exactly shares[i] respondents
	for i, mean := range expected {
		idle[i], mass[i] = -mean, -mean
	}
	most := math.Log(1 - enough)
	for ; n > 0; n-- {
		best := -1
		for i := range expected {
			if (idle[i] < most || shares[i] == 0 && expected[i] > 0) && (best < 0 || idle[i] < idle[best]) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		shares[best]++
		mass[best] += math.Log(expected[best] / float64(shares[best]))
		idle[best] = logSum(idle[best], mass[best])
	}
	return shares
}

// logSum is the logarithm of the sum of two numbers that are given by theirs.
func logSum(a, b float64) float64 {
	return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b)))
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
