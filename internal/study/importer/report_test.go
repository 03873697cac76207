package importer

import (
	"fmt"
	"strings"
	"testing"

	"parvis/internal/xlsform"
)

// TestRequiredQuestionThatCannotBeAsked refuses what would be discovered in the field.
func TestRequiredQuestionThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"audio", "video", "file", "geoshape", "geotrace"} {
		for _, required := range []string{"yes", "${a} = 'x'"} {
			pkg, ds := read(t, map[string]string{"survey": fmt.Sprintf("| survey |\n| | type | name | label | required |\n| | text | a | A? | |\n| | %s | b | B? | %s |\n", kind, required),
				"study": "", "sites": "", "quotas": "", "alerts": "", "choices": "", "settings": ""}, nil)
			if p := ds.Problems(); pkg != nil || len(p) != 1 || p[0].Rule != "study-unaskable" || p[0].Row != 3 {
				t.Errorf("%s required %s: %v", kind, required, ds)
			}
		}
	}
	for _, appearance := range []string{"draw", "signature", "annotate"} {
		_, ds := read(t, map[string]string{"survey": fmt.Sprintf("| survey |\n| | type | name | label | appearance |\n| | image | b | B? | %s |\n", appearance),
			"study": "", "sites": "", "quotas": "", "alerts": "", "choices": "", "settings": ""}, nil)
		if w := own(ds); len(w) != 1 || w[0].Rule != "study-skipped" {
			t.Errorf("%s: %v", appearance, ds)
		}
	}
}

// TestEverythingAtOnce shows that one run tells an author everything, the questionnaire's own problems included.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, map[string]string{
		"survey": plain()["survey"] + "|        | select_one nowhere  | extra     | Extra?    | Extra ?   |      |   | |\n",
		"study":  "| study |\n| | name | value |\n| | consent | ${konsent} = 'yes' |\n| | minutes | long |\n",
		"sites":  "| sites |\n| | site | entrance |\n| | north | a |\n| | north | a |\n",
		"quotas": "| quotas |\n| | name | site | condition | target |\n| | a | south | ${age} == 'a18' | x |\n",
		"alerts": "| alerts |\n| | name | condition |\n| | a | ${nps} < |\n",
	}, nil)
	if pkg != nil {
		t.Fatal("imported")
	}
	seen := map[string]int{}
	for _, p := range ds.Problems() {
		seen[p.Sheet]++
		if p.Row == 0 || p.Message == "" || p.Remedy == "" {
			t.Errorf("without place or remedy: %v", p)
		}
	}
	for sheet, n := range map[string]int{"survey": 1, "study": 2, "sites": 1, "quotas": 3, "alerts": 1} {
		if seen[sheet] != n {
			t.Errorf("%d problems in the sheet %s, want %d: %v", seen[sheet], sheet, n, ds)
		}
	}
}

func TestUndeclaredPrefixIsReportedOnce(t *testing.T) {
	t.Parallel()
	_, ds := read(t, map[string]string{"settings": "| settings |\n| | form_id | default_language |\n| | f | English (en) |\n"}, nil)
	n := 0
	for _, d := range ds {
		if d.Rule == "study-namespace" && d.Severity == xlsform.Problem && strings.Contains(d.Remedy, `parvis="https://parvis.dev/xforms"`) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("reported %d times: %v", n, ds)
	}
}

func TestAnotherPrefixServesAsWell(t *testing.T) {
	t.Parallel()
	all := plain()
	pkg, ds := read(t, map[string]string{
		"survey":   strings.ReplaceAll(all["survey"], "bind::parvis:", "bind::pv:"),
		"settings": strings.ReplaceAll(all["settings"], "parvis=", "pv="),
	}, nil)
	if pkg == nil || len(own(ds)) != 0 {
		t.Errorf("diagnostics: %v", ds)
	}
}

// A picture in a group that is personal is refused as one that is personal itself; a file that is to be a picture is one.
func TestPicturesAreAskedUnlessTheyArePersonal(t *testing.T) {
	t.Parallel()
	for survey, rule := range map[string]string{
		"| survey |\n| | type | name | label | parameters | required |\n| | image | b | B? | max-pixels=800 | yes |\n":                                                                       "",
		"| survey |\n| | type | name | label | body::accept |\n| | file | b | B? | image/* |\n":                                                                                              "",
		"| survey |\n| | type | name | label | body::accept |\n| | file | b | B? | text/csv |\n":                                                                                             "study-skipped",
		"| survey |\n| | type | name | label | bind::parvis:role | parameters |\n| | begin group | g | G | personal | |\n| | image | b | B? | | max-pixels=800 |\n| | end group | | | | |\n": "study-personal-picture",
	} {
		pkg, ds := read(t, map[string]string{"survey": survey, "study": "", "sites": "", "quotas": "", "alerts": "", "choices": "",
			"settings": "| settings |\n| | namespaces |\n| | parvis=\"https://parvis.dev/xforms\" |\n"}, nil)
		switch found := own(ds); {
		case rule == "" && (len(found) != 0 || pkg == nil):
			t.Errorf("%s: %v", survey, ds)
		case rule != "" && (len(found) != 1 || found[0].Rule != rule):
			t.Errorf("%s: %v", survey, ds)
		}
	}
}
