package quota

import (
	"slices"
	"strings"

	"parvis/internal/study"
)

// Widest are those of a line's constraints that take in all the others, so that in their sum each interview is one: of several for the same
// people at the same place the strictest, and no site's beside that of the whole study.
func Widest(st *study.Study, list []Constraint) []Constraint { return outer(st, once(list)) }

// Over is how many interviews are beyond the targets and tolerances of constraints, each once: those beyond one that takes others in are
// taken to be among those beyond these, as far as they go. What is only watched has nothing beyond it. Where people may fall in two
// constraints of which neither takes in the other, as in the margins of age and of sex, they may be counted in both.
func Over(st *study.Study, lines []Line) int {
	var list []Constraint
	for _, l := range lines {
		for _, c := range l.Constraints {
			if c.Kind != study.Watched {
				list = append(list, c)
			}
		}
	}
	return over(st, slices.DeleteFunc(once(list), func(c Constraint) bool { return c.Over() == 0 }))
}

func over(st *study.Study, list []Constraint) (n int) {
	for _, wide := range outer(st, list) {
		var within []Constraint
		list = slices.DeleteFunc(list, func(c Constraint) bool {
			in := takesIn(st, &wide, &c)
			if in {
				within = append(within, c)
			}
			return in
		})
		n += max(wide.Over(), over(st, within))
	}
	return n
}

// outer are the constraints that no other takes in.
func outer(st *study.Study, list []Constraint) (rest []Constraint) {
next:
	for i := range list {
		for k := range list { // a million pairs in a large study: nothing is copied
			if takesIn(st, &list[k], &list[i]) {
				continue next
			}
		}
		rest = append(rest, list[i])
	}
	return rest
}

// takesIn tells whether whoever falls in one constraint falls in a larger one, for the same period. Those of one cell are for the same
// people unless what they pick says otherwise, so that the larger place takes in the smaller.
func takesIn(st *study.Study, large, small *Constraint) bool {
	if st.Covers(&large.Quota, &small.Quota) {
		return true
	}
	return large.Period == small.Period && cellOf(&large.Quota) == cellOf(&small.Quota) &&
		covers(st, *large, *small) && !covers(st, *small, *large) && !st.Apart(&large.Quota, &small.Quota)
}

// once leaves one of the constraints for the same people at the same place and in the same period: the strictest, or else the first.
func once(list []Constraint) (rest []Constraint) {
	type whom struct {
		condition, site, region string
		period                  study.Period
	}
	if len(list) < 2 {
		return list
	}
	at := map[whom]int{}
	for _, c := range list {
		k := whom{strings.Join(strings.Fields(c.Condition.XPath), " "), c.Site, c.Region, c.Period}
		if c.Condition.Always() {
			k.condition = ""
		}
		i, twice := at[k]
		switch {
		case !twice:
			at[k] = len(rest)
			rest = append(rest, c)
		case laxity(c.Kind) < laxity(rest[i].Kind):
			rest[i] = c
		}
	}
	return rest
}

// laxity orders kinds, the strictest first.
func laxity(k study.Kind) int {
	switch k {
	case study.Hard:
		return 0
	case study.Soft:
		return 1
	}
	return 2
}
