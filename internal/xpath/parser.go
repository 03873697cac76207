package xpath

import (
	"math"
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// Limits of what Compile takes: the length of an expression in bytes and how
// deeply it may nest.
const (
	MaxLength = 256 << 10
	MaxDepth  = 200
	maxChain  = 2000
)

type parser struct {
	lex   lexer
	tok   token
	ahead *token
	opt   Options
	depth int
	calls []*callExpr
}

func (p *parser) fail(t token, msg, expected string) *Error {
	return &Error{Source: p.lex.src, Offset: t.at, Msg: msg, Expected: expected}
}

// unexpected names the token that stands where something else should.
func (p *parser) unexpected(expected string) *Error {
	switch p.tok.kind {
	case tokEnd:
		return p.fail(p.tok, "the expression ends too early", expected)
	case tokLiteral:
		return p.fail(p.tok, "unexpected text \""+p.tok.text+"\"", expected)
	}
	return p.fail(p.tok, "unexpected "+p.tok.text, expected)
}

func (p *parser) advance() *Error {
	if p.ahead != nil {
		p.tok, p.ahead = *p.ahead, nil
		return nil
	}
	t, err := p.lex.next()
	if err != nil {
		return err
	}
	p.tok = t
	return nil
}

func (p *parser) peek() (token, *Error) {
	if p.ahead == nil {
		t, err := p.lex.next()
		if err != nil {
			return token{}, err
		}
		p.ahead = &t
	}
	return *p.ahead, nil
}

func (p *parser) is(k tokenKind, text string) bool { return p.tok.kind == k && p.tok.text == text }

func (p *parser) expect(k tokenKind, text string) *Error {
	if !p.is(k, text) {
		return p.unexpected(text)
	}
	return p.advance()
}

func (p *parser) enter() *Error {
	if p.depth++; p.depth > MaxDepth {
		return p.fail(p.tok, "the expression is nested more than "+strconv.Itoa(MaxDepth)+" deep", "")
	}
	return nil
}

func (p *parser) parse() (expr, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokEnd {
		return nil, p.fail(p.tok, "the expression is empty", "a value or a path")
	}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEnd {
		return nil, p.unexpected("an operator or the end")
	}
	return e, nil
}

func (p *parser) or() (expr, *Error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	return p.logic("or", func() (expr, *Error) { return p.logic("and", p.equality) })
}

func (p *parser) logic(word string, operand func() (expr, *Error)) (expr, *Error) {
	first, err := operand()
	if err != nil || !p.is(tokOperator, word) {
		return first, err
	}
	args := []expr{first}
	for p.is(tokOperator, word) {
		if err := p.advance(); err != nil {
			return nil, err
		}
		e, err := operand()
		if err != nil {
			return nil, err
		}
		args = append(args, e)
	}
	return &logicExpr{or: word == "or", args: args}, nil
}

// chain parses operand (op operand)*, grouping to the left.
func (p *parser) chain(ops string, operand func() (expr, *Error), join func(op string, a, b expr) expr) (expr, *Error) {
	a, err := operand()
	for n := 0; err == nil && p.tok.kind == tokOperator && strings.Contains(ops, " "+p.tok.text+" "); n++ {
		if n > maxChain {
			return nil, p.fail(p.tok, "more than "+strconv.Itoa(maxChain)+" operators in a row", "")
		}
		op := p.tok.text
		if err := p.advance(); err != nil {
			return nil, err
		}
		b, err := operand()
		if err != nil {
			return nil, err
		}
		a = join(op, a, b)
	}
	return a, err
}

func (p *parser) equality() (expr, *Error) {
	return p.chain(" = != ", p.relational, newCompare)
}

func (p *parser) relational() (expr, *Error) {
	return p.chain(" < <= > >= ", p.additive, newCompare)
}

func newCompare(op string, a, b expr) expr {
	code := opEq
	switch op {
	case "!=":
		code = opNe
	case "<":
		code = opLt
	case "<=":
		code = opLe
	case ">":
		code = opGt
	case ">=":
		code = opGe
	}
	return &compareExpr{op: code, a: a, b: b}
}

func newArithmetic(op string, a, b expr) expr { return &arithmeticExpr{op: op[0], a: a, b: b} }

func (p *parser) additive() (expr, *Error) { return p.chain(" + - ", p.multiplicative, newArithmetic) }

func (p *parser) multiplicative() (expr, *Error) {
	return p.chain(" * div mod ", p.unary, newArithmetic)
}

func (p *parser) unary() (expr, *Error) {
	minus := 0
	for p.is(tokOperator, "-") {
		minus++
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	e, err := p.union()
	if err != nil || minus == 0 {
		return e, err
	}
	if lit, ok := e.(*literalExpr); ok && lit.v.kind == NumberType {
		if minus%2 == 1 {
			lit.v.num = -lit.v.num
		}
		return lit, nil
	}
	e = &negateExpr{e}
	if minus%2 == 0 {
		e = &negateExpr{e}
	}
	return e, nil
}

func (p *parser) union() (expr, *Error) {
	first, err := p.path()
	if err != nil || !p.is(tokOperator, "|") {
		return first, err
	}
	args := []expr{first}
	for p.is(tokOperator, "|") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		e, err := p.path()
		if err != nil {
			return nil, err
		}
		args = append(args, e)
	}
	return &unionExpr{args}, nil
}

// primary parses what is not a location path, or returns nil when a location
// path starts here.
func (p *parser) primary() (expr, *Error) {
	t := p.tok
	switch t.kind {
	case tokNumber:
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil && !math.IsInf(f, 0) {
			return nil, p.unexpected("a number")
		}
		return &literalExpr{Number(f)}, p.advance()
	case tokLiteral:
		v := String(t.text)
		v.odk, v.utc = p.opt.Dialect != XPath10, p.opt.Dialect == ODKWeb
		return &literalExpr{v}, p.advance()
	case tokVariable:
		return &variableExpr{t.text, t.at}, p.advance()
	case tokPunct:
		if t.text != "(" {
			return nil, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.expect(tokPunct, ")")
	case tokName:
		next, err := p.peek()
		if err != nil {
			return nil, err
		}
		if next.kind == tokPunct && next.text == "(" && !isNodeType(t.text) {
			return p.call()
		}
	}
	return nil, nil
}

func isNodeType(name string) bool {
	return name == "node" || name == "text" || name == "comment" || name == "processing-instruction"
}

func (p *parser) call() (expr, *Error) {
	c := &callExpr{name: p.tok.text, at: p.tok.at, odk: p.opt.Dialect != XPath10}
	if strings.HasSuffix(c.name, "*") {
		return nil, p.unexpected("a function name")
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for !p.is(tokPunct, ")") {
		arg, err := p.or()
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, arg)
		if p.is(tokPunct, ",") {
			if err := p.advance(); err != nil {
				return nil, err
			}
			if p.is(tokPunct, ")") {
				return nil, p.unexpected("another argument of " + c.name + "()")
			}
		} else if !p.is(tokPunct, ")") {
			return nil, p.unexpected(", or ) in " + c.name + "()")
		}
	}
	p.bind(c)
	p.calls = append(p.calls, c)
	return c, p.advance()
}

// name resolves a QName of a name test.
func (p *parser) nameTest(t token) (nodeTest, *Error) {
	test := nodeTest{kind: testName}
	prefix, local, has := strings.Cut(t.text, ":")
	if !has {
		local, prefix = prefix, ""
	}
	if local == "*" {
		test.anyLocal = true
	}
	test.name.Local = local
	switch {
	case has && prefix == "xml":
		test.name.Space = xmltree.XMLSpace
	case has:
		uri, ok := p.opt.Namespaces[prefix]
		if !ok {
			return test, p.fail(t, "the prefix "+prefix+" is not declared", "a prefix that the form declares")
		}
		test.name.Space = uri
	default:
		test.anySpace = test.anyLocal || p.opt.Dialect != XPath10
	}
	return test, nil
}
