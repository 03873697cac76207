package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// itemsets compiles the choice lists of the body, once all nodes are known.
func (p *parser) itemset(e *xmltree.Node, c *control) error {
	if q := strings.TrimSpace(c.attrs[xmltree.Name{Local: "query"}]); q != "" && c.kind == Input {
		return p.external(q, c)
	}
	n := e.Child("itemset")
	if n == nil || c.def == nil {
		return nil
	}
	src, _ := n.Attr("", "nodeset")
	s := &itemset{key: "value"}
	var err error
	if s.nodes, err = p.f.compile(src, c.def); err != nil {
		return p.bad(c.def.path, "the choice list", err)
	}
	c.itemset = s
	s.place(c.def.path)
	if v := n.Child("value"); v != nil {
		ref, _ := v.Attr("", "ref")
		s.key = childName(ref)
		if s.key == "" {
			if s.value, err = p.f.compile(ref, nil); err != nil {
				return &Error{Code: BadForm, Ref: c.def.path, Msg: "the value of the choice list", Err: err}
			}
		}
	}
	if l := n.Child("label"); l != nil {
		ref, _ := l.Attr("", "ref")
		if err := p.itemLabel(ref, s, c); err != nil {
			return err
		}
	}
	if s.value != nil || s.label != nil || s.id != "" && p.piped(s) {
		s.static = false
	}
	return nil
}

// piped reports whether a label of a list has values in it.
func (p *parser) piped(s *itemset) bool {
	l := p.f.lists[s.source]
	if !p.f.texts.piped || l == nil || l.doc.Root() == nil {
		return p.f.texts.piped
	}
	key := listKey{source: s.source, id: s.id}
	if yes, known := p.pipes[key]; known {
		return yes
	}
	yes := p.pipedList(l, s)
	p.pipes[key] = yes
	return yes
}

func (p *parser) pipedList(l *list, s *itemset) bool {
	for n := range l.doc.Root().Elements() {
		id := n.Child(s.id)
		if id == nil {
			continue
		}
		for _, entries := range p.f.texts.entries {
			if e := entries[strings.TrimSpace(id.Text())]; e != nil && e.piped() {
				return true
			}
		}
	}
	return false
}

func (p *parser) itemLabel(ref string, s *itemset, c *control) error {
	if s.plain = childName(ref); s.plain != "" {
		return nil
	}
	arg, ok := strings.CutPrefix(strings.TrimSpace(ref), "jr:itext(")
	if arg, closed := strings.CutSuffix(arg, ")"); ok && closed {
		if s.id = childName(arg); s.id != "" {
			return nil
		}
	}
	x, err := p.f.compile(ref, nil)
	if err != nil {
		return &Error{Code: BadForm, Ref: c.def.path, Msg: "the label of the choice list", Err: err}
	}
	s.label = x
	return nil
}

// childName recognises a path that is the name of a child and no more.
func childName(ref string) string {
	ref = strings.TrimPrefix(strings.TrimSpace(ref), "./")
	if ref == "" || strings.ContainsAny(ref, "/.[]()@*'\" :|=<>+$,") {
		return ""
	}
	return ref
}

// external makes a select of an <input query="...">: its choices come from the
// attached table itemsets.csv, whose column list_name says which list a row
// belongs to.
func (p *parser) external(query string, c *control) error {
	id := ""
	if rest, ok := strings.CutPrefix(query, "instance("); ok {
		if end := strings.IndexByte(rest, ')'); end > 0 {
			id = strings.Trim(strings.TrimSpace(rest[:end]), `'"`)
		}
	}
	if err := p.externalList(id); err != nil {
		return err
	}
	x, err := p.f.compile(query, c.def)
	if err != nil {
		return &Error{Code: BadForm, Ref: c.def.path, Msg: "the query of the external choices", Err: err}
	}
	c.kind = Select1
	c.itemset = &itemset{nodes: x, key: "name", plain: "label"}
	c.itemset.place(c.def.path)
	return nil
}

// place finds out which list a choice list draws from, and whether it is the
// same whatever the answers.
func (s *itemset) place(at Ref) {
	s.static = true
	for _, r := range s.nodes.x.ReferencesFrom(string(at)) {
		if r.Instance == "" || r.Instance == "*" {
			s.static = false
		} else if s.source == "" {
			s.source = r.Instance
		}
	}
	for _, name := range s.nodes.x.Functions() {
		switch name {
		case "random", "randomize", "now", "today", "uuid", "property", "jr:itext", "jr:choice-name", "once":
			s.static = false
		}
	}
}

func (p *parser) externalList(id string) error {
	if id == "" || p.f.lists[id] != nil {
		return nil
	}
	if p.outside == nil {
		p.outside = &list{src: "jr://file-csv/itemsets.csv", doc: xmltree.NewDocument()}
		if err := p.attached(p.outside); err != nil {
			return err
		}
	}
	l := &list{id: id, src: p.outside.src, doc: xmltree.NewDocument()}
	root := xmltree.NewElement("", "root")
	l.doc.Append(root)
	p.f.lists[id] = l
	all := p.outside.doc.Root()
	if all == nil {
		return nil
	}
	var mine []*xmltree.Node
	for item := range all.Elements() {
		if name := item.Child("list_name"); name != nil && strings.TrimSpace(name.Text()) == id {
			mine = append(mine, item)
		}
	}
	for _, item := range mine {
		root.Append(item.Clone())
	}
	return nil
}
