package question

import (
	"strconv"
	"strings"
	"time"
)

// How the standard stores what a person types of days and times.
const (
	dayStored    = time.DateOnly
	clockStored  = "15:04:05.000"
	momentStored = "2006-01-02T15:04:05.000Z07:00"
)

// parseDay reads a day as people here write it.
func parseDay(typed string) (time.Time, bool) {
	return parsed(typed, dayStored, "2/1/2006", "2.1.2006", "2-1-2006", "2 1 2006")
}

// parseClock reads a time of day.
func parseClock(typed string) (time.Time, bool) {
	return parsed(typed, "15:04", "15.04", "15h04", "1504")
}

func parsed(typed string, layouts ...string) (time.Time, bool) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, strings.TrimSpace(typed)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// storedMoment is what a typed day and time of day are stored as; a day or a time alone by kind. False where they cannot be.
func storedMoment(kind Kind, day, clock string, zone *time.Location) (string, bool) {
	if strings.TrimSpace(day+clock) == "" {
		return "", true
	}
	d, dayOK := parseDay(day)
	c, clockOK := parseClock(clock)
	switch kind {
	case Day:
		return d.Format(dayStored), dayOK
	case Clock:
		return c.Format(clockStored), clockOK
	}
	at := time.Date(d.Year(), d.Month(), d.Day(), c.Hour(), c.Minute(), 0, 0, zone)
	return at.Format(momentStored), dayOK && clockOK
}

// shownMoment is a stored answer as one types it.
func shownMoment(kind Kind, value string) (day, clock string) {
	date, rest := value, value
	if kind == DayClock {
		date, rest, _ = strings.Cut(value, "T")
	}
	if d, err := time.Parse(dayStored, date); err == nil && kind != Clock {
		day = d.Format("2-1-2006")
	}
	if kind != Day && len(rest) >= len("15:04") {
		clock = rest[:len("15:04")]
	}
	return day, clock
}

// storedMonth is what a month from 1 and a typed year are stored as: the standard keeps a whole date, the first day. Where only the year
// is asked the month is 1. False where they cannot be.
func storedMonth(month int, typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" && month == 0 {
		return "", true
	}
	year, err := strconv.Atoi(typed)
	if err != nil || len(typed) != 4 || year < 1000 || month < 1 {
		return "", false
	}
	return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Format(dayStored), true
}

// shownMonth is a stored date as its month from 1, 0 for none, and its year.
func shownMonth(value string) (month int, year string) {
	d, err := time.Parse(dayStored, value)
	if err != nil {
		return 0, ""
	}
	return int(d.Month()), strconv.Itoa(d.Year())
}
