package xpath

import (
	"math"
	"strconv"
	"strings"
)

// FormatNumber writes a number as XPath 1.0, section 4.2, string(): decimal,
// never an exponent, no trailing zeros, NaN, Infinity and -Infinity by name.
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// parseNumber reads a string as XPath 1.0, section 4.4, number(): white space,
// a minus sign, digits with or without a fraction; all else is NaN.
func parseNumber(s string) float64 {
	s = strings.Trim(s, " \t\r\n")
	digits := strings.TrimPrefix(s, "-")
	if !isDecimal(digits) {
		return math.NaN()
	}
	if len(digits) < 16 && strings.IndexByte(digits, '.') < 0 { // exact without strconv
		n := 0.0
		for i := range len(digits) {
			n = n*10 + float64(digits[i]-'0')
		}
		if len(digits) != len(s) {
			n = -n
		}
		return n
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// isDecimal reports whether s is Digits ('.' Digits?)? or '.' Digits.
func isDecimal(s string) bool {
	digit, dot := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return digit
}

// roundHalfUp rounds to the nearest integer, ties towards +Infinity, as round()
// of XPath 1.0 does; -0.5 to -0 gives -0.
func roundHalfUp(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || f == math.Trunc(f) {
		return f
	}
	if f < 0 && f >= -0.5 {
		return math.Copysign(0, -1)
	}
	return math.Floor(f + 0.5)
}

// parseExponent reads a number with an exponent, as browsers do.
func parseExponent(s string) float64 {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e")
	if !ok || !isDecimal(strings.TrimPrefix(mantissa, "-")) || !isDecimal(strings.TrimLeft(exponent, "+-")) {
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
