package table

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Sorted is the table in the order of a column, rows without a figure last; a key that is no column's leaves it as it is.
func (t Table) Sorted(key string, descending bool) Table {
	at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
	if at < 0 {
		return t
	}
	rows := slices.Clone(t.Rows)
	slices.SortStableFunc(rows, func(a, b Row) int {
		x, y := a.Cells[at], b.Cells[at]
		sign := 1
		if descending {
			sign = -1
		}
		if t.Columns[at].Kind == Words && math.IsNaN(x.Number) && math.IsNaN(y.Number) {
			return sign * strings.Compare(x.Text, y.Text)
		}
		switch none, other := math.IsNaN(x.Number), math.IsNaN(y.Number); {
		case none && other:
			return 0
		case none:
			return 1
		case other:
			return -1
		}
		return sign * cmp.Compare(x.Number, y.Number)
	})
	t.Rows = rows
	return t
}
