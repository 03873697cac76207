package xform

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// A snapshot is the instance's XML with every value, relevant or not, and
// attributes in a namespace of its own: the seed of random orders on the root,
// and on a node the letters of its state where it differs from a fresh node's:
// x not relevant, r required, l locked.
const (
	seedAttr  = "seed"
	idAttr    = "id"
	stateAttr = "s"
)

// Snapshot writes everything needed to go on later with [Form.Restore], values
// of nodes that are not relevant included. The language is not part of it.
func (in *Instance) Snapshot() ([]byte, error) { return in.SnapshotWithout(nil) }

// SnapshotWithout is a snapshot in which the values of the nodes for which strip is true are empty, relevant or not; nil strips
// nothing.
func (in *Instance) SnapshotWithout(strip func(Ref) bool) ([]byte, error) {
	w := writer{state: true, strip: strip}
	w.b.Grow(in.size * 48)
	w.item(in.root, in)
	return w.b.Bytes(), nil
}

// Restore goes on with a snapshot of an instance of this form: same values,
// same pages, same order of random choices. Nothing is calculated anew until
// something changes. The error has code [BadState] or is an *xmltree.Error.
func (f *Form) Restore(snapshot []byte, w World) (*Instance, error) {
	doc, err := xmltree.Parse(bytes.NewReader(snapshot), xmltree.Limits{Nodes: 8 * maxItems})
	if err != nil {
		return nil, err
	}
	root := doc.Root()
	in := f.instance(w)
	seed, _ := root.Attr(spaceState, seedAttr)
	if in.seed, err = strconv.ParseUint(seed, 16, 64); err != nil {
		return nil, &Error{Code: BadState, Msg: "this is not a snapshot"}
	}
	in.ownID, _ = root.Attr(spaceState, idAttr)
	root.Remove()
	unqualify(root, f.space)
	if root.Name != f.root.name {
		return nil, &Error{Code: BadState, Msg: fmt.Sprintf("the snapshot is of %q, not of this form", root.Name.Local)}
	}
	in.plant(root)
	if in.size > maxItems {
		return nil, &Error{Code: Limit, Msg: "the snapshot has too many nodes"}
	}
	in.reread(in.root)
	in.settle(in.root)
	in.started = true
	in.attributeRules(in.root)
	in.run()
	return in, in.takeError()
}

// reread takes the state off a node's attribute.
func (in *Instance) reread(it *item) {
	if it.def.attr {
		return
	}
	if s, ok := it.node.Attr(spaceState, stateAttr); ok {
		it.off = strings.Contains(s, "x")
		it.required = strings.Contains(s, "r")
		it.readOnly = strings.Contains(s, "l")
		it.node.RemoveAttr(spaceState, stateAttr)
	}
	if it.parent == nil {
		it.node.RemoveAttr(spaceState, seedAttr)
		it.node.RemoveAttr(spaceState, idAttr)
		kept := it.node.Namespaces[:0]
		for _, d := range it.node.Namespaces {
			if d.URI != spaceState {
				kept = append(kept, d)
			}
		}
		it.node.Namespaces = kept
	}
	for _, k := range it.kids {
		in.reread(k)
	}
}

// settle passes relevance down without setting anything off.
func (in *Instance) settle(it *item) {
	it.hidden = it.off || it.parent != nil && it.parent.hidden
	if it.hidden {
		in.hidden[it.node] = struct{}{}
	}
	for _, k := range it.kids {
		in.settle(k)
	}
}

// attributeRules queues the conditions of attributes, whose state a snapshot has
// no place for.
func (in *Instance) attributeRules(it *item) {
	for _, k := range it.kids {
		if !k.def.attr {
			in.attributeRules(k)
			continue
		}
		for kind, r := range k.def.rules {
			if r != nil && ruleKind(kind) != ruleCalculate {
				in.queue.add(r, k)
			}
		}
	}
}

// Submission writes the instance as ODK submits it: relevant nodes only, with
// meta/instanceID, without snapshot marks. Nodes for which strip is true are
// written empty; nil strips nothing.
func (in *Instance) Submission(strip func(Ref) bool) ([]byte, error) {
	if err := in.identify(); err != nil {
		return nil, err
	}
	w := writer{strip: strip}
	w.b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	w.item(in.root, in)
	return w.b.Bytes(), nil
}

// InstanceID is the submission's identifier, "uuid:...".
func (in *Instance) InstanceID() (string, error) {
	if in.form.instanceID == nil {
		return in.ownID, nil
	}
	if err := in.identify(); err != nil {
		return "", err
	}
	return in.single[in.form.instanceID.id].value(), nil
}

// identify fills meta/instanceID where the form does not.
func (in *Instance) identify() error {
	if in.form.instanceID == nil {
		return nil
	}
	it := in.single[in.form.instanceID.id]
	if it == nil {
		return &Error{Code: BadState, Msg: "the instance has lost its meta/instanceID"}
	}
	if it.value() == "" {
		in.store(it, "uuid:"+in.world.UUID())
		in.run()
	}
	return in.takeError()
}

// Name is meta/instanceName, empty when the form has none.
func (in *Instance) Name() string {
	if in.form.meta == nil {
		return ""
	}
	for _, k := range in.form.meta.kids {
		if k.name.Local == "instanceName" {
			if it := in.single[k.id]; it != nil && !it.hidden {
				return it.value()
			}
		}
	}
	return ""
}
