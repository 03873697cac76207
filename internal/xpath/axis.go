package xpath

import "parvis/internal/xmltree"

// collector runs along one axis and gathers what the step's node test and its
// first predicate, where that needs no position, let through. The reverse axes
// gather in reverse document order.
type collector struct {
	ev    *evaluator
	s     *step
	first expr
	out   []*xmltree.Node
}

func (c *collector) take(n *xmltree.Node, principal xmltree.Kind) {
	if !c.ev.tick(1) || !c.s.test.matches(n, principal) {
		return
	}
	if n.Kind == xmltree.Element && !c.ev.visible(n) {
		return
	}
	if c.first != nil && !c.ev.bool(c.first, focus{n, 1, 1}) {
		return
	}
	if len(c.out) >= maxNodes {
		c.ev.fail(0, "a path gives more than %d nodes before duplicates are dropped", maxNodes)
		return
	}
	c.out = append(c.out, n)
}

// maxNodes bounds the memory that a node-set takes while it is gathered.
const maxNodes = 2_000_000

func (c *collector) run(n *xmltree.Node) {
	switch c.s.axis {
	case axisChild:
		c.children(n)
	case axisDescendant:
		c.below(n)
	case axisDescendantOrSelf:
		c.take(n, xmltree.Element)
		c.below(n)
	case axisParent:
		if p := c.ev.parent(n); p != nil {
			c.take(p, xmltree.Element)
		}
	case axisAncestor:
		c.above(n)
	case axisAncestorOrSelf:
		c.take(n, xmltree.Element)
		c.above(n)
	case axisSelf:
		c.take(n, xmltree.Element)
	case axisAttribute:
		for _, a := range n.Attrs {
			c.take(a, xmltree.Attribute)
		}
	case axisNamespace:
		for _, ns := range n.InScope() {
			c.take(ns, xmltree.NamespaceNode)
		}
	case axisFollowingSibling:
		for _, x := range siblings(n, true) {
			c.take(x, xmltree.Element)
		}
	case axisPrecedingSibling:
		before := siblings(n, false)
		for i := len(before) - 1; i >= 0; i-- {
			c.take(before[i], xmltree.Element)
		}
	case axisFollowing:
		c.following(n)
	case axisPreceding:
		c.preceding(n)
	}
}

func (c *collector) children(n *xmltree.Node) {
	if t := &c.s.test; t.kind == testName { // text-only elements have no elements
		for _, x := range n.Children {
			c.take(x, xmltree.Element)
		}
		return
	}
	for x := range n.Content() {
		c.take(x, xmltree.Element)
	}
}

func (c *collector) below(n *xmltree.Node) {
	for x := range n.Content() {
		if c.ev.err != nil {
			return
		}
		if x.Kind == xmltree.Element && !c.ev.visible(x) {
			continue
		}
		c.take(x, xmltree.Element)
		c.below(x)
	}
}

// belowReverse visits a node and all below it, last first.
func (c *collector) belowReverse(n *xmltree.Node) {
	if c.ev.err != nil || n.Kind == xmltree.Element && !c.ev.visible(n) {
		return
	}
	if t := n.TextNode(); t != nil {
		c.take(t, xmltree.Element)
	}
	for i := len(n.Children) - 1; i >= 0; i-- {
		c.belowReverse(n.Children[i])
	}
	c.take(n, xmltree.Element)
}

func (c *collector) above(n *xmltree.Node) {
	for p := c.ev.parent(n); p != nil; p = c.ev.parent(p) {
		c.take(p, xmltree.Element)
	}
}

func (c *collector) following(n *xmltree.Node) {
	if (n.Kind == xmltree.Attribute || n.Kind == xmltree.NamespaceNode) && n.Parent != nil {
		n = n.Parent
		c.below(n)
	}
	for ; n.Parent != nil; n = n.Parent {
		for _, x := range siblings(n, true) {
			if x.Kind == xmltree.Element && !c.ev.visible(x) {
				continue
			}
			c.take(x, xmltree.Element)
			c.below(x)
		}
	}
}

func (c *collector) preceding(n *xmltree.Node) {
	if n.Kind == xmltree.Attribute || n.Kind == xmltree.NamespaceNode {
		n = n.Parent
	}
	for ; n != nil && n.Parent != nil; n = n.Parent {
		before := siblings(n, false)
		for i := len(before) - 1; i >= 0; i-- {
			c.belowReverse(before[i])
		}
	}
}

// siblings returns the nodes after or before n under the same parent.
func siblings(n *xmltree.Node, after bool) []*xmltree.Node {
	if n.Parent == nil || n.Kind == xmltree.Attribute || n.Kind == xmltree.NamespaceNode {
		return nil
	}
	i := n.Index()
	if i < 0 {
		return nil
	}
	if after {
		return n.Parent.Children[i+1:]
	}
	return n.Parent.Children[:i]
}
