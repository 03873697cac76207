package xform

import (
	"bytes"

	"parvis/internal/xmltree"
)

// readLastSaved gives the lists with src="jr://instance/last-saved" what the
// last submission said. Without one, or when it is not of this form, they are
// empty.
func (in *Instance) readLastSaved() {
	if len(in.form.lastSaved) == 0 {
		return
	}
	doc := xmltree.NewDocument()
	if len(in.world.LastSaved) > 0 {
		if d, err := xmltree.Parse(bytes.NewReader(in.world.LastSaved), xmltree.Limits{Nodes: 8 * maxItems}); err == nil && d.Root() != nil {
			unqualify(d.Root(), d.Root().Name.Space)
			doc = d
		}
	}
	in.lists = map[string]*xmltree.Node{}
	for _, l := range in.form.lastSaved {
		in.lists[l.id] = doc
	}
}
