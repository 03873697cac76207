package xpath

import "parvis/internal/xmltree"

// Truths is an Env that knows what a node means where a condition is asked for.
// In JavaRosa a path stands for the value it leads to, not for there being a
// node: an unanswered question is false, and a number or boolean is read by the
// type of its node. Without Truths, and in the other dialects, a node-set is true
// when it is not empty, as XPath has it.
type Truths interface {
	Truth(n *xmltree.Node) bool
}

// holds is boolean() of a node-set whose first node is n.
func (ev *evaluator) holds(n *xmltree.Node) bool {
	if n == nil {
		return false
	}
	if t, ok := ev.env.(Truths); ok && ev.e.opt.Dialect == ODK {
		return t.Truth(n)
	}
	return true
}
