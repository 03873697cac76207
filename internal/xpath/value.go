package xpath

import (
	"math"
	"time"

	"parvis/internal/xmltree"
)

// Type says what a [Value] is.
type Type uint8

// The types of XPath 1.0, and the date of the ODK dialect.
const (
	StringType Type = iota
	NumberType
	BooleanType
	NodeSetType
	DateType
)

func (t Type) String() string {
	return [...]string{"string", "number", "boolean", "node-set", "date"}[t]
}

// Value is what an expression gives. The zero Value is the empty string.
//
// A date is an instant with the location in which it was meant; as a number it
// is days since 1970, as a string an ISO 8601 date, with the time when that is
// not midnight.
type Value struct {
	kind  Type
	odk   bool // strings that are dates read as numbers
	utc   bool // days count from 1970 UTC, not from the local 1970
	num   float64
	str   string
	nodes []*xmltree.Node
	loc   *time.Location
}

// Number returns a number.
func Number(f float64) Value { return Value{kind: NumberType, num: f} }

// String returns a string.
func String(s string) Value { return Value{kind: StringType, str: s} }

// Boolean returns a boolean.
func Boolean(b bool) Value {
	v := Value{kind: BooleanType}
	if b {
		v.num = 1
	}
	return v
}

// NodeSet returns a node-set; the nodes must be in document order without
// duplicates.
func NodeSet(nodes ...*xmltree.Node) Value { return Value{kind: NodeSetType, nodes: nodes} }

// Date returns a date. Midnight in t's location makes it a day without time.
// Instants are kept to the millisecond.
func Date(t time.Time) Value {
	return Value{kind: DateType, num: float64(t.UnixMilli()), loc: t.Location()}
}

// Type returns the type.
func (v Value) Type() Type { return v.kind }

// Time returns the instant of a date in its location, and whether v is a date
// that exists.
func (v Value) Time() (time.Time, bool) {
	if v.kind != DateType || math.IsNaN(v.num) {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(v.num)).In(v.location()), true
}

// Nodes returns the nodes of a node-set in document order, nil for other types.
func (v Value) Nodes() []*xmltree.Node { return v.nodes }

// Number converts as number() does.
func (v Value) Number() float64 {
	switch v.kind {
	case NumberType, BooleanType:
		return v.num
	case DateType:
		return v.days()
	}
	s := v.String()
	f := parseNumber(s)
	if v.odk && math.IsNaN(f) {
		return textNumber(s, v.utc, v.location())
	}
	return f
}

// String converts as string() does.
func (v Value) String() string {
	switch v.kind {
	case StringType:
		return v.str
	case NumberType:
		return FormatNumber(v.num)
	case BooleanType:
		if v.num != 0 {
			return "true"
		}
		return "false"
	case DateType:
		return v.dateString()
	}
	if len(v.nodes) == 0 {
		return ""
	}
	return v.nodes[0].Text()
}

// Bool converts as boolean() does.
func (v Value) Bool() bool {
	switch v.kind {
	case NumberType, BooleanType:
		return v.num != 0 && !math.IsNaN(v.num)
	case StringType:
		return v.str != ""
	case DateType:
		return !math.IsNaN(v.num)
	}
	return len(v.nodes) > 0
}

func (v Value) location() *time.Location {
	if v.loc == nil {
		return time.UTC
	}
	return v.loc
}
