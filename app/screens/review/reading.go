package review

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// Answer is one question as it was asked and answered.
type Answer struct {
	Ref, Label string
	// Text is the answer as a person reads it; empty for none. Sealed ones have none here.
	Text     string
	Verbatim bool
	Sealed   bool
	// Marks stand within a verbatim, in order.
	Marks []interview.Mark
	// DwellMS is how long its page was shown in all, Edits how often it was changed.
	DwellMS int64
	Edits   int
}

// Noted is one observation with the question it was made at.
type Noted struct {
	interview.Observation
	At string // the question's label; empty where it is not known
}

// Reading is an interview as a supervisor reads it.
type Reading struct {
	desk.Reading
	Answers []Answer
	Noted   []Noted
	// BrokeOffAt is the label of the question at which the respondent broke off.
	BrokeOffAt string
	// Cells are the labels of the quota cells the respondent falls in.
	Cells []string
	// Longest is the answer whose page was shown longest; nil where no times were kept.
	Longest *Answer
	// Fast tells that it took less than the study expects of a complete interview.
	Fast bool
	// Decided is what was decided about it, the oldest first; ToCall tells that it is drawn to be called back.
	Decided []desk.Decided
	ToCall  bool
	// Unnamed tells that the questionnaire is not here, so that answers stand under their names.
	Unnamed bool
}

// reader makes a Reading.
type reader struct {
	in      desk.Reading
	study   study.Study
	form    *questionnaire
	lang    string
	dwell   map[string]int64
	edits   map[string]int
	repeats map[string]bool // paths whose references carry a position
	result  Reading
}

func read(in desk.Reading, st study.Study, form *questionnaire, lang string) (Reading, error) {
	r := &reader{in: in, study: st, form: form, lang: lang, dwell: map[string]int64{}, edits: map[string]int{}, repeats: repeating(in.Interview)}
	r.result = Reading{Reading: in, Unnamed: form == nil}
	for _, v := range in.Visits {
		r.dwell[v.Question] += v.DwellMS
		r.edits[v.Question] += v.Edits
	}
	if in.Answers != "" {
		doc, err := xmltree.Parse(strings.NewReader(in.Answers), xmltree.DefaultLimits())
		if err != nil {
			return r.result, fmt.Errorf("the answers of the interview cannot be read: %w", err)
		}
		root := doc.Root()
		r.walk(root, "/"+root.Name.Local, "/"+root.Name.Local)
	}
	r.around()
	return r.result, nil
}

// walk goes through the answers in the questionnaire's order. path has no positions, ref has those of repeats as a record names a
// question.
func (r *reader) walk(n *xmltree.Node, path, ref string) {
	at := map[string]int{}
	for kid := range n.Elements() {
		name := kid.Name.Local
		if name == "meta" {
			continue
		}
		kidPath, kidRef := path+"/"+name, ref+"/"+name
		if r.repeats[kidPath] {
			kidRef = fmt.Sprintf("%s[%d]", kidRef, at[name])
		}
		at[name]++
		if kid.IsLeaf() {
			r.answer(kidPath, kidRef, name, kid.Text())
			continue
		}
		r.walk(kid, kidPath, kidRef)
	}
}

// repeating lists the paths that a record names with a position: "/data/person" of "/data/person[1]/name".
func repeating(in interview.Interview) map[string]bool {
	found := map[string]bool{}
	note := func(ref string) {
		for at, letter := range ref {
			if letter == '[' {
				found[string(xform.Ref(ref[:at]).Generic())] = true
			}
		}
	}
	for _, v := range in.Visits {
		note(v.Question)
	}
	for _, m := range in.Marks {
		note(m.Question)
	}
	for _, o := range in.Observations {
		note(o.Question)
	}
	return found
}

