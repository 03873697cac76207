package quota

import (
	"slices"
	"strings"

	"parvis/internal/study"
)

// matrix are constraints by what they want of the same dimensions.
type matrix struct {
	st     *study.Study
	axes   []Axis
	sharp  []bool // of each axis: no choice is in two of its values
	tuples []tuple
}

// tuple are constraints that want the same, one for each place.
type tuple struct {
	values []int
	cells  []Constraint
}

// mostBlunt bounds how many constraints are compared one by one.
const mostBlunt = 500

// apart puts constraints of places of one size into a matrix if nobody falls in two of them. Where somebody does, since a warning stands
// beside a cap, those of the strictest kind are taken alone; nil where that does not help either.
func apart(st *study.Study, list []Constraint) *matrix {
	if m := newMatrix(st, list); m.apart() {
		return m
	}
	for _, kind := range []study.Kind{study.Hard, study.Soft, study.Watched} {
		some := slices.DeleteFunc(slices.Clone(list), func(c Constraint) bool { return c.Kind != kind })
		if len(some) == 0 || len(some) == len(list) {
			continue
		}
		if m := newMatrix(st, some); m.apart() {
			return m
		}
		break
	}
	return nil
}

func newMatrix(st *study.Study, list []Constraint) *matrix {
	m := &matrix{st: st}
	for i, p := range list[0].Picks {
		m.axes = append(m.axes, axisOf(st, list, i, p.Question))
		m.sharp = append(m.sharp, sharp(m.axes[i].Values))
	}
	at := map[string]int{}
	for _, c := range list {
		k := people("", "", c.Picks)
		i, known := at[k]
		if !known {
			i = len(m.tuples)
			at[k] = i
			m.tuples = append(m.tuples, tuple{values: m.valuesOf(c)})
		}
		m.tuples[i].cells = append(m.tuples[i].cells, c)
	}
	slices.SortStableFunc(m.tuples, func(a, b tuple) int { return slices.Compare(a.values, b.values) })
	return m
}

// axisOf are the values of the i-th pick of constraints.
func axisOf(st *study.Study, list []Constraint, i int, question string) Axis {
	a := Axis{Dimension: study.Dimension{Question: question}}
	if at := slices.IndexFunc(st.Dimensions, func(d study.Dimension) bool { return d.Question == question }); at >= 0 {
		a.Dimension = st.Dimensions[at]
	}
	place, labels := map[string]int{}, map[string]study.Text{}
	for n, x := range a.Choices {
		place[x.Name], labels[x.Name] = n, x.Label
	}
	seen := map[string]bool{}
	for _, c := range list {
		chosen := c.Picks[i].Choices
		if k := strings.Join(chosen, " "); !seen[k] {
			seen[k] = true
			a.Values = append(a.Values, Value{Choices: chosen})
		}
	}
	slices.SortStableFunc(a.Values, func(v, w Value) int {
		return slices.CompareFunc(v.Choices, w.Choices, func(x, y string) int { return place[x] - place[y] })
	})
	for n, v := range a.Values {
		var parts []study.Text
		for _, x := range v.Choices {
			if len(labels[x]) == 0 {
				labels[x] = study.Text{"": x}
			}
			parts = append(parts, labels[x])
		}
		a.Values[n].Label = joined(parts, ", ")
	}
	return a
}

func sharp(values []Value) bool {
	seen := map[string]bool{}
	for _, v := range values {
		for _, x := range v.Choices {
			if seen[x] {
				return false
			}
			seen[x] = true
		}
	}
	return true
}

func (m *matrix) valuesOf(c Constraint) []int {
	values := make([]int, len(m.axes))
	for i, a := range m.axes {
		values[i] = slices.IndexFunc(a.Values, func(v Value) bool { return slices.Equal(v.Choices, c.Picks[i].Choices) })
	}
	return values
}

// apart tells whether nobody falls in two of the constraints: each stands once in a place, and those that want different things share no
// choice in one of the dimensions at least.
func (m *matrix) apart() bool {
	for _, t := range m.tuples {
		places := map[[2]string]bool{}
		for _, c := range t.cells {
			if at := [2]string{c.Site, c.Region}; places[at] {
				return false
			} else {
				places[at] = true
			}
		}
	}
	if !slices.Contains(m.sharp, false) {
		return true
	}
	if len(m.tuples) > mostBlunt {
		return false
	}
	for i, a := range m.tuples {
		for _, b := range m.tuples[:i] {
			if m.together(a, b) {
				return false
			}
		}
	}
	return true
}

// together tells whether somebody may fall in both; that they may be of different places is passed over.
func (m *matrix) together(a, b tuple) bool {
	for i, axis := range m.axes {
		v, w := axis.Values[a.values[i]], axis.Values[b.values[i]]
		if !slices.ContainsFunc(v.Choices, func(x string) bool { return slices.Contains(w.Choices, x) }) {
			return false
		}
	}
	return true
}

// grid adds the cells up. An axis of one value, or of values that share a choice, has no margin of its own.
func (m *matrix) grid(own map[string][]Constraint) Grid {
	g := Grid{Axes: m.axes}
	for _, t := range m.tuples {
		g.Cells = append(g.Cells, m.sum(t.values, own))
	}
	for i, axis := range m.axes {
		if len(m.axes) == 1 || len(axis.Values) < 2 || !m.sharp[i] {
			continue
		}
		for v := range axis.Values {
			values := slices.Repeat([]int{All}, len(m.axes))
			values[i] = v
			g.Margins = append(g.Margins, m.sum(values, own))
		}
	}
	g.Margins = append(g.Margins, m.sum(slices.Repeat([]int{All}, len(m.axes)), own))
	return g
}

func (m *matrix) sum(values []int, own map[string][]Constraint) Sum {
	s := Sum{Values: values, st: m.st}
	for _, t := range m.tuples {
		if t.matches(values) {
			s.Cells = append(s.Cells, t.cells...)
		}
	}
	var picks []study.Pick
	for i, v := range values {
		if v != All {
			picks = append(picks, study.Pick{Question: m.axes[i].Question, Choices: m.axes[i].Values[v].Choices})
		}
	}
	first := s.Cells[0]
	for _, c := range own[people(first.Period, first.Further, picks)] {
		if slices.ContainsFunc(s.Cells, func(cell Constraint) bool { return covers(m.st, c, cell) }) {
			s.Own = append(s.Own, c)
		}
	}
	return s
}

func (t tuple) matches(values []int) bool {
	for i, v := range values {
		if v != All && v != t.values[i] {
			return false
		}
	}
	return true
}
