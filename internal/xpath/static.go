package xpath

import "parvis/internal/xmltree"

// newPredicate works out what can be known of a predicate beforehand.
func newPredicate(e expr) predicate {
	p := predicate{e: e}
	if lit, ok := e.(*literalExpr); ok && lit.v.kind == NumberType {
		p.positional = true
		if n := int(lit.v.num); n > 0 && float64(n) == lit.v.num {
			p.number = n
		}
		return p
	}
	p.positional = !neverNumber(e) || asksPosition(e)
	if !p.positional {
		if p.equal = findEqual(e); p.equal != nil {
			_, p.equal.whole = e.(*compareExpr)
		}
	}
	return p
}

// neverNumber reports whether an expression surely gives no number.
func neverNumber(e expr) bool {
	switch x := e.(type) {
	case *literalExpr:
		return x.v.kind != NumberType
	case *logicExpr, *compareExpr, *unionExpr, *pathExpr:
		return true
	case *callExpr:
		switch x.name {
		case "not", "true", "false", "boolean", "contains", "starts-with", "ends-with", "selected", "is-selected", "lang",
			"string", "concat", "join", "regex", "boolean-from-string", "checklist", "weighted-checklist", "normalize-space",
			"translate", "substr", "substring", "substring-before", "substring-after", "name", "local-name", "namespace-uri",
			"jr:choice-name", "jr:itext", "uuid", "selected-at", "current", "instance", "id", "geofence", "intersects":
			return true
		}
	}
	return false
}

// asksPosition reports whether an expression needs position() or last() of its
// own focus. Inside the predicates of a path they belong to that path.
func asksPosition(e expr) bool {
	switch x := e.(type) {
	case *logicExpr:
		return anyAsks(x.args)
	case *unionExpr:
		return anyAsks(x.args)
	case *arithmeticExpr:
		return asksPosition(x.a) || asksPosition(x.b)
	case *compareExpr:
		return asksPosition(x.a) || asksPosition(x.b)
	case *negateExpr:
		return asksPosition(x.a)
	case *pathExpr:
		return x.base != nil && asksPosition(x.base)
	case *callExpr:
		if x.name == "last" || x.name == "position" && len(x.args) == 0 || x.fn == nil {
			return true
		}
		return anyAsks(x.args)
	}
	return false
}

func anyAsks(list []expr) bool {
	for _, e := range list {
		if asksPosition(e) {
			return true
		}
	}
	return false
}

// findEqual looks for field = value among the conjuncts of a predicate, where
// field is one child step and value does not depend on the context node.
func findEqual(e expr) *equal {
	switch x := e.(type) {
	case *logicExpr:
		if x.or {
			return nil
		}
		for _, a := range x.args {
			if eq := findEqual(a); eq != nil {
				return eq
			}
		}
	case *compareExpr:
		if x.op != opEq {
			return nil
		}
		if f, ok := childField(x.a); ok && independent(x.b) {
			return &equal{field: f, value: x.b}
		}
		if f, ok := childField(x.b); ok && independent(x.a) {
			return &equal{field: f, value: x.a}
		}
	}
	return nil
}

func childField(e expr) (xmltree.Name, bool) {
	p, ok := e.(*pathExpr)
	if !ok || !p.simple || p.absolute || p.current || len(p.steps) == 0 {
		return xmltree.Name{}, false
	}
	last := p.steps[len(p.steps)-1]
	for _, s := range p.steps[:len(p.steps)-1] {
		if s.axis != axisSelf { // ./name is name
			return xmltree.Name{}, false
		}
	}
	if last.axis != axisChild || last.test.anyLocal {
		return xmltree.Name{}, false
	}
	name := last.test.name
	if last.test.anySpace {
		name.Space = "*"
	}
	return name, true
}

// independent reports whether a value is the same whatever the context node, and
// cheap and sure enough to be computed before the items are looked at.
func independent(e expr) bool {
	switch x := e.(type) {
	case *literalExpr, *variableExpr:
		return true
	case *pathExpr:
		if x.base != nil {
			c, ok := x.base.(*callExpr)
			return ok && len(x.preds) == 0 && independent(c)
		}
		return x.absolute || x.current
	case *callExpr:
		switch x.name {
		case "current", "instance", "string", "concat", "normalize-space", "selected-at", "substr", "coalesce", "if", "true", "false", "indexed-repeat", "not":
		default:
			return false
		}
		if len(x.args) == 0 && (x.name == "string" || x.name == "normalize-space") {
			return false
		}
		for _, a := range x.args {
			if !independent(a) {
				return false
			}
		}
		return true
	case *compareExpr:
		return independent(x.a) && independent(x.b)
	case *arithmeticExpr:
		return independent(x.a) && independent(x.b)
	}
	return false
}
