package xlsform

import (
	"fmt"
	"strings"
)

const referenceRemedy = "Write ${, then the name of a question and nothing else, then }."

// resolving says how references become paths.
type resolving struct {
	// current begins relative paths with current()/, as inside a predicate.
	current bool
	// parent asks for a path from above the common repeat, for choices that are
	// the answers of a repeat.
	parent bool
}

// resolve replaces every ${name} by the path to it, seen from an element: a
// relative one where both stand in the same repeat, else an absolute one. A nil
// element asks for absolute paths.
func (c *converter) resolve(s string, from *element, how resolving) (string, error) {
	if !strings.Contains(s, "${") {
		return s, nil
	}
	refs, _ := references(s)
	var b strings.Builder
	at := 0
	for _, r := range refs {
		p, err := c.referencePath(s, r, from, how)
		if err != nil {
			return "", err
		}
		b.WriteString(s[at:r.start])
		b.WriteString(p)
		at = r.end
	}
	b.WriteString(s[at:])
	return b.String(), nil
}

func (c *converter) referencePath(s string, r reference, from *element, how resolving) (string, error) {
	target, known := c.byName[r.name]
	switch {
	case !known:
		return "", Diagnostic{Message: fmt.Sprintf("There is no question named %q.", r.name), Remedy: c.nameRemedy(r.name)}
	case target == nil:
		return "", Diagnostic{Message: fmt.Sprintf("The name %q is used more than once, so ${%s} is not clear.", r.name, r.name), Remedy: "Give each question that is referred to its own name."}
	}
	if !r.lastSaved && from != nil && relativeAllowed(s, r) {
		current := how.current || insideInstancePredicate(s, r)
		if p := relativePath(from, target, r.name, current, how.parent); p != "" {
			return p, nil
		}
	}
	prefix := ""
	if r.lastSaved {
		prefix = "instance('__last-saved')"
	}
	return " " + prefix + target.xpath() + " ", nil
}

// nameRemedy suggests the name that was probably meant.
func (c *converter) nameRemedy(name string) string {
	best, least := "", 3
	if c.suggestions++; c.suggestions > maxSuggestions {
		return "Write a name from the survey sheet."
	}
	for _, row := range c.survey.Rows {
		for _, col := range c.surveyColumns {
			if col.tokens[0] != "name" {
				continue
			}
			if n := row.At(col.index); n != "" {
				if d := editDistance(strings.ToLower(n), strings.ToLower(name)); d < least {
					best, least = n, d
				}
			}
		}
	}
	if best != "" {
		return fmt.Sprintf("Did you mean ${%s}?", best)
	}
	return "Write a name from the survey sheet."
}

// relativePath is the path between two elements of one repeat, "" when they
// share none.
func relativePath(from, target *element, name string, current, parent bool) string {
	repeat := commonAncestor(from, target, true)
	if repeat == nil {
		return ""
	}
	ancestor := commonAncestor(from, target, false)
	if parent && fromAboveRepeat(from, target, repeat) {
		ancestor = repeat.parent
	}
	steps := from.stepsTo(ancestor)
	down := target.below(ancestor)
	if !strings.HasSuffix(down, name) {
		down = "/" + name
	}
	prefix := " "
	if current {
		prefix = " current()/"
	}
	return prefix + strings.TrimSuffix(strings.Repeat("../", steps), "/") + down + " "
}

// fromAboveRepeat: a path to the answers of a repeat has to begin above it, so
// that it names all repetitions, unless the target is deeper in other repeats.
func fromAboveRepeat(from, target, repeat *element) bool {
	if target.nearestRepeat() != repeat {
		return false
	}
	return repeat.nearestRepeat() == nil || from.nearestRepeat() != repeat
}

// relativeAllowed: inside indexed-repeat(node, repeat, index, ...) the node and
// the repeats are absolute paths, the indexes are not.
func relativeAllowed(s string, r reference) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], "indexed-repeat(")
		if i < 0 {
			return true
		}
		begin := at + i + len("indexed-repeat(")
		n := strings.IndexByte(s[begin:], ')')
		if n < 0 {
			return true
		}
		end := begin + n
		if r.start >= begin && r.end <= end {
			arg := strings.Count(s[begin:r.start], ",")
			return arg != 0 && arg != 1 && arg != 3 && arg != 5
		}
		at = end
	}
}

// insideInstancePredicate: in instance('x')/root/item[...] the context is the
// item, so paths to the form begin with current().
func insideInstancePredicate(s string, r reference) bool {
	if !strings.Contains(s, "instance(") {
		return false
	}
	for at := 0; at < len(s); {
		open := strings.IndexByte(s[at:], '[')
		if open < 0 {
			return false
		}
		open += at
		n := strings.IndexByte(s[open+1:], ']')
		if n < 0 {
			return false
		}
		end := open + 1 + n
		if n > 0 && r.start >= open && r.end <= end+1 {
			return true
		}
		at = end + 1
	}
	return false
}
