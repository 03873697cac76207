package xlsform

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The lexer splits an expression, or a text that may hold one, coarsely: enough
// to tell a computed default from a constant one, and to find where a path that
// begins with instance(...) ends inside a label. It never fails; what it does
// not know is tokenOther.
type tokenKind uint8

const (
	tokenOther tokenKind = iota
	tokenNumber
	tokenDate
	tokenMath
	tokenUnion
	tokenOpen
	tokenClose
	tokenSlash
	tokenLiteral
	tokenSpace
	tokenReference
	tokenCall
	tokenPredicate
	tokenPredicateEnd
	tokenName
)

type token struct {
	kind       tokenKind
	start, end int
}

type lexer struct {
	dateTime, date, clock, number *regexp.Regexp
}

func newLexer() *lexer {
	const date, clock = `-?\d{4}-\d{2}-\d{2}`, `\d{2}:\d{2}:\d{2}(?:\.\s+)?(?:[+-]\d{2}:\d{2}|Z)?`
	return &lexer{
		dateTime: regexp.MustCompile(`^` + date + `T` + clock),
		date:     regexp.MustCompile(`^` + date),
		clock:    regexp.MustCompile(`^` + clock),
		number:   regexp.MustCompile(`^(?:-?\d+\.\d*|-?\.\d+|-?\d+)`),
	}
}

func (l *lexer) tokens(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		kind, n := l.next(s[i:])
		out = append(out, token{kind, i, i + n})
		i += n
	}
	return out
}

func (l *lexer) next(s string) (tokenKind, int) {
	c := s[0]
	if c == '-' || c == '.' || '0' <= c && c <= '9' {
		for _, re := range []*regexp.Regexp{l.dateTime, l.date, l.clock} {
			if m := re.FindString(s); m != "" {
				return tokenDate, len(m)
			}
		}
		if m := l.number.FindString(s); m != "" {
			return tokenNumber, len(m)
		}
	}
	if n := wordOperator(s, " mod ", " div "); n > 0 {
		return tokenMath, n
	}
	if n := wordOperator(s, " and ", " or "); n > 0 {
		return tokenOther, n
	}
	switch c {
	case '*', '+', '-':
		return tokenMath, 1
	case '|':
		return tokenUnion, 1
	case '(':
		return tokenOpen, 1
	case ')':
		return tokenClose, 1
	case '/':
		return tokenSlash, 1
	case ']':
		return tokenPredicateEnd, 1
	case '"', '\'':
		if j := strings.IndexByte(s[1:], c); j >= 0 {
			return tokenLiteral, j + 2
		}
		return tokenOther, 1
	case ' ', '\t', '\n', '\r', '\v', '\f':
		return tokenSpace, len(s) - len(strings.TrimLeft(s, " \t\n\r\v\f"))
	case '$':
		if k := strings.IndexByte(s, '}'); k > 2 && isReference(s[:k+1]) {
			return tokenReference, k + 1
		}
	}
	return nameToken(s)
}

func nameToken(s string) (tokenKind, int) {
	n := qualifiedLen(s)
	if n == 0 {
		_, size := utf8.DecodeRuneInString(s)
		return tokenOther, size
	}
	if n < len(s) {
		switch {
		case s[n] == '(':
			return tokenCall, n + 1
		case s[n] == '[':
			return tokenPredicate, n + 1
		case strings.HasPrefix(s[n:], "://"):
			return tokenOther, n + 3
		}
	}
	return tokenName, n
}

func wordOperator(s string, words ...string) int {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return len(w)
		}
	}
	return 0
}

// isDynamic reports whether a default has to be computed: it holds an operator,
// a function call or a reference. A hyphen is no operator in the default of a
// date or a place.
func (l *lexer) isDynamic(value, questionType string) bool {
	for _, t := range l.tokens(value) {
		switch questionType {
		case "date", "dateTime", "geopoint", "geotrace", "geoshape":
			if t.kind == tokenMath && value[t.start:t.end] == "-" {
				return false
			}
		}
		switch t.kind {
		case tokenMath, tokenUnion, tokenReference, tokenCall:
			return true
		}
	}
	return false
}

// instancePaths finds the paths that begin with instance(...) in a text, as
// byte ranges. A path ends at white space outside a predicate.
func (l *lexer) instancePaths(s string) [][2]int {
	if !strings.Contains(s, "instance(") {
		return nil
	}
	var out [][2]int
	var last token
	inside, path, predicate := false, false, false
	begin := 0
	lastIs := func(k tokenKind) bool { return last.kind == k }
	for _, t := range l.tokens(s) {
		if !inside {
			if t.kind == tokenCall && s[t.start:t.end] == "instance(" {
				inside, path, predicate = true, false, false
				begin, last = t.start, t
			}
			continue
		}
		emit := false
		switch {
		case t.kind == tokenLiteral && lastIs(tokenCall) && s[last.start:last.end] == "instance(":
			emit = true
		case lastIs(tokenLiteral) && t.kind == tokenClose:
			emit = true
		case t.kind == tokenSlash && (lastIs(tokenClose) || lastIs(tokenPredicateEnd)):
			emit, path = true, true
		case path:
			switch t.kind {
			case tokenSpace:
				path = false
			case tokenPredicate:
				emit, path, predicate = true, false, true
			default:
				emit = true
			}
		case predicate:
			emit = true
			if t.kind == tokenPredicateEnd {
				predicate = false
			}
		}
		if emit {
			last = t
			continue
		}
		inside = false
		out = append(out, [2]int{begin, last.end})
	}
	if inside {
		out = append(out, [2]int{begin, last.end})
	}
	return out
}
