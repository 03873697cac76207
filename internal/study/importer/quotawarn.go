package importer

import (
	"fmt"
	"slices"
	"strings"

	"parvis/internal/study"
)

// placed is one quota with the row that made it.
type placed struct {
	study.Quota
	*quotaLine
}

// warn tells an author of targets that can hardly be meant. Whether conditions exclude each other cannot be told in general, so that only
// what the columns of the grid say is compared.
func (q *quotaSheet) warn() {
	var all []placed
	for i := range q.lines {
		line := &q.lines[i]
		if line.made[0].Target == 0 {
			q.warning(place{q.sheet, line.number, "target"}, "target-zero", "The target is 0: "+zeroMeans(line.made[0].Kind), "Delete the row if nobody is to be counted here, or write how many are wanted.")
		}
		for _, made := range line.made {
			all = append(all, placed{made, line})
		}
	}
	q.warnOfCopies(all)
	q.warnOfMargins(all)
}

func zeroMeans(k study.Kind) string {
	switch k {
	case study.Hard:
		return "nobody whom this quota counts will be interviewed."
	case study.Soft:
		return "the interviewer is warned at everybody whom this quota counts."
	}
	return "the board will always show it as full."
}

// warnOfCopies finds quotas of one kind that count the same interviews. A soft one below a hard one is no copy.
func (q *quotaSheet) warnOfCopies(all []placed) {
	type key struct {
		where [3]string
		kind  study.Kind
		rule  string
	}
	first := map[key]int{}
	told := map[int]bool{}
	for _, p := range all {
		k := key{where(p.Quota), p.Kind, strings.Join(strings.Fields(p.Condition.XPath), " ")}
		n := first[k]
		if n == 0 {
			first[k] = p.number
			continue
		}
		if !told[p.number] {
			told[p.number] = true
			q.warning(place{q.sheet, p.number, ""}, "quota-copy", fmt.Sprintf("%q counts the same interviews as row %d: condition and place are the same.", p.Name, n), "Delete one of the two rows; the lower target would hold anyway.")
		}
	}
}

// gridPart are quotas of one place that divide respondents by the same questions, such as all cells of age by gender at one site.
type gridPart struct {
	by    []string // names of the questions
	cells []placed
	// apart: nobody falls in two of them, so that their targets may be added up.
	apart bool
}

// warnOfMargins finds quotas that fill before the cells they take in do.
func (q *quotaSheet) warnOfMargins(all []placed) {
	parts := gridParts(all)
	told := map[int]bool{}
	for _, margin := range all {
		for _, part := range parts[where(margin.Quota)] {
			if told[margin.number] || !part.apart {
				continue
			}
			sum, cells := 0, 0
			for _, c := range part.cells {
				if finer(c.quotaLine, margin.quotaLine) {
					sum, cells = sum+c.Target, cells+1
				}
			}
			if cells > 0 && sum > margin.Target {
				told[margin.number] = true
				q.warning(place{q.sheet, margin.number, "target"}, "margin", fmt.Sprintf("The target of %q is %d, but its %d quotas by %s come to %d, so that not all of them can fill.", margin.Name, margin.Target, cells, strings.Join(part.by, " and "), sum),
					fmt.Sprintf("Write %d or more here, or lower the others.", sum))
			}
		}
	}
}

// gridParts sorts quotas that use the grid by place, questions and further condition.
func gridParts(all []placed) map[[3]string][]*gridPart {
	type key struct {
		where    [3]string
		by, rule string
	}
	known, parts := map[key]*gridPart{}, map[[3]string][]*gridPart{}
	for _, p := range all {
		if len(p.by) == 0 {
			continue
		}
		k := key{where(p.Quota), strings.Join(p.by, " "), p.rule.Source}
		part := known[k]
		if part == nil {
			part = &gridPart{by: p.by, apart: true}
			known[k] = part
			parts[k.where] = append(parts[k.where], part)
		}
		part.apart = part.apart && !slices.ContainsFunc(part.cells, func(c placed) bool { return together(c.quotaLine, p.quotaLine) })
		part.cells = append(part.cells, p)
	}
	return parts
}

// together reports whether a respondent may fall in both rows, as far as the grid says.
func together(a, b *quotaLine) bool {
	for i := range a.picks {
		if !a.picks[i].overlaps(b.picks[i]) {
			return false
		}
	}
	return true
}

// finer reports whether a row divides the respondents of a margin by further questions.
func finer(cell, margin *quotaLine) bool {
	if len(cell.by) <= len(margin.by) || margin.rule.Source != "" && margin.rule.Source != cell.rule.Source {
		return false
	}
	for i := range cell.picks {
		if !cell.picks[i].within(margin.picks[i]) {
			return false
		}
	}
	return true
}
