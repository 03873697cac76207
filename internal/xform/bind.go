package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// bind is what the form says of a node's values.
type bind struct {
	dataType      DataType
	relevant      *expression
	required      *expression
	readOnly      *expression
	calculate     *expression
	constraint    *expression
	constraintMsg *text
	requiredMsg   *text
	preload       string
	preloadParams string
	attrs         map[xmltree.Name]string
}

// bindings reads the binds; their expressions are compiled when all nodes are
// known.
func (p *parser) bindings() error {
	p.bindIDs = map[string]*nodeDef{}
	for n := range p.model.Elements() {
		if n.Name.Local != "bind" {
			continue
		}
		path, ok := n.Attr("", "nodeset")
		if !ok {
			path, _ = n.Attr("", "ref")
		}
		d := p.f.define(resolvePath(path, p.f.root))
		if d == nil {
			continue // as the reference does: a bind of nothing binds nothing
		}
		if id, ok := n.Attr("", "id"); ok {
			p.bindIDs[id] = d
		}
		p.readBind(d, n)
		p.binds = append(p.binds, lateBind{n, d})
	}
	return nil
}

func (p *parser) readBind(d *nodeDef, n *xmltree.Node) {
	b := &d.bind
	for _, a := range n.Attrs {
		switch {
		case a.Name.Space == "" && a.Name.Local == "type":
			b.dataType = parseDataType(a.Value)
		case a.Name.Space == spaceJavaRosa && a.Name.Local == "preload":
			b.preload = strings.TrimSpace(a.Value)
		case a.Name.Space == spaceJavaRosa && a.Name.Local == "preloadParams":
			b.preloadParams = strings.TrimSpace(a.Value)
		case a.Name.Space == spaceJavaRosa && a.Name.Local == "constraintMsg":
			b.constraintMsg = p.message(a.Value)
		case a.Name.Space == spaceJavaRosa && a.Name.Local == "requiredMsg":
			b.requiredMsg = p.message(a.Value)
		case a.Name.Space != "":
			if b.attrs == nil {
				b.attrs = map[xmltree.Name]string{}
			}
			b.attrs[a.Name] = a.Value
		}
	}
}

// compileBinds compiles the expressions of a bind once lists, texts and repeats
// are known.
func (p *parser) compileBind(n *xmltree.Node, d *nodeDef) error {
	for _, a := range n.Attrs {
		if a.Name.Space != "" {
			continue
		}
		var to **expression
		switch a.Name.Local {
		case "relevant":
			to = &d.bind.relevant
		case "required":
			to = &d.bind.required
		case "readonly":
			to = &d.bind.readOnly
		case "calculate":
			to = &d.bind.calculate
		case "constraint":
			to = &d.bind.constraint
		default:
			continue
		}
		if strings.TrimSpace(a.Value) == "" {
			continue
		}
		x, err := p.f.compile(a.Value, d)
		if err != nil {
			if err := p.bad(d.path, "the "+a.Name.Local+" expression", err); err != nil {
				return err
			}
			continue
		}
		*to = x
	}
	return nil
}

// bad is the error of an expression, or nil when the reading goes on without it.
func (p *parser) bad(at Ref, what string, err error) error {
	e := &Error{Code: BadForm, Ref: at, Msg: what, Err: err}
	if !p.o.Tolerant {
		return e
	}
	p.f.problems = append(p.f.problems, e)
	return nil
}

// resolvePath makes a path absolute, seen from a node. Steps "..", ".",
// current() and white space are allowed; predicates are not.
func resolvePath(s string, base *nodeDef) Ref {
	s = strings.TrimPrefix(strings.TrimSpace(s), "current()/")
	if strings.HasPrefix(s, "/") && !strings.ContainsAny(s, ". \t\n") && !strings.Contains(s, "//") {
		return Ref(s)
	}
	var steps []string
	if !strings.HasPrefix(s, "/") && base != nil {
		steps = strings.Split(string(base.path[1:]), "/")
	}
	for _, step := range strings.Split(s, "/") {
		switch step = strings.TrimSpace(step); step {
		case "", ".":
		case "..":
			if len(steps) > 0 {
				steps = steps[:len(steps)-1]
			}
		default:
			steps = append(steps, step)
		}
	}
	return Ref("/" + strings.Join(steps, "/"))
}
