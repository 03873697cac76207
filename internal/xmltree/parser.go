package xmltree

import (
	"fmt"
	"strings"
)

// qname is a name as written and what it stands for, under the declarations of
// one generation.
type qname struct {
	raw        string
	name       Name
	prefix     string
	generation int
}

// nameCache keeps the names met of late, each in the one slot it may take. The
// attribute and the element of one name differ, so they take different slots.
type nameCache [128]qname

func (c *nameCache) slot(raw string, element bool) *qname {
	i := (uint(len(raw))*31 + uint(raw[0])*7 + uint(raw[len(raw)-1])) & 63
	if element {
		i += 64
	}
	return &c[i]
}

// frame is an element that is still open.
type frame struct {
	node  *Node
	raw   string // its name as written, for the end tag
	first int    // where its children start in parser.pile
	scope int    // length of parser.scope before it
}

type parser struct {
	src   string
	i     int
	lim   Limits
	count int

	open  []frame
	pile  []*Node     // finished children of all open elements
	scope []Namespace // declarations in force, innermost last
	names nameCache
	epoch int // generation of declarations

	text    string // pending character data
	textBuf []byte // the same, once it had to be put together
	hasText bool

	slab     []Node
	pointers []*Node
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &stopError{at, fmt.Sprintf(format, args...)}
}

func (p *parser) document() (*Node, error) {
	doc := NewDocument()
	p.open = append(p.open, frame{node: doc})
	if err := p.declaration(); err != nil {
		return nil, err
	}
	seenRoot := false
	for p.i < len(p.src) {
		if p.src[p.i] != '<' {
			if err := p.characters(); err != nil {
				return nil, err
			}
			continue
		}
		if len(p.open) == 1 && p.startsElement() {
			if seenRoot {
				return nil, p.fail(p.i, "a second document element; a document has one")
			}
			seenRoot = true
		}
		if err := p.markup(); err != nil {
			return nil, err
		}
	}
	if len(p.open) > 1 {
		return nil, p.fail(p.i, "the document ends inside <%s>; </%s> is missing", p.open[len(p.open)-1].raw, p.open[len(p.open)-1].raw)
	}
	if !seenRoot {
		return nil, p.fail(p.i, "there is no element in the document")
	}
	doc.Children = p.take(0, doc)
	return doc, nil
}

func (p *parser) startsElement() bool {
	if p.i+1 >= len(p.src) {
		return false
	}
	c := p.src[p.i+1]
	return c != '/' && c != '!' && c != '?'
}

func (p *parser) markup() error {
	rest := p.src[p.i:]
	if len(rest) > 1 && rest[1] != '!' && rest[1] != '?' {
		if rest[1] == '/' {
			return p.endTag()
		}
		return p.startTag()
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return p.comment()
	case strings.HasPrefix(rest, "<![CDATA["):
		return p.cdata()
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		return p.fail(p.i, "a DOCTYPE is not allowed; remove it")
	case strings.HasPrefix(rest, "<?"):
		return p.instruction()
	}
	return p.startTag()
}

func (p *parser) startTag() error {
	at := p.i
	p.i++
	raw, err := p.name("an element name after <")
	if err != nil {
		return err
	}
	if len(p.open) > p.lim.Depth {
		return p.fail(at, "elements are nested more than %d deep", p.lim.Depth)
	}
	if err := p.flush(); err != nil {
		return err
	}
	el, err := p.node(Element, at)
	if err != nil {
		return err
	}
	f := frame{node: el, raw: raw, first: len(p.pile), scope: len(p.scope)}
	closed, err := p.attributes(el)
	if err != nil {
		return err
	}
	if err := p.resolveAll(el, raw, at); err != nil {
		return err
	}
	p.open = append(p.open, f)
	if closed {
		p.finish()
	}
	return nil
}

// attributes reads up to > or />, splitting declarations from attributes. The
// names stay raw until all declarations are known.
func (p *parser) attributes(el *Node) (closed bool, err error) {
	mark := len(p.pile)
	for {
		spaced := p.space()
		if p.i >= len(p.src) {
			return false, p.fail(p.i, "the document ends inside a tag")
		}
		switch {
		case p.src[p.i] == '>':
			p.i++
			el.Attrs = p.take(mark, el)
			return false, nil
		case strings.HasPrefix(p.src[p.i:], "/>"):
			p.i += 2
			el.Attrs = p.take(mark, el)
			return true, nil
		case !spaced:
			return false, p.fail(p.i, "expected a space, > or /> in a tag")
		}
		if err := p.attribute(el, mark); err != nil {
			return false, err
		}
	}
}

