package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// checkRoles looks at what the questions are said to mean.
func (in *importer) checkRoles() {
	x := in.survey
	column := "bind::" + x.prefix + ":role"
	rated := map[study.Role]map[string]bool{study.RoleSatisfaction: {}, study.RoleImportance: {}}
	for _, name := range x.names {
		r := x.byName[name]
		at := place{x.sheet, r.number, column}
		for _, w := range r.unknownRoles {
			in.problem(at, "unknown-role", fmt.Sprintf("%q is no role of a question.", shorten(w)), remedyNearest(w, roleNames(), "The roles are "+strings.Join(roleNames(), ", ")+"."))
		}
		if len(r.roles) > 0 {
			in.checkDeclared(at)
		}
		for role, objects := range rated {
			if !r.has(role) {
				continue
			}
			if r.object == "" {
				in.warning(place{x.sheet, r.number, "bind::" + x.prefix + ":object"}, "no-object", fmt.Sprintf("%q rates something, but does not say what.", name), "Write the same short name for the satisfaction and the importance of one thing.")
			}
			objects[r.object] = true
		}
	}
	for _, object := range slices.Sorted(maps.Keys(rated[study.RoleImportance])) {
		if object != "" && !rated[study.RoleSatisfaction][object] {
			in.warning(place{sheet: x.sheet}, "importance-alone", fmt.Sprintf("The importance of %q is asked, its satisfaction is not.", object), "Give both questions the same object.")
		}
	}
}

func roleNames() []string {
	var names []string
	for _, r := range study.KnownRoles() {
		names = append(names, string(r))
	}
	return names
}

// checkAskable reports questions that the field app has no way to ask: where an answer may be left out they are skipped,
// where one is required nobody could finish an interview.
func (in *importer) checkAskable() {
	if in.form == nil {
		return
	}
	for _, q := range in.form.Questions() {
		what := unaskable(q)
		if what == "" {
			in.checkPicture(q)
			continue
		}
		at := place{sheet: in.survey.sheet, column: "type"}
		required := q.Required
		if r := in.survey.byName[q.Name]; r != nil {
			at.row, required = r.number, required || r.required
		}
		if required {
			in.problem(at, "unaskable", fmt.Sprintf("%q is a required question, but the field app cannot take %s.", q.Name, what), "Ask it in another way, or empty the cell required; it is then skipped.")
			continue
		}
		in.warning(at, "skipped", fmt.Sprintf("%q will be skipped: the field app cannot take %s.", q.Name, what), "Ask it in another way if the answer matters.")
	}
}

// checkPicture refuses a picture that identifies a person: only text can be sealed, and a picture would travel in the open.
func (in *importer) checkPicture(q *xform.QuestionDef) {
	if q.Control != xform.Upload || !in.personal(q.Ref) {
		return
	}
	at := place{sheet: in.survey.sheet, column: "bind::" + in.survey.prefix + ":role"}
	if r := in.survey.byName[q.Name]; r != nil {
		at.row = r.number
	}
	in.problem(at, "personal-picture", fmt.Sprintf("%q is a picture and personal, but pictures cannot be sealed yet.", q.Name),
		"Empty the cell if the picture shows nobody; otherwise ask in words, as text.")
}

// personal tells whether a question, or a group around it, identifies a person.
func (in *importer) personal(ref xform.Ref) bool {
	marked := in.form.Marked(xmltree.Name{Space: study.Namespace, Local: "role"})
	for r := ref; r != ""; r = r.Parent() {
		if known, _ := study.ParseRoles(marked[r]); slices.Contains(known, study.RolePersonal) {
			return true
		}
	}
	return false
}

// unaskable names what a question asks for and the field app cannot take; "" for an ordinary question.
func unaskable(q *xform.QuestionDef) string {
	switch q.DataType {
	case xform.Geotrace:
		return "a line on a map"
	case xform.Geoshape:
		return "an area on a map"
	case xform.Binary, xform.Intent:
		if q.Control == xform.Input {
			return "what another app gives"
		}
	}
	if q.Control != xform.Upload || study.TakesPicture(q.MediaType, q.Appearance) {
		return ""
	}
	switch kind, _, _ := strings.Cut(q.MediaType, "/"); kind {
	case "image":
		return "a drawing"
	case "audio":
		return "a sound recording"
	case "video":
		return "a video"
	}
	return "a file"
}
