package quality

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"parvis/internal/interview"
)

// Colleague is an interviewer's summary with what became of the contacts.
type Colleague struct {
	Summary
	Tally interview.Tally
	// WorkedMS is the time of all shifts without their pauses, milliseconds.
	WorkedMS int64
}

// Limits of comparing interviewers.
const (
	// familyAlpha is the chance that a study in which everyone is honest raises any flag by comparison, were the assumptions exact.
	familyAlpha = 0.05
	// leastPeers colleagues of the same site are compared with; where fewer work there, all of the study are, leastInStudy at least.
	leastPeers     = 6
	leastInStudy   = 6
	leastN         = 15   // what a figure must rest on, both the interviewer's and each colleague's
	leastMatches   = 3    // near duplicates
	leastBreakOffs = 5    // to ask where they are
	leastHours     = 4    // of shifts, for a pace
	ratioFast      = 0.75 // a median length this share of colleagues' is worth a word
	ratioSlow      = 1.5  // or this many times
	leastShare     = 0.10 // a share must be this far from colleagues' median
	// leastSpread is the least standard deviation among colleagues that is believed, on the scales that are compared: few people agree by chance.
	leastSpread = 0.10
)

// measure is one figure of an interviewer.
type measure struct {
	kind  Kind
	who   int
	value float64 // as compared: a stabilised share, or a logarithm
	n, k  int
	// level tells a logarithm from a share; up and down are the directions that raise a flag.
	level, up, down bool
	unit            Unit
	interviews      []string
	question        string
}

// Judge compares the interviewers of a study and raises flags, by interviewer and kind.
func Judge(all []Colleague, minSeconds int) (flags []Flag) {
	j := judge{all: all, byKind: map[string][]measure{}}
	for who := range all {
		flags = append(flags, all[who].impossible()...)
		flags = append(flags, all[who].fixed(minSeconds)...)
		j.measure(who)
	}
	for at := range j.kinds {
		j.tests += j.testsOf(j.byKind[j.kinds[at]])
	}
	alpha := familyAlpha / float64(max(1, j.tests+len(all)))
	for _, kind := range j.kinds {
		flags = append(flags, j.compare(j.byKind[kind], alpha)...)
	}
	for who := range all {
		flags = append(flags, all[who].twins(alpha)...)
	}
	order := map[Kind]int{}
	for n, k := range Kinds() {
		order[k] = n
	}
	slices.SortStableFunc(flags, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.Interviewer, b.Interviewer), cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(a.Question, b.Question))
	})
	return flags
}

// judge holds the figures by kind and question.
type judge struct {
	all    []Colleague
	kinds  []string
	byKind map[string][]measure
	tests  int
}

func (j *judge) add(m measure) {
	key := string(m.kind) + " " + m.question
	if j.byKind[key] == nil {
		j.kinds = append(j.kinds, key)
	}
	j.byKind[key] = append(j.byKind[key], m)
}

func (j *judge) measure(who int) {
	c := j.all[who]
	share := func(kind Kind, of Counted, down bool) {
		if of.N >= leastN {
			j.add(measure{kind: kind, who: who, value: stable(of.K, of.N), k: of.K, n: of.N, up: true, down: down, unit: Share, interviews: of.Interviews})
		}
	}
	share(StraightLines, c.Straight, false)
	share(Repeated, c.Repeated, false)
	share(ShortVerbatim, c.Short, false)
	share(NoObserving, c.Unobserved, false)
	share(BreakOffs, c.BrokeOff, false)
	share(Response, Counted{K: c.Tally.I, N: c.Tally.Selected() - c.Tally.NE}, true)
	share(Screening, Counted{K: c.Tally.NE, N: c.Tally.Selected()}, true)
	if c.Completes >= leastN && c.MedianMS > 0 {
		j.add(measure{kind: Faster, who: who, value: math.Log(c.MedianMS), n: c.Completes, level: true, down: true, up: true, unit: Milliseconds})
	}
	if hours := float64(c.WorkedMS) / 3_600_000; hours >= leastHours && c.Completes >= leastN {
		j.add(measure{kind: Pace, who: who, value: math.Log(float64(c.Completes) / hours), n: c.Completes, level: true, up: true, down: true, unit: PerHour})
	}
	if c.BrokeOff.K < leastBreakOffs {
		return
	}
	for question, k := range c.BreakOffs {
		if question != "" {
			j.add(measure{kind: BreakOffAt, question: question, who: who, value: stable(k, c.BrokeOff.K), k: k, n: c.BrokeOff.K, up: true, unit: Share, interviews: c.BrokeOff.Interviews})
		}
	}
}

func (j *judge) testsOf(list []measure) (n int) {
	for _, m := range list {
		if m.up {
			n++
		}
		if m.down {
			n++
		}
	}
	return n
}

