package xform

// fire runs actions for an event that happened at an item.
func (in *Instance) fire(list []*action, at *item) {
	for _, a := range list {
		in.act(a, at)
	}
}

// act gives an action's targets their value.
func (in *Instance) act(a *action, at *item) {
	if in.depth == 0 {
		in.acted = 0
	}
	if in.acted++; in.depth >= maxCascade || in.acted > maxActions {
		in.fail(at, &Error{Code: Limit, Msg: "actions set off each other without end"})
		return
	}
	in.depth++
	defer func() { in.depth-- }()
	for _, it := range in.targets(a, at) {
		value := a.literal
		if a.value != nil {
			v, err := in.eval(a.value, it)
			if err != nil {
				in.fail(it, err)
				continue
			}
			value = in.format(v, it.def.bind.dataType)
		}
		in.change(it, value)
	}
}

// targets are the items an action changes when it happens at an item: the one in
// the same instances of the repeats around both. Of a repeat that the action
// stands in but that has not been entered, as when a form loads, it is all
// instances; of any other repeat the first.
func (in *Instance) targets(a *action, at *item) []*item {
	from := at
	for !a.target.within(from.def) {
		from = from.parent
	}
	if a.pick != nil {
		v, err := in.eval(a.pick, at)
		if err != nil {
			in.fail(at, err)
			return nil
		}
		if len(v.Nodes()) != 1 {
			return nil // it chose none, or no one in particular
		}
		if it := in.itemOf(v.Nodes()[0]); it.def == a.target {
			return []*item{it}
		}
		return nil
	}
	if a.around == nil || !a.target.within(a.around) || from.def.within(a.around) {
		if it := in.near(from, a.target); it != nil {
			return []*item{it}
		}
		return nil
	}
	var out []*item
	from.each(a.around, func(r *item) {
		if it := in.near(r, a.target); it != nil {
			out = append(out, it)
		}
	})
	return out
}

// change gives an item a value as an answer or an action does: what depends on
// it is recomputed, then the actions of the question run.
func (in *Instance) change(it *item, value string) {
	if !in.store(it, value) {
		return
	}
	if in.started {
		in.run()
	}
	for _, c := range it.def.asks {
		in.fire(c.onChange, it)
	}
}
