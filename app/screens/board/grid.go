package board

import (
	"fmt"
	"slices"

	"parvis/internal/quota"
	"parvis/internal/study"
)

// Grid are interlocked quotas with their sums: nobody falls in two of its cells.
type Grid struct {
	Axes []quota.Axis
	// Cells and Margins are as in quota.Grid.
	Cells, Margins []Sum
	// Like is the period the grid's figures are of, as a line has it.
	Like Line
}

// Sum is a sum over cells of a grid; that of a single cell among them.
type Sum struct {
	Line
	Values []int // as in quota.Sum
	Of     int   // how many quotas are added up
	// Opens is the key of the line that the study has for the same people; empty where it has none, and the sum is all there is.
	Opens string
}

// grids adds up what can be.
func (r reading) grids() (list []Grid) {
	lines := map[string]string{} // by constraint
	for _, l := range r.Lines {
		for _, c := range l.Constraints {
			lines[c.Name] = keyOf(l)
		}
	}
	for n, g := range quota.Grids(r.Study, r.Lines) {
		out := Grid{Axes: g.Axes, Like: Line{Today: g.Period == study.EachDay, Wave: g.Wave.Label}}
		sum := func(s quota.Sum) Sum {
			one := Sum{Line: r.sum(s), Values: s.Values, Of: len(s.Cells)}
			one.Key, one.Label, one.Today, one.Wave = fmt.Sprintf("grid %d %v", n, s.Values), g.Label(s), out.Like.Today, out.Like.Wave
			if len(s.Own) > 0 {
				one.Opens = lines[s.Own[0].Name]
			}
			return one
		}
		for _, s := range g.Cells {
			out.Cells = append(out.Cells, sum(s))
		}
		for _, s := range g.Margins {
			one := sum(s)
			one.Margin = true
			out.Margins = append(out.Margins, one)
		}
		list = append(list, out)
	}
	return list
}

func (r reading) sum(s quota.Sum) (out Line) {
	all := s.Parts(func(quota.Constraint) bool { return true })
	out.Whole = r.count(all...)
	for _, place := range r.places {
		if own := s.Parts(place.within); len(own) > 0 {
			out.ByPlace = append(out.ByPlace, r.count(own...))
		} else {
			out.ByPlace = append(out.ByPlace, r.at(place, all))
		}
	}
	return out
}

// At is the sum of some values; false where the grid has no such cell.
func (g Grid) At(values ...int) (Sum, bool) {
	for _, list := range [][]Sum{g.Cells, g.Margins} {
		for _, s := range list {
			if slices.Equal(s.Values, values) {
				return s, true
			}
		}
	}
	return Sum{}, false
}

// Two tells whether the grid can stand as rows and columns; across is the axis of the columns, of the fewer values.
func (g Grid) Two() (across int, ok bool) {
	if len(g.Axes) != 2 {
		return 0, false
	}
	if len(g.Axes[1].Values) > len(g.Axes[0].Values) {
		return 0, true
	}
	return 1, true
}

// Added are the margins that the study has no line of its own for.
func (g Grid) Added() (list []Sum) {
	for _, s := range g.Margins {
		if s.Opens == "" {
			list = append(list, s)
		}
	}
	return list
}

// added is a margin by its key.
func (m Model) added(key string) (Sum, bool) {
	for _, g := range m.Grids {
		for _, s := range g.Margins {
			if s.Key == key {
				return s, true
			}
		}
	}
	return Sum{}, false
}
