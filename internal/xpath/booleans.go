package xpath

// GivesBoolean reports whether the expression surely gives a boolean.
func (e *Expr) GivesBoolean() bool { return givesBoolean(e.root) }

func givesBoolean(e expr) bool {
	switch x := e.(type) {
	case *logicExpr, *compareExpr:
		return true
	case *callExpr:
		switch x.name {
		case "boolean", "not", "true", "false", "boolean-from-string", "selected", "is-selected", "contains", "starts-with",
			"ends-with", "regex", "checklist", "weighted-checklist", "lang", "geofence", "intersects":
			return true
		case "if":
			return len(x.args) == 3 && givesBoolean(x.args[1]) && givesBoolean(x.args[2])
		case "once":
			return len(x.args) == 1 && givesBoolean(x.args[0])
		}
	}
	return false
}

// TypeBooleans makes paths that lead only to boolean nodes give booleans where a
// value is asked for, as JavaRosa has it: compared with 'false' or with 0, put
// into a text, or as the whole result. Call it once, before the expression is
// used; at is the node it belongs to.
func (e *Expr) TypeBooleans(s Schema, at int, boolean func(node int) bool) {
	if e.typed {
		return
	}
	e.typed = true
	left := maxTyped
	t := typer{r: reads{s: s, at: Read{at, s.Depth(at)}, left: &left}, boolean: boolean}
	e.root = t.value(e.root)
}

// maxTyped bounds the nodes looked at for one expression.
const maxTyped = 100_000

type typer struct {
	r       reads
	boolean func(int) bool
}

// value is an expression whose value is asked for.
func (t *typer) value(e expr) expr {
	if p, ok := e.(*pathExpr); ok && t.leadsToBoolean(p) {
		c := &callExpr{name: "boolean", args: []expr{p}, at: p.at, odk: true}
		c.fn = functions()[ODK][c.name].fn
		return c
	}
	t.inside(e)
	return e
}

func (t *typer) inside(e expr) {
	switch x := e.(type) {
	case *logicExpr:
		for _, a := range x.args {
			t.inside(a)
		}
	case *compareExpr:
		x.a, x.b = t.value(x.a), t.value(x.b)
	case *arithmeticExpr:
		x.a, x.b = t.value(x.a), t.value(x.b)
	case *negateExpr:
		x.a = t.value(x.a)
	case *callExpr:
		switch x.name {
		case "if", "string", "concat", "number", "int", "coalesce", "once":
			for i, a := range x.args {
				x.args[i] = t.value(a)
			}
		default:
			for _, a := range x.args {
				t.inside(a)
			}
		}
	}
}

func (t *typer) leadsToBoolean(p *pathExpr) bool {
	if p.base != nil || len(p.steps) == 0 {
		return false
	}
	ends := t.r.path(p, []Read{t.r.at})
	for _, n := range ends {
		if n.Node == document || !t.boolean(n.Node) {
			return false
		}
	}
	return len(ends) > 0
}
