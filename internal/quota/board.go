// Package quota is the arithmetic of quota constraints: what has been counted against what is wanted. It is pure: it knows a
// study's constraints and counts; it must not know answers, devices, storage or screens.
package quota

import "parvis/internal/study"

// Count is how many completed interviews of one site fall in one constraint.
type Count struct {
	Constraint string // study.Quota.Name
	Site       string // study.Site.Name
	N          int
}

// Line is one line of a quota board: the constraints that share a cell.
type Line struct {
	Cell        string
	Label       study.Text
	Constraints []Constraint // in the study's order
	// Target and Done are sums over the constraints.
	Target, Done int
}

// Constraint is one of the study's quotas with what has been done.
type Constraint struct {
	study.Quota
	// Done are completed interviews, BySite those of each site that has any.
	Done   int
	BySite map[string]int
}

// Left is how many more are wanted; never negative.
func (c Constraint) Left() int { return max(c.Target-c.Done, 0) }

// Over is how many there are beyond target and tolerance; never negative.
func (c Constraint) Over() int { return max(c.Done-c.Target-c.Tolerance, 0) }

// Board puts counts beside a study's constraints, a line for each cell in the order in which the study names them. Counts of
// constraints the study no longer has are left out.
func Board(st study.Study, counts []Count) []Line {
	bySite := map[string]map[string]int{}
	for _, c := range counts {
		if bySite[c.Constraint] == nil {
			bySite[c.Constraint] = map[string]int{}
		}
		bySite[c.Constraint][c.Site] += c.N
	}
	var lines []Line
	at := map[string]int{}
	for _, q := range st.Quotas {
		cell := q.Cell
		if cell == "" {
			cell = q.Name
		}
		i, known := at[cell]
		if !known {
			i = len(lines)
			at[cell] = i
			lines = append(lines, Line{Cell: cell, Label: q.Label})
		}
		c := Constraint{Quota: q, BySite: bySite[q.Name]}
		for _, n := range c.BySite {
			c.Done += n
		}
		l := &lines[i]
		l.Constraints = append(l.Constraints, c)
		l.Target += c.Target
		l.Done += c.Done
	}
	return lines
}
