package xform

import "parvis/internal/xmltree"

// schema shows the form's nodes to expressions by number.
type schema struct{ f *Form }

func (s schema) Root() int { return s.f.root.id }

func (s schema) Parent(n int) int {
	if p := s.f.defs[n].parent; p != nil {
		return p.id
	}
	return -1
}

func (s schema) Children(n int) []int { return s.f.defs[n].kidIDs }

func (s schema) Called(n int, local string) []int { return s.f.called[calledKey{n, local}] }

func (s schema) Name(n int) (xmltree.Name, bool) { return s.f.defs[n].name, s.f.defs[n].attr }

func (s schema) Depth(n int) int { return s.f.defs[n].depth }

// calledKey asks for the children of a node with a name.
type calledKey struct {
	parent int
	local  string
}

// read is a node that an expression of a target reads: when an item of def
// changes, the targets below the item's ancestor at depth bound are stale.
type read struct {
	def   *nodeDef
	bound int
}

// reads lists what an expression of a node reads; left is how many nodes may
// still be looked at for the whole form.
func (f *Form) reads(x *expression, at *nodeDef, left *int) ([]read, error) {
	list, ok := x.x.Reads(schema{f}, at.id, left)
	if *left -= len(list); !ok {
		return nil, &Error{Code: Limit, Ref: at.path, Msg: "the expressions of the form read too many nodes; name them rather than use // or *"}
	}
	out := make([]read, 0, len(list))
	for _, r := range list {
		d := f.defs[r.Node]
		out = append(out, read{d, min(r.Top, d.depth, at.depth)})
	}
	return out, nil
}

// Sources are the questions that the value of a node comes from, as paths without positions in document order: the node itself
// where it is asked and not calculated, else what its calculation reads, and what that comes from in turn. A node that is neither
// asked nor calculated, such as a preloaded one, has none. So does a path that the form does not have.
func (f *Form) Sources(r Ref) []Ref {
	start := f.paths[r.Generic()]
	if start == nil {
		return nil
	}
	seen := map[*nodeDef]bool{start: true}
	left := maxReads
	for queue := []*nodeDef{start}; len(queue) > 0; queue = queue[1:] {
		d := queue[0]
		if d.bind.calculate == nil {
			continue
		}
		reads, err := f.reads(d.bind.calculate, d, &left)
		if err != nil {
			return nil // the form was read, so it does not read too much
		}
		for _, read := range reads {
			if !seen[read.def] {
				seen[read.def] = true
				queue = append(queue, read.def)
			}
		}
	}
	var out []Ref
	for _, d := range f.defs {
		if seen[d] && d.bind.calculate == nil && d.asked(0) != nil {
			out = append(out, d.path)
		}
	}
	return out
}
