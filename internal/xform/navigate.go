package xform

// place is a page with the control and item behind it.
type place struct {
	kind Kind
	c    *control
	it   *item // of a question; the group or repeat instance of a list; the parent of a prompt's repeat
}

// First is the first page, the end when nothing is relevant.
func (in *Instance) First() Position {
	p, _ := in.forward(in.form.body, in.root, 0)
	return in.position(p)
}

// Next is the page after p; false at the end. A page that is not relevant any
// more is left for the one after it; from an instance that was removed it goes
// to the prompt of its repeat. Repeats whose number the form computes get their
// instances here.
func (in *Instance) Next(p Position) (Position, bool) {
	if p.Kind == KindEnd {
		return p, false
	}
	at, ok := in.find(p)
	if !ok {
		if at, ok = in.removedFrom(p.Ref); !ok {
			return in.First(), true
		}
		if in.offers(at.c, at.it) {
			return in.position(at), true
		}
	}
	next, _ := in.after(at)
	return in.position(next), true
}

// Prev is the page before p; false at the first.
func (in *Instance) Prev(p Position) (Position, bool) {
	if p.Kind == KindEnd {
		last, ok := in.backward(in.form.body, in.root, len(in.form.body.kids)-1)
		if !ok {
			return p, false
		}
		return in.position(last), true
	}
	at, ok := in.find(p)
	if !ok {
		if at, ok = in.removedFrom(p.Ref); !ok {
			return in.First(), true
		}
	}
	prev, ok := in.before(at)
	if !ok {
		return p, false
	}
	return in.position(prev), true
}

// Pages are all relevant pages in order, without the end.
func (in *Instance) Pages() []Position {
	var out []Position
	p, ok := in.forward(in.form.body, in.root, 0)
	for ok {
		out = append(out, in.position(p))
		p, ok = in.after(p)
	}
	return out
}

// Progress tells how far a page is: at counts the relevant questions up to and
// including the page, about all that are relevant now. While a question of the
// page has no answer, those that one could open are counted too: before consent
// is given the rest of a questionnaire is not nothing.
func (in *Instance) Progress(p Position) (at, about int) {
	end := len(in.form.controls)
	var open map[*nodeDef]bool
	if here, ok := in.find(p); ok && p.Kind != KindEnd {
		end = here.c.order
		if p.Kind != KindQuestion { // a list is all of its questions; a prompt comes after what it would repeat
			end = here.c.lastWithin().order
		}
		open = in.opens(here)
	}
	for i, c := range in.form.controls {
		if !c.isQuestion() || c.headsTable() {
			continue
		}
		n := in.visibleCount(c)
		if i <= end {
			at += n
		} else if n == 0 && c.def.opened(open) {
			n = 1
		}
		about += n
	}
	return at, about
}

// opens are the nodes whose relevance reads an answer that a page still lacks,
// itself or by way of calculations; nil where none is lacking.
func (in *Instance) opens(here place) map[*nodeDef]bool {
	var queue []*nodeDef
	lacks := func(c *control, it *item) {
		if in.Value(it.ref()) == "" {
			queue = append(queue, c.def)
		}
	}
	if here.c.isQuestion() {
		lacks(here.c, here.it)
	} else {
		in.eachShown(here.c, here.it, lacks)
	}
	if len(queue) == 0 {
		return nil
	}
	open, seen := map[*nodeDef]bool{}, map[*nodeDef]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, r := range queue[0].readers {
			switch {
			case r.rule.kind == ruleRelevant:
				open[r.rule.target] = true
			case r.rule.kind == ruleCalculate && !seen[r.rule.target]:
				seen[r.rule.target] = true
				queue = append(queue, r.rule.target)
			}
		}
	}
	return open
}

// opened tells whether the node's relevance, and that of what it stands in,
// hangs on nothing but what could be opened.
func (d *nodeDef) opened(open map[*nodeDef]bool) bool {
	if len(open) == 0 {
		return false
	}
	any := false
	for ; d != nil; d = d.parent {
		if d.rules[ruleRelevant] != nil {
			if !open[d] {
				return false
			}
			any = true
		}
	}
	return any
}

