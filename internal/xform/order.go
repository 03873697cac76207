package xform

import (
	"slices"
	"strings"
)

// order makes the rules of all binds, finds out what each reads, and puts them
// into an order in which every rule comes after those it depends on. Rules that
// depend on each other in a circle make the form unusable, as in the reference;
// so does a rule that reads its own node.
func (f *Form) order() error {
	for _, d := range f.defs {
		for kind, x := range [ruleKinds]*expression{d.bind.calculate, d.bind.relevant, d.bind.required, d.bind.readOnly} {
			if x == nil {
				continue
			}
			r := &rule{kind: ruleKind(kind), target: d, x: x}
			d.rules[kind] = r
			f.rules = append(f.rules, r)
		}
	}
	left := maxReads
	for _, r := range f.rules {
		reads, err := f.reads(r.x, r.target, &left)
		if err != nil {
			return err
		}
		for _, read := range reads {
			read.def.readers = append(read.def.readers, reader{r, read.bound})
		}
	}
	next := f.edges()
	for i, r := range f.rules {
		if slices.Contains(next[i], i) {
			return cycle([]*rule{r})
		}
	}
	return f.sort(next)
}

// edges lists for each rule the rules it sets off, by index.
func (f *Form) edges() [][]int {
	index := make(map[*rule]int, len(f.rules))
	for i, r := range f.rules {
		index[r] = i
	}
	next := make([][]int, len(f.rules))
	for i, r := range f.rules {
		seen := map[int]bool{}
		last := r.target.id
		if r.kind != ruleCalculate {
			last = r.target.last // a group's condition holds for all below it
		}
		for _, d := range f.defs[r.target.id : last+1] {
			for _, rd := range d.readers {
				if j := index[rd.rule]; !seen[j] && (r.cascades() || j == i) {
					seen[j] = true
					next[i] = append(next[i], j)
				}
			}
		}
	}
	return next
}

// sort ranks the rules, keeping the order of the form where dependencies leave
// it open.
func (f *Form) sort(next [][]int) error {
	waits := make([]int, len(f.rules))
	for _, to := range next {
		for _, j := range to {
			waits[j]++
		}
	}
	var sorted []*rule
	var ready []int
	for i := range f.rules {
		if waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[0]
		ready = ready[1:]
		f.rules[i].rank = len(sorted)
		sorted = append(sorted, f.rules[i])
		for _, j := range next[i] {
			if waits[j]--; waits[j] == 0 {
				ready = append(ready, j)
			}
		}
	}
	if len(sorted) < len(f.rules) {
		return cycle(circle(f.rules, next, waits))
	}
	f.rules = sorted
	f.typeBooleans()
	return nil
}

// typeBooleans finds out which nodes hold booleans, calculations of calculations
// included, and lets expressions read them as such.
func (f *Form) typeBooleans() {
	for _, d := range f.defs {
		d.boolean = d.bind.dataType == Boolean
		f.booleans = f.booleans || d.boolean
	}
	for _, r := range f.rules {
		f.typed(r.x, r.target)
		if r.kind == ruleCalculate && r.x.x.GivesBoolean() {
			r.target.boolean, f.booleans = true, true
		}
	}
	for _, d := range f.defs {
		if d.bind.constraint != nil {
			f.typed(d.bind.constraint, d)
		}
	}
}

// typed prepares an expression of a node for reading booleans.
func (f *Form) typed(x *expression, at *nodeDef) {
	if f.booleans && at != nil {
		x.x.TypeBooleans(schema{f}, at.id, func(n int) bool { return f.defs[n].boolean })
	}
}

// circle finds rules that depend on each other among those that wait for ever.
func circle(rules []*rule, next [][]int, waits []int) []*rule {
	before := make([]int, len(rules)) // a waiting rule that each waiting rule waits for
	start := -1
	for i := range rules {
		if waits[i] == 0 {
			continue
		}
		start = i
		for _, j := range next[i] {
			if waits[j] > 0 {
				before[j] = i
			}
		}
	}
	at := start
	for range rules {
		at = before[at]
	}
	var out []*rule
	for i := at; ; {
		out = append(out, rules[i])
		if i = before[i]; i == at {
			break
		}
	}
	slices.Reverse(out)
	return out
}

func cycle(rules []*rule) error {
	var paths []string
	for _, r := range rules {
		if p := string(r.target.path); !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return &Error{Code: BadCycle, Ref: rules[0].target.path,
		Msg: "cycle detected in the form's relevance and calculation logic; these nodes depend on each other: " + strings.Join(paths, ", ")}
}
