package xlsform

import (
	"fmt"
	"strings"
)

// Severity says whether a diagnostic stops the import.
type Severity uint8

const (
	// Problem: the workbook cannot be used until it is put right.
	Problem Severity = iota
	// Warning: the workbook can be used, but the author should look.
	Warning
)

// String is "problem" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "problem"
}

// MarshalText makes severities readable in JSON for editors.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Severity) UnmarshalText(b []byte) error {
	switch string(b) {
	case "problem":
		*s = Problem
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("severity %q is neither problem nor warning", b)
	}
	return nil
}

// Diagnostic is one thing to tell the author of a workbook.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Sheet as the author named it; empty when the whole file is meant.
	Sheet string `json:"sheet,omitempty"`
	// Row as the spreadsheet counts, 1 is the header; 0 when none is meant.
	Row int `json:"row,omitempty"`
	// Column is the header of the column; empty when none is meant.
	Column string `json:"column,omitempty"`
	// Message says what is wrong; Remedy what to write or do instead.
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	// Rule is a stable short name of the rule, for tests and tools.
	Rule string `json:"rule,omitempty"`
}

// Error is the whole diagnostic on one line, so that a diagnostic can be
// returned as an error.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if d.Sheet != "" {
		fmt.Fprintf(&b, "sheet %q", d.Sheet)
		if d.Row > 0 {
			fmt.Fprintf(&b, ", row %d", d.Row)
		}
		if d.Column != "" {
			fmt.Fprintf(&b, ", column %q", d.Column)
		}
		b.WriteString(": ")
	} else if d.Row > 0 {
		fmt.Fprintf(&b, "row %d: ", d.Row)
	}
	b.WriteString(d.Message)
	if d.Remedy != "" {
		b.WriteString(" ")
		b.WriteString(d.Remedy)
	}
	return b.String()
}

// Diagnostics are in the order in which an author meets the places.
type Diagnostics []Diagnostic

// Problems are those that stop the import.
func (ds Diagnostics) Problems() Diagnostics { return ds.only(Problem) }

// Warnings are those that do not.
func (ds Diagnostics) Warnings() Diagnostics { return ds.only(Warning) }

// Failed reports whether anything stops the import.
func (ds Diagnostics) Failed() bool {
	for _, d := range ds {
		if d.Severity == Problem {
			return true
		}
	}
	return false
}

// Err is nil without problems, else an error listing every problem.
func (ds Diagnostics) Err() error {
	if !ds.Failed() {
		return nil
	}
	return ds.Problems()
}

// Error lists all diagnostics, one a line.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

func (ds Diagnostics) only(s Severity) Diagnostics {
	var out Diagnostics
	for _, d := range ds {
		if d.Severity == s {
			out = append(out, d)
		}
	}
	return out
}
