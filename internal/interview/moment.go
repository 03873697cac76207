package interview

import "time"

// Moment is one instant as a device saw it. Clocks lie: the wall clock may be wrong or jump, so durations are never taken from
// two Moments but from the monotonic milliseconds that stand beside them.
type Moment struct {
	// UTC is the wall clock in coordinated universal time, milliseconds since 1970-01-01.
	UTC int64 `json:"utc"`
	// Offset is the local zone's distance from UTC in minutes, east positive.
	Offset int `json:"offset"`
}

// MomentOf keeps t as UTC and the offset of t's own zone.
func MomentOf(t time.Time) Moment {
	_, seconds := t.Zone()
	return Moment{UTC: t.UnixMilli(), Offset: seconds / 60}
}

// Time gives the moment back in its own zone.
func (m Moment) Time() time.Time {
	return time.UnixMilli(m.UTC).In(time.FixedZone("", m.Offset*60))
}

// IsZero tells whether nothing was recorded.
func (m Moment) IsZero() bool { return m == Moment{} }
