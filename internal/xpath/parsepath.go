package xpath

import "strings"

func (p *parser) path() (expr, *Error) {
	base, err := p.primary()
	if err != nil {
		return nil, err
	}
	if base != nil {
		return p.filter(base)
	}
	e := &pathExpr{at: p.tok.at}
	switch {
	case p.is(tokOperator, "/"):
		e.absolute = true
		if err := p.advance(); err != nil {
			return nil, err
		}
		if !p.startsStep() {
			return e, nil
		}
	case p.is(tokOperator, "//"):
		e.absolute = true
		e.steps = append(e.steps, anyDescendant())
		if err := p.advance(); err != nil {
			return nil, err
		}
	case !p.startsStep():
		return nil, p.unexpected("a value or a path")
	}
	return e, p.steps(e)
}

func (p *parser) startsStep() bool {
	return p.tok.kind == tokName || p.tok.kind == tokPunct && (p.tok.text == "." || p.tok.text == ".." || p.tok.text == "@")
}

// filter parses the predicates and steps after a primary expression.
func (p *parser) filter(base expr) (expr, *Error) {
	e := &pathExpr{base: base, at: p.tok.at}
	preds, err := p.predicates()
	if err != nil {
		return nil, err
	}
	e.preds = preds
	if c, ok := base.(*callExpr); ok && c.name == "current" && len(c.args) == 0 && len(preds) == 0 && p.is(tokOperator, "/") {
		e.base, e.current = nil, true
	}
	switch {
	case p.is(tokOperator, "/"):
		if err := p.advance(); err != nil {
			return nil, err
		}
		return e, p.steps(e)
	case p.is(tokOperator, "//"):
		e.steps = append(e.steps, anyDescendant())
		if err := p.advance(); err != nil {
			return nil, err
		}
		return e, p.steps(e)
	case len(preds) == 0:
		return base, nil
	}
	return e, nil
}

func anyDescendant() step {
	return step{axis: axisDescendantOrSelf, test: nodeTest{kind: testNode}}
}

func (p *parser) steps(e *pathExpr) *Error {
	for {
		s, err := p.step()
		if err != nil {
			return err
		}
		e.add(s)
		switch {
		case p.is(tokOperator, "/"):
		case p.is(tokOperator, "//"):
			e.add(anyDescendant())
		default:
			e.simple = e.isSimple()
			return nil
		}
		if err := p.advance(); err != nil {
			return err
		}
	}
}

// add appends a step; //name becomes one descendant step where no predicate
// counts positions.
func (e *pathExpr) add(s step) {
	if n := len(e.steps); n > 0 && s.axis == axisChild {
		last := &e.steps[n-1]
		if last.axis == axisDescendantOrSelf && last.test.kind == testNode && len(last.preds) == 0 && !anyPositional(s.preds) {
			s.axis = axisDescendant
			*last = s
			return
		}
	}
	e.steps = append(e.steps, s)
}

func anyPositional(preds []predicate) bool {
	for _, p := range preds {
		if p.positional {
			return true
		}
	}
	return false
}

const maxSimple = 16

func (e *pathExpr) isSimple() bool {
	if e.base != nil || len(e.steps) > maxSimple {
		return false
	}
	for i, s := range e.steps {
		up := s.axis == axisParent || s.axis == axisSelf
		if len(s.preds) > 0 || up && s.test.kind != testNode || s.axis == axisChild && s.test.kind != testName {
			return false
		}
		if !up && s.axis != axisChild || up && i > 0 && e.steps[i-1].axis == axisChild {
			return false
		}
	}
	return true
}

func (p *parser) step() (step, *Error) {
	s := step{axis: axisChild}
	switch {
	case p.is(tokPunct, "."):
		s.axis, s.test.kind = axisSelf, testNode
		return s, p.shortStep(&s)
	case p.is(tokPunct, ".."):
		s.axis, s.test.kind = axisParent, testNode
		return s, p.shortStep(&s)
	case p.is(tokPunct, "@"):
		s.axis = axisAttribute
		if err := p.advance(); err != nil {
			return s, err
		}
	case p.tok.kind == tokName:
		next, err := p.peek()
		if err != nil {
			return s, err
		}
		if next.kind == tokPunct && next.text == "::" {
			a, ok := axisNamed(p.tok.text)
			if !ok {
				return s, p.fail(p.tok, "there is no axis "+p.tok.text, "child, parent, descendant, following-sibling, ...")
			}
			s.axis = a
			if err := p.advance(); err != nil {
				return s, err
			}
			if err := p.advance(); err != nil {
				return s, err
			}
		}
	}
	if err := p.nodeTest(&s); err != nil {
		return s, err
	}
	preds, err := p.predicates()
	s.preds = preds
	return s, err
}

// shortStep finishes . and .., to which the ODK dialects allow predicates.
func (p *parser) shortStep(s *step) *Error {
	if err := p.advance(); err != nil {
		return err
	}
	if p.opt.Dialect == XPath10 {
		return nil
	}
	preds, err := p.predicates()
	s.preds = preds
	return err
}

func (p *parser) nodeTest(s *step) *Error {
	if p.tok.kind != tokName {
		return p.unexpected("the name of an element")
	}
	t := p.tok
	next, err := p.peek()
	if err != nil {
		return err
	}
	if next.kind == tokPunct && next.text == "(" {
		return p.typeTest(s, t)
	}
	test, err := p.nameTest(t)
	if err != nil {
		return err
	}
	if s.axis == axisAttribute && !strings.Contains(t.text, ":") {
		test.anySpace = test.anyLocal
	}
	s.test = test
	return p.advance()
}

func (p *parser) typeTest(s *step, t token) *Error {
	switch t.text {
	case "node":
		s.test.kind = testNode
	case "text":
		s.test.kind = testText
	case "comment":
		s.test.kind = testComment
	case "processing-instruction":
		s.test.kind = testPI
	default:
		return p.fail(t, "a function cannot be a step of a path", "node(), text() or a name")
	}
	if err := p.advance(); err != nil {
		return err
	}
	if err := p.advance(); err != nil {
		return err
	}
	if s.test.kind == testPI && p.tok.kind == tokLiteral {
		s.test.target, s.test.hasPI = p.tok.text, true
		if err := p.advance(); err != nil {
			return err
		}
	}
	return p.expect(tokPunct, ")")
}

func (p *parser) predicates() ([]predicate, *Error) {
	var out []predicate
	for p.is(tokPunct, "[") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		if err := p.expect(tokPunct, "]"); err != nil {
			return nil, err
		}
		out = append(out, newPredicate(e))
	}
	return out, nil
}

func axisNamed(name string) (axis, bool) {
	for i, n := range [...]string{"child", "descendant", "parent", "ancestor", "following-sibling", "preceding-sibling",
		"following", "preceding", "attribute", "namespace", "self", "descendant-or-self", "ancestor-or-self"} {
		if n == name {
			return axis(i), true
		}
	}
	return 0, false
}
