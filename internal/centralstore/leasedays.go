package centralstore

import (
	"maps"
	"slices"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/study"
)

// furthest is how far a local date may lie from that of UTC.
const furthest = 14 * time.Hour

// wanted are the days and waves for which a device may have rights, by key: those of its present day and the next by its word, as far as
// central's own clock can agree somewhere on earth. A device whose clock is wrong gets none for the days it believes in.
func (c hardCaps) wanted(asked []string, now int64) (keys []string) {
	from := study.DayOf(time.UnixMilli(now).UTC().Add(-furthest))
	to := study.DayOf(time.UnixMilli(now).UTC().Add(furthest).AddDate(0, 0, study.DaysAhead))
	for _, key := range asked {
		if p, first, last, ok := c.study.PeriodOf(key); ok && p != study.WholeStudy && from <= last && first <= to && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// beginOf is when a period begins in UTC, milliseconds; 0 for the whole study.
func (c hardCaps) beginOf(key string) int64 {
	_, first, _, _ := c.study.PeriodOf(key)
	t, ok := study.BeginOf(first)
	if !ok {
		return 0
	}
	return t.UnixMilli()
}

// accounts are the caps of what a statement is about: all constraints for the whole study, those for each day or wave in the wanted ones,
// and others of which the device says something, or that a laptop passed something on.
func (c hardCaps) accounts(held map[string]delivery.LeaseHolding, lent, wanted []string) map[string]int {
	caps := map[string]int{}
	for _, key := range append([]string{""}, wanted...) {
		p, _, _, _ := c.study.PeriodOf(key)
		for name, n := range c.period[p] {
			caps[study.Account(name, key)] = n
		}
	}
	for _, account := range slices.AppendSeq(slices.Clone(lent), maps.Keys(held)) {
		if n, ok := c.of(account); ok && len(caps) < 2*mostHeld {
			caps[account] = n
		}
	}
	return caps
}

// barred are the constraints for each day or wave of which the device wants none of the present ones: it is no day of a wave, its clock is
// wrong, or it is an older app that knows no such targets. They have a lease without rights under their own name, so that the device knows
// that they hold, and takes them for full.
func (c hardCaps) barred(wanted []string) (names []string) {
	for p, caps := range c.period {
		if p != study.WholeStudy && !slices.ContainsFunc(wanted, func(key string) bool { of, _, _, _ := c.study.PeriodOf(key); return of == p }) {
			names = slices.AppendSeq(names, maps.Keys(caps))
		}
	}
	return names
}
