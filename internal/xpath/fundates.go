package xpath

import (
	"math"
	"strings"
	"time"
)

func dateFunctions() []builtin {
	return []builtin{
		{"today", 0, 0, func(ev *evaluator, _ *callExpr, _ focus) Value {
			loc := ev.world().Location()
			return ev.date(dayStart(calendarDay(ev.world().Now().In(loc)), loc))
		}},
		{"now", 0, 0, func(ev *evaluator, _ *callExpr, _ focus) Value { return ev.date(ev.world().Now()) }},
		{"date", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value { return c.toDate(ev, c.value(ev, f, 0), false) }},
		{"date-time", 1, 1, func(ev *evaluator, c *callExpr, f focus) Value { return c.toDate(ev, c.value(ev, f, 0), true) }},
		{"decimal-date-time", 1, 1, decimalDateTime},
		{"decimal-time", 1, 1, decimalTime},
		{"format-date", 2, 2, formatDate},
		{"format-date-time", 2, 2, formatDate},
	}
}

// date makes a date of the dialect in the place where the form is filled in.
func (ev *evaluator) date(t time.Time) Value {
	v := Date(t.In(ev.world().Location()))
	v.utc = ev.web()
	return v
}

func (ev *evaluator) noDate() Value {
	return Value{kind: DateType, num: math.NaN(), utc: ev.web(), loc: ev.world().Location()}
}

// toDate converts as date() and date-time() do; keepTime is the latter. The
// empty text and NaN stay what they are. What is no date is an error, in the web
// dialect the invalid date.
func (c *callExpr) toDate(ev *evaluator, v Value, keepTime bool) Value {
	switch v.kind {
	case DateType:
		if t, ok := v.Time(); ok && !keepTime && !ev.web() {
			t = t.In(ev.world().Location())
			return ev.date(dayStart(calendarDay(t), ev.world().Location()))
		}
		return v
	case BooleanType:
		return c.noDate(ev, ev.stringOf(v))
	case NumberType:
		return c.dayToDate(ev, v.num, keepTime)
	}
	s := strings.TrimSpace(ev.stringOf(v))
	if s == "" && !ev.web() {
		return String("")
	}
	if t, ok := parseDate(s, ev.world().Location()); ok {
		return ev.date(t)
	}
	if n := parseNumber(s); n == n {
		return c.dayToDate(ev, n, keepTime)
	}
	return c.noDate(ev, s)
}

func (c *callExpr) dayToDate(ev *evaluator, days float64, keepTime bool) Value {
	switch {
	case math.IsNaN(days):
		if ev.web() {
			return ev.noDate()
		}
		return Number(days)
	case math.Abs(days) > math.MaxInt32:
		return c.noDate(ev, FormatNumber(days))
	case keepTime || ev.web():
		return ev.date(time.UnixMilli(int64(math.Round(days * dayMillis))))
	}
	return ev.date(dayStart(int64(math.Trunc(days)), ev.world().Location()))
}

func (c *callExpr) noDate(ev *evaluator, s string) Value {
	if ev.web() {
		return ev.noDate()
	}
	return c.fail(ev, "%q is no date; write it as 2026-12-31 or 2026-12-31T23:59:00", s)
}

// decimalDateTime gives days since 1970 UTC with their fraction.
func decimalDateTime(ev *evaluator, c *callExpr, f focus) Value {
	v := c.value(ev, f, 0)
	if v.kind == NumberType {
		return v
	}
	d := c.toDate(ev, v, true)
	if d.kind != DateType {
		return d
	}
	return Number(d.num / dayMillis)
}

// decimalTime gives the part of the local day that has passed, 0 to 1, of a time
// or a date with time.
func decimalTime(ev *evaluator, c *callExpr, f focus) Value {
	v := c.value(ev, f, 0)
	loc := ev.world().Location()
	if v.kind == NumberType {
		return Number(v.num - math.Floor(v.num))
	}
	t, ok := v.Time()
	if v.kind != DateType {
		s := strings.TrimSpace(ev.stringOf(v))
		if s == "" && !ev.web() {
			return String("")
		}
		if t, ok = parseDate(s, loc); !ok {
			today := ev.world().Now().In(loc).Format("2006-01-02")
			t, ok = parseDate(today+"T"+s, loc)
		}
		if !ok && !ev.web() {
			return c.fail(ev, "%q is no time; write it as 23:59 or 2026-12-31T23:59:00", s)
		}
	}
	if !ok {
		return Number(math.NaN())
	}
	t = t.In(loc)
	ms := ((t.Hour()*60+t.Minute())*60+t.Second())*1000 + t.Nanosecond()/1e6
	return Number(float64(ms) / dayMillis)
}

func formatDate(ev *evaluator, c *callExpr, f focus) Value {
	pattern := c.str(ev, f, 1)
	v := c.value(ev, f, 0)
	if s := v; (s.kind == StringType || s.kind == NodeSetType) && ev.stringOf(s) == "" {
		return String("")
	}
	d := c.toDate(ev, v, true)
	t, ok := d.Time()
	if !ok {
		return String("")
	}
	out, bad := formatTime(t.In(ev.world().Location()), pattern, monthsAndDays(ev.world().Language()))
	if bad != "" {
		return c.fail(ev, "%s has no meaning in a format; use %%Y %%y %%m %%n %%b %%d %%e %%H %%h %%M %%S %%3 %%a", bad)
	}
	return String(out)
}
