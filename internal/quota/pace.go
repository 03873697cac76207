package quota

import (
	"cmp"
	"maps"
	"slices"
)

// Pace is what a device has told of whom it met in its epoch: totals, which only grow. A respondent counts when the screener has told
// the constraints, whether the interview went on or the quota was full.
type Pace struct {
	Hours       float64        `json:"hours"` // worked
	Respondents int            `json:"respondents"`
	Met         map[string]int `json:"met"` // by constraint
	// Till tells that it is that of a laptop which met nobody itself: it was asked for rights. It says nothing of how others will fare.
	Till bool `json:"till,omitempty"`
}

// How strongly the whole study's pace and mix stand in for a device's own: as much as an hour of its work and twelve respondents.
const (
	ownHours       = 1.0
	ownRespondents = 12.0
)

// Rates estimates how many respondents of each constraint each device meets an hour: its own pace and mix, drawn towards those of all
// devices while it has met few, and these towards the caps while nobody has met many (empirical Bayes with fixed weights). usual is how
// many respondents an hour are expected of a device where nobody has worked yet.
func Rates(paces map[string]Pace, caps map[string]int, usual float64) map[string]map[string]float64 {
	all, total := Pace{Met: map[string]int{}}, 0
	for _, p := range paces {
		if p.Till {
			continue
		}
		all.Hours += p.Hours
		all.Respondents += p.Respondents
		for q, n := range p.Met {
			all.Met[q] += n
		}
	}
	for _, n := range caps {
		total += n
	}
	pace := (float64(all.Respondents) + usual*ownHours) / (all.Hours + ownHours)
	rates := make(map[string]map[string]float64, len(paces))
	for epoch, p := range paces {
		own := (float64(p.Respondents) + pace*ownHours) / (p.Hours + ownHours)
		rates[epoch] = make(map[string]float64, len(caps))
		for q, n := range caps {
			mix := (float64(all.Met[q]) + ownRespondents*float64(n)/float64(max(total, 1))) / (float64(all.Respondents) + ownRespondents)
			rates[epoch][q] = own * (float64(p.Met[q]) + ownRespondents*mix) / (float64(p.Respondents) + ownRespondents)
		}
	}
	return rates
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
