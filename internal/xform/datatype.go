package xform

import "strings"

// DataType is the type of a node's values.
type DataType uint8

// The data types of ODK XForms. Unknown names are String, as in the reference.
const (
	String DataType = iota
	Int
	Boolean
	Decimal
	Date
	Time
	DateTime
	Geopoint
	Geotrace
	Geoshape
	Binary
	Barcode
	Intent
	SelectOne  // legacy type "select1" on a bind
	SelectMany // legacy type "select"
)

func parseDataType(s string) DataType {
	s = strings.TrimSpace(s)
	if i := strings.IndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	switch s {
	case "int", "integer", "long", "short", "byte":
		return Int
	case "boolean":
		return Boolean
	case "decimal", "double", "float":
		return Decimal
	case "date":
		return Date
	case "time":
		return Time
	case "dateTime", "datetime":
		return DateTime
	case "geopoint":
		return Geopoint
	case "geotrace":
		return Geotrace
	case "geoshape":
		return Geoshape
	case "binary":
		return Binary
	case "barcode":
		return Barcode
	case "intent":
		return Intent
	case "select1":
		return SelectOne
	case "select":
		return SelectMany
	}
	return String
}

// String is the type's name as a bind writes it.
func (t DataType) String() string {
	return [...]string{"string", "int", "boolean", "decimal", "date", "time", "dateTime", "geopoint", "geotrace",
		"geoshape", "binary", "barcode", "intent", "select1", "select"}[t]
}
