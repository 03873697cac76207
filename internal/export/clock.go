package export

import (
	"strconv"
	"time"

	"parvis/internal/interview"
)

const (
	dayMS    = 24 * 60 * 60 * 1000
	minuteMS = 60 * 1000
)

// clock writes moments as ISO 8601 with milliseconds and offset, "2026-05-02T14:03:07.250+02:00". It remembers the last date,
// since nearly all moments of an interview share one, and writes 30 of them in the time the library writes five.
type clock struct {
	day  int64 // days since 1970-01-01 of the date kept
	date []byte
}

// append writes the moment; a moment that was never recorded writes nothing. Dates outside the years 0 to 9999, which only a
// clock gone mad gives, are written as the library writes them.
func (c *clock) append(dst []byte, m interview.Moment) []byte {
	if m.IsZero() {
		return dst
	}
	local := m.UTC + int64(m.Offset)*minuteMS
	day := floorDiv(local, dayMS)
	if c.date == nil || day != c.day {
		c.day, c.date = day, time.UnixMilli(local).UTC().AppendFormat(c.date[:0], "2006-01-02T")
	}
	ms := int(local - day*dayMS)
	dst = append(dst, c.date...)
	dst = appendTwo(dst, ms/3_600_000, ':')
	dst = appendTwo(dst, ms/60_000%60, ':')
	dst = appendTwo(dst, ms/1000%60, '.')
	dst = append(dst, byte('0'+ms/100%10), byte('0'+ms/10%10), byte('0'+ms%10))
	return appendOffset(dst, m.Offset)
}

func appendOffset(dst []byte, minutes int) []byte {
	if minutes == 0 {
		return append(dst, 'Z')
	}
	sign := byte('+')
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	dst = append(dst, sign)
	dst = appendTwo(dst, minutes/60%100, ':')
	return append(dst, byte('0'+minutes%60/10), byte('0'+minutes%10))
}

func appendTwo(dst []byte, n int, after byte) []byte {
	return append(dst, byte('0'+n/10), byte('0'+n%10), after)
}

// appendSeconds writes milliseconds as seconds with as many decimals as there are, "312.4".
func appendSeconds(dst []byte, ms int64) []byte {
	return strconv.AppendFloat(dst, float64(ms)/1000, 'f', -1, 64)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
