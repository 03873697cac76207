package quality

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Summary is one interviewer's work in a study, as flags need it.
type Summary struct {
	Interviewer string `json:"interviewer"`
	// Site is where most of the interviews were made: colleagues are those of the same one.
	Site string `json:"site"`
	// Completes of Interviews were complete; Ended are completes, partial interviews and those broken off.
	Interviews int `json:"interviews"`
	Completes  int `json:"completes"`
	Ended      int `json:"ended"`
	// MedianMS is the median length of complete interviews, milliseconds; 0 for none.
	MedianMS float64 `json:"median_ms,omitempty"`
	// Fast took less than the study's minimum, Slow far longer than is usual in the study; of Completes.
	Fast Counted `json:"fast"`
	Slow Counted `json:"slow"`
	// SlowMS is the length from which an interview is slow, milliseconds.
	SlowMS float64 `json:"slow_ms,omitempty"`
	// Straight are batteries answered in a straight line.
	Straight Counted `json:"straight"`
	Matches  Matches `json:"matches"`
	// Short are verbatims of at most ShortWords words; Repeated those that say word for word what an earlier one said.
	Short    Counted `json:"short"`
	Repeated Counted `json:"repeated"`
	// Unobserved are complete interviews without an observation.
	Unobserved Counted `json:"unobserved"`
	// BrokeOff are those of Ended that were broken off, BreakOffs how many at which question.
	BrokeOff  Counted        `json:"broke_off"`
	BreakOffs map[string]int `json:"break_offs,omitempty"`
	// The others cannot be, each with its worst case.
	Overlaps Odd `json:"overlaps"`
	Outside  Odd `json:"outside"`
	Travel   Odd `json:"travel"`
	Far      Odd `json:"far"`
	Ahead    Odd `json:"ahead"`
}

// Counted is k of n with the interviews concerned.
type Counted struct {
	K          int      `json:"k,omitempty"`
	N          int      `json:"n,omitempty"`
	Interviews []string `json:"interviews,omitempty"`
}

func (c *Counted) count(id string, hits, of int) {
	c.K, c.N = c.K+hits, c.N+of
	if hits > 0 && len(c.Interviews) < mostNamed {
		c.Interviews = append(c.Interviews, id)
	}
}

// Odd are interviews that cannot be as they say, and the worst figure among them: milliseconds, metres or metres a second.
type Odd struct {
	Worst      float64  `json:"worst,omitempty"`
	Interviews []string `json:"interviews,omitempty"`
}

func (o *Odd) note(worst float64, ids ...string) {
	o.Worst = max(o.Worst, worst)
	for _, id := range ids {
		if !slices.Contains(o.Interviews, id) && len(o.Interviews) < mostNamed {
			o.Interviews = append(o.Interviews, id)
		}
	}
}

// mostNamed is how many interviews are named for one reason.
const mostNamed = 200

// ShortWords is how many words a short verbatim has at most. leastRepeated is how many a repeated one has at least: "I do not
// know" may be said by many.
const (
	ShortWords    = 2
	leastRepeated = 5
)

// Span is from when until when, milliseconds UTC.
type Span struct{ From, To int64 }

// Around is what an interviewer's interviews are seen against.
type Around struct {
	// MinSeconds is the study's minimum length of a complete interview; 0 for none.
	MinSeconds int
	// Places are the study's sites that have a location, Shifts the interviewer's.
	Places map[string]Point
	Shifts map[string]Span
	// Control are interviews of colleagues, by chance; those of the interviewer among them are left out.
	Control []Facts
}

// slowest is how many robust standard deviations of the logarithm make an interview slow, if it is also slowRatio times the median.
const (
	slowest   = 4.5
	slowRatio = 2.5
)

// Sum makes the summary of an interviewer's facts, which need be in no order.
func Sum(interviewer string, facts []Facts, a Around) Summary {
	s := Summary{Interviewer: interviewer, BreakOffs: map[string]int{}}
	list := slices.Clone(facts)
	slices.SortFunc(list, func(x, y Facts) int { return cmp.Or(cmp.Compare(x.Started, y.Started), cmp.Compare(x.ID, y.ID)) })
	control := slices.DeleteFunc(slices.Clone(a.Control), func(f Facts) bool { return f.Interviewer == interviewer })
	s.SlowMS = slowFrom(control)
	sites, said := map[string]int{}, map[uint64]bool{}
	var lengths []float64
	for _, f := range list {
		sites[f.Site]++
		s.ending(f)
		if f.Complete() {
			lengths = append(lengths, float64(f.DurationMS))
			s.complete(f, a)
		}
		s.words(f, said)
	}
	s.Interviews = len(list)
	for _, site := range slices.Sorted(maps.Keys(sites)) {
		if s.Site == "" || sites[site] > sites[s.Site] {
			s.Site = site
		}
	}
	if len(lengths) > 0 {
		slices.Sort(lengths)
		s.MedianMS = median(lengths)
	}
	s.Matches = matches(list, control)
	s.times(list, a)
	return s
}

// slowFrom is the length from which an interview is slow beside colleagues' ones; 0 where there are too few of those.
func slowFrom(control []Facts) float64 {
	var logs []float64
	for _, f := range control {
		if f.Complete() && f.DurationMS > 0 {
			logs = append(logs, math.Log(float64(f.DurationMS)))
		}
	}
	if len(logs) < leastControl {
		return 0
	}
	mid, mad := spread(logs)
	return math.Exp(mid + max(math.Log(slowRatio), slowest*normalMAD*mad))
}

func (s *Summary) ending(f Facts) {
	switch f.Disposition.Class() {
	case "I", "P":
		s.Ended++
	case "R":
		if f.BrokeOffAt == "" {
			return // refused before the first question
		}
		s.Ended++
	default:
		return
	}
	off := 0
	if !f.Complete() {
		off = 1
		s.BreakOffs[f.BrokeOffAt]++
	}
	s.BrokeOff.count(f.ID, off, 1)
}

func (s *Summary) complete(f Facts, a Around) {
	s.Completes++
	is := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	if a.MinSeconds > 0 {
		s.Fast.count(f.ID, is(f.DurationMS < int64(a.MinSeconds)*1000), 1)
	}
	if s.SlowMS > 0 {
		s.Slow.count(f.ID, is(float64(f.DurationMS) > s.SlowMS), 1)
	}
	s.Straight.count(f.ID, f.Straight, f.Batteries)
	s.Unobserved.count(f.ID, is(f.Observed == 0), 1)
}

func (s *Summary) words(f Facts, said map[uint64]bool) {
	short, repeated, long := 0, 0, 0
	for _, v := range f.Verbatims {
		if v.Words <= ShortWords {
			short++
		}
		if v.Words >= leastRepeated {
			long++
			if said[v.Hash] {
				repeated++
			}
			said[v.Hash] = true
		}
	}
	s.Short.count(f.ID, short, len(f.Verbatims))
	s.Repeated.count(f.ID, repeated, long)
}
