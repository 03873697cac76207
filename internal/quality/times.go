package quality

// What devices, clocks and positions may be wrong by before a time or place cannot be.
const (
	overlapMS   = 60_000     // two interviews of one person at once
	outsideMS   = 5 * 60_000 // before the shift's start or after its end
	aheadMS     = 5 * 60_000 // begun after central had it
	farMetres   = 1000       // from the site, beyond the position's own accuracy
	leastMetres = 1000       // between two places, to be a journey at all
	fastest     = 130 / 3.6  // metres a second, a motorway's
)

// times looks for what cannot be; list is in the order of starts.
func (s *Summary) times(list []Facts, a Around) {
	latest := -1 // the interview that ended last so far
	for n, f := range list {
		if span, known := a.Shifts[f.Shift]; known {
			if out := max(span.From-f.Started, f.Started-span.To); out > outsideMS {
				s.Outside.note(float64(out), f.ID)
			}
		}
		if f.Ahead > aheadMS {
			s.Ahead.note(float64(f.Ahead), f.ID)
		}
		if place, known := a.Places[f.Site]; known && f.At != nil {
			if d := metres(*f.At, place) - f.At.Accuracy; d > farMetres {
				s.Far.note(d, f.ID)
			}
		}
		if latest >= 0 {
			s.between(list[latest], f, a)
		}
		if !f.Resumed && (latest < 0 || f.Ended() > list[latest].Ended()) {
			latest = n
		}
	}
}

// between looks at an interview and one that began later.
func (s *Summary) between(before, after Facts, a Around) {
	gap := after.Started - before.Ended()
	if -gap > overlapMS {
		s.Overlaps.note(float64(min(-gap, after.DurationMS)), before.ID, after.ID)
		return
	}
	from, ok := where(before, a)
	to, too := where(after, a)
	if !ok || !too {
		return
	}
	far := metres(from, to) - from.Accuracy - to.Accuracy
	if seconds := float64(max(gap, 1000)) / 1000; far > leastMetres && far/seconds > fastest {
		s.Travel.note(far/seconds, before.ID, after.ID)
	}
}

func where(f Facts, a Around) (Point, bool) {
	if f.At != nil {
		return *f.At, true
	}
	p, ok := a.Places[f.Site]
	return p, ok
}
