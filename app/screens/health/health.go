// Package health says in words how the device stands: what waits to be sent, and whether its clock or its storage is wrong. It is
// plain Go but for Cards; it knows what the device's store tells of itself and the interface's texts, and must not know any screen.
package health

import (
	"time"

	"parvis/internal/fieldstore"
)

// Words are the interface's texts.
type Words interface {
	T(key string, args ...any) string
	N(key string, count int, args ...any) string
	Moment(t, now time.Time) string
}

// Waiting is what waits and when something was last sent: "12 interviews waiting, last sent 14:02".
func Waiting(w Words, o fieldstore.Outlook, now time.Time) string {
	when := w.Moment(time.UnixMilli(o.LastSent).In(now.Location()), now)
	switch {
	case o.InterviewsWaiting > 0 && o.LastSent > 0:
		return w.N("health.waiting", o.InterviewsWaiting, "when", when)
	case o.InterviewsWaiting > 0:
		return w.N("health.waiting_never", o.InterviewsWaiting)
	case o.LastSent > 0:
		return w.T("health.sent", "when", when)
	}
	return w.T("health.none")
}

// Warning is one thing that is wrong: what, what is safe, what to do.
type Warning struct{ What, Safe, Do string }

const (
	// clockSlack is how far a clock may be off before anybody is bothered: zones are wrong by hours, clocks that run by seconds.
	clockSlack = 30 * time.Minute
	// full is too little for an interview and the log beside the file; low is the time to speak up.
	full = 4 << 20
	low  = 100 << 20
)

// Warnings are what is wrong now, the storage first.
func Warnings(w Words, c fieldstore.Condition, now time.Time) []Warning {
	var all []Warning
	if c.Free >= 0 && c.Free < low {
		what := w.T("health.space_low", "mb", int(c.Free>>20))
		if c.Free < full {
			what = w.T("health.space_full")
		}
		all = append(all, Warning{What: what, Safe: w.T("health.space_safe"), Do: w.T("health.space_do")})
	}
	if key, by := clock(c, now); key != "" {
		all = append(all, Warning{What: w.T(key, "by", length(w, by)), Safe: w.T("health.clock_safe"), Do: w.T("health.clock_do")})
	}
	return all
}

// clock says what is wrong with the clock and by how much; an empty key where nothing can be held against it.
//
// Central's comparison holds as long as the clock has not been set back since. Whoever sets a clock right that was ahead sets it
// back, by no more than it was ahead: that is no fault. Setting one right that was behind cannot be told from time passing, so that
// warning stays until the next exchange with central.
func clock(c fieldstore.Condition, now time.Time) (key string, by time.Duration) {
	skew := time.Duration(c.Clock.SkewMS) * time.Millisecond
	checked := time.UnixMilli(c.Clock.At)
	if c.Clock.At > 0 && now.After(checked.Add(-clockSlack)) {
		switch {
		case skew > clockSlack:
			return "health.clock_ahead", skew
		case skew < -clockSlack:
			return "health.clock_behind", -skew
		}
	}
	latest := max(c.Latest, c.Clock.At)
	if latest == 0 {
		return "", 0
	}
	if back := time.UnixMilli(latest).Add(-max(skew, 0)).Sub(now); back > clockSlack {
		return "health.clock_back", back
	}
	return "", 0
}

// length is a duration in its largest unit, rounded: "3 hours".
func length(w Words, d time.Duration) string {
	switch {
	case d >= 36*time.Hour:
		return w.N("health.days", int(d.Round(24*time.Hour)/(24*time.Hour)))
	case d >= 55*time.Minute:
		return w.N("health.hours", int(d.Round(time.Hour)/time.Hour))
	}
	return w.N("health.minutes", int(d.Round(time.Minute)/time.Minute))
}
