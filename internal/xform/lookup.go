package xform

import "parvis/internal/xmltree"

// Marked gives, by path without positions, the value of a foreign attribute on
// the binds that have it, of nodes that are asked and of those that are not.
func (f *Form) Marked(attr xmltree.Name) map[Ref]string {
	out := map[Ref]string{}
	for _, d := range f.defs {
		if v, ok := d.bind.attrs[attr]; ok {
			out[d.path] = v
		}
	}
	return out
}

// Named lists the paths, without positions, of the leaves of that name which do
// not repeat, in document order.
func (f *Form) Named(local string) []Ref {
	var out []Ref
	for _, d := range f.defs {
		if d.name.Local == local && !d.attr && d.repeated == nil && d.isLeaf() {
			out = append(out, d.path)
		}
	}
	return out
}

// Preset gives a node a value that the program knows by itself, also where the
// respondent may not answer. Errors are those of [Instance.Set] but ReadOnly.
func (in *Instance) Preset(r Ref, value string) error {
	it := in.lookup(r)
	if it == nil || !it.isLeaf() {
		return &Error{Code: UnknownRef, Ref: r, Msg: "there is no such node"}
	}
	text, err := normal(value, it.def.valueType())
	if err != nil {
		return &Error{Code: BadType, Ref: r, Msg: err.Error()}
	}
	in.change(it, text)
	return in.takeError()
}
