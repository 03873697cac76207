package xpath

import (
	"math"
	"math/big"

	"parvis/internal/xmltree"
)

func numberFunctions() []builtin {
	two := func(fn func(a, b float64) float64) impl {
		return func(ev *evaluator, c *callExpr, f focus) Value { return Number(fn(c.num(ev, f, 0), c.num(ev, f, 1))) }
	}
	return []builtin{
		{"number", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			if len(c.args) == 0 {
				return Number(ev.toNumber(c.ownText(ev, f)))
			}
			return c.number(ev, f)
		}},
		{"int", 1, 1, mathFunction(math.Trunc)},
		{"round", 1, 2, round},
		{"sum", 1, 1, sum},
		{"min", 1, -1, extreme(func(a, b float64) bool { return a < b })},
		{"max", 1, -1, extreme(func(a, b float64) bool { return a > b })},
		{"abs", 1, 1, mathFunction(math.Abs)},
		{"pow", 2, 2, two(math.Pow)},
		{"exp", 1, 1, mathFunction(math.Exp)},
		{"exp10", 1, 1, mathFunction(func(x float64) float64 { return math.Pow(10, x) })},
		{"log", 1, 1, mathFunction(math.Log)},
		{"log10", 1, 1, mathFunction(math.Log10)},
		{"sqrt", 1, 1, mathFunction(math.Sqrt)},
		{"sin", 1, 1, mathFunction(math.Sin)},
		{"cos", 1, 1, mathFunction(math.Cos)},
		{"tan", 1, 1, mathFunction(math.Tan)},
		{"asin", 1, 1, mathFunction(math.Asin)},
		{"acos", 1, 1, mathFunction(math.Acos)},
		{"atan", 1, 1, mathFunction(math.Atan)},
		{"atan2", 2, 2, two(math.Atan2)},
		{"pi", 0, 0, func(*evaluator, *callExpr, focus) Value { return Number(math.Pi) }},
	}
}

func (c *callExpr) number(ev *evaluator, f focus) Value { return Number(c.num(ev, f, 0)) }

// sum leaves out what is no number, but in the web dialect gives NaN for it.
func sum(ev *evaluator, c *callExpr, f focus) Value {
	total := 0.0
	for _, n := range c.nodes(ev, f, 0) {
		if x := ev.toNumber(ev.text(n)); x == x || ev.web() {
			total += x
		}
	}
	return Number(total)
}

// extreme is min() and max() over arguments and node-sets; what is no number is
// left out, but in the web dialect gives NaN. Nothing left gives NaN.
func extreme(better func(a, b float64) bool) impl {
	return func(ev *evaluator, c *callExpr, f focus) Value {
		best := math.NaN()
		spoilt := false
		take := func(x float64) {
			spoilt = spoilt || x != x
			if x == x && (best != best || better(x, best)) {
				best = x
			}
		}
		for i := range c.args {
			v := c.value(ev, f, i)
			if v.kind != NodeSetType {
				take(ev.numberOf(v))
				continue
			}
			ev.eachText(v.nodes, func(s string) { take(ev.toNumber(s)) })
		}
		if spoilt && ev.web() {
			return Number(math.NaN())
		}
		return Number(best)
	}
}

func (ev *evaluator) eachText(nodes []*xmltree.Node, fn func(string)) {
	for _, n := range nodes {
		fn(ev.text(n))
	}
}

// round rounds decimally, as the number is written: 2.15 to one place is 2.2.
// Halves go up; negative halves go towards zero, but in the web dialect away
// from it. More than 30 places either way give NaN.
func round(ev *evaluator, c *callExpr, f focus) Value {
	x := c.num(ev, f, 0)
	places := 0
	if len(c.args) == 2 {
		places = c.integer(ev, f, 1)
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return Number(x)
	case places > 30 || places < -30:
		return Number(math.NaN())
	}
	half := big.NewRat(1, 2)
	r, ok := new(big.Rat).SetString(FormatNumber(math.Abs(x)))
	if !ok {
		return Number(math.NaN())
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil))
	if places < 0 {
		scale.Inv(scale)
	}
	r.Mul(r, scale)
	whole := new(big.Int).Quo(r.Num(), r.Denom())
	rest := new(big.Rat).Sub(r, new(big.Rat).SetInt(whole))
	if d := rest.Cmp(half); d > 0 || d == 0 && (x > 0 || ev.web()) {
		whole.Add(whole, big.NewInt(1))
	}
	out, _ := r.Quo(r.SetInt(whole), scale).Float64()
	return Number(math.Copysign(out, x))
}
