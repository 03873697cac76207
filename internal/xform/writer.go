package xform

import (
	"bytes"
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// writer writes an instance as XML, straight from its items.
type writer struct {
	b     bytes.Buffer
	state bool // a snapshot: everything, with its state
	strip func(Ref) bool
}

func (w *writer) item(it *item, in *Instance) {
	if it.hidden && !w.state {
		return
	}
	w.b.WriteByte('<')
	w.b.WriteString(it.def.label)
	if it.parent == nil {
		w.root(it, in)
	}
	w.attrs(it, in)
	if w.state {
		w.mark(it)
	}
	value := ""
	if it.isLeaf() {
		if value = it.value(); value != "" && w.strip != nil && w.strip(it.ref()) {
			value = ""
		}
	}
	mark := w.b.Len()
	w.b.WriteByte('>')
	inside := w.b.Len()
	escape(&w.b, value, false)
	for _, k := range it.kids {
		if !k.def.attr {
			w.item(k, in)
		}
	}
	if it.parent == nil && in.form.meta == nil && !w.state {
		w.b.WriteString("<meta><instanceID>" + in.ownID + "</instanceID></meta>")
	}
	if it.def == in.form.meta && in.form.instanceID == nil && !w.state {
		w.b.WriteString("<instanceID>" + in.ownID + "</instanceID>")
	}
	if w.b.Len() == inside {
		w.b.Truncate(mark)
		w.b.WriteString("/>")
		return
	}
	w.b.WriteString("</")
	w.b.WriteString(it.def.label)
	w.b.WriteByte('>')
}

// root declares the namespaces in use on the root element.
func (w *writer) root(it *item, in *Instance) {
	f := in.form
	if f.space != "" {
		w.attr("xmlns", f.space)
	}
	for _, d := range f.declared {
		w.attr("xmlns:"+d.Prefix, d.URI)
	}
	if w.state {
		w.attr("xmlns:parvis-state", spaceState)
		w.attr("parvis-state:"+seedAttr, strconv.FormatUint(in.seed, 16))
		if in.ownID != "" {
			w.attr("parvis-state:"+idAttr, in.ownID)
		}
	}
}

func (w *writer) attrs(it *item, in *Instance) {
	for _, a := range it.node.Attrs {
		if _, hidden := in.hidden[a]; hidden && !w.state {
			continue
		}
		name := a.Name.Local
		if a.Prefix != "" {
			name = a.Prefix + ":" + name
		}
		w.attr(name, a.Value)
	}
}

func (w *writer) attr(name, value string) {
	w.b.WriteByte(' ')
	w.b.WriteString(name)
	w.b.WriteString(`="`)
	escape(&w.b, value, true)
	w.b.WriteByte('"')
}

func (w *writer) mark(it *item) {
	if !it.off && !it.required && !it.readOnly {
		return
	}
	var s [3]byte
	n := 0
	for _, f := range [...]struct {
		on bool
		c  byte
	}{{it.off, 'x'}, {it.required, 'r'}, {it.readOnly, 'l'}} {
		if f.on {
			s[n] = f.c
			n++
		}
	}
	w.attr("parvis-state:"+stateAttr, string(s[:n]))
}

// escape writes text so that it reads back as it is; characters that XML cannot
// hold become the replacement character.
func escape(b *bytes.Buffer, s string, attr bool) {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r == '<' || r == '&' || r == '>' || r == '"' || r < 0x20 || r == 0xFFFD || r == 0xFFFE || r == 0xFFFF
	}) {
		b.WriteString(s)
		return
	}
	for _, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\r', attr && (r == '\n' || r == '\t'):
			b.WriteString("&#")
			b.WriteString(strconv.Itoa(int(r)))
			b.WriteByte(';')
		case r < 0x20 && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
			b.WriteRune(0xFFFD)
		default:
			b.WriteRune(r)
		}
	}
}

// declarations collects the prefixes that the primary instance needs.
func (f *Form) declarations(n *xmltree.Node, seen map[string]bool) {
	add := func(prefix, uri string) {
		if prefix != "" && prefix != "xml" && !seen[prefix] {
			seen[prefix] = true
			f.declared = append(f.declared, xmltree.Namespace{Prefix: prefix, URI: uri})
		}
	}
	add(n.Prefix, n.Name.Space)
	for _, a := range n.Attrs {
		add(a.Prefix, a.Name.Space)
	}
	for _, c := range n.Children {
		if c.Kind == xmltree.Element {
			f.declarations(c, seen)
		}
	}
}
