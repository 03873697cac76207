package review

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

func asked(ref string, control xform.Control, role string, choices ...xform.ChoiceDef) *xform.QuestionDef {
	return &xform.QuestionDef{
		Ref: xform.Ref(ref), Control: control, Choices: choices,
		Labels: map[string]string{"English (en)": "en " + ref, "French (fr)": "fr " + ref},
		Attrs:  map[xmltree.Name]string{{Space: study.Namespace, Local: "role"}: role},
	}
}

func form(defs ...*xform.QuestionDef) *questionnaire {
	q := &questionnaire{questions: map[string]*xform.QuestionDef{}, language: "English (en)"}
	for _, d := range defs {
		q.questions[string(d.Ref)] = d
	}
	return q
}

var sexes = []xform.ChoiceDef{{Value: "w", Labels: map[string]string{"French (fr)": "Femme"}}, {Value: "m", Labels: map[string]string{"English (en)": "Man"}}}

func TestAnswersStandInTheQuestionnairesWordsAndOrder(t *testing.T) {
	t.Parallel()
	in := desk.Reading{Interview: interview.Interview{
		Answers: `<data><calc>9</calc><sex>w</sex><brands>w m</brands><why> too dear </why><name/><note/><kid><age>4</age></kid><kid><age>7</age></kid><meta><instanceID>u</instanceID></meta></data>`,
		Visits: []interview.Visit{
			{Question: "/data/sex", DwellMS: 4000}, {Question: "/data/why", DwellMS: 9000, Edits: 1}, {Question: "/data/sex", DwellMS: 3000, Edits: 1},
			{Question: "/data/kid[1]/age", DwellMS: 500},
		},
		Marks:        []interview.Mark{{Question: "/data/why", Position: 4}, {Question: "/data/why", Position: 2}},
		Observations: []interview.Observation{{ID: "b", Question: "/data/why", At: interview.Moment{UTC: 2}}, {ID: "a", Question: "/gone", At: interview.Moment{UTC: 1}}},
		Cells:        []string{"young", "gone"}, BreakOffAt: "/data/why", Disposition: interview.Complete, DurationMS: 59_000, Sealed: "x",
	}}
	st := study.Study{MinSeconds: 60, Quotas: []study.Quota{{Name: "young", Label: study.Text{"fr": "Jeunes"}}}}
	f := form(asked("/data/sex", xform.Select1, "quota", sexes...), asked("/data/brands", xform.Select, "", sexes...),
		asked("/data/why", xform.Input, "verbatim"), asked("/data/name", xform.Input, "personal"), asked("/data/note", xform.Note, ""),
		asked("/data/kid/age", xform.Input, ""))
	r, err := read(in, st, f, "fr")
	if err != nil {
		t.Fatal(err)
	}
	want := []Answer{
		{Ref: "/data/sex", Label: "fr /data/sex", Text: "Femme", DwellMS: 7000, Edits: 1},
		{Ref: "/data/brands", Label: "fr /data/brands", Text: "Femme, Man"},
		{Ref: "/data/why", Label: "fr /data/why", Text: "too dear", Verbatim: true, DwellMS: 9000, Edits: 1, Marks: []interview.Mark{in.Marks[1], in.Marks[0]}},
		{Ref: "/data/name", Label: "fr /data/name", Sealed: true},
		{Ref: "/data/kid[0]/age", Label: "fr /data/kid/age (1)", Text: "4"},
		{Ref: "/data/kid[1]/age", Label: "fr /data/kid/age (2)", Text: "7", DwellMS: 500},
	}
	if diff := cmp.Diff(want, r.Answers); diff != "" {
		t.Error(diff)
	}
	if r.Longest == nil || r.Longest.Ref != "/data/why" || !r.Fast || r.BrokeOffAt != "fr /data/why" {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff([]string{"Jeunes", "gone"}, r.Cells); diff != "" {
		t.Error(diff)
	}
	if len(r.Noted) != 2 || r.Noted[0].ID != "a" || r.Noted[0].At != "" || r.Noted[1].At != "fr /data/why" {
		t.Errorf("%+v", r.Noted)
	}
}

func TestWithoutItsQuestionnaireAnInterviewIsStillRead(t *testing.T) {
	t.Parallel()
	in := desk.Reading{Interview: interview.Interview{Answers: `<data><sex>w</sex></data>`, FormVersion: "1"}}
	r, err := read(in, study.Study{}, nil, "en")
	if err != nil || !r.Unnamed || len(r.Answers) != 1 || r.Answers[0].Label != "sex" || r.Answers[0].Text != "w" {
		t.Errorf("%+v %v", r, err)
	}
	// A question of another version is not dropped in silence.
	r, err = read(in, study.Study{Form: study.FormRef{Version: "2"}}, form(), "en")
	if err != nil || len(r.Answers) != 1 || r.Answers[0].Label != "sex" {
		t.Errorf("%+v %v", r, err)
	}
	// A question without words of its own stands under its name.
	bare := asked("/data/sex", xform.Select1, "", sexes...)
	bare.Labels = nil
	if r, err = read(in, study.Study{Form: study.FormRef{Version: "1"}}, form(bare), "fr"); err != nil || r.Answers[0].Label != "sex" || r.Answers[0].Text != "Femme" {
		t.Errorf("%+v %v", r, err)
	}
	in.Answers = "<data><sex>"
	if _, err := read(in, study.Study{}, nil, "en"); err == nil {
		t.Error("answers cut short were read")
	}
}
