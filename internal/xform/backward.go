package xform

// backward is the last page among the kids of a group up to one, given the
// group's item.
func (in *Instance) backward(group *control, at *item, from int) (place, bool) {
	for i := from; i >= 0; i-- {
		if p, ok := in.leave(group.kids[i], at); ok {
			return p, true
		}
	}
	return place{}, false
}

// leave is the last page of a control that stands under an item.
func (in *Instance) leave(c *control, under *item) (place, bool) {
	if c.isQuestion() || c.fieldList() && c.kind != repeatControl {
		return in.enter(c, under)
	}
	if c.kind == repeatControl {
		parent := in.near(under, c.def.parent)
		if parent == nil || parent.hidden {
			return place{}, false
		}
		for n := parent.count(c.def); in.ensure(c, parent, n); n++ {
			continue // going back shows what going forward would have made
		}
		if in.offers(c, parent) {
			return place{KindRepeatPrompt, c, parent}, true
		}
		return in.leaveRepeat(c, parent, parent.count(c.def)-1)
	}
	it := under
	if c.def != nil && !c.wrapsRepeat() {
		if it = in.near(under, c.def); it == nil || it.hidden {
			return place{}, false
		}
	}
	return in.backward(c, it, len(c.kids)-1)
}

// leaveRepeat is the last page of a repeat's instances up to one.
func (in *Instance) leaveRepeat(c *control, parent *item, from int) (place, bool) {
	for pos := from; pos >= 0; pos-- {
		it := parent.kid(c.def, pos)
		if it == nil || it.hidden {
			continue
		}
		if c.fieldList() {
			if in.anyVisible(c, it) {
				return place{KindFieldList, c, it}, true
			}
			continue
		}
		if p, ok := in.backward(c, it, len(c.kids)-1); ok {
			return p, true
		}
	}
	return place{}, false
}

// before is the page that precedes.
func (in *Instance) before(p place) (place, bool) {
	c, it := p.c, p.it
	switch {
	case p.kind == KindRepeatPrompt:
		if prev, ok := in.leaveRepeat(c, it, it.count(c.def)-1); ok {
			return prev, true
		}
	case p.kind == KindFieldList && c.kind == repeatControl:
		if prev, ok := in.leaveRepeat(c, it.parent, it.pos-1); ok {
			return prev, true
		}
		it = it.parent
	}
	for ; c.parent != nil; c = c.parent {
		group := c.parent
		if group.kind != repeatControl {
			if prev, ok := in.backward(group, it, c.at-1); ok {
				return prev, true
			}
			continue
		}
		instance := it.ancestor(group.def.depth)
		if prev, ok := in.backward(group, instance, c.at-1); ok {
			return prev, true
		}
		if prev, ok := in.leaveRepeat(group, instance.parent, instance.pos-1); ok {
			return prev, true
		}
		it = instance.parent
	}
	return place{}, false
}

// position names a place.
func (in *Instance) position(p place) Position {
	switch p.kind {
	case KindQuestion:
		return Position{Kind: KindQuestion, Ref: p.it.ref(), Nth: p.c.nth}
	case KindFieldList:
		q := p.c.firstQuestion()
		it := in.near(p.it, q.def)
		return Position{Kind: KindFieldList, Ref: it.ref(), Nth: q.nth}
	case KindRepeatPrompt:
		return Position{Kind: KindRepeatPrompt, Ref: p.it.newRef(p.c.def)}
	}
	return Position{Kind: KindEnd}
}

// find gives a position its place again, whether or not the page is relevant.
func (in *Instance) find(p Position) (place, bool) {
	switch p.Kind {
	case KindQuestion, KindFieldList:
		it := in.lookup(p.Ref)
		if it == nil {
			return place{}, false
		}
		c := it.def.asked(p.Nth)
		if c == nil {
			return place{}, false
		}
		list := c.listAround()
		if p.Kind == KindQuestion && list == nil {
			return place{KindQuestion, c, it}, true
		}
		if list == nil {
			return place{}, false
		}
		if list.def != nil && !list.wrapsRepeat() {
			it = it.ancestor(list.def.depth)
		}
		return place{KindFieldList, list, it}, true
	case KindRepeatPrompt:
		d := in.form.known(p.Ref.Generic())
		parent := in.lookup(p.Ref.Parent())
		if d == nil || d.repeat == nil || parent == nil || d.parent != parent.def {
			return place{}, false
		}
		return place{KindRepeatPrompt, d.repeat.control, parent}, true
	}
	return place{}, false
}

// removedFrom finds the repeat that a reference to a removed instance belonged
// to, as the place of its prompt.
func (in *Instance) removedFrom(r Ref) (place, bool) {
	for ; r != ""; r = r.Parent() {
		d := in.form.known(r.Generic())
		parent := in.lookup(r.Parent())
		if d != nil && d.repeat != nil && parent != nil && parent.def == d.parent {
			return place{KindRepeatPrompt, d.repeat.control, parent}, true
		}
	}
	return place{}, false
}

// newRef is the reference that the next instance of a repeat would have.
func (it *item) newRef(d *nodeDef) Ref {
	fresh := item{def: d, parent: it, pos: it.count(d)}
	return Ref(fresh.appendRef(nil))
}

// firstQuestion is the first question of a group in the order of the form.
func (c *control) firstQuestion() *control {
	if c.isQuestion() {
		return c
	}
	for _, k := range c.kids {
		if q := k.firstQuestion(); q != nil {
			return q
		}
	}
	return nil
}

// listAround is the outermost field list around a control, or nil.
func (c *control) listAround() *control {
	var list *control
	for ; c != nil; c = c.parent {
		if c.fieldList() {
			list = c
		}
	}
	return list
}

// asked is the nth control that asks a node.
func (d *nodeDef) asked(nth int) *control {
	if nth < 0 || nth >= len(d.asks) {
		return nil
	}
	return d.asks[nth]
}
