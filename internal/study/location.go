package study

import (
	"strconv"
	"strings"
)

// ParseLocation reads latitude (-90 to 90) and longitude (-180 to 180) in decimal degrees, with a space, a comma or a semicolon
// between, and returns them as a geopoint begins.
func ParseLocation(text string) (location string, ok bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\t' })
	if len(parts) != 2 {
		return "", false
	}
	for i, most := range []float64{90, 180} {
		n, err := strconv.ParseFloat(parts[i], 64)
		if err != nil || n < -most || n > most || n != n {
			return "", false
		}
	}
	return parts[0] + " " + parts[1], true
}
