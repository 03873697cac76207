package export

import (
	"strings"
	"testing"
)

func TestCodebookSaysWhatEachColumnIs(t *testing.T) {
	got := exported(t, Params{})
	lines := map[string]map[string]string{}
	for _, line := range got.table(t, Codebook) {
		lines[line["file"]+":"+line["variable"]] = line
	}
	for key, want := range map[string]map[string]string{
		"interviews.csv:bought": {"question": "/data/bought", "type": "multiple", "label::French (fr)": "Qu'avez-vous acheté ?",
			"choices::English (en)": "shoes=SHOES\nfood=FOOD\nnothing=NOTHING", "versions": "3"},
		"interviews.csv:bought__food": {"label::English (en)": "What did you buy? / FOOD", "choices::English (en)": "", "type": "integer"},
		"interviews.csv:why":          {"role": "verbatim", "relevant": "selected(/data/bought, 'nothing')", "section::French (fr)": "Votre visite"},
		"kid.csv:age":                 {"type": "integer"}, "kid.csv:index": {"type": "text"},
		"observations.csv:valence": {"note": "interviewer-perceived: -2 very unpleasant to 2 very pleasant"},
		"contacts.csv:interview":   {"note": "id of the interview it led to, see interviews.csv"},
	} {
		for heading, cell := range want {
			if lines[key][heading] != cell {
				t.Errorf("%s, %s: %q, want %q", key, heading, lines[key][heading], cell)
			}
		}
	}
	for _, f := range got.summary.Files {
		if !strings.HasSuffix(f.Name, ".csv") || f.Name == Codebook || f.Name == Choices {
			continue
		}
		for _, heading := range got.rows(t, f.Name)[0] {
			if line := lines[f.Name+":"+heading]; line == nil || line["type"] == "" {
				t.Errorf("the codebook does not know %s of %s", heading, f.Name)
			} else if line["question"] == "" && line["note"] == "" {
				t.Errorf("the codebook says nothing of %s of %s", heading, f.Name)
			}
		}
	}
	if text := got.raw(t, Codebook) + got.raw(t, CodebookPage) + got.raw(t, Interviews); strings.Contains(text, "phone") {
		t.Error("a personal question shows")
	}
	if choices := got.rows(t, Choices); len(choices) != 4 || strings.Join(choices[2], "|") != "interviews.csv|bought|food|FOOD|FOOD (fr)" {
		t.Errorf("choices %q", choices)
	}
}
