package export

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// ReadQuestionnaire describes a form as research sees it, from its XForm XML. Files the form draws choices from need not be there.
func ReadQuestionnaire(xml []byte) (*Questionnaire, error) {
	f, err := xform.Parse(bytes.NewReader(xml), xform.ParseOptions{})
	if err != nil {
		return nil, fmt.Errorf("reading the questionnaire: %w", err)
	}
	doc, err := xmltree.Parse(bytes.NewReader(xml), xmltree.DefaultLimits())
	if err != nil {
		return nil, fmt.Errorf("reading the questionnaire: %w", err)
	}
	r := &formReader{
		q:       &Questionnaire{ID: f.ID, Version: f.Version, Languages: f.Languages()},
		outline: readOutline(doc.Root()),
		asked:   map[string]*xform.QuestionDef{},
		seen:    map[string]bool{},
	}
	for _, def := range f.Questions() {
		if _, twice := r.asked[string(def.Ref)]; !twice {
			r.asked[string(def.Ref)] = def
		}
	}
	if r.outline.primary != nil {
		r.walk(r.outline.primary, "/"+qualified(r.outline.primary), "")
	}
	return r.q, nil
}

// formReader goes through the primary instance, which has every question in the order of the questionnaire.
type formReader struct {
	q       *Questionnaire
	outline *outline
	asked   map[string]*xform.QuestionDef
	seen    map[string]bool // paths done: an instance may have a repeat's template and its first instances
}

func (r *formReader) walk(n *xmltree.Node, path, repeat string) {
	for kid := range n.Elements() {
		ref := path + "/" + qualified(kid)
		if kid.Name.Local == "meta" && n == r.outline.primary {
			continue
		}
		inside := repeat
		if around, ok := r.outline.repeats[ref]; ok {
			inside = ref
			if !r.seen[ref] {
				r.q.Repeats = append(r.q.Repeats, Repeat{Ref: ref, Name: kid.Name.Local, Parent: repeat, Label: around})
			}
		}
		if !kid.IsLeaf() || inside == ref {
			r.seen[ref] = true
			r.walk(kid, ref, inside)
			continue
		}
		if !r.seen[ref] {
			r.seen[ref] = true
			if v := r.variable(kid, ref); v != nil {
				v.Repeat = inside
				r.q.Variables = append(r.q.Variables, v)
			} else {
				r.q.Silent = append(r.q.Silent, ref)
			}
		}
	}
}

// variable describes a leaf of the instance; nil for one that never holds an answer.
func (r *formReader) variable(n *xmltree.Node, ref string) *Variable {
	v := &Variable{Ref: ref, Name: n.Name.Local, Sections: r.outline.sections(ref)}
	computed := n.Text() != ""
	if b := r.outline.binds[ref]; b != nil {
		relevant, _ := b.Attr("", "relevant")
		v.Relevant = strings.TrimSpace(relevant)
		_, calculated := b.Attr("", "calculate")
		_, preloaded := b.Attr(javaRosa, "preload")
		computed = computed || calculated || preloaded
		words, _ := b.Attr(study.Namespace, "role")
		v.Roles.Set, _ = study.ParseRoles(words)
		v.Roles.Object, _ = b.Attr(study.Namespace, "object")
		v.Kind = bindKind(b)
	}
	if !v.Roles.Has(study.RolePersonal) && r.inPersonalGroup(ref) {
		v.Roles.Set = append(v.Roles.Set, study.RolePersonal)
	}
	def := r.asked[ref]
	unasked := def == nil || def.Control == xform.Note
	switch {
	case unasked && !computed && slices.Contains(filledIn(), v.Name) && slices.Contains(interviewColumns(), v.Name):
		return nil
	case def == nil:
		v.Computed = true
	case unasked && !computed && !slices.Contains(filledIn(), v.Name):
		return nil
	default:
		v.Computed = def.Control == xform.Note
		v.Kind = controlKind(def)
		v.Label = study.Text(def.Labels)
		v.Choices = choicesOf(def)
	}
	return v
}

// inPersonalGroup tells whether a group around the question is personal as a whole.
func (r *formReader) inPersonalGroup(ref string) bool {
	for i, c := range ref {
		if c != '/' || i == 0 {
			continue
		}
		if b := r.outline.binds[ref[:i]]; b != nil {
			words, _ := b.Attr(study.Namespace, "role")
			if known, _ := study.ParseRoles(words); slices.Contains(known, study.RolePersonal) {
				return true
			}
		}
	}
	return false
}

// filledIn are the questions the field app answers by itself.
func filledIn() []string {
	return []string{
		study.FieldSite, study.FieldSiteLabel, study.FieldRegion, study.FieldEntrance, study.FieldEntranceLabel,
		study.FieldInterviewer, interview.FieldShift, interview.FieldInterval, interview.FieldStudyTitle,
	}
}

func choicesOf(def *xform.QuestionDef) []Choice {
	var all []Choice
	seen := map[string]bool{}
	for _, c := range def.Choices {
		if !seen[c.Value] {
			seen[c.Value] = true
			all = append(all, Choice{Value: c.Value, Label: study.Text(c.Labels)})
		}
	}
	return all
}

func controlKind(def *xform.QuestionDef) Kind {
	switch def.Control {
	case xform.Select1:
		return Single
	case xform.Select:
		return Multiple
	case xform.Rank:
		return Ranking
	case xform.Trigger:
		return Tick
	case xform.Upload:
		return File
	}
	return typeKind(def.DataType)
}

func typeKind(t xform.DataType) Kind {
	switch t {
	case xform.Int:
		return Integer
	case xform.Decimal:
		return Decimal
	case xform.Date:
		return Date
	case xform.Time:
		return Time
	case xform.DateTime:
		return DateTime
	case xform.Geopoint, xform.Geotrace, xform.Geoshape:
		return Place
	case xform.Binary:
		return File
	case xform.SelectOne:
		return Single
	case xform.SelectMany:
		return Multiple
	}
	return Text
}

// bindKind is the kind of what nobody is asked.
func bindKind(bind *xmltree.Node) Kind {
	word, _ := bind.Attr("", "type")
	if _, after, ok := strings.Cut(word, ":"); ok {
		word = after
	}
	for t := xform.String; t <= xform.SelectMany; t++ {
		if t.String() == word {
			return typeKind(t)
		}
	}
	return Text
}
