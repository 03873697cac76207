package xpath

import (
	"math"

	"parvis/internal/xmltree"
)

// odkFunctions are general functions of the ODK dialects, some of them other
// than those of XPath 1.0 with the same name.
func odkFunctions() []builtin {
	return []builtin{
		{"if", 3, 3, func(ev *evaluator, c *callExpr, f focus) Value {
			if c.boolean(ev, f, 0) {
				return c.value(ev, f, 1)
			}
			return c.value(ev, f, 2)
		}},
		{"coalesce", 2, -1, coalesce},
		{"position", 0, 1, position},
		{"once", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			if n := c.here(ev, f); n != nil {
				if s := ev.text(n); s != "" {
					return String(s)
				}
				return c.value(ev, f, 0)
			}
			return Value{}
		}},
		{"depend", 1, -1, func(ev *evaluator, c *callExpr, f focus) Value {
			v := c.value(ev, f, 0)
			for i := 1; i < len(c.args); i++ {
				c.value(ev, f, i)
			}
			return v
		}},
		{"boolean-from-string", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			s := c.str(ev, f, 0)
			return Boolean(s == "1" || s == "true" || len(s) == 4 && !ev.web() && equalFold(s, "true"))
		}},
		{"count-non-empty", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			k := 0
			for _, n := range c.nodes(ev, f, 0) {
				if ev.text(n) != "" || hasElement(n) {
					k++
				}
			}
			return Number(float64(k))
		}},
		{"checklist", 2, -1, checklist},
		{"weighted-checklist", 2, -1, weightedChecklist},
		{"randomize", 1, 2, randomize},
		{"random", 0, 0, func(ev *evaluator, _ *callExpr, _ focus) Value { return Number(ev.world().Random()) }},
		{"uuid", 0, 1, randomID},
	}
}

func equalFold(a, b string) bool {
	for i := range len(b) {
		if a[i]|0x20 != b[i] {
			return false
		}
	}
	return true
}

func hasElement(n *xmltree.Node) bool { return n.Kind == xmltree.Element && !n.IsLeaf() }

// coalesce gives the first argument that is neither empty text nor NaN, else the
// last.
func coalesce(ev *evaluator, c *callExpr, f focus) Value {
	var v Value
	for i := range c.args {
		v = c.value(ev, f, i)
		if ev.err != nil {
			return v
		}
		if v.kind == NumberType && !math.IsNaN(v.num) || v.kind == BooleanType || v.kind != NumberType && ev.stringOf(v) != "" {
			return v
		}
	}
	return v
}

// position gives, of a node, its place among its siblings of the same name; of
// nothing, the place in the list that is being filtered, or outside a filter
// that of the context node.
func position(ev *evaluator, c *callExpr, f focus) Value {
	n := f.node
	if len(c.args) == 1 {
		nodes := c.nodes(ev, f, 0)
		if len(nodes) == 0 {
			return Number(0)
		}
		n = nodes[0]
	} else if f.pos > 0 || n == nil {
		return Number(float64(max(1, f.pos)))
	}
	k := 1
	for _, x := range siblings(n, false) {
		if !ev.tick(1) {
			break
		}
		if x.Kind == xmltree.Element && x.Name == n.Name {
			k++
		}
	}
	return Number(float64(k))
}

// checklist: is the number of true arguments from the third on between the
// first and the second? Negative limits do not count.
func checklist(ev *evaluator, c *callExpr, f focus) Value {
	low, high := c.integer(ev, f, 0), c.integer(ev, f, 1)
	k := 0
	for i := 2; i < len(c.args); i++ {
		v := c.value(ev, f, i)
		if v.kind != NodeSetType {
			if v.Bool() {
				k++
			}
			continue
		}
		for _, n := range v.nodes {
			if ev.text(n) != "" {
				k++
			}
		}
	}
	return Boolean((low < 0 || k >= low) && (high < 0 || k <= high))
}

// weightedChecklist: is the sum of the weights whose condition is true between
// the first and the second argument? Negative limits do not count in the web dialect.
func weightedChecklist(ev *evaluator, c *callExpr, f focus) Value {
	low, high := c.num(ev, f, 0), c.num(ev, f, 1)
	if len(c.args)%2 != 0 {
		return c.fail(ev, "a condition has no weight")
	}
	sum := 0.0
	for i := 2; i+1 < len(c.args) && ev.err == nil; i += 2 {
		flags, weights := c.value(ev, f, i), c.value(ev, f, i+1)
		if flags.kind == NodeSetType && weights.kind == NodeSetType {
			if len(flags.nodes) != len(weights.nodes) {
				return c.fail(ev, "%d conditions but %d weights", len(flags.nodes), len(weights.nodes))
			}
			for j, n := range flags.nodes {
				if ev.text(n) != "" {
					sum += ev.toNumber(ev.text(weights.nodes[j]))
				}
			}
			continue
		}
		if flags.Bool() {
			sum += ev.numberOf(weights)
		}
	}
	return Boolean((sum >= low || ev.web() && low < 0) && (sum <= high || ev.web() && high < 0))
}

const maxUUID = 1000

// randomID gives a random UUID, or so many random letters and digits.
func randomID(ev *evaluator, c *callExpr, f focus) Value {
	if len(c.args) == 0 {
		return String(ev.world().UUID())
	}
	n := c.integer(ev, f, 0)
	if n < 0 || n > maxUUID {
		return c.fail(ev, "the length %d is not from 0 to %d", n, maxUUID)
	}
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[min(int(ev.world().Random()*float64(len(letters))), len(letters)-1)]
	}
	return String(string(b))
}
