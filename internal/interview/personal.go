package interview

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// personalIn lists what of a questionnaire identifies a person, asked or computed.
func personalIn(f *xform.Form) map[xform.Ref]bool {
	found := map[xform.Ref]bool{}
	for ref, words := range f.Marked(xmltree.Name{Space: study.Namespace, Local: "role"}) {
		if known, _ := study.ParseRoles(words); slices.Contains(known, study.RolePersonal) {
			found[ref] = true
		}
	}
	return found
}

// isPersonal tells whether a node, or a group around it, identifies a person.
func (s *Session) isPersonal(ref xform.Ref) bool {
	for r := ref.Generic(); r != ""; r = r.Parent() {
		if s.personal[r] {
			return true
		}
	}
	return false
}

// shortestTold is how many characters of a personal value must be found in a computed one for it to count as personal too. Shorter
// ones stand in other values by chance.
const shortestTold = 3

// submission is the ODK submission without personal values, and those values by reference. A computed value that contains a
// personal one, such as a greeting by name, goes with them.
func (s *Session) submission() (xml []byte, personal map[string]string, err error) {
	personal = map[string]string{}
	if _, err = s.in.Submission(func(ref xform.Ref) bool {
		if s.isPersonal(ref) {
			personal[string(ref)] = s.in.Value(ref)
		}
		return false
	}); err != nil {
		return nil, nil, err
	}
	told := make([]string, 0, len(personal))
	for _, v := range personal {
		if v = strings.TrimSpace(v); utf8.RuneCountInString(v) >= shortestTold {
			told = append(told, v)
		}
	}
	xml, err = s.in.Submission(func(ref xform.Ref) bool {
		if _, is := personal[string(ref)]; is {
			return true
		}
		value := s.in.Value(ref)
		if !slices.ContainsFunc(told, func(v string) bool { return strings.Contains(value, v) }) {
			return false
		}
		if _, asked := s.in.Question(ref); asked {
			return false
		}
		personal[string(ref)] = value
		return true
	})
	return xml, personal, err
}
