package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/xlsform"
)

// deciding is a study in which everything that decides can be left without an answer: age and sex head columns of the quotas, visits stands
// behind a calculation, ready is a box to tick.
func deciding(study, quotas string) map[string]string {
	sheets := gridded(quotas)
	sheets["survey"] = `
| survey |
| | type | name | label | calculation | bind::parvis:role | required | default |
| | select_one yn | consent | May I? | | consent | | |
| | acknowledge | ready | Ready? | | consent | | |
| | select_one age | age | Age? | | screener | | |
| | select_one sex | sex | Sex? | | screener | | |
| | integer | visits | How often? | | screener | | |
| | calculate | often | | if(${visits} > 3, 'yes', 'no') | | | |
| | calculate | again | | concat(${often}, ${visits}) | | | |
| | integer | party | How many? | | screener | | 1 |
| | text | whole | | concat(${party}, '') | screener | | |
| | select_one yn | local | From here? | | screener | ${age} != '' | |
| | hidden | site | | | | | |
`
	sheets["sites"] = ""
	sheets["study"] = "| study |\n| | name | value |\n" + study
	return sheets
}

func TestQuestionsThatDecideAndMayBeSkipped(t *testing.T) {
	t.Parallel()
	soft := quotaSheetOf("age | condition | target | kind", "a18 | ${visits} > 2 | 5 | soft", "a35 | | 5 | watched")
	for name, c := range map[string]struct {
		study, quotas string
		want          []string // row of the question, and who reads it
		then          string
	}{
		"consent":                {"| | consent | ${consent} = 'yes' |\n", soft, []string{"2 consent (row 2 of the sheet study)"}, "undecided until the end"},
		"eligible, computed":     {"| | minutes | 5 |\n| | eligible | ${often} = 'yes' |\n", soft, []string{"6 eligible (row 3 of the sheet study)"}, "undecided until the end"},
		"computed over a corner": {"| | eligible | ${again} = 'yes' |\n", soft, []string{"6 eligible (row 2 of the sheet study)"}, "undecided"},
		"two rules":              {"| | consent | ${sex} != '' |\n| | eligible | ${sex} != 'man' and ${sex} != '' |\n", "", []string{"5 consent (row 2 of the sheet study) and eligible (row 3 of the sheet study)"}, "undecided"},
		"a hard quota":           {"", quotaSheetOf("name | condition | target", "a | ${visits} > 2 | 5"), []string{"6 a hard quota (row 2 of the sheet quotas)"}, "reserved late or not at all"},
		"a grid, at each site":   {"", quotaSheetOf("age | sex | site | target | kind", "a18 | | each | 5 | soft", "a18 | man | each | 5 | hard", "a35 | | each | 5 | "), []string{"4 hard quotas (2 rows of the sheet quotas, the first of them 3)", "5 a hard quota (row 3 of the sheet quotas)"}, "reserved late"},
		"a grid and a rule":      {"| | eligible | ${age} != 'u18' |\n", quotaSheetOf("age | target", "a18 | 5"), []string{"4 eligible (row 2 of the sheet study) and a hard quota (row 2 of the sheet quotas)"}, "reserved late"},
		"soft and watched":       {"", soft, nil, ""},
		"answered otherwise":     {"| | consent | ${party} > 0 and ${whole} != '' |\n| | eligible | ${local} = 'yes' and ${site} != 'x' |\n", quotaSheetOf("name | target", "all | 5"), nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pkg, ds := read(t, deciding(c.study, c.quotas), nil)
			if pkg == nil {
				t.Fatal(ds)
			}
			var got []string
			for _, d := range own(ds) {
				if d.Rule == "study-consent" || d.Rule == "study-unknown-language" {
					continue
				}
				_, readers, _ := strings.Cut(d.Message, "is read by ")
				readers, then, _ := strings.Cut(readers, ": then ")
				got = append(got, fmt.Sprintf("%d %s", d.Row, readers))
				if d.Rule != "study-skippable" || d.Sheet != "survey" || d.Column != "required" || !strings.Contains(then, c.then) || !strings.Contains(d.Remedy, "Write yes") {
					t.Errorf("%+v", d)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A box that has to be ticked would leave nobody a no: another kind of question is proposed. A number cannot get one more choice.
func TestWhatToWriteDependsOnTheQuestion(t *testing.T) {
	t.Parallel()
	for question, remedy := range map[string]string{"ready": "select_one with a choice for yes", "age": "give them a choice", "visits": "of this row."} {
		_, ds := read(t, deciding("| | consent | ${"+question+"} != '' |\n", ""), nil)
		at := slices.IndexFunc(own(ds), func(d xlsform.Diagnostic) bool { return d.Rule == "study-skippable" })
		if at < 0 || !strings.Contains(own(ds)[at].Remedy, remedy) || (question == "visits") == strings.Contains(own(ds)[at].Remedy, "choice") {
			t.Errorf("%s: %v", question, ds)
		}
	}
}

// Where a rule is wrong an author hears of that; the rest is told once it is mended.
func TestARuleThatIsWrongReadsNothing(t *testing.T) {
	t.Parallel()
	_, ds := read(t, deciding("| | eligible | ${age} = 'a99' |\n| | consent | ${consent} = |\n", ""), nil)
	for _, d := range own(ds) {
		if d.Rule == "study-skippable" && d.Row == 2 {
			t.Errorf("%v", d)
		}
	}
}

// The questionnaires of others have no rules of a study, and nothing in them is warned of.
func TestFormsOfOthersAreNotWarnedOf(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../../shared/forms/*.xls*")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the shared forms are not beside this repository")
	}
	n := 0
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Size() > 1<<20 || strings.HasSuffix(file, ".xml") {
			continue
		}
		n++
		_, ds, _ := File(file, Limits{}) // some are wrong on purpose
		for _, d := range ds {
			if d.Rule == "study-skippable" {
				t.Errorf("%s: %v", filepath.Base(file), d)
			}
		}
	}
	if n < 50 {
		t.Errorf("%d forms only", n)
	}
}
