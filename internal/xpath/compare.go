package xpath

import "math"

func (e *compareExpr) eval(ev *evaluator, f focus) Value {
	pa, simpleA := e.a.(*pathExpr)
	pb, simpleB := e.b.(*pathExpr)
	simpleA, simpleB = simpleA && pa.simple, simpleB && pb.simple
	switch {
	case simpleA && !simpleB:
		return Boolean(ev.comparePath(e.op, pa, e.b, f))
	case simpleB && !simpleA:
		return Boolean(ev.comparePath(swap(e.op), pb, e.a, f))
	case simpleA && simpleB:
		if yes, ok := ev.compareSingles(e.op, pa, pb, f); ok {
			return Boolean(yes)
		}
	}
	a := e.a.eval(ev, f)
	b := e.b.eval(ev, f)
	return Boolean(ev.compare(e.op, a, b))
}

func swap(op compareOp) compareOp {
	switch op {
	case opLt:
		return opGt
	case opLe:
		return opGe
	case opGt:
		return opLt
	case opGe:
		return opLe
	}
	return op
}

// comparePath compares a simple path with a value without building a node-set.
func (ev *evaluator) comparePath(op compareOp, p *pathExpr, other expr, f focus) bool {
	b := other.eval(ev, f)
	if b.kind == NodeSetType {
		return ev.compare(op, p.eval(ev, f), b)
	}
	var w walk
	w.start(ev, p, f)
	if b.kind == BooleanType && op <= opNe {
		return ev.compareNumbers(op, boolNumber(w.next(ev) != nil), b.num)
	}
	for n := w.next(ev); n != nil; n = w.next(ev) {
		if ev.compareText(op, ev.text(n), b) {
			return true
		}
	}
	return false
}

// compareSingles compares two simple paths of which neither has more than one
// node; ok is false when one has.
func (ev *evaluator) compareSingles(op compareOp, pa, pb *pathExpr, f focus) (yes, ok bool) {
	var wa, wb walk
	wa.start(ev, pa, f)
	a := wa.next(ev)
	wb.start(ev, pb, f)
	b := wb.next(ev)
	if a == nil || b == nil {
		return false, true
	}
	if wa.next(ev) != nil || wb.next(ev) != nil {
		return false, false
	}
	if op <= opNe {
		return (ev.text(a) == ev.text(b)) == (op == opEq), true
	}
	return ev.compareNumbers(op, ev.toNumber(ev.text(a)), ev.toNumber(ev.text(b))), true
}

func boolNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// compareText compares the string-value of a node with a string, number or date.
func (ev *evaluator) compareText(op compareOp, s string, b Value) bool {
	if b.kind == StringType && op <= opNe {
		return (s == b.str) == (op == opEq)
	}
	return ev.compareNumbers(op, ev.toNumber(s), ev.numberOf(b))
}

// compare follows XPath 1.0, section 3.4; a date compares like a number. In one
// point it follows the implementations instead: < and > between nodes and a
// boolean compare the number of each node with 1 or 0.
func (ev *evaluator) compare(op compareOp, a, b Value) bool {
	switch {
	case a.kind == NodeSetType && b.kind == NodeSetType:
		return ev.compareSets(op, a, b)
	case b.kind == NodeSetType:
		return ev.compare(swap(op), b, a)
	case a.kind == NodeSetType && b.kind == BooleanType && op <= opNe:
		return ev.compareNumbers(op, boolNumber(len(a.nodes) > 0), b.num)
	case a.kind == NodeSetType:
		for _, n := range a.nodes {
			if ev.tick(1) && ev.compareText(op, ev.text(n), b) {
				return true
			}
		}
		return false
	case op > opNe:
		return ev.compareNumbers(op, ev.numberOf(a), ev.numberOf(b))
	case a.kind == BooleanType || b.kind == BooleanType:
		return (a.Bool() == b.Bool()) == (op == opEq)
	case a.kind == StringType && b.kind == StringType:
		return (a.str == b.str) == (op == opEq)
	}
	return ev.compareNumbers(op, ev.numberOf(a), ev.numberOf(b))
}

// compareSets looks for one pair that holds. Equality goes through a table of
// the texts of one side, order through the least and the greatest number, so
// that both take linear time.
func (ev *evaluator) compareSets(op compareOp, a, b Value) bool {
	if len(a.nodes) == 0 || len(b.nodes) == 0 || !ev.tick(len(a.nodes)+len(b.nodes)) {
		return false
	}
	switch op {
	case opEq:
		if len(a.nodes) == 1 || len(b.nodes) == 1 {
			break
		}
		seen := make(map[string]struct{}, len(b.nodes))
		for _, n := range b.nodes {
			seen[ev.text(n)] = struct{}{}
		}
		for _, n := range a.nodes {
			if _, ok := seen[ev.text(n)]; ok {
				return true
			}
		}
		return false
	case opNe: // false only when all texts of both sides are one and the same
		first := ev.text(a.nodes[0])
		for _, n := range a.nodes {
			if ev.text(n) != first {
				return true
			}
		}
		for _, n := range b.nodes {
			if ev.text(n) != first {
				return true
			}
		}
		return false
	default:
		loA, hiA := ev.extremes(a)
		loB, hiB := ev.extremes(b)
		if op == opLt || op == opLe {
			return ev.compareNumbers(op, loA, hiB)
		}
		return ev.compareNumbers(op, hiA, loB)
	}
	for _, x := range a.nodes {
		for _, y := range b.nodes {
			if ev.text(x) == ev.text(y) {
				return true
			}
		}
	}
	return false
}

// extremes returns the least and greatest number of a node-set, NaN when it has
// none.
func (ev *evaluator) extremes(v Value) (lo, hi float64) {
	lo, hi = math.NaN(), math.NaN()
	for _, n := range v.nodes {
		f := ev.toNumber(ev.text(n))
		if !(f >= lo) && f == f {
			lo = f
		}
		if !(f <= hi) && f == f {
			hi = f
		}
	}
	return lo, hi
}

// compareNumbers compares; equality in the dialect of JavaRosa allows for the last
// digits, so that 6.1 - 7.8 = -1.7.
func (ev *evaluator) compareNumbers(op compareOp, a, b float64) bool {
	if op <= opNe && ev.e.opt.Dialect == ODK && math.Abs(a-b) < almostZero {
		return op == opEq
	}
	switch op {
	case opEq:
		return a == b
	case opNe:
		return a != b
	case opLt:
		return a < b
	case opLe:
		return a <= b
	case opGt:
		return a > b
	}
	return a >= b
}
