package xform

import (
	"strconv"
	"strings"
)

// Kind says what a page is.
type Kind uint8

// The kinds of page. The zero Kind is no page.
const (
	KindQuestion     Kind = iota + 1 // one question
	KindFieldList                    // the questions of a field-list group
	KindRepeatPrompt                 // "add another?"
	KindEnd                          // after the last page
)

// Position names a page of an instance. It can be compared, written with String
// and read back with [ParsePosition], also by a later run of the program.
//
// Ref is the question; the first question of a field list, relevant or not; or
// the repeat instance that the prompt offers to add. Nth counts the controls
// that ask the same node, from 0.
type Position struct {
	Kind Kind
	Ref  Ref
	Nth  int
}

// String writes a position.
func (p Position) String() string {
	s := ""
	switch p.Kind {
	case KindQuestion:
		s = "question:" + string(p.Ref)
	case KindFieldList:
		s = "list:" + string(p.Ref)
	case KindRepeatPrompt:
		s = "repeat:" + string(p.Ref)
	case KindEnd:
		return "end"
	default:
		return ""
	}
	if p.Nth > 0 {
		s += "#" + strconv.Itoa(p.Nth)
	}
	return s
}

// ParsePosition reads what String wrote; ok is false for anything else.
func ParsePosition(s string) (p Position, ok bool) {
	if s == "end" {
		return Position{Kind: KindEnd}, true
	}
	if i := strings.LastIndexByte(s, '#'); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil || n < 1 {
			return Position{}, false
		}
		p.Nth, s = n, s[:i]
	}
	kind, ref, _ := strings.Cut(s, ":")
	switch kind {
	case "question":
		p.Kind = KindQuestion
	case "list":
		p.Kind = KindFieldList
	case "repeat":
		p.Kind = KindRepeatPrompt
	default:
		return Position{}, false
	}
	p.Ref = Ref(ref)
	return p, strings.HasPrefix(ref, "/")
}
