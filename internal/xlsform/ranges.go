package xlsform

import (
	"fmt"
	"math/big"
	"strings"
)

// rangeBounds are a range question's parameters as exact numbers.
type rangeBounds struct {
	start, end, step, tick, placeholder *big.Rat
}

func (b rangeBounds) low() *big.Rat {
	if b.start.Cmp(b.end) < 0 {
		return b.start
	}
	return b.end
}

func (b rangeBounds) high() *big.Rat {
	if b.start.Cmp(b.end) < 0 {
		return b.end
	}
	return b.start
}

func (b rangeBounds) width() *big.Rat { return new(big.Rat).Sub(b.high(), b.low()) }

func (b rangeBounds) contains(v *big.Rat) bool { return v.Cmp(b.low()) >= 0 && v.Cmp(b.high()) <= 0 }

// onGrid reports whether v is a whole number of steps from the start.
func (b rangeBounds) onGrid(v, step *big.Rat) bool {
	return isMultiple(new(big.Rat).Sub(v, b.start), step)
}

func isMultiple(v, of *big.Rat) bool { return new(big.Rat).Quo(v, of).IsInt() }

// fractional reports whether any bound is not whole, so that answers are decimal.
func (b rangeBounds) fractional() bool {
	for _, v := range []*big.Rat{b.start, b.end, b.step, b.tick, b.placeholder} {
		if v != nil && !v.IsInt() {
			return true
		}
	}
	return false
}

// exact reads a decimal number of moderate size.
func exact(s string) (*big.Rat, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 40 || strings.ContainsAny(s, "/xXbBoOpP_") || !isFinite(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func (c *converter) readRange(r *record, e *element, ps []param) {
	if !c.allowParameters(r, ps, "start", "end", "step", "tick_interval", "placeholder", "tick_labelset") {
		return
	}
	words := strings.Fields(e.control.get("appearance"))
	noTicks := false
	for _, w := range words {
		noTicks = noTicks || w == "no-ticks"
		_, tick := getParam(ps, "tick_interval")
		_, hold := getParam(ps, "placeholder")
		_, label := getParam(ps, "tick_labelset")
		if w != "vertical" && w != "no-ticks" && (tick || hold || label) {
			c.bad(r, "parameters", "range-appearance",
				"tick_interval, placeholder and tick_labelset do not go with this appearance.",
				`Use them without appearance, or with "vertical" or "no-ticks".`)
			return
		}
	}
	for _, d := range [][2]string{{"start", "1"}, {"end", "10"}, {"step", "1"}} {
		if _, ok := getParam(ps, d[0]); !ok {
			ps = setParam(ps, d[0], d[1])
		}
	}
	b, ok := c.rangeNumbers(r, ps)
	if !ok || !c.checkRange(r, b) {
		return
	}
	if list, ok := getParam(ps, "tick_labelset"); ok && list != "" {
		if !c.checkTickLabels(r, b, list, noTicks) {
			return
		}
		e.itemset = list
	}
	if b.fractional() {
		e.bind.set("type", "decimal")
	}
	e.parameters = rangeAttributes(ps)
}

// rangeAttributes are the parameters as the XForm writes them.
func rangeAttributes(ps []param) []param {
	var out []param
	for _, p := range ps {
		switch p.key {
		case "tick_interval":
			out = append(out, param{"odk:tick-interval", p.value})
		case "placeholder":
			out = append(out, param{"odk:placeholder", p.value})
		case "tick_labelset":
		default:
			out = append(out, p)
		}
	}
	return out
}

func (c *converter) rangeNumbers(r *record, ps []param) (b rangeBounds, ok bool) {
	ok = true
	for _, f := range []struct {
		key string
		to  **big.Rat
	}{{"start", &b.start}, {"end", &b.end}, {"step", &b.step}, {"tick_interval", &b.tick}, {"placeholder", &b.placeholder}} {
		s, there := getParam(ps, f.key)
		if !there {
			continue
		}
		v, number := exact(s)
		if !number {
			c.bad(r, "parameters", "range-number", fmt.Sprintf("The parameter %s is %q.", f.key, s), "Write a number.")
			ok = false
		}
		*f.to = v
	}
	return b, ok
}

func (c *converter) checkRange(r *record, b rangeBounds) bool {
	fault := func(rule, message, remedy string) bool {
		c.bad(r, "parameters", rule, message, remedy)
		return false
	}
	for _, s := range []struct {
		name string
		v    *big.Rat
	}{{"step", b.step}, {"tick_interval", b.tick}} {
		switch {
		case s.v == nil:
		case s.v.Sign() == 0:
			return fault("range-zero", fmt.Sprintf("The parameter %s is 0.", s.name), "Write a number other than 0.")
		case s.v.Cmp(b.width()) > 0:
			return fault("range-wide", fmt.Sprintf("The parameter %s is larger than the range from start to end.", s.name), "Write a smaller number.")
		}
	}
	if b.tick != nil && !isMultiple(b.tick, b.step) {
		return fault("range-grid", "tick_interval is not a multiple of step.", "Write a multiple of step.")
	}
	if b.placeholder != nil {
		if !b.onGrid(b.placeholder, b.step) {
			return fault("range-grid", "placeholder cannot be reached from start in steps.", "Write a value that the range has.")
		}
		if !b.contains(b.placeholder) {
			return fault("range-outside", "placeholder lies outside the range.", "Write a value between start and end.")
		}
	}
	return true
}

func (c *converter) checkTickLabels(r *record, b rangeBounds, name string, noTicks bool) bool {
	fault := func(rule, message, remedy string) bool {
		c.bad(r, "parameters", rule, message, remedy)
		return false
	}
	list := c.lists[name]
	if list == nil {
		return fault("list-missing", fmt.Sprintf("There is no choice list %q for tick_labelset.", name), c.listRemedy(name))
	}
	grid, gridName := b.step, "step"
	if b.tick != nil {
		grid, gridName = b.tick, "tick_interval"
	}
	distinct := map[string]bool{}
	ends := map[string]bool{b.start.RatString(): true, b.end.RatString(): true}
	onlyEnds := true
	for _, ch := range list.choices {
		v, ok := exact(ch.name)
		switch {
		case !ok:
			return fault("range-label", fmt.Sprintf("The choice %q of list %q is no number.", ch.name, name), "Name the choices of a tick_labelset by the values they label.")
		case !b.contains(v):
			return fault("range-label", fmt.Sprintf("The choice %q of list %q lies outside the range.", ch.name, name), "Write a value between start and end.")
		case !b.onGrid(v, grid):
			return fault("range-label", fmt.Sprintf("The choice %q of list %q cannot be reached from start by %s.", ch.name, name, gridName), "Write a value that has a tick.")
		}
		distinct[v.RatString()] = true
		onlyEnds = onlyEnds && ends[v.RatString()]
	}
	if noTicks && (len(distinct) > 2 || !onlyEnds || len(distinct) != len(ends)) {
		return fault("range-label", "Without ticks only start and end can be labelled.", fmt.Sprintf("Keep two choices in list %q, the start and the end.", name))
	}
	return true
}