// peersOf are the others of the same site, or of the study where those are few, and the spread of everyone else around the medians
// of their own sites: a site's few tell where its middle is, not how far people differ.
func (j *judge) peersOf(m measure, list []measure) (p peers, enough bool) {
	bySite := map[string][]float64{}
	var all []float64
	var near []measure
	site := j.all[m.who].Site
	for _, o := range list {
		if o.who == m.who {
			continue
		}
		p.list = append(p.list, o)
		all = append(all, o.value)
		bySite[j.all[o.who].Site] = append(bySite[j.all[o.who].Site], o.value)
		if j.all[o.who].Site == site {
			near = append(near, o)
		}
	}
	if len(p.list) < leastInStudy {
		return p, false
	}
	p.everyone = len(p.list)
	if p.atSite = len(near) >= leastPeers; p.atSite {
		p.list, all = near, nil
		for _, of := range slices.Sorted(maps.Keys(bySite)) {
			if values := bySite[of]; len(values) >= leastPeers {
				all = append(all, around(values)...)
			}
		}
		p.everyone = len(all)
		_, p.mad = spread(append(all, 0)) // around 0: what is left when the site's median is taken off
		p.mid, _ = spread(bySite[site])
		return p, true
	}
	p.mid, p.mad = spread(all)
	return p, true
}

// peers are the colleagues a figure is held against.
type peers struct {
	list     []measure
	everyone int // whose spread it is
	atSite   bool
	mid, mad float64
}

// around are values less their median, a little stretched since the median follows few values.
func around(values []float64) (rest []float64) {
	mid, _ := spread(values)
	n := float64(len(values))
	for _, v := range values {
		rest = append(rest, (v-mid)*math.Sqrt(n/(n-1)))
	}
	return rest
}

// everywhere adds those who never had a break-off at a question to those who had, so that one alone with it is compared, too.
func (j *judge) everywhere(list []measure) []measure {
	has := map[int]bool{}
	for _, m := range list {
		has[m.who] = true
	}
	for who, c := range j.all {
		if !has[who] && c.BrokeOff.K >= leastBreakOffs {
			list = append(list, measure{kind: BreakOffAt, who: who, value: stable(0, c.BrokeOff.K), n: c.BrokeOff.K})
		}
	}
	return list
}

func (j *judge) compare(list []measure, alpha float64) (flags []Flag) {
	if list[0].kind == BreakOffAt {
		list = j.everywhere(list)
	}
	for _, m := range list {
		p, enough := j.peersOf(m, list)
		if !enough {
			continue
		}
		s, far := m.against(p, alpha)
		if !far {
			continue
		}
		f := Flag{Kind: m.kind, Interviewer: j.all[m.who].Interviewer, Site: j.all[m.who].Site, Question: m.question, Statistic: s, Interviews: m.interviews}
		if m.kind == Faster && s.Z > 0 {
			f.Kind = Slower
		}
		flags = append(flags, f)
	}
	return flags
}

// against holds a figure against colleagues'. The spread among them holds for figures that rest on as much as theirs; one that
// rests on less varies more.
func (m measure) against(p peers, alpha float64) (s Statistic, far bool) {
	var sizes []float64
	k, n := 0, 0
	for _, o := range p.list {
		sizes = append(sizes, float64(o.n))
		k, n = k+o.k, n+o.n
	}
	size, _ := spread(sizes)
	sd := max(normalMAD*p.mad, leastSpread) * math.Sqrt(max(1, size/float64(m.n)))
	s = Statistic{Unit: m.unit, K: m.k, N: m.n, Peers: len(p.list), AtSite: p.atSite, Threshold: threshold(alpha, p.everyone)}
	if m.level {
		s.Z = (m.value - p.mid) / sd
		s.Value, s.Median = math.Exp(m.value), math.Exp(p.mid)
		s.MAD = math.Exp(p.mid+p.mad) - s.Median
		ratio := s.Value / s.Median
		return s, m.up && s.Z > s.Threshold && ratio > ratioSlow || m.down && s.Z < -s.Threshold && ratio < ratioFast
	}
	s.Z = (m.value - p.mid) / max(sd, 1/math.Sqrt(float64(m.n)))
	s.Value, s.Median, s.Alpha = float64(m.k)/float64(m.n), shareOf(p.mid), alpha
	s.MAD = shareOf(p.mid+p.mad) - s.Median
	chance := (float64(k) + 0.5) / (float64(n) + 1)
	switch {
	case m.up && s.Value-s.Median > leastShare && s.Z > s.Threshold:
		s.P = atLeast(m.k, m.n, chance)
	case m.down && s.Median-s.Value > leastShare && s.Z < -s.Threshold:
		s.P = atMost(m.k, m.n, chance)
	default:
		return s, false
	}
	return s, s.P < alpha
}
