package board

import (
	"math"
	"time"

	"parvis/internal/fieldstore/desk"
)

// Forecast is when a quota fills if the rest of the field time goes like this day. The zero Forecast is none: it is full or closed, or
// nothing can be said yet.
type Forecast struct {
	// At is the moment, where it is this day; or else Days of work from now, at least 1.
	At   time.Time
	Days int
}

const (
	// leastHours of work are needed before a rate says anything.
	leastHours = 0.5
	// hoursADay is how long a day of work is taken to be.
	hoursADay = 8
)

// forecast takes the day's interviews over the hours since its first shift began.
func forecast(c Count, day desk.Day, now time.Time) Forecast {
	left := c.Missing
	hours := float64(day.To-day.From) / float64(time.Hour.Milliseconds())
	if left <= 0 || c.Closed || c.Today <= 0 || hours < leastHours {
		return Forecast{}
	}
	rate := float64(c.Today) / hours
	need := float64(left) / rate
	at := time.UnixMilli(day.To).In(now.Location()).Add(time.Duration(need * float64(time.Hour)))
	if need <= max(hoursADay-hours, 0) && at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return Forecast{At: at}
	}
	return Forecast{Days: int(math.Ceil(need / hoursADay))}
}

// latest is when the last of several is full; the zero Forecast where of one nothing can be said.
func latest(fills []Forecast) (last Forecast) {
	for i, f := range fills {
		switch {
		case f == Forecast{}:
			return f
		case i == 0, f.Days > last.Days, f.Days == last.Days && f.At.After(last.At):
			last = f
		}
	}
	return last
}
