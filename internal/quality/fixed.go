package quality

// flag is one of a colleague's.
func (c Colleague) flag(kind Kind, s Statistic, interviews []string) Flag {
	return Flag{Kind: kind, Interviewer: c.Interviewer, Site: c.Site, Statistic: s, Interviews: interviews}
}

// impossible are the times and places that cannot be; one is enough.
func (c Colleague) impossible() (flags []Flag) {
	for _, o := range []struct {
		kind  Kind
		odd   Odd
		unit  Unit
		limit float64
	}{
		{Overlap, c.Overlaps, Milliseconds, overlapMS}, {ImpossibleWay, c.Travel, Speed, fastest}, {FarFromSite, c.Far, Metres, farMetres},
		{OutsideShift, c.Outside, Milliseconds, outsideMS}, {Ahead, c.Ahead, Milliseconds, aheadMS},
	} {
		if k := len(o.odd.Interviews); k > 0 {
			flags = append(flags, c.flag(o.kind, Statistic{Unit: o.unit, Value: o.odd.Worst, Limit: o.limit, K: k, N: c.Interviews}, o.odd.Interviews))
		}
	}
	return flags
}

// fixed are those that need no colleagues' figures: lengths against the study's minimum, and against what is usual in it.
func (c Colleague) fixed(minSeconds int) (flags []Flag) {
	if c.Fast.K > 0 {
		s := Statistic{Unit: Milliseconds, Value: c.MedianMS, Limit: float64(minSeconds) * 1000, K: c.Fast.K, N: c.Fast.N}
		flags = append(flags, c.flag(TooFast, s, c.Fast.Interviews))
	}
	if c.Slow.K > 0 {
		s := Statistic{Unit: Milliseconds, Value: c.MedianMS, Limit: c.SlowMS, K: c.Slow.K, N: c.Slow.N}
		flags = append(flags, c.flag(TooSlow, s, c.Slow.Interviews))
	}
	return flags
}

// twins raises near duplicates that colleagues' interviews do not have as often; without a control only full agreement counts.
func (c Colleague) twins(alpha float64) []Flag {
	m := c.Matches
	s := Statistic{Unit: Share, Value: m.Highest, Limit: NearDuplicate, K: m.Own, N: m.N}
	if m.Compared < leastControl {
		if m.Equal < leastMatches-1 {
			return nil
		}
		s.K = m.Equal
		return []Flag{c.flag(SamePatterns, s, m.Interviews)}
	}
	s.Median = float64(m.Foreign) / float64(m.N) // the control's share
	s.Alpha = alpha
	s.P = atLeast(m.Own, m.N, (float64(m.Foreign)+0.5)/float64(m.N+1))
	if m.Own < leastMatches || s.P >= alpha {
		return nil
	}
	return []Flag{c.flag(SamePatterns, s, m.Interviews)}
}
