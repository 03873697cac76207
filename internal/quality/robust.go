package quality

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// normalMAD makes the median absolute deviation comparable with a standard deviation of a normal distribution.
const normalMAD = 1.4826

func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// spread is the median of values and their median absolute deviation from it.
func spread(values []float64) (mid, mad float64) {
	v := slices.Clone(values)
	slices.Sort(v)
	mid = median(v)
	for i := range v {
		v[i] = math.Abs(v[i] - mid)
	}
	slices.Sort(v)
	return mid, median(v)
}

// threshold is how far from colleagues one must be, in robust standard deviations, for chance to be out of the question: the
// one-sided quantile of alpha of Student's t. A MAD is as certain as a standard deviation of 0.37 as many values (Hampel, 1974);
// 0.75 of them, and 4 at least, is what keeps an honest force in peace and finds the frauds of this package's tests.
func threshold(alpha float64, peers int) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: max(4, 0.75*float64(peers-1))}.Quantile(1 - alpha)
}

// stable is a share on a scale on which chance varies by 1/sqrt(n) wherever it lies (Freeman and Tukey, 1950); shareOf is the way back.
func stable(k, n int) float64 {
	return math.Asin(math.Sqrt(float64(k)/float64(n+1))) + math.Asin(math.Sqrt(float64(k+1)/float64(n+1)))
}

func shareOf(stable float64) float64 {
	s := math.Sin(min(max(stable, 0), math.Pi) / 2)
	return s * s
}

// atLeast is the chance of k or more of n when each happens with chance p.
func atLeast(k, n int, p float64) float64 {
	if k <= 0 {
		return 1
	}
	return 1 - distuv.Binomial{N: float64(n), P: p}.CDF(float64(k-1))
}

// atMost is the chance of k or fewer.
func atMost(k, n int, p float64) float64 {
	return distuv.Binomial{N: float64(n), P: p}.CDF(float64(k))
}
