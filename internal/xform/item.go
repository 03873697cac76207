package xform

import (
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// item is one node of a running instance. Items stand beside the XML tree that
// expressions see, and know what the form says of the node.
type item struct {
	def      *nodeDef
	node     *xmltree.Node
	parent   *item
	kids     []*item // elements in document order, then attributes with a definition
	pos      int     // place among the siblings of the same definition
	off      bool    // its own relevance is false
	hidden   bool    // its own or an ancestor's relevance is false
	required bool
	readOnly bool  // its own; see locked
	queued   uint8 // one bit for each kind of rule waiting to run
}

// grow makes the items of a node and all below it.
func (in *Instance) grow(n *xmltree.Node, d *nodeDef, parent *item) *item {
	it := &item{def: d, node: n, parent: parent}
	in.size++
	if d.repeated == nil {
		in.single[d.id] = it
	}
	if len(d.kids) > 0 {
		it.kids = make([]*item, 0, max(len(n.Children), len(d.kids)))
	}
	at := 0
	var counts map[*nodeDef]int
	for _, c := range n.Children {
		if c.Kind != xmltree.Element {
			continue
		}
		k := d.kidFrom(&at, c.Name)
		if k == nil {
			continue
		}
		kid := in.grow(c, k, it)
		if k.many {
			if counts == nil {
				counts = map[*nodeDef]int{}
			}
			kid.pos = counts[k]
			counts[k]++
		}
		it.kids = append(it.kids, kid)
	}
	for _, k := range d.kids {
		if !k.attr {
			continue
		}
		if n.AttrNode(k.name.Space, k.name.Local) == nil {
			n.SetAttr(k.name.Space, k.name.Local, "")
			if i := strings.IndexByte(k.label, ':'); i > 0 {
				n.AttrNode(k.name.Space, k.name.Local).Prefix = k.label[1:i]
			}
		}
		it.kids = append(it.kids, in.grow(n.AttrNode(k.name.Space, k.name.Local), k, it))
	}
	return it
}

func (it *item) value() string {
	if len(it.node.Children) == 0 {
		return it.node.Value
	}
	return it.node.Text()
}

// locked reports whether the item or a group around it is read-only.
func (it *item) locked() bool {
	for ; it != nil; it = it.parent {
		if it.readOnly {
			return true
		}
	}
	return false
}

func (it *item) isLeaf() bool { return it.def.isLeaf() }

// ancestor is the item's ancestor (or itself) at a depth.
func (it *item) ancestor(depth int) *item {
	for it.def.depth > depth {
		it = it.parent
	}
	return it
}

// each calls fn for all instances of d at or below it, in document order.
func (it *item) each(d *nodeDef, fn func(*item)) {
	if it.def == d {
		fn(it)
		return
	}
	next := d.ancestor(it.def.depth + 1)
	for _, k := range it.kids {
		if k.def == next {
			k.each(d, fn)
			if !next.many {
				return
			}
		}
	}
}

// count is how many children of a definition there are.
func (it *item) count(d *nodeDef) int {
	n := 0
	for _, k := range it.kids {
		if k.def == d {
			n++
		}
	}
	return n
}

// kid is the child of a definition at a position, or nil.
func (it *item) kid(d *nodeDef, pos int) *item {
	for _, k := range it.kids {
		if k.def == d && k.pos == pos {
			return k
		}
	}
	return nil
}

// ref writes the item's reference.
func (it *item) ref() Ref {
	if it.def.repeated == nil {
		return it.def.path
	}
	return Ref(it.appendRef(make([]byte, 0, len(it.def.path)+8)))
}

func (it *item) appendRef(b []byte) []byte {
	if it.parent != nil {
		b = it.parent.appendRef(b)
	}
	b = append(b, '/')
	b = append(b, it.def.label...)
	if it.def.many {
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(it.pos), 10)
		b = append(b, ']')
	}
	return b
}

// lookup finds the item of a reference, or nil. A repeat without a position
// means its first instance.
func (in *Instance) lookup(r Ref) *item {
	if d := in.form.paths[r]; d != nil && d.repeated == nil {
		return in.single[d.id]
	}
	name, pos, rest, ok := r.step()
	if !ok || name != in.root.def.label || pos > 0 {
		return nil
	}
	it := in.root
	for rest != "" {
		if name, pos, rest, ok = rest.step(); !ok {
			return nil
		}
		d := it.def.kid(name)
		if d == nil {
			return nil
		}
		if it = it.kid(d, max(pos, 0)); it == nil {
			return nil
		}
	}
	return it
}

// near finds the instance of a definition that shares the most ancestors with
// an item: what a reference in a repeat means there.
func (in *Instance) near(from *item, d *nodeDef) *item {
	if d.repeated == nil {
		return in.single[d.id]
	}
	a := from
	for a != nil && !d.within(a.def) {
		a = a.parent
	}
	if a == nil {
		a = in.root
	}
	for a != nil && a.def != d {
		a = a.kid(d.ancestor(a.def.depth+1), 0)
	}
	return a
}
