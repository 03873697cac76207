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
