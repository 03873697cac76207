package xpath

import "parvis/internal/xmltree"

// Ancestor is one step of the path to the node an expression belongs to.
type Ancestor struct {
	Name    xmltree.Name
	Repeats bool // one of several of this name
}

// Contextualize makes absolute paths mean what they mean inside a repeat: where
// a path begins with the same steps as the node the expression belongs to, it
// stays within the same instances of the repeats on the way. In an expression of
// /data/person/name, /data/person/age is the age of the same person and
// /data/town is the town.
//
// Steps with predicates choose for themselves and end this. A path to a repeat
// itself keeps meaning all its instances, except as argument of position(); the
// arguments of indexed-repeat() stay out of the repeats it picks from. Call it
// once, before the expression is used.
func (e *Expr) Contextualize(at []Ancestor) {
	e.placed = true
	c := contextualizer{at: at}
	c.expr(e.root, false)
}

type contextualizer struct {
	at    []Ancestor
	limit int  // steps that may be shared at most, 0 for all
	whole bool // a path to a repeat means the one around the node
}

func (c *contextualizer) expr(e expr, inside bool) {
	switch x := e.(type) {
	case *logicExpr:
		c.all(x.args, inside)
	case *unionExpr:
		c.all(x.args, inside)
	case *arithmeticExpr:
		c.all([]expr{x.a, x.b}, inside)
	case *compareExpr:
		c.all([]expr{x.a, x.b}, inside)
	case *negateExpr:
		c.expr(x.a, inside)
	case *callExpr:
		c.call(x, inside)
	case *pathExpr:
		c.path(x, inside)
	}
}

func (c *contextualizer) all(list []expr, inside bool) {
	for _, e := range list {
		c.expr(e, inside)
	}
}

func (c *contextualizer) call(x *callExpr, inside bool) {
	saved := *c
	defer func() { *c = saved }()
	c.whole = x.name == "position"
	if x.name != "indexed-repeat" {
		c.all(x.args, inside)
		return
	}
	limit := len(c.at)
	for i := 1; i < len(x.args); i += 2 {
		if p, ok := x.args[i].(*pathExpr); ok && p.absolute {
			limit = min(limit, max(1, c.shared(p)-1))
		}
	}
	for i, a := range x.args {
		*c = saved
		if i == 0 || i%2 == 1 {
			c.limit = limit
		}
		c.expr(a, inside)
	}
}

// shared counts the leading steps that a path has in common with the node.
func (c *contextualizer) shared(p *pathExpr) int {
	n := 0
	for n < len(p.steps) && n < len(c.at) {
		s := &p.steps[n]
		if s.axis != axisChild || s.test.kind != testName || s.test.anyLocal || len(s.preds) > 0 ||
			s.test.name.Local != c.at[n].Name.Local || !s.test.anySpace && s.test.name.Space != c.at[n].Name.Space {
			break
		}
		n++
	}
	return n
}

func (c *contextualizer) path(p *pathExpr, inside bool) {
	if p.base != nil {
		c.expr(p.base, inside)
	}
	for _, pr := range p.preds {
		c.expr(pr.e, true)
	}
	for i := range p.steps {
		for _, pr := range p.steps[i].preds {
			c.expr(pr.e, true)
		}
	}
	if !p.absolute {
		return
	}
	keep := c.shared(p)
	if c.limit > 0 {
		keep = min(keep, c.limit)
	}
	for keep > 0 && (!c.at[keep-1].Repeats || keep == len(p.steps) && !c.whole) {
		keep--
	}
	if keep == 0 {
		return
	}
	steps := make([]step, 0, len(c.at)-keep+len(p.steps)-keep)
	for range len(c.at) - keep {
		steps = append(steps, step{axis: axisParent, test: nodeTest{kind: testNode}})
	}
	if len(steps) == 0 {
		steps = append(steps, step{axis: axisSelf, test: nodeTest{kind: testNode}})
	}
	p.steps = append(steps, p.steps[keep:]...)
	p.absolute = false
	p.current = inside
	p.simple = p.isSimple()
}
