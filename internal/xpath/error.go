package xpath

import (
	"fmt"
	"strings"
)

// Error is a fault in an expression, found when it is compiled or evaluated.
//
// Offset is the byte offset in the expression, from 0. Expected says what would
// have been right there and Nearest names the known function that is most like
// the one written; both are empty where they do not apply.
type Error struct {
	Source   string
	Offset   int
	Msg      string
	Expected string
	Nearest  string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Msg)
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	if e.Nearest != "" {
		b.WriteString("; did you mean " + e.Nearest + "()?")
	}
	fmt.Fprintf(&b, " (at character %d of %s)", e.column(), shorten(e.Source, e.Offset))
	return b.String()
}

// column counts characters from 1.
func (e *Error) column() int {
	return 1 + len([]rune(e.Source[:min(max(e.Offset, 0), len(e.Source))]))
}

// shorten quotes an expression, or of a long one the part around the fault.
func shorten(s string, at int) string {
	r := []rune(s)
	if len(r) <= 120 {
		return s
	}
	mid := len([]rune(s[:min(max(at, 0), len(s))]))
	from := max(0, mid-60)
	to := min(len(r), from+120)
	out := string(r[from:to])
	if from > 0 {
		out = "…" + out
	}
	if to < len(r) {
		out += "…"
	}
	return out
}
