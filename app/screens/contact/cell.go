package contact

import (
	"slices"

	"parvis/internal/study"
)

// Cell is one quota constraint that can fill at this site, with what this device has done for it.
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
}

// Left is how many are still wanted of this device, never negative.
func (c Cell) Left() int {
	switch {
	case c.Apart, c.Untold:
		return 0
	case c.Leased:
		return c.Mine
	}
	return max(0, c.Target-c.Done)
}

// within narrows a cell to what is left of a hard constraint that everybody falls in.
func (c *Cell) within(total Cell) {
	c.Apart, c.Untold = c.Apart || total.Apart, c.Untold || total.Untold
	if c.Leased {
		c.Mine, c.Elsewhere = min(c.Mine, total.Mine), min(c.Elsewhere, total.Elsewhere)
		return
	}
	c.Target = min(c.Target, c.Done+total.Left())
}

// Total is a quota that everybody at this site falls in, such as one of the whole study.
type Total struct {
	Cell
	// Soft tells that interviews beyond it are let happen.
	Soft bool
}

// wanted lists the constraints of this site, the emptiest first, so that the interviewer sees whom to look for, and the totals that are
// full. Who falls in a cell falls in a total too: where a hard one is full there is nobody to look for, and no cell is listed.
func (c *Presenter) wanted() (cells []Cell, full []Total) {
	today := study.DayOf(c.p.Now())
	var totals []study.Quota
	for _, q := range c.here() {
		if q.Condition.Always() {
			totals = append(totals, q)
			continue
		}
		cells = append(cells, c.cell(q, today))
	}
	nobody := false
	for _, q := range totals {
		total := c.cell(q, today)
		if q.Kind == study.Hard && len(c.rights) > 0 {
			for i := range cells {
				cells[i].within(total)
			}
		}
		if q.Kind != study.Watched && total.Left() == 0 {
			full = append(full, Total{total, q.Kind == study.Soft})
			nobody = nobody || q.Kind == study.Hard
		}
	}
	if nobody {
		return nil, full
	}
	slices.SortStableFunc(cells, func(a, b Cell) int { return b.Left() - a.Left() })
	return cells, full
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
	cell := Cell{Label: q.Label, Done: c.counts[account], Target: q.Target, Today: q.Period == study.EachDay}
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
		cell.Leased, cell.Done, cell.Target, cell.Mine, cell.Elsewhere = true, r.Used, r.Cap, r.Free, r.Elsewhere
	case q.Kind == study.Hard && len(c.rights) > 0:
		cell.Untold = !cell.Apart
	}
	return cell
}
