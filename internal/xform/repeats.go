package xform

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// AddRepeat adds an instance at the end of a repeat. The reference may name the
// repeat ("/data/person"), one of its instances, or the instance to come. The
// result is the new instance.
func (in *Instance) AddRepeat(r Ref) (Ref, error) {
	d := in.form.known(r.Generic())
	parent := in.lookup(r.Parent())
	if d == nil || d.repeat == nil || parent == nil || parent.def != d.parent {
		return "", &Error{Code: NotRepeat, Ref: r, Msg: "there is no repeat here"}
	}
	it, err := in.insert(d, parent)
	if err != nil {
		return "", err
	}
	in.run()
	return it.ref(), in.takeError()
}

// insert adds one instance: the template, preloads, the actions of a new repeat,
// then everything that depends on it.
func (in *Instance) insert(d *nodeDef, parent *item) (*item, error) {
	n := parent.count(d)
	node := d.repeat.template.Clone()
	if n >= maxRepeats || in.size+count(node) > maxItems {
		return nil, &Error{Code: Limit, Ref: parent.newRef(d), Msg: fmt.Sprintf("no more than %d instances fit here", n)}
	}
	after, at := in.spot(d, parent)
	parent.node.InsertAfter(node, after)
	it := in.grow(node, d, parent)
	it.pos = n
	parent.kids = append(parent.kids, nil)
	copy(parent.kids[at+1:], parent.kids[at:])
	parent.kids[at] = it
	if parent.hidden {
		in.spread(it, true)
	}
	in.preload(it)
	for _, a := range in.form.onNew {
		if a.target.within(d) {
			in.act(a, it)
		}
	}
	in.fire(d.repeat.onNew, it)
	in.touchAll(it)
	in.queueAll(it)
	return it, nil
}

// spot is where the next instance goes: after which node, and at which place
// among the parent's items. A repeat without instances goes where the form has
// its template.
func (in *Instance) spot(d *nodeDef, parent *item) (after *xmltree.Node, at int) {
	for i, k := range parent.kids {
		if k.def.attr || k.def.id > d.id {
			break
		}
		after, at = k.node, i+1
	}
	return after, at
}

// RemoveRepeat takes an instance out; those after it move up.
func (in *Instance) RemoveRepeat(r Ref) error {
	it := in.lookup(r)
	if it == nil || it.def.repeat == nil {
		return &Error{Code: NotRepeat, Ref: r, Msg: "there is no instance of a repeat here"}
	}
	in.remove(it)
	in.run()
	return in.takeError()
}

func (in *Instance) remove(it *item) {
	parent := it.parent
	in.touchAll(it)
	kept := parent.kids[:0]
	for _, k := range parent.kids {
		if k == it {
			continue
		}
		if k.def == it.def && k.pos > it.pos {
			k.pos--
			in.touch(k)
		}
		kept = append(kept, k)
	}
	clear(parent.kids[len(kept):])
	parent.kids = kept
	it.node.Remove()
	in.forget(it)
}

// forget drops what the instance knows of removed items, so that rules which
// still wait for them do nothing.
func (in *Instance) forget(it *item) {
	delete(in.hidden, it.node)
	it.node = nil
	in.size--
	for _, k := range it.kids {
		in.forget(k)
	}
}

// ensure reports whether a repeat has an instance at a position, making the next
// one if jr:count asks for it. Instances beyond the count stay, so that a slip
// of the finger loses no answers.
func (in *Instance) ensure(c *control, parent *item, pos int) bool {
	have := parent.count(c.def)
	if pos < have {
		return true
	}
	r := c.def.repeat
	if r.count == nil || pos > have {
		return false
	}
	want, err := in.wanted(r.count, parent)
	if err != nil {
		in.fail(parent, err)
		return false
	}
	if float64(pos) >= want || !in.wouldShow(c.def, parent) {
		return false
	}
	if _, err := in.insert(c.def, parent); err != nil {
		in.fail(parent, err)
		return false
	}
	in.run()
	return true
}

// wanted is the number of instances that jr:count says, 0 for no number.
func (in *Instance) wanted(c *repeatCount, parent *item) (float64, error) {
	if c.node != nil {
		it := in.near(parent, c.node)
		if it == nil || it.hidden {
			return 0, nil
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(it.value()), 64)
		if err != nil {
			return 0, nil
		}
		return math.Trunc(f), nil
	}
	v, err := in.eval(c.x, parent)
	if err != nil || math.IsNaN(v.Number()) {
		return 0, err
	}
	return math.Trunc(v.Number()), nil
}

// wouldShow reports whether a new instance of a repeat would be relevant.
func (in *Instance) wouldShow(d *nodeDef, parent *item) bool {
	x := d.bind.relevant
	if x == nil {
		return true
	}
	if strings.TrimSpace(x.src) == "false()" {
		return false
	}
	node := d.repeat.template.Clone()
	after, _ := in.spot(d, parent)
	parent.node.InsertAfter(node, after)
	yes, err := in.holds(x, &item{def: d, node: node, parent: parent})
	node.Remove()
	if err != nil {
		in.fail(parent, err)
		return false
	}
	return yes
}

func count(n *xmltree.Node) int {
	total := 1
	for _, c := range n.Children {
		total += count(c)
	}
	return total
}
