package xpath

import (
	"math"
	"strings"
	"unicode/utf8"

	"parvis/internal/xmltree"
)

// coreFunctions are those of XPath 1.0, section 4, and current() of XSLT.
func coreFunctions() []builtin {
	return []builtin{
		{"last", 0, 0, func(_ *evaluator, _ *callExpr, f focus) Value { return Number(float64(max(1, f.size))) }},
		{"position", 0, 0, func(_ *evaluator, _ *callExpr, f focus) Value { return Number(float64(max(1, f.pos))) }},
		{"count", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value { return Number(float64(len(c.nodes(ev, f, 0)))) }},
		{"id", 1, 1, id},
		{"current", 0, 0, current},
		{"local-name", 0, 1, nameOf(func(n *xmltree.Node) string { return n.Name.Local })},
		{"namespace-uri", 0, 1, nameOf(namespaceURI)},
		{"name", 0, 1, nameOf(func(n *xmltree.Node) string {
			if n.Prefix != "" {
				return n.Prefix + ":" + n.Name.Local
			}
			return n.Name.Local
		})},
		{"string", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value { return String(c.ownText(ev, f)) }},
		{"concat", 2, -1, func(ev *evaluator, c *callExpr, f focus) Value {
			list := make([]string, len(c.args))
			for i := range c.args {
				list[i] = c.str(ev, f, i)
			}
			return String(ev.join(list, ""))
		}},
		{"starts-with", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			return Boolean(strings.HasPrefix(c.str(ev, f, 0), c.str(ev, f, 1)))
		}},
		{"contains", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			return Boolean(strings.Contains(c.str(ev, f, 0), c.str(ev, f, 1)))
		}},
		{"substring-before", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			before, _, found := strings.Cut(c.str(ev, f, 0), c.str(ev, f, 1))
			if !found {
				return String("")
			}
			return String(before)
		}},
		{"substring-after", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			_, after, _ := strings.Cut(c.str(ev, f, 0), c.str(ev, f, 1))
			return String(after)
		}},
		{"substring", 2, 3, substring},
		{"string-length", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			return Number(float64(utf8.RuneCountInString(c.ownText(ev, f))))
		}},
		{"normalize-space", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value { return String(normalizeSpace(c.ownText(ev, f))) }},
		{"translate", 3, 3, translate},
		{"boolean", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value { return Boolean(c.boolean(ev, f, 0)) }},
		{"not", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value { return Boolean(!c.boolean(ev, f, 0)) }},
		{"true", 0, 0, func(*evaluator, *callExpr, focus) Value { return Boolean(true) }},
		{"false", 0, 0, func(*evaluator, *callExpr, focus) Value { return Boolean(false) }},
		{"lang", 1, 1, lang},
		{"number", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			if len(c.args) == 0 {
				return Number(ev.toNumber(c.ownText(ev, f)))
			}
			return Number(c.num(ev, f, 0))
		}},
		{"sum", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			sum := 0.0
			for _, n := range c.nodes(ev, f, 0) {
				sum += ev.toNumber(ev.text(n))
			}
			return Number(sum)
		}},
		{"floor", 1, 1, mathFunction(math.Floor)},
		{"ceiling", 1, 1, mathFunction(math.Ceil)},
		{"round", 1, 1, mathFunction(roundHalfUp)},
	}
}

func mathFunction(fn func(float64) float64) impl {
	return func(ev *evaluator, c *callExpr, f focus) Value { return Number(fn(c.num(ev, f, 0))) }
}

// here returns the context node, which must exist.
func (c *callExpr) here(ev *evaluator, f focus) *xmltree.Node {
	if f.node == nil {
		c.fail(ev, "there is no context node to use in place of an argument")
	}
	return f.node
}

// ownText is the first argument as text, by default the context node's.
func (c *callExpr) ownText(ev *evaluator, f focus) string {
	if len(c.args) > 0 {
		return c.str(ev, f, 0)
	}
	if n := c.here(ev, f); n != nil {
		return ev.text(n)
	}
	return ""
}

