package quality

import (
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
)

// Shape is what of a questionnaire matters here; the zero Shape knows no question.
type Shape struct {
	// Form tells questionnaires apart: answers are only compared within one.
	Form string
	// closed has the place of each question whose answers can be compared.
	closed map[string]int
	// verbatim are the questions answered in exact words, points those answered by a position.
	verbatim, points map[string]bool
	// battery says which battery a question belongs to, from 1.
	battery map[string]int
}

// leastBattery is how many questions in a row with one scale make a battery in which a straight line means something.
const leastBattery = 4

// leastScale is how many answers such a scale offers at least: nobody draws a line through yes and no.
const leastScale = 3

// ShapeOf reads the shape of a questionnaire known by a name such as its SHA-256.
func ShapeOf(form string, f *xform.Form) Shape {
	s := Shape{Form: form, closed: map[string]int{}, verbatim: map[string]bool{}, points: map[string]bool{}, battery: map[string]int{}}
	var run []string
	scale, batteries := "", 0
	flush := func() {
		if scale != "" && len(run) >= leastBattery {
			batteries++
			for _, path := range run {
				s.battery[path] = batteries
			}
		}
		run = nil
	}
	for _, q := range f.Questions() {
		path, roles := string(q.Ref), study.RoleOf(q)
		if q.Control == xform.Note || slices.Contains(q.Appearance, "label") {
			continue // neither ends a battery
		}
		if is := scaleOf(q); is != scale || is == "" {
			flush()
			scale = is
		}
		run = append(run, path)
		switch {
		case roles.Has(study.RolePersonal) || roles.Has(study.RoleConsent):
		case roles.Has(study.RoleVerbatim):
			s.verbatim[path] = true
		case q.DataType == xform.Geopoint:
			s.points[path] = true
		case canCompare(q):
			if _, twice := s.closed[path]; !twice {
				s.closed[path] = len(s.closed)
			}
		}
	}
	flush()
	return s
}

func canCompare(q *xform.QuestionDef) bool {
	switch q.Control {
	case xform.Select1, xform.Select, xform.Rank, xform.Range:
		return !q.Repeats
	case xform.Input:
		return !q.Repeats && (q.DataType == xform.Int || q.DataType == xform.Decimal)
	}
	return false
}

// scaleOf names the scale of a question within its group; empty for one without.
func scaleOf(q *xform.QuestionDef) string {
	group := string(q.Ref.Parent()) + " "
	switch {
	case q.Control == xform.Range && q.Range != nil:
		return group + "range"
	case q.Control == xform.Select1 && len(q.Choices) >= leastScale:
		var values []string
		for _, c := range q.Choices {
			values = append(values, c.Value)
		}
		return group + strings.Join(values, " ")
	}
	return ""
}
