package xlsform

import (
	"errors"
	"fmt"
	"strings"

	"parvis/internal/xpath"
)

// checkExpressions looks at every expression of the form.
func (c *converter) checkExpressions() {
	c.root.walk(func(e *element) {
		for _, a := range e.bind {
			switch a.name {
			case "readonly", "required", "relevant", "constraint", "calculate":
				v := a.value.plain()
				if _, known := yesNo(v); !known && v != "" {
					c.checkExpression(v, e, a.name)
				}
			}
		}
		if e.choiceFilter != "" {
			c.checkExpression(e.choiceFilter, e, "choice_filter")
		}
		if e.dynamic {
			c.checkExpression(e.deflt, e, "default")
		}
	})
}

// checkExpression reports an expression that the engine would not understand:
// a problem in a strict conversion, else a warning. Expressions are often the
// same in many rows, so each is compiled once.
func (c *converter) checkExpression(s string, e *element, column string) {
	fault, known := c.faults[s]
	if !known {
		fault = expressionFault(s)
		if c.faults == nil {
			c.faults = map[string]*xpath.Error{}
		}
		c.faults[s] = fault
	}
	if fault == nil {
		return
	}
	message := fmt.Sprintf("The expression cannot be understood: %s, at character %d", fault.Msg, 1+len([]rune(s[:min(max(fault.Offset, 0), len(s))])))
	if rest := s[min(max(fault.Offset, 0), len(s)):]; rest != "" {
		message += fmt.Sprintf(" before %q", firstRunes(rest, 20))
	}
	remedy := "Check its brackets, quotes and operators."
	switch {
	case fault.Nearest != "":
		remedy = fmt.Sprintf("Did you mean %s()?", fault.Nearest)
	case fault.Expected != "":
		remedy = fmt.Sprintf("Here should stand %s.", fault.Expected)
	}
	severity := Warning
	if c.strict {
		severity = Problem
	}
	sheet, column := c.placeOf(e, column)
	c.d.add(Diagnostic{severity, sheet, e.row, column, message + ".", remedy, "expression"})
}

// expressionFault compiles an expression as the author wrote it. Each reference
// is replaced by a name of the same length, so that places stay true.
func expressionFault(s string) *xpath.Error {
	refs, _ := references(s)
	b := []byte(s)
	for _, r := range refs {
		b[r.start], b[r.start+1], b[r.end-1] = ' ', '_', ' '
		if r.lastSaved {
			b[r.start+2+len(lastSavedMark)-1] = '_'
		}
	}
	x, err := xpath.Compile(string(b), xpath.Options{Dialect: xpath.ODK})
	if err == nil {
		if faults := x.Problems(); len(faults) > 0 {
			return faults[0]
		}
		return nil
	}
	var fault *xpath.Error
	if errors.As(err, &fault) {
		return fault
	}
	return &xpath.Error{Source: s, Msg: err.Error()}
}

// placeOf is where the author wrote an element's expression.
func (c *converter) placeOf(e *element, column string) (sheet, header string) {
	switch {
	case e.kind == attributeElement || e.typ == entityLabel:
		return c.entitiesSheet(), ""
	case e.generated && e.name == "instanceName":
		return c.settings.sheet, "instance_name"
	}
	if column == "calculate" && e.generated && strings.HasSuffix(e.name, "_count") {
		return c.survey.Name, c.columnHeader("repeat_count")
	}
	return c.survey.Name, c.columnHeader(column)
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
