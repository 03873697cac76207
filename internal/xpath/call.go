package xpath

import (
	"fmt"
	"math"
	"strings"
	"sync"

	"parvis/internal/xmltree"
)

// impl computes a call. Arguments are not evaluated beforehand, so that if(),
// coalesce() and the like leave alone what they do not need.
type impl func(ev *evaluator, c *callExpr, f focus) Value

// builtin is one of our functions; max < 0 means any number of arguments.
type builtin struct {
	name     string
	min, max int
	fn       impl
}

// functions are our functions by name, for each dialect; made once, when first
// needed, and only read.
var functions = sync.OnceValue(func() map[Dialect]map[string]builtin {
	groups := [][]builtin{coreFunctions()}
	core := gather(groups)
	groups = append(groups, odkFunctions(), textFunctions(), numberFunctions(), dateFunctions(), choiceFunctions(), geoFunctions(), secretFunctions(), formFunctions())
	odk := gather(groups)
	return map[Dialect]map[string]builtin{XPath10: core, ODK: odk, ODKWeb: odk}
})

// gather joins groups; a later function replaces an earlier one of its name.
func gather(groups [][]builtin) map[string]builtin {
	out := map[string]builtin{}
	for _, g := range groups {
		for _, b := range g {
			out[b.name] = b
		}
	}
	return out
}

// nearest guesses which function was meant by a name that is none.
func nearest(name string, d Dialect) string {
	if alias := elsewhere(name); alias != "" {
		return alias
	}
	best, distance := "", 3
	for known := range functions()[d] {
		if k := editDistance(strings.ToLower(name), known); k < distance || k == distance && k < 3 && known < best {
			best, distance = known, k
		}
	}
	return best
}

// elsewhere knows functions of spreadsheets and other tools by what they are
// called here.
func elsewhere(name string) string {
	switch strings.ToLower(name) {
	case "len", "length", "count-chars":
		return "string-length"
	case "mid", "left", "right":
		return "substr"
	case "concatenate":
		return "concat"
	case "average", "mean", "avg":
		return "sum"
	case "iif", "iff", "when":
		return "if"
	case "power":
		return "pow"
	case "rand":
		return "random"
	case "trim":
		return "normalize-space"
	case "match", "matches":
		return "regex"
	case "isnull", "ifnull", "nvl":
		return "coalesce"
	case "truncate", "trunc":
		return "int"
	case "jr:choicename", "choice-name", "choice-label":
		return "jr:choice-name"
	case "lookup", "vlookup":
		return "pulldata"
	}
	return ""
}

// bind ties a call to its function and checks the number of arguments.
func (p *parser) bind(c *callExpr) {
	b, ok := functions()[p.opt.Dialect][c.name]
	if !ok {
		c.nearest = nearest(c.name, p.opt.Dialect)
		return
	}
	c.fn = b.fn
	if n := len(c.args); n < b.min || b.max >= 0 && n > b.max {
		c.fault = &Error{Source: p.lex.src, Offset: c.at, Msg: fmt.Sprintf("%s() has %s", c.name, count(n)), Expected: arity(b)}
	}
	p.prepareRegex(c)
}

func count(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

func arity(b builtin) string {
	switch {
	case b.max < 0:
		return "at least " + count(b.min)
	case b.min == b.max:
		return count(b.min)
	case b.max == b.min+1:
		return fmt.Sprintf("%d or %s", b.min, count(b.max))
	}
	return fmt.Sprintf("%d to %s", b.min, count(b.max))
}

func (c *callExpr) unknown(src string) *Error {
	return &Error{Source: src, Offset: c.at, Msg: "there is no function " + c.name + "()", Nearest: c.nearest}
}

func (c *callExpr) eval(ev *evaluator, f focus) Value {
	if !ev.tick(1) {
		return Value{}
	}
	if c.fault != nil {
		if ev.err == nil {
			ev.err = c.fault
		}
		return Value{}
	}
	if c.fn != nil {
		return c.fn(ev, c, f)
	}
	return c.host(ev, f)
}

// host asks the environment for a function that is not ours.
func (c *callExpr) host(ev *evaluator, f focus) Value {
	args := make([]Value, len(c.args))
	for i, a := range c.args {
		args[i] = ev.finish(a.eval(ev, f))
	}
	if ev.err != nil {
		return Value{}
	}
	here := ev.contextAt(f)
	v, known, err := ev.world().Call(c.name, &here, args)
	switch {
	case err != nil:
		ev.err = fmt.Errorf("%s(): %w", c.name, err)
	case !known:
		ev.err = c.unknown(ev.e.src)
	}
	return v
}

// contextAt is the context as a host function or Env sees it at a focus.
func (ev *evaluator) contextAt(f focus) Context {
	c := *ev.c
	if c.Current == nil {
		c.Current = c.Node
	}
	c.Node, c.Position, c.Size = f.node, f.pos, f.size
	return c
}

// Arguments by position. They evaluate each time they are called.

func (c *callExpr) str(ev *evaluator, f focus, i int) string {
	s := ev.string(c.args[i], f)
	if len(s) > bytesPerStep {
		ev.tick(len(s) / bytesPerStep)
	}
	return s
}

func (c *callExpr) num(ev *evaluator, f focus, i int) float64  { return ev.number(c.args[i], f) }
func (c *callExpr) boolean(ev *evaluator, f focus, i int) bool { return ev.bool(c.args[i], f) }
func (c *callExpr) value(ev *evaluator, f focus, i int) Value  { return c.args[i].eval(ev, f) }
func (c *callExpr) fail(ev *evaluator, format string, a ...any) Value {
	ev.fail(c.at, c.name+"(): "+format, a...)
	return Value{}
}

// nodes evaluates an argument that must be a node-set.
func (c *callExpr) nodes(ev *evaluator, f focus, i int) []*xmltree.Node {
	v := c.args[i].eval(ev, f)
	if v.kind != NodeSetType {
		c.fail(ev, "argument %d is a %s, not nodes", i+1, v.kind)
	}
	return v.nodes
}

// integer truncates an argument to an int within the range of 32 bits; NaN is 0.
func (c *callExpr) integer(ev *evaluator, f focus, i int) int {
	n := math.Trunc(c.num(ev, f, i))
	switch {
	case math.IsNaN(n):
		return 0
	case n > math.MaxInt32:
		return math.MaxInt32
	case n < math.MinInt32:
		return math.MinInt32
	}
	return int(n)
}

// texts gathers the string-values of arguments from i on, each node of a
// node-set by itself.
func (c *callExpr) texts(ev *evaluator, f focus, i int) []string {
	var out []string
	total := 0
	for ; i < len(c.args) && ev.err == nil; i++ {
		v := c.args[i].eval(ev, f)
		if v.kind != NodeSetType {
			out = append(out, v.String())
			continue
		}
		for _, n := range v.nodes {
			s := ev.text(n)
			if total += len(s); !ev.tick(1) || !ev.fits(total) {
				return nil
			}
			out = append(out, s)
		}
	}
	return out
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b.
func editDistance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
