package xpath

import (
	"math"
	"strings"
	"time"
)

const dayMillis = 86400000

// days is a date as a number: in the web dialect days since 1970 UTC with their
// fraction, else whole calendar days since 1970 where the date is meant.
func (v Value) days() float64 {
	if math.IsNaN(v.num) {
		return v.num
	}
	if v.utc {
		return v.num / dayMillis
	}
	t := time.UnixMilli(int64(v.num)).In(v.location())
	return float64(calendarDay(t))
}

// calendarDay numbers the day of a time in its location; 1970-01-01 is 0.
func calendarDay(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (dayMillis / 1000)
}

// dayStart is the first instant of a numbered day in a location.
func dayStart(day int64, loc *time.Location) time.Time {
	y, m, d := time.Unix(day*(dayMillis/1000), 0).UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

// textNumber is the number of a string that is no number but may be a date, or
// in the dialect of JavaRosa a number with a decimal comma, in that of the web one
// with an exponent.
func textNumber(s string, web bool, loc *time.Location) float64 {
	s = strings.TrimSpace(s)
	if len(s) == 0 || len(s) > 64 || s[0] != '-' && s[0] != ',' && !isDigit(s[0]) {
		return math.NaN()
	}
	if t, ok := parseDate(s, loc); ok {
		d := Date(t)
		d.utc = web
		return d.days()
	}
	if web {
		return parseExponent(s)
	}
	if strings.Count(s, ",") == 1 {
		return parseNumber(strings.Replace(s, ",", ".", 1))
	}
	return math.NaN()
}

// dateString writes a date alone at midnight, else with time and offset.
func (v Value) dateString() string {
	t, ok := v.Time()
	if !ok {
		return "Invalid Date"
	}
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0 {
		return t.Format("2006-01-02")
	}
	return FormatDateTime(t)
}

// FormatDateTime writes a time as ODK stores it: 2006-01-02T15:04:05.000+01:00.
func FormatDateTime(t time.Time) string { return t.Format("2006-01-02T15:04:05.000-07:00") }

// parseDate reads YYYY-MM-DD, where month and day may have one digit, with or
// without Thh:mm[:ss[.fff]] and Z or an offset. Without an offset the time is
// local.
func parseDate(s string, loc *time.Location) (time.Time, bool) {
	var year, month, day int
	rest, ok := digits(s, 1, 6, &year)
	if ok {
		rest, ok = after(rest, '-', 1, 2, &month)
	}
	if ok {
		rest, ok = after(rest, '-', 1, 2, &day)
	}
	if !ok || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, false
	}
	if rest == "" {
		return time.Date(year, time.Month(month), day, 0, 0, 0, 0, loc), true
	}
	if rest[0] != 'T' && rest[0] != ' ' {
		return time.Time{}, false
	}
	nanos, zone, ok := parseClock(rest[1:], loc)
	if !ok {
		return time.Time{}, false
	}
	h, nanos := nanos/int64(time.Hour), nanos%int64(time.Hour)
	m, nanos := nanos/int64(time.Minute), nanos%int64(time.Minute)
	t := time.Date(year, time.Month(month), day, int(h), int(m), 0, int(nanos), zone)
	return t.In(loc), true
}

// parseClock reads hh:mm[:ss[.fff]][Z|±hh[:mm]] into nanoseconds since midnight
// and the zone.
func parseClock(s string, loc *time.Location) (int64, *time.Location, bool) {
	var h, m, sec int
	var nanos int64
	rest, ok := digits(s, 1, 2, &h)
	if ok {
		rest, ok = after(rest, ':', 1, 2, &m)
	}
	if !ok || h > 23 || m > 59 {
		return 0, nil, false
	}
	if strings.HasPrefix(rest, ":") {
		if rest, ok = after(rest, ':', 1, 2, &sec); !ok || sec > 59 {
			return 0, nil, false
		}
		if strings.HasPrefix(rest, ".") {
			i := 1
			for scale := int64(100_000_000); i < len(rest) && isDigit(rest[i]); i++ {
				nanos += int64(rest[i]-'0') * scale
				scale /= 10
			}
			rest = rest[i:]
		}
	}
	zone, ok := parseOffset(rest, loc)
	total := int64(h)*int64(time.Hour) + int64(m)*int64(time.Minute) + int64(sec)*int64(time.Second) + nanos
	return total, zone, ok
}

func parseOffset(s string, loc *time.Location) (*time.Location, bool) {
	switch {
	case s == "":
		return loc, true
	case s == "Z":
		return time.UTC, true
	case s[0] != '+' && s[0] != '-':
		return nil, false
	}
	var h, m int
	rest, ok := digits(s[1:], 1, 2, &h)
	if !ok {
		return nil, false
	}
	if rest != "" {
		rest = strings.TrimPrefix(rest, ":")
		if rest, ok = digits(rest, 2, 2, &m); !ok || rest != "" {
			return nil, false
		}
	}
	if h > 23 || m > 59 {
		return nil, false
	}
	seconds := h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// digits reads a number of low to high digits from the start of s.
func digits(s string, low, high int, into *int) (rest string, ok bool) {
	i := 0
	for i < len(s) && i < high && isDigit(s[i]) {
		*into = *into*10 + int(s[i]-'0')
		i++
	}
	return s[i:], i >= low
}

func after(s string, sep byte, low, high int, into *int) (string, bool) {
	if s == "" || s[0] != sep {
		return s, false
	}
	return digits(s[1:], low, high, into)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
