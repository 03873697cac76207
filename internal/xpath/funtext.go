package xpath

import "strings"

func textFunctions() []builtin {
	return []builtin{
		{"string", 0, 1, func(ev *evaluator, c *callExpr, f focus) Value { return String(c.ownText(ev, f)) }},
		{"concat", 0, -1, func(ev *evaluator, c *callExpr, f focus) Value { return String(ev.join(c.texts(ev, f, 0), "")) }},
		{"join", 1, -1, func(ev *evaluator, c *callExpr, f focus) Value {
			return String(ev.join(c.texts(ev, f, 1), c.str(ev, f, 0)))
		}},
		{"ends-with", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			return Boolean(strings.HasSuffix(c.str(ev, f, 0), c.str(ev, f, 1)))
		}},
		{"substr", 2, 3, substr},
		{"regex", 2, 2, regex},
	}
}

// substr counts characters from 0; the end is not included; negative places
// count from the end.
func substr(ev *evaluator, c *callExpr, f focus) Value {
	s := []rune(c.str(ev, f, 0))
	place := func(i int) int {
		if i < 0 {
			i += len(s)
		}
		return min(max(i, 0), len(s))
	}
	start, end := place(c.integer(ev, f, 1)), len(s)
	if len(c.args) == 3 {
		end = place(c.integer(ev, f, 2))
	}
	if start > end {
		return String("")
	}
	return String(string(s[start:end]))
}
