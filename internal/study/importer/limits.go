package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// checkLimits looks at how many choices the questions want, and which choices stand alone. The field app passes over what it does not
// understand there, so that an author would notice too late.
func (in *importer) checkLimits() {
	x := in.survey
	for _, name := range x.names {
		r := x.byName[name]
		at := func(column string) place { return place{x.sheet, r.number, "bind::" + x.prefix + ":" + column} }
		if r.exclusive+r.min+r.max == "" {
			continue
		}
		if r.kind != "select_multiple" && r.kind != "rank" {
			in.warning(at("max"), "limits-of-one", fmt.Sprintf("%q takes one answer, so that min, max and exclusive mean nothing.", name), "Empty the cells, or make it select_multiple.")
			continue
		}
		for _, choice := range strings.Fields(r.exclusive) {
			if list, known := x.lists[r.list]; known && !slices.Contains(list, choice) {
				in.problem(at("exclusive"), "exclusive", fmt.Sprintf("The list %q has no choice %q.", r.list, shorten(choice)), remedyNearest(choice, list, "Write the name of a choice of the list."))
			}
		}
		least, leastOK := in.limit(at("min"), r.min)
		most, mostOK := in.limit(at("max"), r.max)
		if leastOK && mostOK && most > 0 && least > most {
			in.problem(at("max"), "limits", fmt.Sprintf("%q wants at least %d answers and at most %d.", name, least, most), "Make max as large as min or larger.")
		}
	}
}

// limit reads a number of choices; 0 for none.
func (in *importer) limit(at place, cell string) (n int, ok bool) {
	if cell == "" {
		return 0, true
	}
	n, err := strconv.Atoi(strings.TrimSpace(cell))
	if err != nil || n < 1 {
		in.problem(at, "limits", fmt.Sprintf("%q is no number of answers.", shorten(cell)), "Write a whole number from 1.")
		return 0, false
	}
	return n, true
}
