package xform

import (
	"strconv"
	"strings"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// run recomputes what waits, each rule after the rules it depends on. The first
// error is kept for takeError; the other rules still run.
func (in *Instance) run() {
	for {
		rank, items := in.queue.next()
		if rank < 0 {
			return
		}
		r := in.form.rules[rank]
		for _, it := range items {
			it.queued &^= 1 << r.kind
			if it.node == nil {
				continue // removed while it waited
			}
			in.apply(r, it)
		}
		in.queue.done(rank, items)
	}
}

func (in *Instance) apply(r *rule, it *item) {
	if r.kind == ruleCalculate {
		v, err := in.eval(r.x, it)
		if err != nil {
			in.fail(it, err)
			return
		}
		in.store(it, in.format(v, it.def.bind.dataType))
		return
	}
	yes, err := in.holds(r.x, it)
	if err != nil {
		in.fail(it, err)
		return
	}
	switch r.kind {
	case ruleRelevant:
		if it.off == yes {
			it.off = !yes
			in.spread(it, it.parent != nil && it.parent.hidden)
		}
	case ruleRequired:
		it.required = yes
	case ruleReadOnly:
		it.readOnly = yes
	}
}

// Truth says what a node means as a condition: unanswered is false, numbers and
// booleans are read by the node's type, any other text is true.
func (e *environment) Truth(n *xmltree.Node) bool {
	s := strings.TrimSpace(n.Text())
	if s == "" || n.Top() != e.in.doc {
		return s != ""
	}
	d := e.in.itemOf(n).def
	if d.boolean {
		return s == "1" || s == "true"
	}
	switch d.bind.dataType {
	case Int, Decimal:
		f, err := strconv.ParseFloat(s, 64)
		return err != nil || f != 0
	}
	return true
}

func (in *Instance) fail(it *item, err error) {
	if in.failed == nil {
		in.failed = &Error{Code: BadForm, Ref: it.ref(), Msg: "an expression cannot be evaluated", Err: err}
	}
}

// eval evaluates an expression at an item.
func (in *Instance) eval(x *expression, it *item) (xpath.Value, error) {
	return in.evalNode(x, it.node)
}

func (in *Instance) evalNode(x *expression, n *xmltree.Node) (xpath.Value, error) {
	v, err := x.x.Eval(in.context(n))
	in.nest--
	return v, err
}

// holds evaluates a condition at an item.
func (in *Instance) holds(x *expression, it *item) (bool, error) {
	yes, err := x.x.EvalBool(in.context(it.node))
	in.nest--
	return yes, err
}

// context prepares the context of an evaluation, which may stand within another;
// the caller takes one off nest afterwards.
func (in *Instance) context(n *xmltree.Node) *xpath.Context {
	if in.nest == len(in.ctxs) {
		in.ctxs = append(in.ctxs, new(xpath.Context))
	}
	c := in.ctxs[in.nest]
	in.nest++
	*c = xpath.Context{Node: n, Current: n, Root: in.doc, Env: &in.env}
	if len(in.hidden) > 0 {
		c.Visible = in.see
	}
	return c
}

// store gives an item a value and queues its readers, if it is a new value.
func (in *Instance) store(it *item, value string) bool {
	if it.value() == value {
		return false
	}
	it.node.SetText(value)
	in.touch(it)
	return true
}

// touch queues the rules that read an item.
func (in *Instance) touch(it *item) {
	for _, rd := range it.def.readers {
		in.ask(rd, it)
	}
}

func (in *Instance) ask(rd reader, changed *item) {
	target := rd.rule.target
	if target.repeated == nil {
		if t := in.single[target.id]; t != nil {
			in.queue.add(rd.rule, t)
		}
		return
	}
	changed.ancestor(rd.bound).each(target, func(t *item) { in.queue.add(rd.rule, t) })
}

// touchAll queues the rules that read an item or anything below it.
func (in *Instance) touchAll(it *item) {
	in.touch(it)
	for _, k := range it.kids {
		in.touchAll(k)
	}
}

// queueAll queues every rule of an item and of all below it.
func (in *Instance) queueAll(it *item) {
	for _, r := range it.def.rules {
		if r != nil {
			in.queue.add(r, it)
		}
	}
	for _, k := range it.kids {
		in.queueAll(k)
	}
}

// spread passes relevance down from an item and queues the readers of every
// node whose relevance changes.
func (in *Instance) spread(it *item, above bool) {
	hidden := above || it.off
	if hidden == it.hidden {
		return
	}
	it.hidden = hidden
	if hidden {
		in.hidden[it.node] = struct{}{}
	} else {
		delete(in.hidden, it.node)
	}
	in.touch(it)
	for _, k := range it.kids {
		in.spread(k, hidden)
	}
}
