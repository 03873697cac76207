package xform

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"parvis/internal/xpath"
)

// format writes the result of an expression as a value of a type, as the
// reference does: what is not a number is empty, whole numbers have no point.
func (in *Instance) format(v xpath.Value, t DataType) string {
	switch v.Type() {
	case xpath.BooleanType:
		if v.Bool() {
			return "1"
		}
		return "0"
	case xpath.NumberType:
		return formatNumber(v.Number(), t)
	case xpath.DateType:
		return in.formatDate(v, t)
	}
	s := v.String()
	if s == "" {
		return ""
	}
	switch t {
	case Int, Decimal:
		if f := v.Number(); !math.IsNaN(f) {
			return formatNumber(f, t)
		}
	case Date, Time, DateTime:
		if text, err := normal(s, t); err == nil {
			return text
		}
	case Boolean:
		if s == "0" || s == "false" {
			return "0"
		}
		return "1"
	}
	return s
}

func formatNumber(f float64, t DataType) string {
	switch {
	case math.IsNaN(f):
		return ""
	case t == Boolean && f == 0:
		return "0"
	case t == Boolean:
		return "1"
	case t == Int && !math.IsInf(f, 0):
		return strconv.FormatFloat(math.Trunc(f), 'f', 0, 64)
	}
	return xpath.FormatNumber(f)
}

func (in *Instance) formatDate(v xpath.Value, t DataType) string {
	at, ok := v.Time()
	if !ok {
		return ""
	}
	at = at.In(in.world.Location)
	switch t {
	case DateTime:
		return at.Format(dateTimeLayout)
	case Time:
		return at.Format(timeLayout)
	case Date:
		return at.Format(time.DateOnly)
	}
	return v.String()
}

const (
	timeLayout     = "15:04:05.000Z07:00"
	dateTimeLayout = "2006-01-02T15:04:05.000Z07:00"
)

// readable writes a value for people.
func (in *Instance) readable(v xpath.Value) string {
	if v.Type() == xpath.NumberType && math.IsNaN(v.Number()) {
		return ""
	}
	return v.String()
}

// normal checks a text against a type and gives it its usual form.
func normal(s string, t DataType) (string, error) {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" {
		return "", nil
	}
	switch t {
	case Int:
		n, err := strconv.ParseInt(strings.TrimPrefix(trimmed, "+"), 10, 64)
		if err != nil {
			return "", errors.New("a whole number is needed")
		}
		return strconv.FormatInt(n, 10), nil
	case Decimal:
		f, err := strconv.ParseFloat(trimmed, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(trimmed, "xX_") {
			return "", errors.New("a number is needed, with a point before decimals")
		}
		return trimmed, nil
	case Date:
		return normalDate(trimmed)
	case Time:
		for _, layout := range [...]string{timeLayout, "15:04:05Z07:00", "15:04Z07:00", "15:04:05.000", "15:04:05", "15:04"} {
			if _, err := time.Parse(layout, trimmed); err == nil {
				return trimmed, nil
			}
		}
		return "", errors.New("a time of day like 14:30 is needed")
	case DateTime:
		for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
			if _, err := time.Parse(layout, trimmed); err == nil {
				return trimmed, nil
			}
		}
		return "", errors.New("a date and time like 2026-11-22T14:30:00+01:00 is needed")
	case Geopoint:
		return trimmed, geopoint(trimmed)
	case Geotrace, Geoshape:
		return trimmed, geoline(trimmed)
	case SelectMany:
		return strings.Join(strings.Fields(trimmed), " "), nil
	case SelectOne:
		return trimmed, nil
	}
	return s, nil
}

func normalDate(s string) (string, error) {
	day := s
	if i := strings.IndexByte(s, 'T'); i == 10 {
		day = s[:i]
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "", errors.New("a date like 2026-11-22 is needed")
	}
	return day, nil
}

func geoline(s string) error {
	for _, p := range strings.Split(strings.TrimSuffix(strings.TrimSpace(s), ";"), ";") {
		if err := geopoint(strings.TrimSpace(p)); err != nil {
			return err
		}
	}
	return nil
}

// geopoint checks "latitude longitude altitude accuracy" in degrees and metres;
// the last two may be missing.
func geopoint(s string) error {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return errors.New("a place needs latitude and longitude in degrees")
	}
	for i, limit := range [...]float64{90, 180, math.Inf(1), math.Inf(1)} {
		if i == len(parts) {
			break
		}
		if f, err := strconv.ParseFloat(parts[i], 64); err != nil || math.IsNaN(f) || math.Abs(f) > limit {
			return errors.New("a place needs latitude -90 to 90 and longitude -180 to 180 in degrees")
		}
	}
	return nil
}
