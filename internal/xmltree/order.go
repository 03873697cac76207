package xmltree

import (
	"slices"
	"strings"
)

// Index returns the place of a node among its parent's children (or attributes,
// for an attribute), 0 for the first; -1 when it is in neither list.
func (n *Node) Index() int {
	if n.Parent == nil {
		return -1
	}
	list := n.Parent.Children
	if n.Kind == Attribute {
		list = n.Parent.Attrs
	}
	if i := int(n.index); i < len(list) && list[i] == n {
		return i
	}
	return slices.Index(list, n)
}

// Same reports whether two nodes are one node of the tree, also where they
// stand for a text or a namespace that has no node of its own.
func Same(a, b *Node) bool {
	if a == b {
		return true
	}
	return a != nil && b != nil && a.virtual && b.virtual && a.Parent == b.Parent && a.Kind == b.Kind && a.Name == b.Name
}

// Compare orders two nodes of one tree by document order: negative when a comes
// first, 0 when they are the same. An element comes before its namespaces,
// these before its attributes, these before its children. Nodes of different
// trees are 0. The time is proportional to the depth.
func Compare(a, b *Node) int {
	if Same(a, b) {
		return 0
	}
	if a.Parent == b.Parent && a.Parent != nil {
		return compareSiblings(a, b)
	}
	da, db := depth(a), depth(b)
	x, y := a, b
	for i := da; i > db; i-- {
		x = x.Parent
	}
	for i := db; i > da; i-- {
		y = y.Parent
	}
	if x == y { // one is the ancestor of the other
		return da - db
	}
	for x.Parent != y.Parent {
		x, y = x.Parent, y.Parent
	}
	if x.Parent == nil {
		return 0
	}
	return compareSiblings(x, y)
}

func compareSiblings(a, b *Node) int {
	if ra, rb := rank(a), rank(b); ra != rb {
		return ra - rb
	}
	if a.Kind == NamespaceNode {
		return strings.Compare(a.Name.Local, b.Name.Local)
	}
	return a.Index() - b.Index()
}

func rank(n *Node) int {
	switch n.Kind {
	case NamespaceNode:
		return 0
	case Attribute:
		return 1
	}
	return 2
}

func depth(n *Node) int {
	d := 0
	for n.Parent != nil {
		n = n.Parent
		d++
	}
	return d
}