// lastWithin is the last control in document order of a group, or the control itself.
func (c *control) lastWithin() *control {
	for len(c.kids) > 0 {
		c = c.kids[len(c.kids)-1]
	}
	return c
}

func (in *Instance) visibleCount(c *control) int {
	if c.def.repeated == nil {
		if it := in.single[c.def.id]; it != nil && !it.hidden {
			return 1
		}
		return 0
	}
	n := 0
	in.root.each(c.def, func(it *item) {
		if !it.hidden {
			n++
		}
	})
	return n
}

// forward is the first page among the kids of a group from one on, given the
// group's item.
func (in *Instance) forward(group *control, at *item, from int) (place, bool) {
	for i := from; i < len(group.kids); i++ {
		if p, ok := in.enter(group.kids[i], at); ok {
			return p, true
		}
	}
	return place{}, false
}

// enter is the first page of a control that stands under an item.
func (in *Instance) enter(c *control, under *item) (place, bool) {
	switch {
	case c.isQuestion():
		it := in.near(under, c.def)
		return place{KindQuestion, c, it}, it != nil && !it.hidden
	case c.kind == repeatControl:
		parent := in.near(under, c.def.parent)
		if parent == nil || parent.hidden {
			return place{}, false
		}
		return in.enterRepeat(c, parent, 0)
	}
	it := under
	if c.def != nil && !c.wrapsRepeat() {
		if it = in.near(under, c.def); it == nil || it.hidden {
			return place{}, false
		}
	}
	if c.fieldList() {
		return place{KindFieldList, c, it}, in.anyVisible(c, it)
	}
	return in.forward(c, it, 0)
}

// enterRepeat is the first page of a repeat from an instance on, its prompt
// included. Where the form computes the number, the instance that comes next is
// made when it is entered, as the reference does, so that a count may depend on
// the instances before.
func (in *Instance) enterRepeat(c *control, parent *item, from int) (place, bool) {
	for pos := from; in.ensure(c, parent, pos); pos++ {
		it := parent.kid(c.def, pos)
		if it.hidden {
			continue
		}
		if c.fieldList() {
			if in.anyVisible(c, it) {
				return place{KindFieldList, c, it}, true
			}
			continue
		}
		if p, ok := in.forward(c, it, 0); ok {
			return p, true
		}
	}
	return place{KindRepeatPrompt, c, parent}, in.offers(c, parent)
}

// after is the page that follows.
func (in *Instance) after(p place) (place, bool) {
	c, it := p.c, p.it
	if p.kind == KindFieldList && c.kind == repeatControl {
		if next, ok := in.enterRepeat(c, it.parent, it.pos+1); ok {
			return next, true
		}
		it = it.parent
	}
	for ; c.parent != nil; c = c.parent {
		group := c.parent
		if group.kind != repeatControl {
			if next, ok := in.forward(group, it, c.at+1); ok {
				return next, true
			}
			continue
		}
		instance := it.ancestor(group.def.depth)
		if next, ok := in.forward(group, instance, c.at+1); ok {
			return next, true
		}
		if next, ok := in.enterRepeat(group, instance.parent, instance.pos+1); ok {
			return next, true
		}
		it = instance.parent
	}
	return place{}, false
}

// offers reports whether the respondent may be asked for another instance.
func (in *Instance) offers(c *control, parent *item) bool {
	r := c.def.repeat
	return r.count == nil && !r.fixed && !parent.hidden && parent.count(c.def) < maxRepeats && in.wouldShow(c.def, parent)
}

// anyVisible reports whether a field list has something to show.
func (in *Instance) anyVisible(c *control, under *item) bool {
	for _, k := range c.kids {
		if k.isQuestion() {
			if it := in.near(under, k.def); it != nil && !it.hidden {
				return true
			}
			continue
		}
		it := under
		if k.def != nil {
			it = in.near(under, k.def)
		}
		if it != nil && !it.hidden && in.anyVisible(k, it) {
			return true
		}
	}
	return false
}
