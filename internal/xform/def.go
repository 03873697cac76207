package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// nodeDef is one element (or attribute) of the primary instance as the form
// defines it; each instance has none, one or many items of it.
type nodeDef struct {
	id       int
	name     xmltree.Name
	label    string // prefix:local as the form writes it; "@" in front for an attribute
	path     Ref    // without positions
	depth    int    // 0 for the root
	parent   *nodeDef
	kids     []*nodeDef // elements, then attributes that something refers to
	kidIDs   []int
	attr     bool
	many     bool // repeats, or stands several times in the template
	repeat   *repeatDef
	repeated *nodeDef   // itself or the nearest ancestor that is a repeat
	control  *control   // the first control that asks it, or the group on it
	asks     []*control // the questions that ask it
	bind     bind
	boolean  bool // its values are booleans, written 1 and 0
	rules    [ruleKinds]*rule
	readers  []reader
	last     int // id of the last descendant: ids are in document order
}

// repeatDef is what makes a node repeat.
type repeatDef struct {
	template *xmltree.Node // detached; cloned for each new instance
	marked   bool          // the form marks its template with jr:template
	count    *repeatCount  // jr:count, nil when the respondent decides
	fixed    bool          // jr:noAddRemove
	control  *control
	onNew    []*action
}

// repeatCount says how many instances there are: the value of a node, or an
// expression seen from the group around the repeat.
type repeatCount struct {
	node *nodeDef
	x    *expression
}

// reader is a rule that reads a node: when the node changes below the ancestor
// at depth bound, the rule's targets below that ancestor are stale.
type reader struct {
	rule  *rule
	bound int
}

func (d *nodeDef) isLeaf() bool {
	for _, k := range d.kids {
		if !k.attr {
			return false
		}
	}
	return true
}

// kid finds a child by name; an attribute's name starts with "@".
func (d *nodeDef) kid(label string) *nodeDef {
	for _, k := range d.kids {
		if k.label == label {
			return k
		}
	}
	return nil
}

func (d *nodeDef) kidNamed(n xmltree.Name, attr bool) *nodeDef {
	for _, k := range d.kids {
		if k.name == n && k.attr == attr {
			return k
		}
	}
	return nil
}

// kidFrom finds a child element by name, looking first where the last one was
// found and after: nodes mostly come in the order of their definitions.
func (d *nodeDef) kidFrom(at *int, n xmltree.Name) *nodeDef {
	for i := range d.kids {
		j := *at + i
		if j >= len(d.kids) {
			j -= len(d.kids)
		}
		if k := d.kids[j]; k.name == n && !k.attr {
			*at = j
			return k
		}
	}
	return nil
}

// within reports whether d is a or stands below it.
func (d *nodeDef) within(a *nodeDef) bool {
	for ; d != nil; d = d.parent {
		if d == a {
			return true
		}
	}
	return false
}

// ancestor is d's ancestor (or itself) at a depth.
func (d *nodeDef) ancestor(depth int) *nodeDef {
	for d != nil && d.depth > depth {
		d = d.parent
	}
	return d
}

func qualified(n *xmltree.Node) string {
	s := n.Name.Local
	if n.Prefix != "" {
		s = n.Prefix + ":" + s
	}
	if n.Kind == xmltree.Attribute {
		s = "@" + s
	}
	return s
}

// buildDefs makes the definitions of an element and all below it, merging the
// instances of one element.
func (f *Form) buildDefs(n *xmltree.Node, parent *nodeDef) (*nodeDef, error) {
	var d *nodeDef
	if parent != nil {
		d = f.paths[parent.path+"/"+Ref(qualified(n))]
	}
	if d == nil {
		d = &nodeDef{name: n.Name, label: qualified(n), parent: parent, path: "/" + Ref(qualified(n))}
		if parent != nil {
			d.path = parent.path + d.path
			d.depth = parent.depth + 1
			parent.kids = append(parent.kids, d)
		}
		f.paths[d.path] = d
	}
	seen := map[xmltree.Name]bool{}
	for c := range n.Elements() {
		k, err := f.buildDefs(c, d)
		if err != nil {
			return nil, err
		}
		if _, template := c.Attr(spaceJavaRosa, "template"); template {
			k.many = true
			continue
		}
		k.many = k.many || seen[c.Name]
		seen[c.Name] = true
	}
	return d, nil
}

// number gives the definitions their places in document order.
func (f *Form) number(d *nodeDef) {
	d.id = len(f.defs)
	f.defs = append(f.defs, d)
	d.repeated = nil
	if d.parent != nil {
		d.repeated = d.parent.repeated
	}
	if d.many {
		d.repeated = d
	}
	for _, k := range d.kids {
		f.number(k)
		d.kidIDs = append(d.kidIDs, k.id)
		key := calledKey{d.id, k.name.Local}
		f.called[key] = append(f.called[key], k.id)
	}
	d.last = len(f.defs) - 1
}

// known finds the definition at a path without positions, nil for none.
func (f *Form) known(path Ref) *nodeDef { return f.paths[path] }

// define is known while the form is read: it adds an attribute's definition when
// the element is known.
func (f *Form) define(path Ref) *nodeDef {
	d := f.paths[path]
	if i := strings.LastIndexByte(string(path), '/'); d == nil && i > 0 && strings.HasPrefix(string(path[i:]), "/@") {
		if e := f.paths[path[:i]]; e != nil && !e.attr {
			return f.attribute(e, string(path[i+1:]))
		}
	}
	return d
}

func (f *Form) attribute(d *nodeDef, label string) *nodeDef {
	k := &nodeDef{label: label, parent: d, path: d.path + "/" + Ref(label), depth: d.depth + 1, attr: true}
	k.name = f.expand(label[1:])
	d.kids = append(d.kids, k)
	f.paths[k.path] = k
	return k
}
