package fieldwork

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Cell is an interlocked quota: every eligible person belongs to one.
type Cell struct {
	Name string
	Cap  int
}

// Params is a study in the field.
type Params struct {
	Cells   []Cell
	Devices int
	Rate    float64 // eligible people a device meets an hour
	Days    int
	Hours   float64 // a day
	// Gap is the time between two synchronisations in hours of work; Hours for the end of each shift.
	Gap float64
	// ByChance: a device meets a connection by chance, Gap apart on average (exponentially distributed), as where people are stopped; else
	// at moments spread evenly. At the end of a shift there always is one.
	ByChance bool
	// Interview is how long an interview takes, in hours. It counts for its own device from its screener on, for others once it is complete
	// and its device has synchronised.
	Interview float64
	// Concentration is how alike the interviewers' mixes are: the sum of the Dirichlet distribution's parameters.
	Concentration float64
	// Tolerance is how many interviews beyond each cap do no harm, so that they may be granted.
	Tolerance int
	// Total: there is a quota of all cells together, as many as they come to. It asks for nothing that they do not, but leases are of rights
	// in both.
	Total bool
	// Margins: the cells are two rows of a grid, and there is a quota for each row and each column of it, as many as its cells come to.
	Margins bool
	Seed    uint64
}

// Reference is the study by which ways of sharing are compared: 12 interviewers, 8 cells, 600 interviews of 12 minutes in 5 days of 8 hours.
// Connections come by chance.
func Reference() Params {
	p := Params{Devices: 12, Rate: 2.2, Days: 5, Hours: 8, Gap: 1, ByChance: true, Interview: 0.2, Concentration: 34}
	for i, n := range []int{60, 90, 90, 60, 60, 90, 90, 60} {
		p.Cells = append(p.Cells, Cell{Name: string(rune('a' + i)), Cap: n})
	}
	return p
}

func (p Params) total() (n int) {
	for _, c := range p.Cells {
		n += c.Cap
	}
	return n
}

// end is when the last shift ends, in hours of work from the first one's start.
func (p Params) end() float64 { return float64(p.Days) * p.Hours }

// begun is an interview that its device has not delivered.
type begun struct {
	cell int
	done float64 // when it is complete
}

// complete takes those out of a list that are complete by a moment.
func complete(list []begun, at float64) (ready, going []begun) {
	for _, b := range list {
		if b.done <= at {
			ready = append(ready, b)
		} else {
			going = append(going, b)
		}
	}
	return ready, going
}

// person is somebody eligible whom a device meets.
type person struct {
	at           float64
	device, cell int
}

// people are all who come by, in order.
func (p Params) people(dice *rand.Rand) []person {
	var all []person
	for d := range p.Devices {
		mix := p.mix(dice)
		for at := dice.ExpFloat64() / p.Rate; at < p.end(); at += dice.ExpFloat64() / p.Rate {
			all = append(all, person{at: at, device: d, cell: pick(mix, dice.Float64())})
		}
	}
	slices.SortFunc(all, func(a, b person) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return 0
	})
	return all
}

// mix is the share of each cell among those whom one interviewer meets.
func (p Params) mix(dice *rand.Rand) []float64 {
	mix, sum := make([]float64, len(p.Cells)), 0.0
	for i, c := range p.Cells {
		mix[i] = gamma(dice, p.Concentration*float64(c.Cap)/float64(p.total()))
		sum += mix[i]
	}
	for i := range mix {
		mix[i] /= sum
	}
	return mix
}

func pick(mix []float64, u float64) int {
	for i, share := range mix {
		if u -= share; u < 0 {
			return i
		}
	}
	return len(mix) - 1
}

// gamma draws from a gamma distribution of scale 1 (Marsaglia and Tsang 2000).
func gamma(dice *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(dice, shape+1) * math.Pow(dice.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := dice.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(dice.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
