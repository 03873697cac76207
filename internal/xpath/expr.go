package xpath

import (
	"fmt"
	"math"
	"sync"

	"parvis/internal/xmltree"
)

// Expr is a compiled expression. It may be evaluated by many goroutines at once.
type Expr struct {
	src    string
	root   expr
	opt    Options
	calls  []*callExpr
	placed bool      // Contextualize has been called
	typed  bool      // TypeBooleans has been called
	spare  sync.Pool // of *evaluator
}

// Compile reads an expression. The error is an *[Error]. Functions that are not
// known and wrong numbers of arguments are errors of evaluation, since what is
// never reached does not matter; [Expr.Problems] finds them beforehand.
func Compile(src string, o Options) (*Expr, error) {
	if len(src) > MaxLength {
		return nil, &Error{Source: src[:200], Msg: fmt.Sprintf("the expression is longer than %d bytes", MaxLength)}
	}
	p := &parser{lex: lexer{src: src}, opt: o}
	root, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Expr{src: src, root: root, opt: o, calls: p.calls}, nil
}

// Source returns the expression as it was written.
func (e *Expr) Source() string { return e.src }

// Problems returns the calls that would fail when reached: unknown functions
// other than those named in known, and wrong numbers of arguments.
func (e *Expr) Problems(known ...string) []*Error {
	var out []*Error
	for _, c := range e.calls {
		switch {
		case c.fault != nil:
			out = append(out, c.fault)
		case c.fn == nil && !contains(known, c.name):
			out = append(out, c.unknown(e.src))
		}
	}
	return out
}