func (p *parser) attribute(el *Node, mark int) error {
	at := p.i
	raw, err := p.name("an attribute name")
	if err != nil {
		return err
	}
	p.space()
	if p.i >= len(p.src) || p.src[p.i] != '=' {
		return p.fail(p.i, "expected = after attribute %s", raw)
	}
	p.i++
	p.space()
	value, err := p.quoted(raw)
	if err != nil {
		return err
	}
	if raw == "xmlns" || strings.HasPrefix(raw, "xmlns:") {
		return p.declare(el, raw, value, at)
	}
	for _, other := range p.pile[mark:] {
		if other.Name.Local == raw {
			return p.fail(at, "attribute %s stands twice", raw)
		}
	}
	a, err := p.node(Attribute, at)
	if err != nil {
		return err
	}
	a.Name.Local, a.Value = raw, value
	p.pile = append(p.pile, a)
	return nil
}

func (p *parser) declare(el *Node, raw, uri string, at int) error {
	prefix := strings.TrimPrefix(strings.TrimPrefix(raw, "xmlns"), ":")
	if prefix == "xmlns" || prefix == "xml" && uri != XMLSpace || prefix != "" && uri == "" {
		return p.fail(at, "the prefix %s cannot be declared so", prefix)
	}
	for _, d := range el.Namespaces {
		if d.Prefix == prefix {
			return p.fail(at, "attribute %s stands twice", raw)
		}
	}
	d := Namespace{prefix, uri}
	el.Namespaces = append(el.Namespaces, d)
	p.scope = append(p.scope, d)
	p.epoch++
	return nil
}

func (p *parser) endTag() error {
	at := p.i
	p.i += 2
	f := p.open[len(p.open)-1]
	if f.raw != "" && strings.HasPrefix(p.src[p.i:], f.raw) {
		p.i += len(f.raw)
	} else if _, err := p.name("an element name after </"); err != nil {
		return err
	}
	raw := p.src[at+2 : p.i]
	p.space()
	if p.i >= len(p.src) || p.src[p.i] != '>' {
		return p.fail(p.i, "expected > after </%s", raw)
	}
	if len(p.open) == 1 || raw != f.raw {
		if len(p.open) == 1 {
			return p.fail(at, "</%s> closes nothing", raw)
		}
		return p.fail(at, "</%s> where </%s> was expected", raw, f.raw)
	}
	p.i++
	if p.hasText && len(p.pile) == f.first {
		f.node.Value = p.takeText()
	} else if err := p.flush(); err != nil {
		return err
	}
	p.finish()
	return nil
}

// finish closes the innermost element and hands it to its parent.
func (p *parser) finish() {
	f := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	f.node.Children = p.take(f.first, f.node)
	if len(p.scope) != f.scope {
		p.scope = p.scope[:f.scope]
		p.epoch++
	}
	p.pile = append(p.pile, f.node)
}

// node takes one from the slab and counts it.
func (p *parser) node(k Kind, at int) (*Node, error) {
	if p.count++; p.count > p.lim.Nodes {
		return nil, p.fail(at, "more than %d nodes in the document", p.lim.Nodes)
	}
	if len(p.slab) == 0 {
		p.slab = make([]Node, min(max(16, p.count/4), 1024))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.Kind = k
	return n, nil
}

// take moves what lies on the pile from mark on into a list of its own and
// makes it parent's.
func (p *parser) take(mark int, parent *Node) []*Node {
	k := len(p.pile) - mark
	if k == 0 {
		return nil
	}
	if len(p.pointers) < k {
		p.pointers = make([]*Node, max(k, min(max(16, p.count/4), 1024)))
	}
	list := p.pointers[:k:k]
	p.pointers = p.pointers[k:]
	for i, n := range p.pile[mark:] {
		n.Parent, n.index = parent, int32(i)
		list[i] = n
	}
	p.pile = p.pile[:mark]
	return list
}
