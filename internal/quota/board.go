// Package quota is the arithmetic of quota constraints: what has been counted against what is wanted. It is pure: it knows a
// study's constraints and counts; it must not know answers, devices, storage or screens.
package quota

import "parvis/internal/study"

// Count is how many completed interviews of one site fall in one constraint.
type Count struct {
	Constraint string // the account's name, see study.Study.AccountOn
	Site       string // study.Site.Name
	N          int
}

// Line is one line of a quota board: the constraints that share a cell and a period.
type Line struct {
	Cell        string
	Label       study.Text
	Period      study.Period
	Wave        study.Wave   // the one it is of, where the period is a wave
	Constraints []Constraint // in the study's order
	// Target and Done are sums over the Widest of the constraints.
	Target, Done int
}

// Constraint is one of the study's quotas with what has been done.
type Constraint struct {
	study.Quota
	// Account is what is counted: that of the day or wave shown, where the target is for one.
	Account string
	// Done are completed interviews, BySite those of each site that has any.
	Done   int
	BySite map[string]int
}

// Left is how many more are wanted; never negative.
func (c Constraint) Left() int { return max(c.Target-c.Done, 0) }

// Over is how many there are beyond target and tolerance; never negative.
func (c Constraint) Over() int { return max(c.Done-c.Target-c.Tolerance, 0) }

// Shown is what a board shows of targets for each day or wave: those of one day, and of one wave by its name. Where no wave is named it is
// that of the day, or else the one before.
type Shown struct{ Day, Wave string }

func (s Shown) keyOf(st *study.Study, p study.Period) string {
	if p == study.EachWave && s.Wave != "" {
		return s.Wave
	}
	return st.KeyNear(p, s.Day)
}

// cellOf is what a quota shares its line with.
func cellOf(q *study.Quota) string {
	if q.Cell == "" {
		return q.Name
	}
	return q.Cell
}

// Board puts counts beside a study's constraints, a line for each cell in the order in which the study names them. Counts of constraints
// the study no longer has are left out.
func Board(st study.Study, counts []Count, shown Shown) []Line {
	bySite := map[string]map[string]int{}
	for _, c := range counts {
		if bySite[c.Constraint] == nil {
			bySite[c.Constraint] = map[string]int{}
		}
		bySite[c.Constraint][c.Site] += c.N
	}
	var lines []Line
	type key struct {
		cell   string
		period study.Period
	}
	at := map[key]int{}
	keys := map[study.Period]string{}
	for _, p := range []study.Period{study.WholeStudy, study.EachDay, study.EachWave} {
		keys[p] = shown.keyOf(&st, p)
	}
	wave, _ := st.WaveByName(keys[study.EachWave])
	for _, q := range st.Quotas {
		cell := cellOf(&q)
		i, known := at[key{cell, q.Period}]
		if !known {
			i = len(lines)
			at[key{cell, q.Period}] = i
			lines = append(lines, Line{Cell: cell, Label: q.Label, Period: q.Period})
			if q.Period == study.EachWave {
				lines[i].Wave = wave
			}
		}
		account := study.Account(q.Name, keys[q.Period])
		c := Constraint{Quota: q, Account: account, BySite: bySite[account]}
		for _, n := range c.BySite {
			c.Done += n
		}
		lines[i].Constraints = append(lines[i].Constraints, c)
	}
	for i := range lines {
		for _, c := range Widest(&st, lines[i].Constraints) {
			lines[i].Target += c.Target
			lines[i].Done += c.Done
		}
	}
	return lines
}
