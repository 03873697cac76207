package importer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xpath"
)

// scope says which questions a rule may speak of.
type scope uint8

const (
	anyAnswer      scope = iota // every question of the questionnaire
	screenerAnswer              // questions that the screener asks, and what is computed from them
)

// references are the names in ${} of an expression.
func references(source string) []string {
	var names []string
	replaceReferences(source, func(name string) string {
		names = append(names, name)
		return ""
	})
	return names
}

// replaceReferences puts something else for each ${name}.
func replaceReferences(source string, with func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(source, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return b.String() + source
		}
		b.WriteString(before)
		b.WriteString(with(strings.TrimSpace(name)))
		source = after
	}
}

// rule reads an expression of a sheet of the study and makes it ready for the questionnaire's instance.
func (in *importer) rule(at place, source string, s scope) study.Rule {
	if source == "" {
		return study.Rule{}
	}
	good := true
	for _, name := range references(source) {
		good = in.reference(at, name, s) && good
	}
	resolved, ok := in.resolve(at, source, good)
	if !ok || !in.compiles(at, resolved) || !good {
		return study.Rule{Source: source}
	}
	in.choicesNamed(at, source)
	return study.Rule{Source: source, XPath: resolved}
}

// reference checks one name in ${}.
func (in *importer) reference(at place, name string, s scope) bool {
	r := in.survey.byName[name]
	switch {
	case r == nil:
		in.problem(at, "unknown-question", fmt.Sprintf("There is no question %q in the sheet survey.", shorten(name)), remedyNearest(name, in.survey.names, "Write the name of a question in ${}."))
		return false
	case r.copies > 1:
		in.problem(at, "ambiguous-question", fmt.Sprintf("The name %q stands %d times in the sheet survey.", name, r.copies), "Give the questions different names.")
		return false
	case s == screenerAnswer && r.kind == "group":
		in.problem(at, "group", fmt.Sprintf("%q is a group, which has no answer.", name), "Name a question in it.")
		return false
	case s == screenerAnswer:
		if late := in.survey.lateIn(name, map[string]bool{}); late != "" {
			in.problem(at, "not-in-screener", fmt.Sprintf("%q is not asked in the screener, so it is not known yet when this is decided.", late),
				fmt.Sprintf("Ask it early and write screener or quota in the column bind::%s:role of row %d, or use another question.", in.survey.prefix, in.survey.byName[late].number))
			return false
		}
	}
	return true
}

// resolve puts absolute paths for the names in ${}. Without a questionnaire, or with names that are wrong, paths that
// only look right stand in, so that the rest of the expression can still be checked.
func (in *importer) resolve(at place, source string, good bool) (string, bool) {
	if in.result == nil || !good {
		return replaceReferences(source, func(string) string { return " /data/unknown " }), true
	}
	resolved, err := in.result.Resolve(source)
	if err != nil {
		in.problem(at, "expression", fmt.Sprintf("The expression cannot be read: %v", err), "Write the name of a question in ${}.")
		return "", false
	}
	return strings.TrimSpace(resolved), true
}

func (in *importer) compiles(at place, resolved string) bool {
	e, err := xpath.Compile(resolved, xpath.Options{Dialect: xpath.ODK})
	var faults []*xpath.Error
	var fault *xpath.Error
	switch {
	case errors.As(err, &fault):
		faults = []*xpath.Error{fault}
	case err != nil:
		in.problem(at, "expression", fmt.Sprintf("The expression cannot be read: %v.", err), "Correct it.")
		return false
	default:
		faults = e.Problems()
	}
	for _, f := range faults {
		remedy := "Correct the expression; ${name} stands for an answer, and texts stand in quotes."
		if f.Nearest != "" {
			remedy = fmt.Sprintf("Did you mean %s()?", f.Nearest)
		} else if f.Expected != "" {
			remedy = fmt.Sprintf("Expected was %s.", f.Expected)
		}
		in.problem(at, "expression", fmt.Sprintf("The expression cannot be read: %s, at character %d of %s", f.Msg, f.Offset+1, shorten(resolved)+"."), remedy)
	}
	return len(faults) == 0
}

// choicesNamed finds comparisons with a choice that the question does not have: such a rule never holds.
func (in *importer) choicesNamed(at place, source string) {
	if !strings.Contains(source, "${") {
		return
	}
	if in.compared == nil {
		const name, literal = `\$\{\s*([^}]*?)\s*\}`, `(?:'([^']*)'|"([^"]*)")`
		in.compared = []*regexp.Regexp{regexp.MustCompile(name + `\s*!?=\s*` + literal), regexp.MustCompile(`selected\(\s*` + name + `\s*,\s*` + literal)}
	}
	for _, pattern := range in.compared {
		for _, m := range pattern.FindAllStringSubmatch(source, -1) {
			r, value := in.survey.byName[m[1]], m[2]+m[3]
			if r == nil || value == "" || !strings.HasPrefix(r.kind, "select") || (r.orOther && value == "other") {
				continue
			}
			list := in.survey.lists[r.list]
			if len(list) == 0 || contains(list, value) {
				continue
			}
			in.problem(at, "unknown-choice", fmt.Sprintf("%q has no choice %q, so this can never be true.", r.name, value), remedyNearest(value, list, "The choices of "+r.list+" are "+shortList(list)+"."))
		}
	}
}

func shortList(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:12], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}
