package contact

import (
	"slices"

	"parvis/internal/study"
)

// Cell is one quota constraint that can fill at this site, with what is done for it as far as this device knows.
type Cell struct {
	Label        study.Text
	Done, Target int
	// Today tells that the target is for the present day; Wave is the label of the wave it is for.
	Today bool
	Wave  study.Text
	// Apart tells that the target is for each wave and the present day lies in none: nobody is wanted.
	Apart bool
	// Untold tells that central has said what this device may do, and nothing of this: an interview would end as full, so nobody is wanted,
	// and what others have is not known.
	Untold bool
	// Leased tells that the constraint is shared with other devices: then Left counts the rights of this one, and Elsewhere what others or
	// nobody has.
	Leased          bool
	Mine, Elsewhere int
	// Going is how many interviews of it go on here.
	Going int
	// Kind tells whether interviews beyond it are let happen. Total tells that everybody falls in it. Of others, Barred is how many of those wanted a total leaves no room for.
	Kind   study.Kind
	Total  bool
	Barred int
}

// Left is how many are still wanted of this device, never negative.
func (c Cell) Left() int {
	switch {
	case c.Apart, c.Untold:
		return 0
	case c.Leased:
		return c.Mine
	}
	return max(0, c.Target-c.Done-c.Barred)
}

// within narrows a cell to what is left of a hard constraint that everybody falls in.
func (c *Cell) within(total Cell) {
	c.Apart, c.Untold = c.Apart || total.Apart, c.Untold || total.Untold
	if c.Leased {
		c.Mine, c.Elsewhere = min(c.Mine, total.Mine), min(c.Elsewhere, total.Elsewhere)
		return
	}
	c.Barred = max(c.Barred, c.Target-c.Done-total.Left())
}

// groups lists the constraints of this site: totals first, then all others, which totals narrow.
func (c *Presenter) groups() []Cell {
	today := study.DayOf(c.p.Now())
	var totals, bounds, cells []Cell
	for _, q := range c.here() {
		switch cell := c.cell(q, today); {
		case !q.Condition.Always():
			cells = append(cells, cell)
		case q.Kind == study.Hard && len(c.rights) > 0:
			bounds = append(bounds, cell)
			fallthrough
		default:
			totals = append(totals, cell)
		}
	}
	for _, total := range bounds { // who falls in a cell falls in a total of the place too
		for i := range cells {
			cells[i].within(total)
		}
	}
	return append(totals, cells...)
}

// fullTotals are the totals among groups that leave nobody, and whether one of them is hard: then there is nobody to look for. What is
// watched only is for the board.
func fullTotals(groups []Cell) (full []Cell, hard bool) {
	for _, c := range groups {
		if c.Total && c.Kind != study.Watched && c.Left() == 0 {
			full, hard = append(full, c), hard || c.Kind == study.Hard
		}
	}
	return full, hard
}

// wanted are the cells among groups, the emptiest first, so that the interviewer sees whom to look for.
func wanted(groups []Cell) []Cell {
	cells := slices.DeleteFunc(slices.Clone(groups), func(c Cell) bool { return c.Total })
	slices.SortStableFunc(cells, func(a, b Cell) int { return b.Left() - a.Left() })
	return cells
}

// here lists the constraints that can fill at this site.
func (c *Presenter) here() (list []study.Quota) {
	site, _ := c.p.Study.SiteByName(c.p.Shift.Site) // a site that has gone has no region
	for _, q := range c.p.Study.Quotas {
		if (q.Site == "" || q.Site == c.p.Shift.Site) && (q.Region == "" || q.Region == site.Region) {
			list = append(list, q)
		}
	}
	return list
}

func (c *Presenter) cell(q study.Quota, today string) Cell {
	account := c.p.Study.AccountOn(q, today)
	cell := Cell{Label: q.Label, Done: c.counts[account], Target: q.Target, Today: q.Period == study.EachDay, Kind: q.Kind, Total: q.Condition.Always()}
	if q.Period == study.EachWave {
		wave, in := c.p.Study.WaveOn(today)
		cell.Wave, cell.Apart = wave.Label, !in
	}
	if aim, told := c.aims[q.Name]; told && q.Kind != study.Hard {
		if cell.Target = aim.Target; aim.Closed {
			cell.Target = min(aim.Target, cell.Done)
		}
	}
	switch r, ok := c.rights[account]; {
	case ok:
		cell.Leased, cell.Done, cell.Target = true, r.Used, r.Cap
		cell.Mine, cell.Going, cell.Elsewhere = r.Free, r.Going, r.Elsewhere
	case q.Kind == study.Hard && len(c.rights) > 0:
		cell.Untold = !cell.Apart
	}
	return cell
}
