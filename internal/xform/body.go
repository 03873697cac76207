package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// body reads the controls.
func (p *parser) body(n *xmltree.Node) error {
	top := &control{kind: groupControl, def: p.f.root}
	p.f.body = top
	return p.controls(n, top)
}

func (p *parser) controls(n *xmltree.Node, parent *control) error {
	if p.nest++; p.nest > maxControlNest {
		return &Error{Code: Limit, Msg: "groups are nested too deeply"}
	}
	defer func() { p.nest-- }()
	for e := range n.Elements() {
		kind := controlNamed(e.Name.Local)
		if kind == 0 {
			if isAction(e) {
				p.late = append(p.late, lateAction{e, parent})
			}
			continue
		}
		c, err := p.control(e, kind, parent)
		if err != nil {
			return err
		}
		c.parent, c.at = parent, len(parent.kids)
		parent.kids = append(parent.kids, c)
		p.f.controls = append(p.f.controls, c)
		if err := p.inside(e, c); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) control(e *xmltree.Node, kind Control, parent *control) (*control, error) {
	c := &control{kind: kind}
	if a, ok := e.Attr("", "appearance"); ok {
		c.appearance = appearances(a)
	}
	path := ""
	for _, a := range e.Attrs {
		switch {
		case a.Name.Space == "" && (a.Name.Local == "ref" || a.Name.Local == "nodeset" || a.Name.Local == "bind"):
			path = a.Value
		case a.Name.Space == "" && a.Name.Local == "mediatype":
			c.mediaType = a.Value
		case a.Name.Space == "" && a.Name.Local == "appearance":
		default:
			if c.attrs == nil {
				c.attrs = map[xmltree.Name]string{}
			}
			c.attrs[a.Name] = a.Value
		}
	}
	if accept, _ := e.Attr("", "accept"); kind == Upload && strings.HasPrefix(accept, "image/") {
		c.mediaType = accept // what an author asks a file to be is closer than what its type allows
	}
	if path == "" {
		if kind != groupControl {
			return nil, badForm("", "a <%s> has no ref", e.Name.Local)
		}
		return c, nil
	}
	c.def = p.target(path, parent)
	if c.def == nil {
		return nil, badForm(Ref(strings.TrimSpace(path)), "the <%s> refers to a node that the primary instance does not have", e.Name.Local)
	}
	if kind == repeatControl {
		p.makeRepeat(c)
	}
	if c.def.control == nil || c.def.control.kind == groupControl {
		c.def.control = c
	}
	return c, nil
}

// target finds the node a control refers to: the id of a bind, an absolute path,
// or one relative to the group it stands in.
func (p *parser) target(path string, parent *control) *nodeDef {
	if d := p.bindIDs[strings.TrimSpace(path)]; d != nil {
		return d
	}
	base := p.f.root
	for c := parent; c != nil; c = c.parent {
		if c.def != nil {
			base = c.def
			break
		}
	}
	return p.f.define(resolvePath(path, base))
}

func (p *parser) makeRepeat(c *control) {
	c.def.many = true
	if c.def.repeat == nil {
		c.def.repeat = &repeatDef{control: c}
	}
	fixed := c.attrs[xmltree.Name{Space: spaceJavaRosa, Local: "noAddRemove"}]
	c.def.repeat.fixed = fixed != "" && fixed != "false()"
}

// inside reads what a control contains.
func (p *parser) inside(e *xmltree.Node, c *control) error {
	for k := range e.Elements() {
		switch k.Name.Local {
		case "label":
			if l := p.text(k); l != nil {
				c.label = l
			}
		case "hint":
			c.hint = p.text(k)
		case "item":
			p.item(k, c)
		}
	}
	if c.kind == groupControl || c.kind == repeatControl {
		return p.controls(e, c)
	}
	if e.Child("itemset") != nil || c.attrs[xmltree.Name{Local: "query"}] != "" {
		p.sets = append(p.sets, lateSet{e, c})
	}
	for k := range e.Elements() {
		if isAction(k) {
			p.late = append(p.late, lateAction{k, c})
		}
	}
	if c.kind == Range {
		c.bounds = readBounds(c)
	}
	return nil
}

func (p *parser) item(n *xmltree.Node, c *control) {
	var ch fixedChoice
	if v := n.Child("value"); v != nil {
		ch.value = strings.TrimSpace(v.Text())
	}
	if l := n.Child("label"); l != nil {
		ch.label = p.text(l)
	}
	c.choices = append(c.choices, ch)
}

// text reads a <label> or <hint>.
func (p *parser) text(n *xmltree.Node) *text {
	if ref, ok := n.Attr("", "ref"); ok && strings.TrimSpace(ref) != "" {
		if id, ok := itextID(ref); ok {
			return &text{id: id}
		}
		return &text{own: content{parts: []part{{src: ref}}}}
	}
	c := readContent(n)
	if c.empty() {
		return nil
	}
	return &text{own: c}
}

func readBounds(c *control) *bounds {
	get := func(name string) string { return strings.TrimSpace(c.attrs[xmltree.Name{Local: name}]) }
	b := &bounds{start: get("start"), end: get("end"), step: get("step")}
	b.tick = strings.TrimSpace(c.attrs[xmltree.Name{Space: spaceODK, Local: "tick-interval"}])
	b.placeholder = strings.TrimSpace(c.attrs[xmltree.Name{Space: spaceODK, Local: "placeholder"}])
	b.labels = strings.TrimSpace(c.attrs[xmltree.Name{Space: spaceODK, Local: "tick-labelset"}])
	return b
}
