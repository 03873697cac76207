package export

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// The studies that come with Parvis, filled in by chance: every cell of the file must say what the running questionnaire says.
func TestTheSampleStudiesCellByCell(t *testing.T) {
	const seed = 17
	for _, name := range []string{"mall-exit", "fair-visitor"} {
		t.Run(name, func(t *testing.T) {
			pkg, diagnostics, err := importer.File(filepath.Join("../../assets/studies", name+".xlsx"), importer.Limits{})
			if err != nil {
				t.Fatal(diagnostics)
			}
			form, err := xform.Parse(strings.NewReader(string(pkg.XForm)), xform.ParseOptions{})
			if err != nil {
				t.Fatal(err)
			}
			q, err := ReadQuestionnaire(pkg.XForm)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(seed, seed))
			var records []Record
			var wanted []map[string]string
			for i := range 40 {
				in := filledByChance(t, form, rng)
				want := map[string]string{}
				for _, v := range q.Variables {
					if v.Repeat == "" && in.Relevant(xform.Ref(v.Ref)) {
						want[v.Ref] = in.Value(xform.Ref(v.Ref))
					}
				}
				wanted = append(wanted, want)
				xml, err := in.Submission(func(ref xform.Ref) bool { return personal(q, ref) })
				if err != nil {
					t.Fatal(err)
				}
				id := fmt.Sprint("i", i)
				records = append(records, Record{Kind: KindInterview, ID: id, Body: bodyOf(t, visitInterview(id, string(xml)))})
			}
			got := exported(t, Params{Study: &pkg.Study, Questionnaires: []*Questionnaire{q}}, records...)
			if s := got.summary; s.Unreadable != 0 || s.Strays != 0 || s.PersonalQuestions == 0 && name == "mall-exit" {
				t.Errorf("summary %+v", s)
			}
			d := NewDictionary([]*Questionnaire{q})
			answered := 0
			for i, row := range got.table(t, Interviews) {
				for _, v := range d.of("") {
					want := strings.ReplaceAll(wanted[i][v.Ref], "\r\n", "\n")
					if row[v.Column] != want {
						t.Fatalf("seed %d, interview %d, %s: %q, want %q", seed, i, v.Column, row[v.Column], want)
					}
					if want != "" {
						answered++
					}
				}
			}
			if answered < 40*6 {
				t.Errorf("only %d answers: the test asks next to nothing", answered)
			}
		})
	}
}

func personal(q *Questionnaire, ref xform.Ref) bool {
	for _, v := range q.Variables {
		if v.Ref == string(ref.Generic()) && v.Roles.Has(study.RolePersonal) {
			return true
		}
	}
	return false
}

// filledByChance answers what it is shown, page by page. What a question refuses stays unanswered.
func filledByChance(t *testing.T, form *xform.Form, rng *rand.Rand) *xform.Instance {
	t.Helper()
	in, err := form.New(xform.World{
		Now: func() time.Time { return time.Date(2026, 5, 2, 14, 0, 0, 0, time.UTC) }, Location: time.UTC, Rand: rng, UUID: uuid.NewString,
	})
	if err != nil {
		t.Fatal(err)
	}
	pos, more := in.First(), true
	for n := 0; more && n < 500; n++ {
		for _, q := range in.Page(pos).Questions {
			if q.ReadOnly {
				continue
			}
			if value := answerByChance(q, rng); value != "" {
				_ = in.Set(q.Ref, value)
			}
		}
		pos, more = in.Next(pos)
	}
	return in
}

func answerByChance(q xform.Question, rng *rand.Rand) string {
	said := []string{"=1+1", `"no", he said`, "two\nlines", "café 😀", "<b>&amp;</b>", "plain", " padded ", "a;b,c"}
	switch {
	case len(q.Choices) > 0 && q.Control == xform.Select:
		var taken []string
		for _, c := range q.Choices {
			if rng.IntN(3) == 0 {
				taken = append(taken, c.Value)
			}
		}
		return strings.Join(taken, " ")
	case len(q.Choices) > 0 && q.Name == "consent", len(q.Choices) > 0 && rng.IntN(3) == 0:
		return q.Choices[0].Value
	case len(q.Choices) > 0:
		return q.Choices[rng.IntN(len(q.Choices))].Value
	case q.DataType == xform.Int:
		return fmt.Sprint(rng.IntN(11))
	case q.DataType == xform.Decimal:
		return fmt.Sprintf("%d.25", rng.IntN(200))
	case q.DataType == xform.Date:
		return "2026-04-30"
	case q.Control == xform.Input && q.DataType == xform.String:
		return said[rng.IntN(len(said))]
	}
	return ""
}
