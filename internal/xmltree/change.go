package xmltree

// Append makes child the last child of n, detaching it from where it was.
func (n *Node) Append(child *Node) {
	child.Remove()
	n.spellOut()
	child.Parent = n
	child.index = int32(len(n.Children))
	n.Children = append(n.Children, child)
}

// InsertAfter makes child the next sibling of after, which must be a child of
// n; with after nil, the first child.
func (n *Node) InsertAfter(child, after *Node) {
	child.Remove()
	n.spellOut()
	at := 0
	if after != nil {
		at = after.Index() + 1
	}
	n.Children = append(n.Children, nil)
	copy(n.Children[at+1:], n.Children[at:])
	n.Children[at] = child
	child.Parent = n
	renumber(n.Children, at)
}

// Remove detaches the node, element or attribute, from its parent. Without a
// parent it does nothing.
func (n *Node) Remove() {
	p := n.Parent
	if p == nil || n.virtual {
		return
	}
	list := &p.Children
	if n.Kind == Attribute {
		list = &p.Attrs
	}
	at := n.Index()
	if at < 0 {
		return
	}
	copy((*list)[at:], (*list)[at+1:])
	(*list)[len(*list)-1] = nil
	*list = (*list)[:len(*list)-1]
	renumber(*list, at)
	n.Parent = nil
	n.index = 0
}

// SetAttr gives an attribute a value, adding it at the end when it is new. A
// new attribute with a namespace gets a prefix when it is written.
func (n *Node) SetAttr(space, local, value string) {
	if a := n.AttrNode(space, local); a != nil {
		a.Value = value
		return
	}
	a := &Node{Kind: Attribute, Name: Name{space, local}, Value: value, Parent: n, index: int32(len(n.Attrs))}
	n.Attrs = append(n.Attrs, a)
}

// RemoveAttr takes an attribute away, if it is there.
func (n *Node) RemoveAttr(space, local string) {
	if a := n.AttrNode(space, local); a != nil {
		a.Remove()
	}
}

// Declare binds a prefix to a namespace URI on this element.
func (n *Node) Declare(prefix, uri string) {
	for i := range n.Namespaces {
		if n.Namespaces[i].Prefix == prefix {
			n.Namespaces[i].URI = uri
			return
		}
	}
	n.Namespaces = append(n.Namespaces, Namespace{prefix, uri})
}

// Clone returns a deep copy without parent.
func (n *Node) Clone() *Node {
	c := new(Node)
	*c = *n
	c.Parent = nil
	c.index = 0
	c.virtual = false
	c.Namespaces = append([]Namespace(nil), n.Namespaces...)
	c.Attrs = cloneAll(n.Attrs, c)
	c.Children = cloneAll(n.Children, c)
	return c
}

func cloneAll(list []*Node, parent *Node) []*Node {
	if len(list) == 0 {
		return nil
	}
	out := make([]*Node, len(list))
	for i, x := range list {
		out[i] = x.Clone()
		out[i].Parent = parent
		out[i].index = int32(i)
	}
	return out
}

// spellOut turns the text of a text-only element into a real text node, before
// it gets company.
func (n *Node) spellOut() {
	if n.Kind == Element && n.Value != "" {
		n.Children = []*Node{{Kind: Text, Value: n.Value, Parent: n}}
		n.Value = ""
	}
}

func renumber(list []*Node, from int) {
	for i := from; i < len(list); i++ {
		list[i].index = int32(i)
	}
}
