package xpath

import (
	"slices"

	"parvis/internal/xmltree"
)

func (e *pathExpr) eval(ev *evaluator, f focus) Value {
	if e.simple {
		return NodeSet(e.collect(ev, f)...)
	}
	var nodes []*xmltree.Node
	done := 0
	if e.base != nil {
		v := e.base.eval(ev, f)
		if ev.err != nil {
			return Value{}
		}
		if v.kind != NodeSetType {
			ev.fail(e.at, "a %s has no parts that a path or [] could pick", v.kind)
			return Value{}
		}
		if nodes = v.nodes; len(e.preds) > 0 {
			nodes = slices.Clone(nodes)
		}
		for i := range e.preds {
			nodes = ev.filter(nodes, &e.preds[i])
		}
	} else if n := ev.origin(e, f); n != nil {
		if n, done = ev.lead(e, n, f); n != nil {
			nodes = []*xmltree.Node{n}
		}
	}
	disjoint := len(nodes) <= 1
	for i := done; i < len(e.steps); i++ {
		if ev.err != nil || len(nodes) == 0 {
			break
		}
		nodes, disjoint = ev.step(&e.steps[i], nodes, disjoint)
	}
	return NodeSet(nodes...)
}

func (e *pathExpr) collect(ev *evaluator, f focus) []*xmltree.Node {
	var w walk
	var out []*xmltree.Node
	w.start(ev, e, f)
	for n := w.next(ev); n != nil; n = w.next(ev) {
		out = append(out, n)
	}
	return out
}

// step applies a step to each node. disjoint says that no node of the set is
// inside another, which keeps the results of downward axes in order.
func (ev *evaluator) step(s *step, nodes []*xmltree.Node, disjoint bool) ([]*xmltree.Node, bool) {
	if len(nodes) == 1 {
		out := ev.stepFrom(s, nodes[0], nil)
		return out, s.axis != axisDescendant && s.axis != axisDescendantOrSelf && s.axis != axisAncestor &&
			s.axis != axisAncestorOrSelf && s.axis != axisFollowing && s.axis != axisPreceding
	}
	var out []*xmltree.Node
	for _, n := range nodes {
		out = ev.stepFrom(s, n, out)
		if ev.err != nil {
			return nil, false
		}
	}
	switch s.axis {
	case axisSelf, axisAttribute, axisNamespace:
		return out, disjoint
	case axisChild:
		if disjoint {
			return out, true
		}
	case axisDescendant, axisDescendantOrSelf:
		if disjoint {
			return out, false
		}
	}
	return ev.sort(out), false
}

// stepFrom appends to out, in document order, what a step takes from one node.
func (ev *evaluator) stepFrom(s *step, n *xmltree.Node, out []*xmltree.Node) []*xmltree.Node {
	if len(s.preds) > 0 && s.preds[0].equal != nil && s.axis == axisChild {
		if found, ok := ev.lookup(s, n); ok {
			for i := range s.preds {
				if i > 0 || !s.preds[0].equal.whole {
					found = ev.filter(found, &s.preds[i])
				}
			}
			return append(out, found...)
		}
	}
	mark := len(out)
	c := collector{ev: ev, s: s, out: out}
	if len(s.preds) > 0 && !s.preds[0].positional {
		c.first = s.preds[0].e
	}
	c.run(n)
	found := c.out[mark:]
	reverse := s.axis == axisParent || s.axis == axisAncestor || s.axis == axisAncestorOrSelf || s.axis == axisPreceding || s.axis == axisPrecedingSibling
	for i := range s.preds {
		if i > 0 || c.first == nil {
			found = ev.filter(found, &s.preds[i])
		}
	}
	if reverse {
		slices.Reverse(found)
	}
	return c.out[:mark+len(found)]
}

// filter keeps, in place, the nodes for which a predicate holds.
func (ev *evaluator) filter(nodes []*xmltree.Node, p *predicate) []*xmltree.Node {
	if p.number > 0 {
		if p.number <= len(nodes) {
			nodes[0] = nodes[p.number-1]
			return nodes[:1]
		}
		return nodes[:0]
	}
	kept := nodes[:0]
	size := len(nodes)
	for i, n := range nodes {
		if !ev.tick(1) {
			return nil
		}
		f := focus{n, i + 1, size}
		ok := false
		if !p.positional {
			ok = ev.bool(p.e, f)
		} else if v := p.e.eval(ev, f); v.kind == NumberType {
			ok = v.num == float64(i+1)
		} else {
			ok = v.Bool()
		}
		if ok {
			kept = append(kept, n)
		}
	}
	return kept
}

// lookup asks the host's index for the items of a step whose first predicate
// holds an equality. What else the predicates ask is asked of what it gives.
func (ev *evaluator) lookup(s *step, n *xmltree.Node) ([]*xmltree.Node, bool) {
	ix, ok := ev.env.(Indexer)
	if !ok || s.test.kind != testName || s.test.anyLocal {
		return nil, false
	}
	eq := s.preds[0].equal
	value := eq.value.eval(ev, focus{n, 1, 1})
	if value.kind == NodeSetType {
		switch len(value.nodes) {
		case 0:
			return nil, true
		case 1:
			value = String(ev.text(value.nodes[0]))
		}
	}
	if ev.err != nil || value.kind != StringType {
		return nil, false
	}
	item := s.test.name
	if s.test.anySpace {
		item.Space = "*"
	}
	found, ok := ix.Lookup(n, item, eq.field, value.str)
	if !ok || !ev.tick(1+len(found)) {
		return nil, false
	}
	out := make([]*xmltree.Node, 0, len(found))
	for _, f := range found {
		if ev.visible(f) {
			out = append(out, f)
		}
	}
	return out, true
}

// sort puts nodes in document order and drops duplicates. Nodes of different
// trees keep the order in which their trees came.
func (ev *evaluator) sort(nodes []*xmltree.Node) []*xmltree.Node {
	if len(nodes) < 2 || !ev.tick(8*len(nodes)) {
		return nodes
	}
	top := nodes[0].Top()
	tops := map[*xmltree.Node]int{}
	for _, n := range nodes {
		if t := n.Top(); t != top || len(tops) > 0 {
			if len(tops) == 0 {
				tops[top] = 0
			}
			if _, ok := tops[t]; !ok {
				tops[t] = len(tops)
			}
		}
	}
	slices.SortStableFunc(nodes, func(a, b *xmltree.Node) int {
		if len(tops) > 0 {
			if d := tops[a.Top()] - tops[b.Top()]; d != 0 {
				return d
			}
		}
		return xmltree.Compare(a, b)
	})
	return slices.CompactFunc(nodes, xmltree.Same)
}
