package xform

import (
	"sort"
	"strings"

	"parvis/internal/xmltree"
)

// finish does what needs every node, list and text to be known.
func (p *parser) finish() error {
	f := p.f
	p.order()
	f.number(f.root)
	if len(f.defs) > maxDefs {
		return &Error{Code: Limit, Msg: "the primary instance has too many nodes"}
	}
	for _, b := range p.binds {
		if err := p.compileBind(b.node, b.def); err != nil {
			return err
		}
	}
	for _, l := range p.sets {
		if err := p.itemset(l.node, l.at); err != nil {
			return err
		}
	}
	for _, c := range f.controls {
		if err := p.searched(c); err != nil {
			return err
		}
	}
	for _, d := range f.defs {
		if d.repeat == nil {
			continue
		}
		if err := p.repeatCount(d); err != nil {
			return err
		}
	}
	f.findMeta()
	f.makeTemplates(f.blank, f.root)
	for _, d := range f.defs {
		if d.repeat != nil && d.repeat.template == nil {
			d.repeat.template = f.emptyNode(d)
		}
	}
	return nil
}

// order numbers the controls and tells each node which controls ask it.
func (p *parser) order() {
	for i, c := range p.f.controls {
		c.order = i
		if c.isQuestion() {
			c.nth = len(c.def.asks)
			c.def.asks = append(c.def.asks, c)
		}
	}
}

// repeatCount reads jr:count: a path, seen from the repeat or, when there is no
// such node, from the group around it; or an expression.
func (p *parser) repeatCount(d *nodeDef) error {
	src := strings.TrimSpace(d.repeat.control.attrs[xmltree.Name{Space: spaceJavaRosa, Local: "count"}])
	if src == "" {
		return nil
	}
	for _, base := range []*nodeDef{d, d.parent} {
		if t := p.f.known(resolvePath(src, base)); t != nil && t != d && !t.within(d) {
			d.repeat.count = &repeatCount{node: t}
			return nil
		}
	}
	x, err := p.f.compile(src, d.parent)
	if err != nil {
		return &Error{Code: BadForm, Ref: d.path, Msg: "jr:count", Err: err}
	}
	d.repeat.count = &repeatCount{x: x}
	return nil
}

// makeTemplates takes the templates out of the primary instance. A repeat
// without one gets a copy of its first instance, without the instances of
// repeats inside it.
func (f *Form) makeTemplates(n *xmltree.Node, d *nodeDef) {
	for _, c := range append([]*xmltree.Node(nil), n.Children...) {
		k := d.kidNamed(c.Name, false)
		if k == nil {
			continue
		}
		_, marked := c.Attr(spaceJavaRosa, "template")
		f.makeTemplates(c, k)
		if !marked {
			if k.repeat != nil && k.repeat.template == nil && !k.repeat.marked {
				k.repeat.template = f.bare(c, k)
			}
			continue
		}
		c.RemoveAttr(spaceJavaRosa, "template")
		c.Remove()
		if k.repeat != nil && !k.repeat.marked {
			k.repeat.template = f.bare(c, k)
			k.repeat.marked = true
		}
	}
}

// bare copies an instance of a repeat without the instances of repeats inside.
func (f *Form) bare(n *xmltree.Node, d *nodeDef) *xmltree.Node {
	t := n.Clone()
	f.strip(t, d)
	return t
}

func (f *Form) strip(n *xmltree.Node, d *nodeDef) {
	for _, c := range append([]*xmltree.Node(nil), n.Children...) {
		k := d.kidNamed(c.Name, false)
		switch {
		case k == nil:
		case k.repeat != nil:
			c.Remove()
		default:
			f.strip(c, k)
		}
	}
}

func (f *Form) emptyNode(d *nodeDef) *xmltree.Node {
	n := xmltree.NewElement(d.name.Space, d.name.Local)
	for _, k := range d.kids {
		if !k.attr && k.repeat == nil {
			n.Append(f.emptyNode(k))
		}
	}
	return n
}

// findMeta finds meta/instanceID, in whatever namespace.
func (f *Form) findMeta() {
	for _, m := range f.root.kids {
		if m.name.Local != "meta" {
			continue
		}
		f.meta = m
		for _, k := range m.kids {
			if k.name.Local == "instanceID" {
				f.instanceID = k
			}
		}
	}
}

// Media are the jr:// names of all pictures, sounds and videos of the texts.
func (f *Form) Media() []string {
	seen := map[string]bool{}
	for _, entries := range f.texts.entries {
		for _, e := range entries {
			for _, c := range e.other {
				if name := strings.TrimSpace(c.plain); strings.HasPrefix(name, "jr://") {
					seen[name] = true
				}
			}
		}
	}
	out := make([]string, 0, len(seen))
	for name := range seen {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
