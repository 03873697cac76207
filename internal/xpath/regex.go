package xpath

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

const maxPattern = 4096

// pattern is a regular expression that a text must match as a whole. Go's
// engine takes linear time whatever the pattern. It has no lookahead; those at
// the very start, which is where forms use them, become patterns of their own
// that the start of the text must, or must not, match.
type pattern struct {
	whole *regexp.Regexp
	must  []*regexp.Regexp
	not   []*regexp.Regexp
	size  int // about the number of instructions; matching takes size x length
}

func (p *pattern) match(s string) bool {
	for _, r := range p.must {
		if !r.MatchString(s) {
			return false
		}
	}
	for _, r := range p.not {
		if r.MatchString(s) {
			return false
		}
	}
	return p.whole.MatchString(s)
}

func regex(ev *evaluator, c *callExpr, f focus) Value {
	p := c.pattern
	if p == nil {
		src := c.str(ev, f, 1)
		if !ev.tick(1000 + 100*min(len(src), maxPattern)) {
			return Value{}
		}
		var err error
		if p, err = compilePattern(src); err != nil {
			return c.fail(ev, "%v", err)
		}
	}
	s := c.str(ev, f, 0)
	if !ev.tick(1 + len(s)*p.size/bytesPerStep) {
		return Value{}
	}
	return Boolean(p.match(s))
}

// prepareRegex compiles a pattern that is written out; a fault waits until the
// call is reached.
func (p *parser) prepareRegex(c *callExpr) {
	if c.name != "regex" || len(c.args) != 2 {
		return
	}
	lit, ok := c.args[1].(*literalExpr)
	if !ok || lit.v.kind != StringType {
		return
	}
	re, err := compilePattern(lit.v.str)
	if err != nil {
		c.fault = &Error{Source: p.lex.src, Offset: c.at, Msg: "regex(): " + err.Error()}
		return
	}
	c.pattern = re
}

func compilePattern(src string) (*pattern, error) {
	if len(src) > maxPattern {
		return nil, fmt.Errorf("the pattern is longer than %d characters", maxPattern)
	}
	var p pattern
	rest := strings.TrimPrefix(src, "^")
	for strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!") {
		end := closing(rest)
		if end < 0 {
			return nil, fmt.Errorf("a bracket is not closed in the pattern %s", src)
		}
		re, err := p.compile(`^(?:`, rest[3:end], `)`)
		if err != nil {
			return nil, err
		}
		if rest[2] == '=' {
			p.must = append(p.must, re)
		} else {
			p.not = append(p.not, re)
		}
		rest = rest[end+1:]
	}
	whole, err := p.compile(`^(?:`, rest, `)$`)
	p.whole = whole
	return &p, err
}

// maxInstructions bounds what counts such as {1000} may make of a pattern.
const maxInstructions = 20_000

func (p *pattern) compile(before, src, after string) (*regexp.Regexp, error) {
	translated := fromJava(src)
	if strings.Contains(translated, "(?=") || strings.Contains(translated, "(?!") || strings.Contains(translated, "(?<=") || strings.Contains(translated, "(?<!") {
		return nil, fmt.Errorf("the pattern %s looks ahead or behind in its middle; only (?=...) and (?!...) at its start are possible", src)
	}
	tree, err := syntax.Parse(before+translated+after, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("the pattern %s cannot be read: %s", src, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if p.size += instructions(tree); p.size > maxInstructions {
		return nil, fmt.Errorf("the pattern %s repeats too much; use smaller counts or * and +", src)
	}
	return regexp.Compile(before + translated + after)
}

// instructions estimates how long the program of a pattern will be, before it is
// made, since counts multiply.
func instructions(r *syntax.Regexp) int {
	n := 1 + len(r.Rune)
	for _, sub := range r.Sub {
		n = min(n+instructions(sub), 2*maxInstructions)
	}
	if r.Op == syntax.OpRepeat {
		n *= max(r.Min, r.Max, 1)
	}
	return min(n, 2*maxInstructions)
}

// closing finds the bracket that closes the one at the start of s.
func closing(s string) int {
	depth, class := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
			if i+1 < len(s) && s[i+1] == ']' {
				i++
			}
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// fromJava rewrites what Java's expressions have and Go's lack or write
// otherwise: \uXXXX, \p{Alpha} and its like, \p{IsLatin}, \h, \R, \Z and possessive
// quantifiers.
func fromJava(s string) string {
	var b strings.Builder
	class := 0
	counted := false // a quantifier has just ended
	for i := 0; i < len(s); i++ {
		after := counted
		counted = false
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i += javaEscape(&b, s[i:], class > 0) - 1
		case c == '[':
			class++
			b.WriteByte(c)
		case c == ']' && class > 0:
			class--
			b.WriteByte(c)
		case class == 0 && c == '+' && after:
			// a possessive quantifier: the same texts match without it, or more
		case class == 0 && strings.IndexByte("*+?}", c) >= 0:
			counted = !after
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// javaEscape writes the escape at the start of s and returns its length.
func javaEscape(b *strings.Builder, s string, class bool) int {
	open, shut := "[", "]"
	if class {
		open, shut = "", ""
	}
	switch s[1] {
	case 'u':
		if len(s) >= 6 {
			b.WriteString(`\x{` + s[2:6] + `}`)
			return 6
		}
	case 'h':
		b.WriteString(open + ` \t\x{00A0}` + shut)
		return 2
	case 'R':
		b.WriteString(`(?:\r\n|[\n-\r])`)
		return 2
	case 'Z':
		b.WriteString(`\z`)
		return 2
	case 'p', 'P':
		if end := strings.IndexByte(s, '}'); strings.HasPrefix(s[2:], "{") && end > 0 {
			javaClass(b, s[3:end], s[1] == 'P', open, shut)
			return end + 1
		}
	}
	b.WriteString(s[:2])
	return 2
}

func javaClass(b *strings.Builder, name string, negated bool, open, shut string) {
	posix := map[string]string{"Alpha": "alpha", "Digit": "digit", "Alnum": "alnum", "Upper": "upper", "Lower": "lower", "Punct": "punct",
		"Graph": "graph", "Print": "print", "Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space", "ASCII": "ascii"}
	if p, ok := posix[name]; ok {
		not := ""
		if negated {
			not = "^"
		}
		b.WriteString(open + "[:" + not + p + ":]" + shut)
		return
	}
	letter := `\p{`
	if negated {
		letter = `\P{`
	}
	switch name {
	case "IsAlphabetic", "javaLetter":
		name = "L"
	case "IsDigit", "javaDigit":
		name = "Nd"
	case "IsUppercase":
		name = "Lu"
	case "IsLowercase":
		name = "Ll"
	case "IsPunctuation":
		name = "P"
	default:
		name = strings.TrimPrefix(name, "Is")
	}
	b.WriteString(letter + name + "}")
}