func (r *reader) answer(path, ref, name, value string) {
	a := Answer{Ref: ref, Label: name, Text: strings.TrimSpace(value), DwellMS: r.dwell[ref], Edits: r.edits[ref]}
	if r.form != nil {
		def := r.form.questions[path]
		other := r.in.FormVersion != r.study.Form.Version // which may have had questions this version has not
		if def == nil && !(other && a.Text != "") || def != nil && def.Control == xform.Note {
			return // calculated, filled in by the app, or only shown
		}
		if def != nil {
			r.describe(&a, def)
		}
	}
	for _, m := range r.in.Marks {
		if m.Question == ref {
			a.Marks = append(a.Marks, m)
		}
	}
	slices.SortStableFunc(a.Marks, func(x, y interview.Mark) int { return cmp.Compare(x.Position, y.Position) })
	r.result.Answers = append(r.result.Answers, a)
}

func (r *reader) describe(a *Answer, def *xform.QuestionDef) {
	roles := study.RoleOf(def)
	a.Label = r.label(def, a.Label)
	if strings.HasSuffix(string(xform.Ref(a.Ref).Parent()), "]") {
		parent := string(xform.Ref(a.Ref).Parent())
		n, _ := strconv.Atoi(strings.TrimSuffix(parent[strings.LastIndexByte(parent, '[')+1:], "]"))
		a.Label += fmt.Sprintf(" (%d)", n+1)
	}
	a.Sealed, a.Verbatim = roles.Has(study.RolePersonal), roles.Has(study.RoleVerbatim)
	a.Text = r.words(def, a.Text)
}

func (r *reader) label(def *xform.QuestionDef, name string) string {
	if label := study.Text(def.Labels).In(r.lang, r.form.language); label != "" {
		return label
	}
	return name
}

// words replaces the values of choices by their labels.
func (r *reader) words(def *xform.QuestionDef, value string) string {
	if value == "" || len(def.Choices) == 0 {
		return value
	}
	values := []string{value}
	if def.Control == xform.Select || def.Control == xform.Rank {
		values = strings.Fields(value)
	}
	for i, v := range values {
		for _, c := range def.Choices {
			if c.Value == v {
				values[i] = cmp.Or(study.Text(c.Labels).In(r.lang, r.form.language), v)
				break
			}
		}
	}
	return strings.Join(values, ", ")
}

// around adds what stands beside the answers.
func (r *reader) around() {
	labels := map[string]string{}
	for i, a := range r.result.Answers {
		labels[a.Ref] = a.Label
		if a.DwellMS > 0 && (r.result.Longest == nil || a.DwellMS > r.result.Longest.DwellMS) {
			r.result.Longest = &r.result.Answers[i]
		}
	}
	for _, o := range r.in.Observations {
		r.result.Noted = append(r.result.Noted, Noted{o, labels[o.Question]})
	}
	slices.SortStableFunc(r.result.Noted, func(x, y Noted) int { return cmp.Compare(x.Observation.At.UTC, y.Observation.At.UTC) })
	r.result.BrokeOffAt = cmp.Or(labels[r.in.BreakOffAt], r.in.BreakOffAt)
	for _, name := range r.in.Cells {
		label := name
		quota, _ := study.ParseAccount(name)
		for _, q := range r.study.Quotas {
			if q.Name == quota {
				label = cmp.Or(q.Label.In(r.lang, ""), name)
			}
		}
		r.result.Cells = append(r.result.Cells, label)
	}
	r.result.Fast = r.in.Disposition == interview.Complete && r.study.MinSeconds > 0 && r.in.DurationMS < int64(r.study.MinSeconds)*1000
}

// decidedOf is the revision that the latest verdict was about; 0 where there is none.
func (r Reading) decidedOf() (revision int) {
	for _, d := range r.Decided {
		if d.State == desk.Refused || delivery.StateAfter(d.Kind) == "" {
			continue
		}
		var about delivery.Review
		if json.Unmarshal(d.Body, &about) == nil {
			revision = about.Revision
		}
	}
	return revision
}
