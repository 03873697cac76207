package question

import (
	"slices"
	"strconv"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// Kind is the control a question gets.
type Kind uint8

// The controls.
const (
	Text        Kind = iota // one line of text
	Verbatim                // exact words, a large field with probes
	Whole                   // an integer
	Decimal                 // a number with a fraction
	Day                     // a date
	Clock                   // a time of day
	Single                  // one of some tiles
	Several                 // any of some tiles
	Scale                   // one of a row of figures
	Slider                  // a number within bounds
	Order                   // tiles brought into an order
	Acknowledge             // one box to tick
	Reading                 // nothing to answer
	Place                   // a location typed as latitude and longitude
	Likert                  // one of a row of words
	Listed                  // one or any of a long list, with a search
	Stars                   // a rating from one star to some
	Month                   // a month of a year
	Year                    // a year
	DayClock                // a date with a time of day
	TableHead               // writes the choices above the rows of a table; asks nothing
	TableRow                // a row of a table: the same choices as its neighbours
	Picture                 // a picture from a file
	Unable                  // what this app cannot ask; shown as skipped
)

func kindOf(q xform.Question) Kind {
	switch q.Control {
	case xform.Note:
		return Reading
	case xform.Select1, xform.Select:
		return kindOfChoice(q)
	case xform.Rank:
		return Order
	case xform.Range:
		if n := len(pointsOf(q.Range)); looks(q, "rating") && n > 0 && n <= mostStars {
			return Stars
		}
		return Slider
	case xform.Trigger:
		return Acknowledge
	case xform.Upload:
		// A personal one could not be sealed; an import refuses it, an older study may have it.
		if study.TakesPicture(q.MediaType, q.Appearance) && !slices.Contains(roles(q), study.RolePersonal) {
			return Picture
		}
		return Unable
	}
	return kindOfInput(q)
}

// mostStars is how many stars still show at a glance how many there are.
const mostStars = 10

// longList is from how many choices on a list is searched rather than read.
const longList = 30

func kindOfChoice(q xform.Question) Kind {
	switch {
	case looks(q, "label"):
		return TableHead
	case looks(q, "list-nolabel"):
		return TableRow
	case looks(q, "minimal", "autocomplete") || len(q.Choices) > longList:
		return Listed
	case q.Control == xform.Select:
		return Several
	case isScale(q):
		return Scale
	case looks(q, "likert"):
		return Likert
	}
	return Single
}

// looks tells whether the questionnaire asks for one of some appearances.
func looks(q xform.Question, appearances ...string) bool {
	return slices.ContainsFunc(q.Appearance, func(a string) bool { return slices.Contains(appearances, a) })
}

func kindOfInput(q xform.Question) Kind {
	if q.ReadOnly {
		return Reading
	}
	switch q.DataType {
	case xform.Int:
		if slices.Contains(roles(q), study.RoleNPS) {
			return Scale
		}
		return Whole
	case xform.Decimal:
		return Decimal
	case xform.Date:
		switch {
		case looks(q, "year"):
			return Year
		case looks(q, "month-year"):
			return Month
		}
		return Day
	case xform.Time:
		return Clock
	case xform.DateTime:
		return DayClock
	case xform.Geopoint:
		return Place
	case xform.Geotrace, xform.Geoshape, xform.Binary, xform.Intent:
		return Unable
	}
	if slices.Contains(roles(q), study.RoleVerbatim) || looks(q, "multiline") {
		return Verbatim
	}
	return Text
}

func roles(q xform.Question) []study.Role {
	known, _ := study.ParseRoles(attribute(q, "role"))
	return known
}

// points are the choices of a scale. One that is written as a whole number is a likelihood to recommend, asked from 0 to 10
// (Reichheld 2003): a row of figures to tap is quicker than a keyboard and cannot be mistyped.
func points(q xform.Question) []xform.Choice {
	if len(q.Choices) > 0 {
		return q.Choices
	}
	var all []xform.Choice
	for n := range 11 {
		all = append(all, xform.Choice{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return all
}

// isScale tells a row of figures: at least five choices whose labels begin with consecutive whole numbers.
func isScale(q xform.Question) bool {
	if len(q.Choices) < 5 {
		return false
	}
	previous := 0
	for i, c := range q.Choices {
		n, err := strconv.Atoi(Figure(c.Label))
		if err != nil || i > 0 && n != previous+1 {
			return false
		}
		previous = n
	}
	return true
}

// Figure is the number a scale's label begins with: "0", or "0 not at all likely" at an end.
func Figure(label string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(label), " ")
	return strings.TrimRight(first, ".:=-–")
}

// ends are the words at the ends of a scale, empty where its labels are bare figures.
func ends(q xform.Question) (low, high string) {
	if len(q.Choices) == 0 {
		return "", ""
	}
	worded := func(label string) string {
		if label == Figure(label) {
			return ""
		}
		return label
	}
	return worded(q.Choices[0].Label), worded(q.Choices[len(q.Choices)-1].Label)
}

// attribute is what bind::parvis: says of a question under a name.
func attribute(q xform.Question, name string) string {
	return strings.TrimSpace(q.Attrs[xmltree.Name{Space: study.Namespace, Local: name}])
}

// exclusive lists the choices that cannot stand beside another: those the question names in bind::parvis:exclusive.
func exclusive(q xform.Question) []string {
	return strings.Fields(attribute(q, "exclusive"))
}
