package xpath

import "parvis/internal/xmltree"

// walk runs through the nodes of a simple path in document order, without
// allocating: first up by the . and .. steps, then down by the child steps.
type walk struct {
	p     *pathExpr
	base  int // number of . and .. steps
	depth int // how many child steps are open
	from  [maxSimple]*xmltree.Node
	at    [maxSimple]int
	only  *xmltree.Node // the result when there are no child steps
}

func (w *walk) start(ev *evaluator, p *pathExpr, f focus) {
	n := ev.origin(p, f)
	w.p, w.depth = p, -1
	n, w.base = ev.lead(p, n, f)
	switch {
	case n == nil:
	case w.base == len(p.steps):
		w.only = n
	default:
		w.depth, w.from[0], w.at[0] = 0, n, 0
	}
}

func (w *walk) next(ev *evaluator) *xmltree.Node {
	if n := w.only; n != nil {
		w.only = nil
		return n
	}
	last := len(w.p.steps) - w.base - 1
	for w.depth >= 0 {
		d := w.depth
		test := &w.p.steps[w.base+d].test
		children := w.from[d].Children
		i := w.at[d]
		for i < len(children) && !(children[i].Kind == xmltree.Element && test.matchesName(children[i]) && ev.visible(children[i])) {
			i++
		}
		if !ev.tick(1 + i - w.at[d]) {
			return nil
		}
		if i == len(children) {
			w.depth--
			continue
		}
		w.at[d] = i + 1
		if d == last {
			return children[i]
		}
		w.depth++
		w.from[d+1], w.at[d+1] = children[i], 0
	}
	return nil
}

// first returns the first node of a simple path, or nil.
func (e *pathExpr) first(ev *evaluator, f focus) *xmltree.Node {
	var w walk
	w.start(ev, e, f)
	return w.next(ev)
}

// origin returns the node a path starts from; nil after a fault.
func (ev *evaluator) origin(p *pathExpr, f focus) *xmltree.Node {
	if f.node == nil && !(p.absolute && ev.root != nil) {
		ev.fail(p.at, "there is no document here that a path could point into")
		return nil
	}
	if p.current {
		return ev.current(f)
	}
	if !p.absolute {
		return f.node
	}
	if !ev.odk() {
		return f.node.Top()
	}
	if ev.root == nil {
		n := ev.c.Node
		if n == nil {
			n = f.node
		}
		ev.root = n.Top()
	}
	return ev.root
}

// parent stops at the root of absolute paths.
func (ev *evaluator) parent(n *xmltree.Node) *xmltree.Node {
	if n == ev.c.Root {
		return nil
	}
	return n.Parent
}

func (ev *evaluator) visible(n *xmltree.Node) bool {
	return ev.c.Visible == nil || ev.c.Visible(n)
}

func (t *nodeTest) matchesName(n *xmltree.Node) bool {
	return (t.anyLocal || n.Name.Local == t.name.Local) && (t.anySpace || n.Name.Space == t.name.Space)
}

// matches applies a node test; principal is the kind of node that names mean on
// the axis.
func (t *nodeTest) matches(n *xmltree.Node, principal xmltree.Kind) bool {
	switch t.kind {
	case testName:
		return n.Kind == principal && t.matchesName(n)
	case testText:
		return n.Kind == xmltree.Text
	case testComment:
		return n.Kind == xmltree.Comment
	case testPI:
		return n.Kind == xmltree.ProcInst && (!t.hasPI || n.Name.Local == t.target)
	}
	return true
}

// lead follows the first steps of a path as far as they can lead to one node
// only: up by . and .. steps, and, as JavaRosa has it, down again along the nodes
// around the context node. So within a repeat /data/repeat/a means the a of the
// same repeat, while ../../repeat/a means all of them; an expression that
// Contextualize has placed already knows. It returns the node, nil if there is
// none, and how many steps it followed.
func (ev *evaluator) lead(p *pathExpr, n *xmltree.Node, f focus) (*xmltree.Node, int) {
	i := 0
	for n != nil && i < len(p.steps) && len(p.steps[i].preds) == 0 && p.steps[i].test.kind == testNode {
		switch p.steps[i].axis {
		case axisParent:
			n = ev.parent(n)
		case axisSelf:
		default:
			return n, i
		}
		i++
	}
	if n == nil || ev.e.opt.Dialect != ODK || !p.absolute || ev.e.placed {
		return n, i
	}
	within := f.node
	if p.current {
		within = ev.current(f)
	}
	for i < len(p.steps) {
		s := &p.steps[i]
		if s.axis != axisChild || len(s.preds) > 0 || s.test.kind != testName || s.test.anyLocal {
			break
		}
		around := within
		for around != nil && around.Parent != n {
			around = around.Parent
		}
		if around == nil || around.Kind != xmltree.Element || !s.test.matchesName(around) {
			break
		}
		if !ev.visible(around) {
			return nil, i
		}
		n = around
		i++
	}
	return n, i
}
