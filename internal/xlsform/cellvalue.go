package xlsform

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// isDateFormat looks for date and time letters outside quotes and brackets.
func isDateFormat(format string) bool {
	quoted, bracket, escaped := false, false, false
	for _, c := range strings.ToLower(format) {
		switch {
		case escaped:
			escaped = false
		case c == '\\' || c == '_' || c == '*':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case strings.ContainsRune("ymdhs", c):
			return true
		}
	}
	return false
}

// dateText writes a spreadsheet's day number as date and time, or as a time
// alone for the first day. Days before March 1900 count from the 31st of
// December 1899, as spreadsheets hold 1900 for a leap year.
func dateText(v float64, date1904 bool) (string, bool) {
	if v < 0 || v > 2958465 || math.IsNaN(v) {
		return "", false
	}
	millis := int64(math.Round(v * 86400000))
	if v < 1 {
		return time.UnixMilli(millis).UTC().Format("15:04:05"), true
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		epoch = epoch.AddDate(0, 0, 1)
	}
	days := millis / 86400000
	t := epoch.AddDate(0, 0, int(days)).Add(time.Duration(millis%86400000) * time.Millisecond)
	text := t.Format("2006-01-02 15:04:05")
	if ms := t.Nanosecond() / int(time.Millisecond); ms != 0 {
		text += fmt.Sprintf(".%03d000", ms)
	}
	return text, true
}

// numberText writes a number as an author would: whole where it is whole, else
// with the fewest digits that mean the same number.
func numberText(v float64) string {
	switch abs := math.Abs(v); {
	case v == math.Trunc(v) && abs < 1e15:
		return strconv.FormatInt(int64(v), 10)
	case abs < 1e-4 || abs >= 1e16:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// readHeader takes the header row up to the first long run of empty cells.
func readHeader(sheet string, values []string, m *meter) ([]string, error) {
	header := make([]string, 0, len(values))
	empty := 0
	seen := map[string]int{}
	for i, v := range values {
		h := cleanHeader(v)
		if err := m.cell(sheet, 1, i, h); err != nil {
			return nil, err
		}
		header = append(header, h)
		if h == "" {
			if empty++; empty > blankColumns {
				break
			}
			continue
		}
		empty = 0
		if first, dup := seen[h]; dup {
			return nil, Diagnostic{
				Sheet: sheet, Row: 1, Column: h, Rule: "duplicate-column",
				Message: fmt.Sprintf("Columns %s and %s have the same header.", ColumnLetter(first), ColumnLetter(i)),
				Remedy:  "Rename or delete one of them.",
			}
		}
		seen[h] = i
	}
	header = header[:len(header)-empty]
	return header, m.columns(sheet, len(header))
}

// cleanHeader trims and makes runs of blanks one.
func cleanHeader(h string) string { return strings.Join(strings.Fields(h), " ") }

// cleanCell trims, and makes the hard blanks that spreadsheets slip in plain.
func cleanCell(text string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "\u00a0") {
		text = strings.ReplaceAll(text, "\u00a0", " ")
	}
	return text
}
