package xpath

import (
	"strings"

	"parvis/internal/xmltree"
)

// formFunctions reach into the form around the expression, through Env.
func formFunctions() []builtin {
	return []builtin{
		{"instance", 1, 1, instance},
		{"pulldata", 4, 4, pulldata},
		{"indexed-repeat", 3, -1, indexedRepeat},
		{"jr:itext", 1, 1, itext},
		{"itext", 1, 1, itext},
		{"property", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			s, _ := ev.world().Property(c.str(ev, f, 0))
			return String(s)
		}},
		{"version", 0, 0, func(ev *evaluator, _ *callExpr, _ focus) Value {
			s, _ := ev.world().Property("version")
			return String(s)
		}},
	}
}

func instance(ev *evaluator, c *callExpr, f focus) Value {
	n, err := ev.world().Instance(c.str(ev, f, 0))
	switch {
	case ev.err != nil:
	case err != nil:
		return c.fail(ev, "%v", err)
	case n != nil:
		return NodeSet(n)
	}
	return NodeSet()
}

// pulldata gives one column of the first row of a list whose other column has a
// value: instance(list)/root/item[column = value]/field.
func pulldata(ev *evaluator, c *callExpr, f focus) Value {
	list := strings.TrimSuffix(strings.TrimSpace(c.str(ev, f, 0)), ".csv")
	field, column, value := c.str(ev, f, 1), c.str(ev, f, 2), c.str(ev, f, 3)
	if ev.err != nil {
		return Value{}
	}
	top, err := ev.world().Instance(list)
	if err != nil {
		return c.fail(ev, "%v", err)
	}
	if top == nil {
		return String("")
	}
	root := top.Root()
	if root == top {
		for root = range top.Elements() {
			break
		}
	}
	if items := ev.items(root, column, value); len(items) > 0 {
		if n := items[0].Child(field); n != nil {
			return String(ev.text(n))
		}
	}
	return String("")
}

// items finds the items of a list by a field, through the index where there is
// one. Without, it stops at the first.
func (ev *evaluator) items(root *xmltree.Node, column, value string) []*xmltree.Node {
	if root == nil {
		return nil
	}
	if ix, ok := ev.env.(Indexer); ok {
		if found, ok := ix.Lookup(root, xmltree.Name{Space: "*", Local: "item"}, xmltree.Name{Space: "*", Local: column}, value); ok {
			return found
		}
	}
	for item := range root.Elements() {
		if !ev.tick(1) {
			return nil
		}
		if n := item.Child(column); n != nil && ev.text(n) == value {
			return []*xmltree.Node{item}
		}
	}
	return nil
}

func itext(ev *evaluator, c *callExpr, f focus) Value {
	id := c.str(ev, f, 0)
	if tn, ok := ev.env.(TextNodes); ok {
		if nodes, ok := tn.TextNodes(id); ok {
			return NodeSet(nodes...)
		}
	}
	s, ok := ev.world().Text(id)
	if !ok {
		return c.fail(ev, "there is no text %q", id)
	}
	return String(s)
}

// indexedRepeat gives a field of the n-th repeat: indexed-repeat(field, group, n,
// group within, n, ...). The paths are plain; an index below 1 means 1,
// in the web dialect none.
func indexedRepeat(ev *evaluator, c *callExpr, f focus) Value {
	if len(c.args)%2 == 0 {
		return c.fail(ev, "each repeat group needs a number after it")
	}
	target, chain, ok := c.plainPath(ev, f, 0)
	if !ok {
		return Value{}
	}
	picks := map[int]int{}
	for i := 1; i < len(c.args); i += 2 {
		group, _, ok := c.plainPath(ev, f, i)
		if !ok {
			return Value{}
		}
		if !isPrefix(group, target) {
			return c.fail(ev, "argument %d is not a group around the field in argument 1", i+1)
		}
		pick := c.integer(ev, f, i+1)
		if !ev.web() {
			pick = max(1, pick)
		}
		picks[len(group)] = pick
	}
	nodes := []*xmltree.Node{chain[0]}
	for depth := 1; depth <= len(target); depth++ {
		var next []*xmltree.Node
		for _, n := range nodes {
			k := 0
			for x := range n.Elements() {
				if !ev.tick(1) {
					return Value{}
				}
				if !target[depth-1].matchesName(x) || !ev.visible(x) {
					continue
				}
				k++
				pick, picked := picks[depth]
				if !picked && depth < len(chain) && !after1(picks, depth) {
					picked, pick = true, k
					if chain[depth] != x {
						continue
					}
				}
				if !picked || pick == k {
					next = append(next, x)
				}
			}
		}
		nodes = next
	}
	return NodeSet(nodes...)
}

// after1 reports whether an index was given for a group above a depth.
func after1(picks map[int]int, depth int) bool {
	for d := range picks {
		if d < depth {
			return true
		}
	}
	return false
}

// plainPath spells an argument out as name tests from the root, with the nodes
// around the context node, root first, as far as they lie on the path.
func (c *callExpr) plainPath(ev *evaluator, f focus, i int) ([]nodeTest, []*xmltree.Node, bool) {
	p, ok := c.args[i].(*pathExpr)
	if !ok || !p.simple {
		c.fail(ev, "argument %d is not a plain path", i+1)
		return nil, nil, false
	}
	n := ev.origin(p, f)
	steps := p.steps
	for ; n != nil && len(steps) > 0 && steps[0].axis != axisChild; steps = steps[1:] {
		if steps[0].axis == axisParent {
			n = ev.parent(n)
		}
	}
	if n == nil {
		return nil, nil, false
	}
	root := ev.origin(&pathExpr{absolute: true}, f)
	var chain []*xmltree.Node
	var tests []nodeTest
	for x := n; x != root && x != nil; x = x.Parent {
		chain = append([]*xmltree.Node{x}, chain...)
		tests = append([]nodeTest{{name: x.Name}}, tests...)
	}
	chain = append([]*xmltree.Node{root}, chain...)
	for _, s := range steps {
		tests = append(tests, s.test)
	}
	return tests, chain, true
}

func isPrefix(group, target []nodeTest) bool {
	if len(group) >= len(target) {
		return false
	}
	for i, g := range group {
		if g.name.Local != target[i].name.Local {
			return false
		}
	}
	return true
}
