package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"

	"parvis/internal/xmltree"
)

// parkMiller is the generator of Park and Miller (1988), multiplier 16807,
// modulus 2^31-1, which all implementations of randomize() with a seed share, so
// that a seed gives the same order everywhere.
type parkMiller struct{ state int64 }

const (
	parkMillerModulus    = 2147483647
	parkMillerMultiplier = 16807
)

func newParkMiller(seed int64) *parkMiller {
	state := seed % parkMillerModulus
	if state <= 0 {
		state += parkMillerModulus - 1
	}
	return &parkMiller{state}
}

// next returns a number in [0, 1).
func (p *parkMiller) next() float64 {
	p.state = p.state * parkMillerMultiplier % parkMillerModulus
	return float64(p.state-1) / (parkMillerModulus - 1)
}

// shuffle is the inside-out form of the Fisher-Yates shuffle.
func shuffle(nodes []*xmltree.Node, random func() float64) []*xmltree.Node {
	out := make([]*xmltree.Node, len(nodes))
	for i, n := range nodes {
		j := int(random() * float64(i+1))
		out[i] = out[j]
		out[j] = n
	}
	return out
}

func randomize(ev *evaluator, c *callExpr, f focus) Value {
	nodes := c.nodes(ev, f, 0)
	random := ev.world().Random
	if len(c.args) == 2 {
		random = newParkMiller(ev.seedOf(c.value(ev, f, 1))).next
	}
	if ev.err != nil {
		return Value{}
	}
	return NodeSet(shuffle(nodes, random)...)
}

// seedOf makes a seed of a number by truncation, and of other text of the first
// eight bytes of its SHA-256, so that an identifier can be the seed. That number
// passes through a float on its way, as in JavaRosa; in the web dialect it does not.
func (ev *evaluator) seedOf(v Value) int64 {
	n := v.Number()
	if v.kind == StringType || v.kind == NodeSetType {
		n = parseNumber(ev.stringOf(v))
	}
	switch {
	case !math.IsNaN(n):
		return int64(math.Max(math.MinInt64/2, math.Min(math.MaxInt64/2, n)))
	case v.kind == NumberType || strings.TrimSpace(ev.stringOf(v)) == "":
		return 0
	}
	sum := sha256.Sum256([]byte(ev.stringOf(v)))
	seed := int64(binary.BigEndian.Uint64(sum[:8]))
	if ev.web() {
		return seed
	}
	return int64(float64(seed))
}