// Functions returns the names of the functions that the expression calls, in
// order, with duplicates.
func (e *Expr) Functions() []string {
	out := make([]string, len(e.calls))
	for i, c := range e.calls {
		out[i] = c.name
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// evaluator is one evaluation of one expression.
type evaluator struct {
	c     *Context
	e     *Expr
	env   Env
	root  *xmltree.Node
	steps int
	err   error
}

func (e *Expr) start(c *Context) *evaluator {
	ev, ok := e.spare.Get().(*evaluator)
	if !ok {
		ev = new(evaluator)
	}
	*ev = evaluator{c: c, e: e, env: c.Env, steps: c.MaxSteps, root: c.Root}
	if ev.steps <= 0 {
		ev.steps = DefaultMaxSteps
	}
	return ev
}

// stop gives the evaluator back and returns the fault there was.
func (e *Expr) stop(ev *evaluator) error {
	err := ev.err
	*ev = evaluator{}
	e.spare.Put(ev)
	return err
}

func (c *Context) focus() focus { return focus{c.Node, c.Position, c.Size} }

// Eval evaluates the expression. The error is an *[Error], or wraps one of Env.
func (e *Expr) Eval(c *Context) (Value, error) {
	ev := e.start(c)
	v := ev.finish(e.root.eval(ev, c.focus()))
	if err := e.stop(ev); err != nil {
		return Value{}, err
	}
	return v, nil
}

// EvalBool is boolean(expression).
func (e *Expr) EvalBool(c *Context) (bool, error) {
	ev := e.start(c)
	b := ev.bool(e.root, c.focus())
	if err := e.stop(ev); err != nil {
		return false, err
	}
	return b, nil
}

// EvalString is string(expression).
func (e *Expr) EvalString(c *Context) (string, error) {
	ev := e.start(c)
	s := ev.string(e.root, c.focus())
	if err := e.stop(ev); err != nil {
		return "", err
	}
	return s, nil
}

// EvalNumber is number(expression).
func (e *Expr) EvalNumber(c *Context) (float64, error) {
	ev := e.start(c)
	f := ev.number(e.root, c.focus())
	if err := e.stop(ev); err != nil {
		return math.NaN(), err
	}
	return f, nil
}

// EvalNodes evaluates an expression that must be a node-set.
func (e *Expr) EvalNodes(c *Context) ([]*xmltree.Node, error) {
	v, err := e.Eval(c)
	if err != nil {
		return nil, err
	}
	if v.kind != NodeSetType {
		return nil, &Error{Source: e.src, Msg: "the expression gives a " + v.kind.String(), Expected: "nodes"}
	}
	return v.nodes, nil
}

// fail keeps the first fault.
func (ev *evaluator) fail(at int, format string, args ...any) {
	if ev.err == nil {
		ev.err = &Error{Source: ev.e.src, Offset: at, Msg: fmt.Sprintf(format, args...)}
	}
}

// tick takes n steps off the budget and reports whether to go on.
func (ev *evaluator) tick(n int) bool {
	if ev.steps -= n; ev.steps < 0 {
		ev.fail(0, "the expression takes too long; it visits too many nodes (a filter inside a filter over a long list?)")
	}
	return ev.err == nil
}

func (ev *evaluator) odk() bool { return ev.e.opt.Dialect != XPath10 }
func (ev *evaluator) web() bool { return ev.e.opt.Dialect == ODKWeb }

// finish readies a value to leave the evaluator: strings and nodes then convert to
// numbers as the dialect has it.
func (ev *evaluator) finish(v Value) Value {
	if ev.odk() && (v.kind == StringType || v.kind == NodeSetType) {
		v.odk, v.utc, v.loc = true, ev.web(), ev.world().Location()
	}
	return v
}

// world is the Env, made only when it is needed where none was given.
func (ev *evaluator) world() Env {
	if ev.env == nil {
		ev.env = World{}
	}
	return ev.env
}

// bool, number and string evaluate without building a node-set where the
// expression is a simple path.

func (ev *evaluator) bool(e expr, f focus) bool {
	if p, ok := e.(*pathExpr); ok && p.simple {
		return ev.holds(p.first(ev, f))
	}
	v := e.eval(ev, f)
	if v.kind == NodeSetType && len(v.nodes) > 0 {
		return ev.holds(v.nodes[0])
	}
	if v.kind == NumberType && ev.e.opt.Dialect == ODK {
		return math.Abs(v.num) > almostZero
	}
	return v.Bool()
}

// almostZero is the difference between numbers that JavaRosa overlooks.
const almostZero = 1e-12

func (ev *evaluator) string(e expr, f focus) string {
	if p, ok := e.(*pathExpr); ok && p.simple {
		if n := p.first(ev, f); n != nil {
			return ev.text(n)
		}
		return ""
	}
	return ev.stringOf(e.eval(ev, f))
}

func (ev *evaluator) number(e expr, f focus) float64 {
	if p, ok := e.(*pathExpr); ok && p.simple {
		if n := p.first(ev, f); n != nil {
			return ev.toNumber(ev.text(n))
		}
		return math.NaN()
	}
	return ev.numberOf(e.eval(ev, f))
}

// stringOf is string() of a value inside an evaluation.
func (ev *evaluator) stringOf(v Value) string {
	if v.kind == NodeSetType && len(v.nodes) > 0 {
		return ev.text(v.nodes[0])
	}
	return v.String()
}

// numberOf is number() of a value inside an evaluation.
func (ev *evaluator) numberOf(v Value) float64 {
	switch v.kind {
	case StringType:
		return ev.toNumber(v.str)
	case NodeSetType:
		if len(v.nodes) == 0 {
			return math.NaN()
		}
		return ev.toNumber(ev.text(v.nodes[0]))
	}
	return v.Number()
}

func (ev *evaluator) toNumber(s string) float64 {
	f := parseNumber(s)
	if f != f && s != "" && ev.odk() {
		return textNumber(s, ev.web(), ev.world().Location())
	}
	return f
}

func (e *literalExpr) eval(*evaluator, focus) Value { return e.v }

func (e *variableExpr) eval(ev *evaluator, _ focus) Value {
	if vs, ok := ev.env.(Variables); ok {
		if v, ok := vs.Variable(e.name); ok {
			return v
		}
	}
	ev.fail(e.at, "there is no variable $%s", e.name)
	return Value{}
}

func (e *logicExpr) eval(ev *evaluator, f focus) Value {
	for _, a := range e.args {
		if ev.bool(a, f) == e.or && ev.err == nil {
			return Boolean(e.or)
		}
		if ev.err != nil {
			break
		}
	}
	return Boolean(!e.or)
}

func (e *negateExpr) eval(ev *evaluator, f focus) Value { return Number(-ev.number(e.a, f)) }

func (e *arithmeticExpr) eval(ev *evaluator, f focus) Value {
	a := ev.number(e.a, f)
	b := ev.number(e.b, f)
	switch e.op {
	case '+':
		return Number(a + b)
	case '-':
		return Number(a - b)
	case '*':
		return Number(a * b)
	case 'd':
		return Number(a / b)
	}
	return Number(math.Mod(a, b))
}

func (e *unionExpr) eval(ev *evaluator, f focus) Value {
	var all []*xmltree.Node
	for _, a := range e.args {
		v := a.eval(ev, f)
		if v.kind != NodeSetType && ev.err == nil {
			ev.fail(0, "| joins nodes, not a %s", v.kind)
		}
		if all = append(all, v.nodes...); len(all) > maxNodes {
			ev.fail(0, "| joins more than %d nodes", maxNodes)
		}
		if ev.err != nil {
			return Value{}
		}
	}
	return NodeSet(ev.sort(all)...)
}
