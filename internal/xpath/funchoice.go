package xpath

import "strings"

// choiceFunctions read the answer of a question with several choices: the names
// of the choices with spaces between.
func choiceFunctions() []builtin {
	return []builtin{
		{"selected", 2, 2, selected},
		{"is-selected", 2, 2, selected},
		{"selected-at", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			list := strings.Fields(c.str(ev, f, 0))
			if i := c.integer(ev, f, 1); i >= 0 && i < len(list) {
				return String(list[i])
			}
			return String("")
		}},
		{"count-selected", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value {
			return Number(float64(len(strings.Fields(c.str(ev, f, 0)))))
		}},
		{"jr:choice-name", 2, 2, func(ev *evaluator, c *callExpr, f focus) Value {
			here := ev.contextAt(f)
			s, err := ev.world().ChoiceName(&here, c.str(ev, f, 0), c.str(ev, f, 1))
			if err != nil && ev.err == nil {
				return c.fail(ev, "%v", err)
			}
			return String(s)
		}},
	}
}

func selected(ev *evaluator, c *callExpr, f focus) Value {
	return Boolean(hasWord(c.str(ev, f, 0), strings.Trim(c.str(ev, f, 1), " \t\r\n")))
}

// hasWord reports whether word stands in a list separated by white space. The
// empty word is in the empty list only.
func hasWord(list, word string) bool {
	if word == "" {
		return strings.TrimSpace(list) == ""
	}
	for i := 0; i+len(word) <= len(list); {
		j := strings.Index(list[i:], word)
		if j < 0 {
			return false
		}
		start, end := i+j, i+j+len(word)
		if (start == 0 || isBlank(list[start-1])) && (end == len(list) || isBlank(list[end])) {
			return true
		}
		i = start + 1
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
