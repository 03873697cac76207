package xpath

import (
	"slices"

	"parvis/internal/xmltree"
)

// Schema describes a tree by its kinds of node, numbered from 0, so that what an
// expression would read can be found without a tree.
type Schema interface {
	Root() int
	// Parent is -1 for the root.
	Parent(n int) int
	// Children are the elements below a node, and its attributes.
	Children(n int) []int
	// Called are the children with this local name.
	Called(n int, local string) []int
	Name(n int) (name xmltree.Name, attribute bool)
	// Depth is 0 for the root.
	Depth(n int) int
}

// Read is a kind of node that an expression reads. Top is the depth of the
// highest node passed on the way there from the node the expression belongs to:
// below that node, other instances may be read than those around it. Absolute
// paths pass the root, so their Top is 0.
type Read struct{ Node, Top int }

// Reads lists what the expression reads when it belongs to a node of a schema:
// the ends of its paths, also of paths in predicates. What lies in other trees,
// below instance(), is left out. The order is that of the expression. Each node
// that is looked at takes one off left; when that falls below 0 the list is not
// complete and ok is false.
func (e *Expr) Reads(s Schema, at int, left *int) (list []Read, ok bool) {
	r := reads{s: s, at: Read{at, s.Depth(at)}, left: left}
	r.expr(e.root, []Read{r.at})
	return r.out, *left >= 0
}

type reads struct {
	s    Schema
	at   Read
	out  []Read
	seen map[Read]bool // made when the list grows long
	left *int
}

const document = -1

func (r *reads) note(points []Read) {
	for _, p := range points {
		if p.Node == document || r.had(p) {
			continue
		}
		r.out = append(r.out, p)
		if len(r.out) > manyReads {
			if r.seen == nil {
				r.seen = map[Read]bool{}
			}
			r.seen[p] = true
		}
	}
}

// manyReads is the length from which a list is looked up by a map.
const manyReads = 32

func (r *reads) had(p Read) bool {
	if r.seen[p] {
		return true
	}
	return slices.Contains(r.out[:min(len(r.out), manyReads)], p)
}

// expr follows an expression from where it is evaluated and returns the nodes
// that it may give.
func (r *reads) expr(e expr, from []Read) []Read {
	switch x := e.(type) {
	case *logicExpr:
		return r.all(x.args, from, false)
	case *unionExpr:
		return r.all(x.args, from, true)
	case *arithmeticExpr:
		return r.all([]expr{x.a, x.b}, from, false)
	case *compareExpr:
		return r.all([]expr{x.a, x.b}, from, false)
	case *negateExpr:
		r.expr(x.a, from)
	case *callExpr:
		switch x.name {
		case "current":
			return []Read{r.at}
		case "instance":
			r.all(x.args, from, false)
			return nil
		}
		if len(x.args) == 0 && (x.name == "string" || x.name == "number" || x.name == "normalize-space" || x.name == "string-length") {
			r.note(from)
		}
		return r.all(x.args, from, true)
	case *pathExpr:
		return r.path(x, from)
	}
	return nil
}

func (r *reads) all(list []expr, from []Read, give bool) []Read {
	var out []Read
	for _, e := range list {
		got := r.expr(e, from)
		if give {
			out = append(out, got...)
		}
	}
	return out
}

func (r *reads) path(p *pathExpr, from []Read) []Read {
	points := from
	switch {
	case p.absolute:
		points = []Read{{document, 0}}
	case p.current:
		points = []Read{r.at}
	case p.base != nil:
		points = r.expr(p.base, from)
		r.predicates(p.preds, points)
	}
	for i := range p.steps {
		points = r.step(&p.steps[i], points)
		r.predicates(p.steps[i].preds, points)
	}
	r.note(points)
	return points
}

func (r *reads) predicates(preds []predicate, points []Read) {
	for _, p := range preds {
		r.expr(p.e, points)
	}
}

func (r *reads) step(s *step, points []Read) []Read {
	var out []Read
	had := map[Read]bool(nil)
	if len(points) > 1 {
		had = map[Read]bool{}
	}
	take := func(p Read) {
		*r.left--
		if *r.left < 0 || !r.matches(s, p.Node) || had[p] {
			return
		}
		if had != nil {
			had[p] = true
		}
		out = append(out, p)
	}
	for _, p := range points {
		switch s.axis {
		case axisSelf:
			take(p)
		case axisChild, axisAttribute:
			if s.test.kind == testName && !s.test.anyLocal && p.Node != document {
				for _, n := range r.s.Called(p.Node, s.test.name.Local) {
					take(Read{n, p.Top})
				}
				continue
			}
			r.children(p, take)
		case axisDescendant, axisDescendantOrSelf:
			if s.axis == axisDescendantOrSelf {
				take(p)
			}
			r.below(p, take)
		case axisParent:
			if up, ok := r.up(p); ok {
				take(up)
			}
		case axisAncestor, axisAncestorOrSelf:
			if s.axis == axisAncestorOrSelf {
				take(p)
			}
			for up, ok := r.up(p); ok; up, ok = r.up(up) {
				take(up)
			}
		case axisFollowingSibling, axisPrecedingSibling:
			if up, ok := r.up(p); ok {
				r.children(up, take)
			}
		case axisFollowing, axisPreceding:
			r.below(Read{document, 0}, take)
		}
	}
	return out
}

func (r *reads) up(p Read) (Read, bool) {
	if p.Node == document {
		return p, false
	}
	n := r.s.Parent(p.Node)
	if n < 0 {
		return Read{document, 0}, true
	}
	return Read{n, min(p.Top, r.s.Depth(n))}, true
}

func (r *reads) children(p Read, take func(Read)) {
	if p.Node == document {
		take(Read{r.s.Root(), 0})
		return
	}
	for _, n := range r.s.Children(p.Node) {
		take(Read{n, p.Top})
	}
}

func (r *reads) below(p Read, take func(Read)) {
	if *r.left < 0 {
		return
	}
	r.children(p, func(k Read) {
		take(k)
		r.below(k, take)
	})
}

func (r *reads) matches(s *step, n int) bool {
	if n == document {
		return s.test.kind == testNode
	}
	name, attr := r.s.Name(n)
	if attr != (s.axis == axisAttribute) && s.axis != axisSelf {
		return false
	}
	switch s.test.kind {
	case testNode:
		return true
	case testName:
		return (s.test.anyLocal || s.test.name.Local == name.Local) && (s.test.anySpace || s.test.name.Space == name.Space)
	}
	return false
}
