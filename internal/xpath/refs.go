package xpath

import (
	"slices"
	"strings"
)

// Reference is a place in an instance whose content an expression may read.
type Reference struct {
	// Instance is the id given to instance() or pulldata(), empty for the primary
	// instance, "*" when it is computed.
	Instance string
	// Path is /data/group/question, without predicates or positions; in an
	// instance it starts at its root element, /root/item/name. Where no base was
	// given, or it does not reach far enough, a relative path stays relative: .,
	// ../question, ./question.
	Path string
	// Deep says that the path goes on in a way names do not tell (*, //, text(),
	// other axes): anything at or below Path may be read.
	Deep bool
}

// References lists what the expression reads, inside predicates too, relative
// paths as they are.
func (e *Expr) References() []Reference { return e.ReferencesFrom("") }

// ReferencesFrom is [Expr.References] with relative paths and current() resolved
// against the path of the context node, such as /data/repeat/question (positions
// in it are ignored). Steps inside a predicate start from the node that is
// filtered. Duplicates are left out.
func (e *Expr) ReferencesFrom(base string) []Reference {
	g := gatherer{}
	if base != "" {
		g.base.absolute = true
		for _, part := range strings.Split(strings.Trim(base, "/"), "/") {
			name, _, _ := strings.Cut(part, "[")
			if name != "" {
				g.base.names = append(g.base.names, name)
			}
		}
	}
	g.expr(e.root, g.base)
	return g.out
}

// where is a place while paths are followed.
type where struct {
	instance string
	absolute bool
	ups      int
	names    []string
	deep     bool
}

func (w where) reference() Reference {
	path := strings.Join(w.names, "/")
	switch {
	case w.absolute:
		path = "/" + path
	case w.ups > 0:
		path = strings.TrimSuffix(strings.Repeat("../", w.ups)+path, "/")
	case path == "":
		path = "."
	default:
		path = "./" + path
	}
	return Reference{Instance: w.instance, Path: path, Deep: w.deep}
}

type gatherer struct {
	base where
	out  []Reference
}

func (g *gatherer) add(w where) {
	if r := w.reference(); !slices.Contains(g.out, r) {
		g.out = append(g.out, r)
	}
}

func (g *gatherer) all(list []expr, at where) {
	for _, e := range list {
		g.expr(e, at)
	}
}

func (g *gatherer) expr(e expr, at where) {
	switch x := e.(type) {
	case *logicExpr:
		g.all(x.args, at)
	case *unionExpr:
		g.all(x.args, at)
	case *arithmeticExpr:
		g.expr(x.a, at)
		g.expr(x.b, at)
	case *compareExpr:
		g.expr(x.a, at)
		g.expr(x.b, at)
	case *negateExpr:
		g.expr(x.a, at)
	case *callExpr:
		g.call(x, at)
	case *pathExpr:
		g.path(x, at)
	}
}

func (g *gatherer) call(c *callExpr, at where) {
	switch c.name {
	case "current":
		g.add(g.base)
	case "once", "position", "last", "string", "number", "string-length", "normalize-space", "name", "local-name", "namespace-uri", "lang":
		if len(c.args) == 0 || c.name == "once" || c.name == "lang" {
			g.add(at)
		}
	case "id":
		g.add(where{absolute: true, deep: true})
	case "instance":
		g.add(instanceOf(c))
	case "pulldata":
		w := instanceOf(c)
		w.deep = true
		g.add(w)
	}
	g.all(c.args, at)
}

func instanceOf(c *callExpr) where {
	w := where{instance: "*", absolute: true}
	if len(c.args) > 0 {
		if lit, ok := c.args[0].(*literalExpr); ok {
			w.instance = lit.v.String()
			if c.name == "pulldata" {
				w.instance = strings.TrimSuffix(w.instance, ".csv")
			}
		}
	}
	return w
}

func (g *gatherer) path(p *pathExpr, at where) {
	for _, w := range g.starts(p, at) {
		for i := range p.preds {
			g.expr(p.preds[i].e, w)
		}
		for i := range p.steps {
			w = w.follow(&p.steps[i])
			if len(p.steps[i].preds) > 0 {
				g.add(w)
			}
			for j := range p.steps[i].preds {
				g.expr(p.steps[i].preds[j].e, w)
			}
		}
		g.add(w)
	}
}

// starts gives the places a path starts from: several for a union in brackets.
func (g *gatherer) starts(p *pathExpr, at where) []where {
	switch {
	case p.current:
		return []where{g.base}
	case p.base == nil && p.absolute:
		return []where{{absolute: true}}
	case p.base == nil:
		return []where{at}
	}
	if c, ok := p.base.(*callExpr); ok {
		switch c.name {
		case "instance":
			g.all(c.args, at)
			return []where{instanceOf(c)}
		case "current":
			return []where{g.base}
		case "randomize":
			if len(c.args) == 0 {
				return nil
			}
			if inner, ok := c.args[0].(*pathExpr); ok {
				g.all(c.args, at)
				return []where{g.end(inner, at)}
			}
		}
	}
	inner := gatherer{base: g.base}
	inner.expr(p.base, at)
	var out []where
	for _, r := range inner.out {
		if !slices.Contains(g.out, r) {
			g.out = append(g.out, r)
		}
		out = append(out, where{instance: r.Instance, absolute: strings.HasPrefix(r.Path, "/"), names: split(r.Path), deep: true})
	}
	return out
}

// end is where a path arrives, without noting it.
func (g *gatherer) end(p *pathExpr, at where) where {
	scratch := gatherer{base: g.base}
	w := at
	if list := scratch.starts(p, at); len(list) > 0 {
		w = list[0]
	}
	for i := range p.steps {
		w = w.follow(&p.steps[i])
	}
	return w
}

func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '.' })
}

// follow takes one step.
func (w where) follow(s *step) where {
	if w.deep {
		return w
	}
	switch {
	case s.axis == axisSelf && s.test.kind == testNode:
	case s.axis == axisParent && s.test.kind == testNode:
		if len(w.names) > 0 {
			w.names = w.names[:len(w.names)-1]
		} else if !w.absolute {
			w.ups++
		}
	case s.axis == axisChild && s.test.kind == testName && !s.test.anyLocal:
		w.names = append(slices.Clone(w.names), s.test.name.Local)
	case s.axis == axisAttribute: // belongs to its element
	case s.axis == axisChild || s.axis == axisDescendant || s.axis == axisDescendantOrSelf || s.axis == axisSelf:
		w.deep = true
	default: // leads anywhere
		w = where{instance: w.instance, absolute: true, deep: true}
	}
	return w
}
