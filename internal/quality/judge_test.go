package quality

import (
	"fmt"
	"slices"
	"testing"

	"parvis/internal/interview"
)

// An honest force raises few flags: in a run of 58 studies with 1,520 people there were 6 by comparison, one to 250 people. People
// of this force differ more in their habits than the assumptions behind the threshold say.
func TestHonestPeopleAreLeftAlone(t *testing.T) {
	t.Parallel()
	compared, studies, people, absolute := 0, 0, 0, 0
	kinds := map[Kind]int{}
	for _, size := range []struct{ people, sites, days, seeds int }{{8, 2, 5, 16}, {12, 3, 5, 16}, {40, 4, 5, 6}, {100, 5, 3, 2}} {
		for seed := range uint64(size.seeds) {
			f := honest(seed, size.people, size.sites, size.days)
			studies++
			people += size.people
			for _, flag := range f.flags() {
				kinds[flag.Kind]++
				if flag.Kind == TooFast || flag.Kind == TooSlow {
					absolute++ // names single interviews, by a limit that the study or its median sets
					continue
				}
				compared++
				t.Logf("%d people, seed %d: %s %+v", size.people, seed, flag.Kind, flag.Statistic)
			}
		}
	}
	t.Logf("%d studies, %d people: %d flags about a person, %d lists of single long or short interviews; %v", studies, people, compared, absolute, kinds)
	if compared > studies/5 {
		t.Errorf("%d flags in %d honest studies", compared, studies)
	}
	if absolute > people/20 {
		t.Errorf("%d lists of odd lengths for %d honest people", absolute, people)
	}
}

// frauds are what a cheat does to an honest week, each with the flag that must find it.
var frauds = []struct {
	kind  Kind
	cheat func(f *force, who string)
}{
	{Overlap, func(f *force, who string) {
		list := f.facts[who]
		list[5].Started = list[4].Started + 2*overlapMS
		list[5].DurationMS = 5 * overlapMS
	}},
	{ImpossibleWay, func(f *force, who string) {
		list := f.facts[who]
		list[7].Site, list[7].At = "s4", &Point{Lat: places["s4"].Lat, Lon: places["s4"].Lon}
		if list[6].Site == "s4" {
			list[7].Site, list[7].At = "s0", &Point{Lat: places["s0"].Lat, Lon: places["s0"].Lon}
		}
		list[7].Started = list[6].Ended() + 60_000
	}},
	{FarFromSite, func(f *force, who string) {
		for n := range f.facts[who] {
			f.facts[who][n].At = &Point{Lat: 50.5, Lon: 4, Accuracy: 50}
		}
	}},
	{OutsideShift, func(f *force, who string) { f.facts[who][3].Started += 20 * 3_600_000 }},
	{Ahead, func(f *force, who string) { f.facts[who][3].Ahead = 3 * aheadMS }},
	{SamePatterns, func(f *force, who string) {
		list := f.facts[who]
		for n := 10; n < len(list); n += 4 { // a quarter is copied from three interviews, with some changes
			list[n].Pattern = slices.Clone(list[n%3].Pattern)
			for range 3 {
				if at := 2 * f.random.IntN(f.questions); list[n].Complete() && len(list[n].Pattern) > at {
					list[n].Pattern[at] = byte(1 + f.random.IntN(5))
				}
			}
		}
	}},
	{Repeated, func(f *force, who string) {
		for n := range f.facts[who] {
			for v := range f.facts[who][n].Verbatims {
				if n%2 == 0 {
					f.facts[who][n].Verbatims[v] = Verbatim{Words: 7, Hash: uint64(n%6) + 10}
				}
			}
		}
	}},
	{TooFast, func(f *force, who string) {
		f.facts[who][2].DurationMS, f.facts[who][2].Disposition = 60_000, interview.Complete
	}},
	{Faster, func(f *force, who string) { scale(f, who, 0.4) }},
	{Slower, func(f *force, who string) { scale(f, who, 2.5) }},
	{TooSlow, func(f *force, who string) {
		f.facts[who][2].DurationMS, f.facts[who][2].Disposition = 3*3_600_000, interview.Complete
	}},
	{StraightLines, func(f *force, who string) {
		for n := range f.facts[who] {
			if n%2 == 0 {
				f.facts[who][n].Straight = f.facts[who][n].Batteries
			}
		}
	}},
	{ShortVerbatim, func(f *force, who string) {
		for n := range f.facts[who] {
			for v := range f.facts[who][n].Verbatims {
				if n%16 > 0 {
					f.facts[who][n].Verbatims[v].Words = 1
				}
			}
		}
	}},
	{NoObserving, func(f *force, who string) {
		for n := range f.facts[who] {
			f.facts[who][n].Observed = 0
		}
	}},
	{BreakOffs, func(f *force, who string) { breakOff(f, who, "") }},
	{BreakOffAt, func(f *force, who string) { breakOff(f, who, "/data/q17") }},
	{Pace, func(f *force, who string) { f.worked[who] /= 4 }},
	{Response, func(f *force, who string) {
		t := f.tallies[who]
		t.I, t.UO, t.O, t.NC = t.I*2, 0, 0, 0
		f.tallies[who] = t
	}},
	{Screening, func(f *force, who string) {
		t := f.tallies[who]
		t.NE = t.Selected()
		f.tallies[who] = t
	}},
}

func scale(f *force, who string, by float64) {
	for n := range f.facts[who] {
		f.facts[who][n].DurationMS = int64(float64(f.facts[who][n].DurationMS) * by)
	}
}

// breakOff has every second respondent break off, at a question or anywhere.
func breakOff(f *force, who, question string) {
	for n := range f.facts[who] {
		if n%2 == 0 {
			one := &f.facts[who][n]
			one.Disposition, one.BrokeOffAt = interview.BrokeOff, question
			if question == "" {
				one.BrokeOffAt = fmt.Sprint("/data/q", f.random.IntN(20))
			}
		}
	}
}

// In a study of forty each is found every time; among twelve, honest habits can hide a cheat.
func TestEachFraudIsFound(t *testing.T) {
	t.Parallel()
	const seeds = 4
	for _, fraud := range frauds {
		t.Run(string(fraud.kind), func(t *testing.T) {
			t.Parallel()
			for _, size := range []struct{ people, sites, least int }{{12, 3, 1}, {40, 4, seeds}} {
				found := 0
				for seed := range uint64(seeds) {
					f := honest(100+seed, size.people, size.sites, 5)
					who := f.people[int(seed)%len(f.people)]
					fraud.cheat(f, who)
					if slices.ContainsFunc(f.flags(), func(g Flag) bool { return g.Kind == fraud.kind && g.Interviewer == who }) {
						found++
					}
				}
				t.Logf("%s: found %d of %d among %d", fraud.kind, found, seeds, size.people)
				if found < size.least {
					t.Errorf("found %d of %d among %d", found, seeds, size.people)
				}
			}
		})
	}
	seen := map[Kind]bool{}
	for _, fraud := range frauds {
		seen[fraud.kind] = true
	}
	for _, k := range Kinds() {
		if !seen[k] {
			t.Errorf("nothing tries %s", k)
		}
	}
}
