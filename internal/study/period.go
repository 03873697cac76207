package study

import (
	"strings"
	"time"
)

// Period is the time for which a quota's target is.
type Period string

// The periods of a quota.
const (
	WholeStudy Period = ""     // one target for all of the study
	EachDay    Period = "day"  // the same target on each day of fieldwork
	EachWave   Period = "wave" // the same target in each wave
)

// Wave is a stretch of fieldwork with targets of its own, from its first day to its last by the date where an interview is held.
type Wave struct {
	Name  string `json:"name"` // unique in the study, and no date
	Label Text   `json:"label"`
	First string `json:"first"` // a date such as 2026-11-29
	Last  string `json:"last"`  // the same day or a later one
}

// NoWave stands for the wave of a day that lies in none. No wave is called so.
const NoWave = "-"

// DaysAhead is for how many days after the present one a device asks for rights, so that it may work on them without having synchronised.
const DaysAhead = 3

// DayOf is the local date of a moment in its own zone, such as 2026-11-29.
func DayOf(t time.Time) string { return t.Format(time.DateOnly) }

// BeginOf is when a day begins in UTC; ok is false for what is no date such as 2026-11-29.
func BeginOf(day string) (t time.Time, ok bool) {
	t, err := time.Parse(time.DateOnly, day)
	return t, err == nil && DayOf(t) == day
}

// WaveOn is the wave that a day lies in.
func (s *Study) WaveOn(day string) (w Wave, ok bool) {
	for _, w := range s.Waves {
		if w.First <= day && day <= w.Last {
			return w, true
		}
	}
	return Wave{}, false
}

// WaveNear is the wave that a day lies in, or else the latest before it, or the first one there is.
func (s *Study) WaveNear(day string) (near Wave, ok bool) {
	for i, w := range s.Waves {
		if i == 0 || w.First <= day {
			near, ok = w, true
		}
	}
	return near, ok
}

// WaveByName is the wave of that name.
func (s *Study) WaveByName(name string) (w Wave, ok bool) {
	for _, w := range s.Waves {
		if w.Name == name {
			return w, true
		}
	}
	return Wave{}, false
}

// KeyOn is the key of a kind of period on a day: the date, the wave's name or NoWave; "" for the whole study.
func (s *Study) KeyOn(p Period, day string) string {
	switch p {
	case EachDay:
		return day
	case EachWave:
		if w, ok := s.WaveOn(day); ok {
			return w.Name
		}
		return NoWave
	}
	return ""
}

// KeyNear is KeyOn, but on a day without a wave the wave that was last, or is to come first: what is to be shown then.
func (s *Study) KeyNear(p Period, day string) string {
	if near, ok := s.WaveNear(day); ok && p == EachWave {
		return near.Name
	}
	return s.KeyOn(p, day)
}

// PeriodOf is the kind of period that a key names, with its first and last day; ok is false where the study has no such period.
func (s *Study) PeriodOf(key string) (p Period, first, last string, ok bool) {
	if key == "" {
		return WholeStudy, "", "", true
	}
	if _, ok := BeginOf(key); ok {
		return EachDay, key, key, true
	}
	w, ok := s.WaveByName(key)
	return EachWave, w.First, w.Last, ok
}

// AccountOn names what an interview begun on a day counts in: the quota itself or, where there is a target for each day or wave, its
// account of that period, such as women@2026-11-29 or women@spring. On a day without a wave that is women@-, of which nobody is wanted.
func (s *Study) AccountOn(q Quota, day string) string {
	return Account(q.Name, s.KeyOn(q.Period, day))
}

// Account names a quota's account of a period by its key.
func Account(quota, key string) string {
	if key == "" {
		return quota
	}
	return quota + "@" + key
}

// ParseAccount gives an account's quota, and the key of its period where it is one of a period.
func ParseAccount(account string) (quota, key string) {
	quota, key, found := strings.Cut(account, "@")
	if !found || key == "" || strings.Contains(key, "@") {
		return account, ""
	}
	return quota, key
}
