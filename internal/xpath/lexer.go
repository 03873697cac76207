package xpath

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokNumber
	tokLiteral
	tokName     // a QName, NCName:* or *
	tokOperator // and or mod div * + - = != < <= > >= | / //
	tokPunct    // ( ) [ ] . .. @ , ::
	tokVariable // without its $
)

type token struct {
	kind  tokenKind
	text  string
	at    int
	space bool // white space stands before it
}

// lexer splits an expression by the rules of XPath 1.0, section 3.7.
type lexer struct {
	src  string
	i    int
	prev token
}

func (l *lexer) fail(at int, msg, expected string) *Error {
	return &Error{Source: l.src, Offset: at, Msg: msg, Expected: expected}
}

// afterOperand reports whether the token before this place ends an operand, so
// that * and names here are operators.
func (l *lexer) afterOperand() bool {
	switch l.prev.kind {
	case tokNumber, tokLiteral, tokName, tokVariable:
		return true
	case tokPunct:
		return l.prev.text == ")" || l.prev.text == "]" || l.prev.text == "." || l.prev.text == ".."
	}
	return false
}

func (l *lexer) next() (token, *Error) {
	start := l.i
	for l.i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.i:])
		if r >= utf8.RuneSelf && r != '\u00a0' || r < utf8.RuneSelf && r != ' ' && r != '\t' && r != '\n' && r != '\r' {
			break
		}
		l.i += n
	}
	t, err := l.token()
	t.space = t.at > start
	l.prev = t
	return t, err
}

func (l *lexer) token() (token, *Error) {
	at := l.i
	if at >= len(l.src) {
		return token{kind: tokEnd, at: at}, nil
	}
	two := l.src[at:min(at+2, len(l.src))]
	switch two {
	case "!=", "<=", ">=", "//":
		return l.take(tokOperator, 2), nil
	case "..", "::":
		return l.take(tokPunct, 2), nil
	}
	switch c := l.src[at]; {
	case strings.IndexByte("()[]@,", c) >= 0:
		return l.take(tokPunct, 1), nil
	case strings.IndexByte("+-=<>|/", c) >= 0:
		return l.take(tokOperator, 1), nil
	case c == '*':
		if l.afterOperand() {
			return l.take(tokOperator, 1), nil
		}
		return l.take(tokName, 1), nil
	case c >= '0' && c <= '9', c == '.' && len(two) == 2 && two[1] >= '0' && two[1] <= '9':
		return l.number(), nil
	case c == '.':
		return l.take(tokPunct, 1), nil
	case c == '"' || c == '\'':
		return l.literal(c)
	case c == '$':
		l.i++
		name := l.qname()
		if name == "" || strings.HasSuffix(name, "*") {
			return token{}, l.fail(at, "$ without a variable's name", "a name after $")
		}
		return token{kind: tokVariable, text: name, at: at}, nil
	}
	return l.name()
}

func (l *lexer) take(k tokenKind, n int) token {
	t := token{kind: k, text: l.src[l.i : l.i+n], at: l.i}
	l.i += n
	return t
}

func (l *lexer) number() token {
	at := l.i
	for l.i < len(l.src) && isDigit(l.src[l.i]) {
		l.i++
	}
	if l.i < len(l.src) && l.src[l.i] == '.' && !strings.HasPrefix(l.src[l.i:], "..") {
		l.i++
		for l.i < len(l.src) && isDigit(l.src[l.i]) {
			l.i++
		}
	}
	return token{kind: tokNumber, text: l.src[at:l.i], at: at}
}

func (l *lexer) literal(quote byte) (token, *Error) {
	at := l.i
	end := strings.IndexByte(l.src[at+1:], quote)
	if end < 0 {
		return token{}, l.fail(at, "text in quotes that does not end", "a closing "+string(quote))
	}
	l.i = at + end + 2
	return token{kind: tokLiteral, text: l.src[at+1 : at+1+end], at: at}, nil
}

// name reads a name test, a function name, an axis name, or an operator that is
// a word. After an operand only the latter can stand, even run together with
// what follows (1 mod2).
func (l *lexer) name() (token, *Error) {
	at := l.i
	if l.afterOperand() {
		for _, op := range []string{"and", "or", "mod", "div"} {
			if strings.HasPrefix(l.src[at:], op) {
				return l.take(tokOperator, len(op)), nil
			}
		}
	}
	name := l.qname()
	if name == "" {
		r, _ := utf8.DecodeRuneInString(l.src[at:])
		return token{}, l.fail(at, "the character "+string(r)+" has no meaning here", l.hint(r))
	}
	if l.afterOperand() {
		return token{}, l.fail(at, "the name "+name+" follows a value without an operator", "an operator such as and, or, =, +")
	}
	return token{kind: tokName, text: name, at: at}, nil
}

// hint guesses what somebody wanted to write with a character of no meaning.
func (l *lexer) hint(r rune) string {
	switch r {
	case '“', '”', '‘', '’', '«', '»', '„':
		return "straight quotes, ' or \""
	case '&':
		return "and"
	case '≤':
		return "<="
	case '≥':
		return ">="
	case '≠', '!':
		return "!= or not(...)"
	case '–', '—', '−':
		return "the minus sign -"
	case '×':
		return "*"
	case '÷', '%':
		return "div or mod"
	}
	return "a value, a path or an operator"
}

// qname reads NCName, NCName:NCName or NCName:*.
func (l *lexer) qname() string {
	at := l.i
	if !l.ncname() {
		return ""
	}
	if l.i+1 < len(l.src) && l.src[l.i] == ':' && l.src[l.i+1] != ':' {
		colon := l.i
		l.i++
		if l.src[l.i] == '*' {
			l.i++
		} else if !l.ncname() {
			l.i = colon
		}
	}
	return l.src[at:l.i]
}

func (l *lexer) ncname() bool {
	at := l.i
	for l.i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.i:])
		if !isNameRune(r, l.i == at) {
			break
		}
		l.i += n
	}
	return l.i > at
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNameRune(r rune, first bool) bool {
	if r == '_' || unicode.IsLetter(r) {
		return true
	}
	return !first && (r == '-' || r == '.' || r == 0xB7 || unicode.IsDigit(r) || unicode.Is(unicode.M, r))
}
