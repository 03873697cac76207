package quality

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Limits of comparing patterns.
const (
	// NearDuplicate is the share of equal answers from which two interviews are near duplicates (Kuriakose and Robbins 2016).
	NearDuplicate = 0.85
	// leastCompared is how many questions two interviews must have answers to: over fewer, strangers agree by chance.
	leastCompared = 12
	// mostCompared is how many interviews each is compared with, own and colleagues' alike, for the test.
	mostCompared = 200
	// mostPairs bounds the interviews compared each with each; beyond, the latest are.
	mostPairs = 800
	// leastControl is how many colleagues' interviews make a control.
	leastControl = 30
)

// Matches are an interviewer's interviews that look like others.
type Matches struct {
	// Own of N interviews are near duplicates of one of Compared others of the same interviewer, Foreign of one of as many of colleagues.
	N        int `json:"n,omitempty"`
	Own      int `json:"own,omitempty"`
	Foreign  int `json:"foreign,omitempty"`
	Compared int `json:"compared,omitempty"`
	// Highest is the highest share of equal answers between two of the interviewer's interviews.
	Highest float64 `json:"highest,omitempty"`
	// Interviews are those that are near duplicates of another of the interviewer, and Equal of them agree with one in everything.
	Interviews []string `json:"interviews,omitempty"`
	Equal      int      `json:"equal,omitempty"`
}

// match is the share of equal answers among the questions that either answered, 0 where too few.
func match(a, b []uint16) float64 {
	same, asked := 0, 0
	for i, v := range a {
		w := b[i]
		if v|w == 0 {
			continue
		}
		asked++
		if v == w {
			same++
		}
	}
	if asked < leastCompared {
		return 0
	}
	return float64(same) / float64(asked)
}

// matched is an interview ready to be compared.
type matched struct {
	id      string
	draw    uint64
	pattern []uint16
}

func patterns(list []Facts, form string) (out []matched) {
	for _, f := range list {
		if !f.Complete() || f.Form != form || len(f.Pattern) < 2*leastCompared {
			continue
		}
		m := matched{id: f.ID, draw: Draw(f.ID), pattern: make([]uint16, len(f.Pattern)/2)}
		for i := range m.pattern {
			m.pattern[i] = binary.LittleEndian.Uint16(f.Pattern[2*i:])
		}
		out = append(out, m)
	}
	return out
}

// Draw is a number by which interviews stand in an order that is as good as chance and always the same.
func Draw(id string) uint64 { return hash(id) >> 1 }

// matches compares an interviewer's interviews with each other and with colleagues'.
func matches(own, control []Facts) (m Matches) {
	form := ""
	for _, f := range own {
		if f.Complete() && f.Form != "" {
			form = f.Form // the latest
		}
	}
	if form == "" {
		return m
	}
	mine, others := patterns(own, form), patterns(control, form)
	if len(mine) > mostPairs {
		mine = mine[len(mine)-mostPairs:]
	}
	slices.SortFunc(mine, func(a, b matched) int { return cmp.Compare(a.draw, b.draw) })
	m.N, m.Compared = len(mine), min(len(mine)-1, len(others), mostCompared)
	best := make([]float64, len(mine))
	for i := range mine {
		for j := i + 1; j < len(mine); j++ {
			share := match(mine[i].pattern, mine[j].pattern)
			best[i], best[j] = max(best[i], share), max(best[j], share)
		}
	}
	for i, one := range mine {
		m.Highest = max(m.Highest, best[i])
		if best[i] >= NearDuplicate {
			m.Interviews = append(m.Interviews, one.id)
		}
		if best[i] == 1 {
			m.Equal++
		}
	}
	if m.Compared >= leastControl {
		m.test(mine, others)
	}
	return m
}

// test holds each interview against Compared own and as many foreign ones.
func (m *Matches) test(mine, others []matched) {
	for i := range mine {
		near := func(list []matched, from int) bool {
			for k := range m.Compared {
				j := (from + k) % len(list)
				if match(mine[i].pattern, list[j].pattern) >= NearDuplicate {
					return true
				}
			}
			return false
		}
		if near(mine, i+1) {
			m.Own++
		}
		if near(others, i) {
			m.Foreign++
		}
	}
}
