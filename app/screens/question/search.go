package question

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"parvis/internal/xform"
)

// index finds choices by what is typed, whatever its case and accents.
type index struct{ labels []string }

func newIndex(choices []xform.Choice) index {
	x := index{labels: make([]string, len(choices))}
	for i, c := range choices {
		x.labels[i] = plain(c.Label)
	}
	return x
}

// indexed keeps the index of the list that was searched last: a page is built anew after many a tap, and a long list takes its time.
type indexed struct {
	first *xform.Choice
	n     int
	index index
}

// of is the index of a list; the same list, at the same place in memory, is not read twice.
func (x *indexed) of(choices []xform.Choice) index {
	if len(choices) == 0 {
		return index{}
	}
	if x.first != &choices[0] || x.n != len(choices) {
		*x = indexed{&choices[0], len(choices), newIndex(choices)}
	}
	return x.index
}

// find lists the places of the choices in which every word typed occurs: first those that begin with what was typed, then those with a
// word that does, then the others.
func (x index) find(typed string) []int {
	typed = strings.TrimSpace(plain(typed))
	words := strings.Fields(typed)
	var begin, inside, other []int
	for i, label := range x.labels {
		switch {
		case !hasAll(label, words):
		case strings.HasPrefix(label, typed):
			begin = append(begin, i)
		case strings.Contains(label, " "+typed):
			inside = append(inside, i)
		default:
			other = append(other, i)
		}
	}
	return append(append(begin, inside...), other...)
}

func hasAll(label string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(label, w) {
			return false
		}
	}
	return true
}

// plain is a text in small letters without accents.
func plain(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
