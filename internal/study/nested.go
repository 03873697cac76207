package study

import "slices"

// Nested names for a hard quota those that lie within it: whoever falls in one of these falls in it, as in a total over cells or a margin
// of a grid. Nobody falls in two of those named for one, so that they can be added up: they are the largest within it where these lie apart,
// and else as many of the smallest as do. Only quotas for the same period are compared, and only conditions that are plainly one within the
// other: by what they pick of the study's dimensions, or as they are written.
func (s *Study) Nested() map[string][]string {
	var all []*placed
	for i := range s.Quotas {
		if q := &s.Quotas[i]; q.Kind == Hard {
			all = append(all, s.placed(q))
		}
	}
	nested := map[string][]string{}
	for _, q := range all {
		for _, i := range apart(inside(q, all)) {
			nested[q.Name] = append(nested[q.Name], i.Name)
		}
	}
	return nested
}

// Covers tells whether another quota lies within one, and is smaller: whoever falls in the other falls in this, as plainly as for Nested,
// be they of whatever kind.
func (s *Study) Covers(q, i *Quota) bool {
	if q.Period != i.Period || q.Site != "" && q.Site != i.Site { // most are of other places
		return false
	}
	return s.placed(q).covers(s.placed(i))
}

// Apart tells whether nobody can fall in both of two quotas, by their places or by what they pick.
func (s *Study) Apart(q, o *Quota) bool { return s.placed(q).separate(s.placed(o)) }

func (s *Study) placed(q *Quota) *placed { return &placed{q, s.regionOf(*q)} }

// placed is a quota with the region it counts in; "" for several.
type placed struct {
	*Quota
	region string
}

func (s *Study) regionOf(q Quota) string {
	if q.Region != "" {
		return q.Region
	}
	site, _ := s.SiteByName(q.Site)
	return site.Region
}

func inside(q *placed, all []*placed) (inner []*placed) {
	for _, i := range all {
		if q.covers(i) {
			inner = append(inner, i)
		}
	}
	return inner
}

// apart chooses of quotas within one those that lie apart.
func apart(inner []*placed) []*placed {
	largest := slices.DeleteFunc(slices.Clone(inner), func(i *placed) bool {
		return slices.ContainsFunc(inner, func(o *placed) bool { return o.covers(i) })
	})
	if chosen := choose(largest); len(chosen) == len(largest) {
		return chosen
	}
	return choose(slices.DeleteFunc(slices.Clone(inner), func(i *placed) bool {
		return slices.ContainsFunc(inner, func(o *placed) bool { return i.covers(o) })
	}))
}

// choose takes each quota that lies apart from those taken before.
func choose(list []*placed) (chosen []*placed) {
	for _, q := range list {
		if !slices.ContainsFunc(chosen, func(c *placed) bool { return !c.separate(q) }) {
			chosen = append(chosen, q)
		}
	}
	return chosen
}

// covers tells whether another quota lies within this one, and is smaller.
func (q *placed) covers(i *placed) bool {
	if !q.around(i) || q.Period != i.Period || q.Quota == i.Quota || !implies(i.Quota, q.Quota) {
		return false
	}
	return !i.around(q) || !implies(q.Quota, i.Quota) // two that count the same lie in neither
}

// around tells whether another quota counts nowhere but where this one does.
func (q *placed) around(i *placed) bool {
	switch {
	case q.Site != "":
		return i.Site == q.Site
	case q.Region != "":
		return i.region == q.Region
	}
	return true
}

// separate tells whether nobody can fall in both quotas.
func (q *placed) separate(o *placed) bool {
	if q.Site != "" && o.Site != "" && q.Site != o.Site || q.region != "" && o.region != "" && q.region != o.region {
		return true
	}
	for _, p := range q.Picks {
		for _, other := range o.Picks {
			if p.Question == other.Question && !slices.ContainsFunc(p.Choices, func(c string) bool { return slices.Contains(other.Choices, c) }) {
				return true
			}
		}
	}
	return false
}

// implies tells whether whoever satisfies a quota's condition satisfies total's.
func implies(q, total *Quota) bool {
	switch {
	case total.Condition.Always() || total.Condition.XPath == q.Condition.XPath:
		return true
	case total.Further != "" || len(total.Picks) == 0:
		return false
	}
	for _, wanted := range total.Picks {
		at := slices.IndexFunc(q.Picks, func(p Pick) bool { return p.Question == wanted.Question })
		if at < 0 || slices.ContainsFunc(q.Picks[at].Choices, func(c string) bool { return !slices.Contains(wanted.Choices, c) }) {
			return false
		}
	}
	return true
}
