package xmltree

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Write puts a node and all below it out as XML, without adding white space.
// Prefixes stay as they are; a namespace that lacks a declaration gets one. What
// is written parses back to the same tree, save that neighbouring text nodes
// become one. A document gets an XML declaration; a single element does not.
func Write(w io.Writer, n *Node) error {
	b := bufio.NewWriter(w)
	x := &writer{w: b}
	if n.Kind == Document {
		b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	}
	if n.Parent != nil && n.Kind == Element {
		for _, d := range n.Parent.InScope() {
			if d.Name.Local != "xml" {
				x.outer = append(x.outer, Namespace{d.Name.Local, d.Value})
			}
		}
	}
	if err := x.node(n); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing XML: %w", err)
	}
	return nil
}

// String writes a node as [Write] does, for messages and tests.
func (n *Node) String() string {
	var b strings.Builder
	if err := Write(&b, n); err != nil {
		return "<!-- " + err.Error() + " -->"
	}
	return b.String()
}

type writer struct {
	w     *bufio.Writer
	scope []Namespace // declarations written so far, innermost last
	outer []Namespace // in force at an element that is written alone
	made  int         // prefixes made up
}

func (x *writer) node(n *Node) error {
	switch n.Kind {
	case Document:
		for _, c := range n.Children {
			if err := x.node(c); err != nil {
				return err
			}
		}
	case Element:
		return x.element(n)
	case Text:
		escape(x.w, n.Value, false)
	case Comment:
		if strings.Contains(n.Value, "--") || strings.HasSuffix(n.Value, "-") {
			return fmt.Errorf("writing XML: a comment cannot contain -- or end in -")
		}
		x.w.WriteString("<!--" + n.Value + "-->")
	case ProcInst:
		if strings.Contains(n.Value, "?>") {
			return fmt.Errorf("writing XML: the processing instruction %s contains ?>", n.Name.Local)
		}
		x.w.WriteString("<?" + n.Name.Local)
		if n.Value != "" {
			x.w.WriteString(" " + n.Value)
		}
		x.w.WriteString("?>")
	default:
		return fmt.Errorf("writing XML: an attribute or namespace cannot stand alone")
	}
	return nil
}

func (x *writer) element(n *Node) error {
	mark := len(x.scope)
	decls := append([]Namespace(nil), n.Namespaces...)
	x.scope = append(x.scope, decls...)
	prefix := x.prefixFor(n, true, &decls)
	tag := n.Name.Local
	if prefix != "" {
		tag = prefix + ":" + tag
	}
	attrPrefix := make([]string, len(n.Attrs))
	for i, a := range n.Attrs {
		attrPrefix[i] = x.prefixFor(a, false, &decls)
	}
	x.w.WriteString("<" + tag)
	for _, d := range decls {
		x.w.WriteString(" xmlns")
		if d.Prefix != "" {
			x.w.WriteString(":" + d.Prefix)
		}
		x.w.WriteString("=\"")
		escape(x.w, d.URI, true)
		x.w.WriteByte('"')
	}
	for i, a := range n.Attrs {
		x.w.WriteByte(' ')
		if attrPrefix[i] != "" {
			x.w.WriteString(attrPrefix[i] + ":")
		}
		x.w.WriteString(a.Name.Local + "=\"")
		escape(x.w, a.Value, true)
		x.w.WriteByte('"')
	}
	if len(n.Children) == 0 && n.Value == "" {
		x.w.WriteString("/>")
		x.scope = x.scope[:mark]
		return nil
	}
	x.w.WriteByte('>')
	escape(x.w, n.Value, false)
	for _, c := range n.Children {
		if err := x.node(c); err != nil {
			return err
		}
	}
	x.w.WriteString("</" + tag + ">")
	x.scope = x.scope[:mark]
	return nil
}

// prefixFor returns the prefix under which a node's namespace is in force,
// adding a declaration to the element where there is none.
func (x *writer) prefixFor(n *Node, element bool, decls *[]Namespace) string {
	space := n.Name.Space
	if space == XMLSpace {
		return "xml"
	}
	if space == "" {
		if uri, ok := x.lookup(""); element && ok && uri != "" {
			return x.declare(Namespace{}, decls)
		}
		return ""
	}
	if n.Prefix != "" || element {
		if uri, ok := x.lookup(n.Prefix); ok && uri == space {
			return n.Prefix
		}
	}
	for i := len(x.scope) - 1; i >= 0; i-- {
		d := x.scope[i]
		if d.URI == space && (d.Prefix != "" || element) {
			if uri, _ := x.lookup(d.Prefix); uri == space {
				return d.Prefix
			}
		}
	}
	prefix := n.Prefix
	if prefix == "" && !element {
		for _, d := range x.outer {
			if d.URI == space && d.Prefix != "" {
				prefix = d.Prefix
			}
		}
	}
	for taken := declared(*decls, prefix) || prefix == "" && !element; taken; taken = declared(*decls, prefix) {
		x.made++
		prefix = fmt.Sprintf("ns%d", x.made)
	}
	return x.declare(Namespace{prefix, space}, decls)
}

func (x *writer) declare(d Namespace, decls *[]Namespace) string {
	for i, e := range *decls {
		if e.Prefix == d.Prefix {
			(*decls)[i] = d
			x.scope = append(x.scope, d)
			return d.Prefix
		}
	}
	*decls = append(*decls, d)
	x.scope = append(x.scope, d)
	return d.Prefix
}

func declared(decls []Namespace, prefix string) bool {
	for _, d := range decls {
		if d.Prefix == prefix {
			return true
		}
	}
	return false
}

func (x *writer) lookup(prefix string) (string, bool) {
	for i := len(x.scope) - 1; i >= 0; i-- {
		if x.scope[i].Prefix == prefix {
			return x.scope[i].URI, true
		}
	}
	return "", false
}

func escape(w *bufio.Writer, s string, attr bool) {
	from := 0
	for i := 0; i < len(s); i++ {
		r := ""
		switch c := s[i]; {
		case c == '&':
			r = "&amp;"
		case c == '<':
			r = "&lt;"
		case c == '>':
			r = "&gt;"
		case c == '\r':
			r = "&#13;"
		case attr && c == '"':
			r = "&quot;"
		case attr && c == '\n':
			r = "&#10;"
		case attr && c == '\t':
			r = "&#9;"
		}
		if r != "" {
			w.WriteString(s[from:i])
			w.WriteString(r)
			from = i + 1
		}
	}
	w.WriteString(s[from:])
}