func nameOf(name func(*xmltree.Node) string) impl {
	return func(ev *evaluator, c *callExpr, f focus) Value {
		n := f.node
		if len(c.args) > 0 {
			nodes := c.nodes(ev, f, 0)
			if len(nodes) == 0 {
				return String("")
			}
			n = nodes[0]
		}
		if n == nil {
			return c.fail(ev, "there is no context node to use in place of an argument")
		}
		switch n.Kind {
		case xmltree.Element, xmltree.Attribute, xmltree.ProcInst, xmltree.NamespaceNode:
			return String(name(n))
		}
		return String("")
	}
}

func namespaceURI(n *xmltree.Node) string {
	if n.Kind == xmltree.Element || n.Kind == xmltree.Attribute {
		return n.Name.Space
	}
	return ""
}

func current(ev *evaluator, c *callExpr, f focus) Value {
	n := ev.current(f)
	if n == nil {
		return c.fail(ev, "there is no context node")
	}
	return NodeSet(n)
}

func (ev *evaluator) current(f focus) *xmltree.Node {
	switch {
	case ev.c.Current != nil:
		return ev.c.Current
	case ev.c.Node != nil:
		return ev.c.Node
	}
	return f.node
}

// id finds elements by their attribute id or xml:id, since documents here have
// no declarations that could name another.
func id(ev *evaluator, c *callExpr, f focus) Value {
	n := c.here(ev, f)
	if n == nil {
		return Value{}
	}
	wanted := map[string]bool{}
	for _, s := range c.texts(ev, f, 0) {
		for _, w := range strings.Fields(s) {
			wanted[w] = true
		}
	}
	var out []*xmltree.Node
	var visit func(*xmltree.Node)
	visit = func(n *xmltree.Node) {
		if !ev.tick(1) {
			return
		}
		for _, a := range n.Attrs {
			if a.Name.Local == "id" && (a.Name.Space == "" || a.Name.Space == xmltree.XMLSpace) && wanted[a.Value] {
				out = append(out, n)
				break
			}
		}
		for _, x := range n.Children {
			if x.Kind == xmltree.Element {
				visit(x)
			}
		}
	}
	visit(n.Top())
	return NodeSet(out...)
}

// substring counts characters from 1 and rounds its limits (section 4.2).
func substring(ev *evaluator, c *callExpr, f focus) Value {
	s := c.str(ev, f, 0)
	from := roundHalfUp(c.num(ev, f, 1))
	to := math.Inf(1)
	if len(c.args) == 3 {
		to = from + roundHalfUp(c.num(ev, f, 2))
	}
	pos, start, end := 1.0, len(s), len(s)
	found := false
	for i := range s {
		inside := pos >= from && pos < to
		if inside && !found {
			start, found = i, true
		} else if !inside && found {
			end = i
			break
		}
		pos++
	}
	return String(s[start:end])
}

// normalizeSpace trims and joins runs of the white space of XML.
func normalizeSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }), " ")
}

func translate(ev *evaluator, c *callExpr, f focus) Value {
	s, from, to := c.str(ev, f, 0), []rune(c.str(ev, f, 1)), []rune(c.str(ev, f, 2))
	table := make(map[rune]rune, len(from))
	for i, r := range from {
		if _, ok := table[r]; ok {
			continue
		}
		table[r] = -1
		if i < len(to) {
			table[r] = to[i]
		}
	}
	return String(strings.Map(func(r rune) rune {
		if t, ok := table[r]; ok {
			return t
		}
		return r
	}, s))
}

func lang(ev *evaluator, c *callExpr, f focus) Value {
	want := strings.ToLower(c.str(ev, f, 0))
	for n := c.here(ev, f); n != nil; n = n.Parent {
		if have, ok := n.Attr(xmltree.XMLSpace, "lang"); ok {
			have = strings.ToLower(have)
			return Boolean(have == want || strings.HasPrefix(have, want+"-"))
		}
	}
	return Boolean(false)
}
