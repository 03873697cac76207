package xmltree

import (
	"iter"
	"slices"
	"strings"
)

// Kind says what a node is.
type Kind uint8

// The kinds of node, as in the XPath 1.0 data model.
const (
	Document Kind = iota
	Element
	Attribute
	Text
	Comment
	ProcInst
	NamespaceNode
)

// XMLSpace is the namespace that the prefix xml always stands for.
const XMLSpace = "http://www.w3.org/XML/1998/namespace"

// Name is an expanded name. Space is the namespace URI, empty for none.
type Name struct{ Space, Local string }

// Namespace is one declaration, xmlns:Prefix="URI"; Prefix is empty for the
// default namespace and URI is empty where a default is undeclared.
type Namespace struct{ Prefix, URI string }

// Node is one node of a tree.
//
// Value is the text of Text, Comment, ProcInst, Attribute and NamespaceNode
// nodes, and of elements that contain nothing but text. The Name of a
// processing instruction is its target, that of a namespace node its prefix.
type Node struct {
	Name       Name
	Prefix     string
	Value      string
	Parent     *Node
	Children   []*Node
	Attrs      []*Node
	Namespaces []Namespace

	index   int32
	Kind    Kind
	virtual bool
}

// NewDocument returns an empty document.
func NewDocument() *Node { return &Node{Kind: Document} }

// NewElement returns an element without parent, prefix or content.
func NewElement(space, local string) *Node {
	return &Node{Kind: Element, Name: Name{space, local}}
}

// NewText returns a text node without parent.
func NewText(value string) *Node { return &Node{Kind: Text, Value: value} }

// NewComment returns a comment without parent.
func NewComment(value string) *Node { return &Node{Kind: Comment, Value: value} }

// Root returns the document element of a document, or nil when it has none.
// For any other node it returns the node itself.
func (n *Node) Root() *Node {
	if n.Kind != Document {
		return n
	}
	for _, c := range n.Children {
		if c.Kind == Element {
			return c
		}
	}
	return nil
}

// Top returns the topmost ancestor, or the node itself when it has no parent.
func (n *Node) Top() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// Text returns the string-value of XPath 1.0, section 5: for elements and
// documents all text below, in document order.
func (n *Node) Text() string {
	if len(n.Children) == 0 {
		return n.Value
	}
	if len(n.Children) == 1 {
		if c := n.Children[0]; c.Kind == Text || c.Kind == Element {
			return c.Text()
		}
	}
	var b strings.Builder
	n.appendText(&b)
	return b.String()
}

func (n *Node) appendText(b *strings.Builder) {
	if len(n.Children) == 0 {
		b.WriteString(n.Value)
		return
	}
	for _, c := range n.Children {
		if c.Kind == Text || c.Kind == Element {
			c.appendText(b)
		}
	}
}

// SetText makes value the whole content of an element, or the value of any
// other kind of node. What the element contained is detached.
func (n *Node) SetText(value string) {
	for _, c := range n.Children {
		c.Parent = nil
	}
	n.Children = nil
	n.Value = value
}

// IsLeaf reports whether the node is an element without child elements.
func (n *Node) IsLeaf() bool {
	if n.Kind != Element {
		return false
	}
	for _, c := range n.Children {
		if c.Kind == Element {
			return false
		}
	}
	return true
}

// Attr returns the value of an attribute and whether it is there.
func (n *Node) Attr(space, local string) (string, bool) {
	if a := n.AttrNode(space, local); a != nil {
		return a.Value, true
	}
	return "", false
}

// AttrNode returns an attribute's node, or nil.
func (n *Node) AttrNode(space, local string) *Node {
	for _, a := range n.Attrs {
		if a.Name.Local == local && a.Name.Space == space {
			return a
		}
	}
	return nil
}

// Elements yields the child elements in order.
func (n *Node) Elements() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for _, c := range n.Children {
			if c.Kind == Element && !yield(c) {
				return
			}
		}
	}
}

// Content yields all child nodes in order, including the text node of an
// element that contains only text; that node is made for the occasion and
// changing it changes nothing.
func (n *Node) Content() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if t := n.TextNode(); t != nil {
			yield(t)
			return
		}
		for _, c := range n.Children {
			if !yield(c) {
				return
			}
		}
	}
}

// TextNode returns, for an element that contains only text, a node that stands
// for this text; nil for all others. Two such nodes are the same node for
// [Same] and [Compare] when their parents are.
func (n *Node) TextNode() *Node {
	if n.Kind != Element || n.Value == "" {
		return nil
	}
	return &Node{Kind: Text, Value: n.Value, Parent: n, virtual: true}
}

// Child returns the first child element with this local name in whatever
// namespace, or nil.
func (n *Node) Child(local string) *Node {
	for _, c := range n.Children {
		if c.Name.Local == local && c.Kind == Element {
			return c
		}
	}
	return nil
}

// ChildNS returns the first child element with this expanded name, or nil.
func (n *Node) ChildNS(space, local string) *Node {
	for _, c := range n.Children {
		if c.Name.Local == local && c.Name.Space == space && c.Kind == Element {
			return c
		}
	}
	return nil
}

// Lookup returns the URI that a prefix stands for at this node and whether it
// is declared. The empty prefix asks for the default namespace.
func (n *Node) Lookup(prefix string) (string, bool) {
	if prefix == "xml" {
		return XMLSpace, true
	}
	for e := n; e != nil; e = e.Parent {
		for _, d := range e.Namespaces {
			if d.Prefix == prefix {
				return d.URI, d.URI != ""
			}
		}
	}
	return "", false
}

// InScope returns a namespace node for each prefix that is declared at an
// element (xml included), by prefix, with the element as parent. The nodes are made for
// the occasion; [Same] compares them by parent and prefix.
func (n *Node) InScope() []*Node {
	if n.Kind != Element {
		return nil
	}
	out := []*Node{n.namespaceNode(Namespace{"xml", XMLSpace})}
	seen := map[string]bool{"xml": true}
	for e := n; e != nil; e = e.Parent {
		for _, d := range e.Namespaces {
			if seen[d.Prefix] {
				continue
			}
			seen[d.Prefix] = true
			if d.URI != "" {
				out = append(out, n.namespaceNode(d))
			}
		}
	}
	slices.SortFunc(out, func(a, b *Node) int { return strings.Compare(a.Name.Local, b.Name.Local) })
	return out
}

func (n *Node) namespaceNode(d Namespace) *Node {
	return &Node{Kind: NamespaceNode, Name: Name{Local: d.Prefix}, Value: d.URI, Parent: n, virtual: true}
}
