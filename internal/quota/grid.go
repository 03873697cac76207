package quota

import (
	"cmp"
	"slices"
	"strings"

	"parvis/internal/study"
)

// Grid are constraints that divide the respondents of each of their places by the same dimensions, such as age by gender at each site.
// Nobody falls in two of them, so that they may be added up.
type Grid struct {
	Axes   []Axis
	Period study.Period
	Wave   study.Wave // as Line's
	// Cells come in the order of the axes' values, the last axis changing fastest; then Margins, of one value after another, and last that
	// of all. A cell of which there is no constraint is left out.
	Cells, Margins []Sum
}

// Axis is a dimension with what the cells want of it, in the order of its choices.
type Axis struct {
	study.Dimension
	Values []Value
}

// Value is what some cells want of a dimension: one or several of its choices.
type Value struct {
	Choices []string
	Label   study.Text
}

// All stands for the index of a value where a sum goes over all values of an axis.
const All = -1

// Sum is a sum over cells of a grid.
type Sum struct {
	// Values has for each axis the index of its value, or All.
	Values []int
	// Cells are what is added up. Own are constraints that the study has for the same people, the largest places first, of one place the
	// strictest, none smaller than a cell's: they stand in place of the cells they take in. Those of a single cell are that and its like of larger places.
	Cells, Own []Constraint
	st         *study.Study
}

// Label names the people of a sum, in all languages; nil for everybody.
func (g Grid) Label(s Sum) study.Text {
	parts := []study.Text{}
	for i, v := range s.Values {
		if v != All {
			parts = append(parts, g.Axes[i].Values[v].Label)
		}
	}
	return joined(parts, " · ")
}

// Parts are the constraints that make a sum up, as far as they are within something, each of its people in one of them.
func (s Sum) Parts(within func(Constraint) bool) (parts []Constraint) {
	for _, own := range s.Own { // the largest places come first
		if within(own) && !s.covered(parts, own) {
			parts = append(parts, own)
		}
	}
	taken := parts
	for _, c := range s.Cells {
		if within(c) && !s.covered(taken, c) {
			parts = append(parts, c)
		}
	}
	return parts
}

func (s Sum) covered(by []Constraint, c Constraint) bool {
	return slices.ContainsFunc(by, func(large Constraint) bool { return covers(s.st, large, c) })
}

// covers tells whether a constraint's place takes in another's.
func covers(st *study.Study, large, small Constraint) bool {
	switch {
	case large.Site != "":
		return large.Site == small.Site
	case large.Region != "" && small.Site != "":
		at, _ := st.SiteByName(small.Site)
		return at.Region == large.Region
	case large.Region != "":
		return large.Region == small.Region
	}
	return true
}

// level is how large a constraint's place is: 0 for the whole study, 1 for a region, 2 for a site.
func level(q study.Quota) int {
	switch {
	case q.Site != "":
		return 2
	case q.Region != "":
		return 1
	}
	return 0
}

// Grids are the grids of a study with the sums over each of their axes and over all: of two cells and more, in the order of the lines.
func Grids(st study.Study, lines []Line) (grids []Grid) {
	type key struct {
		by, further string
		period      study.Period
		level       int
	}
	var order []key
	parts, own := map[key][]Constraint{}, map[string][]Constraint{}
	waves := map[study.Period]study.Wave{}
	for _, l := range lines {
		waves[l.Period] = l.Wave
		for _, c := range l.Constraints {
			further := c.Further
			if len(c.Picks) == 0 {
				further = c.Condition.Source
			}
			if further != "" || len(c.Picks) > 0 || c.Condition.Always() {
				whom := people(c.Period, further, c.Picks)
				own[whom] = append(own[whom], c)
			}
			if len(c.Picks) == 0 {
				continue
			}
			k := key{questions(c.Picks), c.Further, c.Period, level(c.Quota)}
			if parts[k] == nil {
				order = append(order, k)
			}
			parts[k] = append(parts[k], c)
		}
	}
	for _, list := range own {
		slices.SortStableFunc(list, func(a, b Constraint) int {
			return cmp.Or(cmp.Compare(level(a.Quota), level(b.Quota)), cmp.Compare(laxity(a.Kind), laxity(b.Kind)))
		})
	}
	for _, k := range order {
		if m := apart(&st, once(parts[k])); m != nil && len(m.tuples) > 1 {
			g := m.grid(own)
			g.Period, g.Wave = k.period, waves[k.period]
			grids = append(grids, g)
		}
	}
	return grids
}

// people names whom a quota counts where it counts.
func people(p study.Period, further string, picks []study.Pick) string {
	list := append(make([]string, 0, 2+2*len(picks)), string(p), further)
	for _, pick := range picks {
		list = append(list, pick.Question, strings.Join(pick.Choices, " "))
	}
	return strings.Join(list, "\n")
}

func questions(picks []study.Pick) string {
	names := make([]string, len(picks))
	for i, p := range picks {
		names[i] = p.Question
	}
	return strings.Join(names, " ")
}

// joined joins texts in each language that one of them has.
func joined(parts []study.Text, between string) study.Text {
	t := study.Text{}
	for _, part := range parts {
		for lang := range part {
			t[lang] = ""
		}
	}
	for lang := range t {
		words := make([]string, len(parts))
		for i, part := range parts {
			words[i] = part.In(lang, "")
		}
		t[lang] = strings.Join(words, between)
	}
	if len(t) == 0 {
		return nil
	}
	return t
}
