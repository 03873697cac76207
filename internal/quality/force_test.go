package quality

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"parvis/internal/interview"
)

// force is a simulated field force: people at sites, each with habits of their own, and respondents of whom some are alike.
type force struct {
	random    *rand.Rand
	people    []string
	facts     map[string][]Facts
	shifts    map[string]map[string]Span
	tallies   map[string]interview.Tally
	worked    map[string]int64
	questions int
	n         int
}

// places are five malls, some kilometres apart.
var places = map[string]Point{"s0": {Lat: 50.80, Lon: 4.30}, "s1": {Lat: 50.85, Lon: 4.35}, "s2": {Lat: 50.90, Lon: 4.40}, "s3": {Lat: 51.05, Lon: 3.73}, "s4": {Lat: 51.22, Lon: 4.40}}

// honest is a force in which nobody cheats; days of eight hours.
func honest(seed uint64, people, sites, days int) *force {
	f := &force{random: rand.New(rand.NewPCG(seed, 11)), questions: 34, facts: map[string][]Facts{}, shifts: map[string]map[string]Span{}, tallies: map[string]interview.Tally{}, worked: map[string]int64{}}
	for p := range people {
		who, site := fmt.Sprintf("i%03d", p), fmt.Sprint("s", p%sites)
		f.people = append(f.people, who)
		f.shifts[who] = map[string]Span{}
		h := f.habits()
		for day := range days {
			f.day(who, site, day, h)
		}
	}
	return f
}

// habits differ between honest people.
type habits struct{ length, observing, agreeing, breaking, short float64 }

func (f *force) habits() habits {
	r := f.random
	logit := func(mean, sd float64) float64 { return 1 / (1 + math.Exp(-(mean + sd*r.NormFloat64()))) }
	return habits{length: math.Log(480_000) + 0.12*r.NormFloat64(), observing: logit(0.8, 0.6), agreeing: logit(-0.8, 0.3), breaking: logit(-2.8, 0.3), short: logit(-1.2, 0.4)}
}

const day0 int64 = 1_763_712_000_000

func (f *force) day(who, site string, day int, h habits) {
	start := day0 + int64(day)*86_400_000
	shift := fmt.Sprint(who, "-", day)
	end := start + 8*3_600_000
	f.shifts[who][shift] = Span{start, end}
	f.worked[who] += end - start
	t := f.tallies[who]
	for now := start; now < end; {
		now += int64(60_000 + f.random.IntN(300_000))
		switch {
		case f.random.Float64() > h.agreeing:
			t.Add([]interview.Class{interview.ClassUnknown, interview.ClassUnknown, interview.ClassOther, interview.ClassNonContact}[f.random.IntN(4)], 1)
			continue
		case f.random.IntN(6) == 0:
			t.Add(interview.ClassNotEligible, 1)
			continue
		}
		one := f.interview(who, site, shift, now, h)
		now = one.Ended()
		if now > end {
			break
		}
		t.Add(one.Disposition.Class(), 1)
		f.facts[who] = append(f.facts[who], one)
	}
	f.tallies[who] = t
}

func (f *force) interview(who, site, shift string, at int64, h habits) Facts {
	r := f.random
	f.n++
	one := Facts{ID: fmt.Sprintf("n%06d", f.n), Interviewer: who, Site: site, Shift: shift, Started: at, Disposition: interview.Complete, Form: "f"}
	one.DurationMS = int64(math.Exp(h.length + 0.3*r.NormFloat64()))
	here := places[site]
	one.At = &Point{Lat: here.Lat + 0.001*r.NormFloat64(), Lon: here.Lon + 0.001*r.NormFloat64(), Accuracy: 20}
	if r.Float64() < h.breaking {
		one.Disposition, one.BrokeOffAt = interview.BrokeOff, fmt.Sprint("/data/q", min(int(math.Abs(r.NormFloat64())*5), 20))
		one.DurationMS /= 3
		return one
	}
	if r.Float64() < h.observing {
		one.Observed = 1 + r.IntN(4)
	}
	one.Batteries = 2
	for range 2 {
		if r.IntN(25) == 0 {
			one.Straight++
		}
	}
	one.Pattern = f.answers()
	for range 2 {
		v := Verbatim{Words: 3 + r.IntN(15), Hash: r.Uint64()}
		if r.Float64() < h.short {
			v.Words = 1 + r.IntN(2)
		}
		if r.IntN(30) == 0 {
			v = Verbatim{Words: 5, Hash: 1} // a phrase many use
		}
		one.Verbatims = append(one.Verbatims, v)
	}
	return one
}

// answers of two strangers agree in about half: three kinds of people, each with a likely answer to every question.
func (f *force) answers() (pattern []byte) {
	kind := f.random.IntN(3)
	for q := range f.questions {
		a := uint16(1 + f.random.IntN(5))
		if f.random.IntN(10) < 6 {
			a = uint16(1 + (q*7+kind*q)%4)
		}
		pattern = binary.LittleEndian.AppendUint16(pattern, a)
	}
	return pattern
}

// colleagues sums everyone up.
func (f *force) colleagues() (all []Colleague) {
	var control []Facts
	for _, who := range f.people {
		list := f.facts[who]
		for n := 0; n < len(list); n += 1 + len(list)/20 {
			control = append(control, list[n])
		}
	}
	for _, who := range f.people {
		s := Sum(who, f.facts[who], Around{MinSeconds: 150, Places: places, Shifts: f.shifts[who], Control: control})
		all = append(all, Colleague{Summary: s, Tally: f.tallies[who], WorkedMS: f.worked[who]})
	}
	return all
}

func (f *force) flags() []Flag { return Judge(f.colleagues(), 150) }
