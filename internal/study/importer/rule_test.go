package importer

import (
	"fmt"
	"strings"
	"testing"
)

// TestWhatAnAuthorIsTold has one fault in each study: exactly that one is reported, at its place, with a remedy.
func TestWhatAnAuthorIsTold(t *testing.T) {
	t.Parallel()
	row := func(sheet, header, cells string) map[string]string {
		return map[string]string{sheet: fmt.Sprintf("| %s |\n| | %s |\n| | %s |\n", sheet, header, strings.ReplaceAll(cells, "\n", " |\n| | "))}
	}
	setting := func(cells string) map[string]string {
		return row("study", "name | value", "consent | ${consent} = 'yes'\n"+cells)
	}
	quota := func(cells string) map[string]string {
		return row("quotas", "name | site | region | condition | target | kind | tolerance", cells)
	}
	survey := func(more string) map[string]string {
		return map[string]string{"survey": plain()["survey"] + more}
	}
	minimum := func(kind, seconds string) map[string]string {
		return map[string]string{"survey": strings.Replace(plain()["survey"], " required |", " required | bind::parvis:min_seconds |", 1) +
			fmt.Sprintf("|  | %s | extra | Extra? | Extra ? | '1' | | | | %s |\n", kind, seconds)}
	}
	cases := []struct {
		name   string
		sheets map[string]string
		want   string // severity sheet!row column rule
		remedy string // part of it
	}{
		{"unknown setting", setting("sampling_intervall | 5"), "problem study!3 name study-unknown-name", "Did you mean sampling_interval?"},
		{"setting without name", setting(" | 5"), "problem study!3 name study-missing-name", "study_id"},
		{"setting without value", setting("wave | "), "problem study!3 value study-no-value", "delete the row"},
		{"setting twice", setting("wave | 1\nwave | 2"), "problem study!4 name study-twice", "Keep one"},
		{"study id", setting("study_id | mall exit"), "problem study!3 value study-bad-name", "letters"},
		{"interval 0", setting("sampling_interval | 0"), "problem study!3 value study-whole-number", "such as"},
		{"share beyond all", setting("back_check_share | 101"), "problem study!3 value study-whole-number", "such as 5"},
		{"neither yes nor no", setting("provisional_interviews | maybe"), "problem study!3 value study-not-yes-or-no", "Write yes or no"},
		{"share a fraction", setting("back_check_share | 0.1"), "problem study!3 value study-whole-number", "such as 5"},
		{"interval in words", setting("sampling_interval | five"), "problem study!3 value study-whole-number", "such as 5"},
		{"recipient", setting("recipient | age1nonsense"), "problem study!3 value study-recipient", "age-keygen"},
		{"secret key", setting("recipient | AGE-SECRET-KEY-1QQQQ"), "problem study!3 value study-secret-key", "age1"},
		{"probe twice", setting("probe | Why?\nprobe | Why?"), "problem study!4 value study-twice", "name of its own"},
		{"partial from nothing", setting("partial_from | npss"), "problem study!3 value study-unknown-question", "Did you mean nps?"},
		{"partial from a calculation", setting("partial_from | eligible"), "problem study!3 value study-not-asked", "first question"},
		{"eligible unknown name", setting("eligible | ${elligible} = 'yes'"), "problem study!3 value study-unknown-question", "Did you mean eligible?"},
		{"eligible too late", setting("eligible | ${nps} > 3"), "problem study!3 value study-not-in-screener", "row 8"},
		{"eligible too late, computed", setting("eligible | ${delighted} = 'yes'"), "problem study!3 value study-not-in-screener", "bind::parvis:role"},
		{"eligible does not parse", setting("eligible | ${age} = "), "problem study!3 value study-expression", ""},
		{"eligible unknown function", setting("eligible | selekted(${age}, 'a18')"), "problem study!3 value study-expression", "selected()"},
		{"no such choice", setting("eligible | ${age} = 'a19'"), "problem study!3 value study-unknown-choice", "Did you mean a18?"},
		{"no such choice selected", setting("eligible | selected(${age}, 'old')"), "problem study!3 value study-unknown-choice", "The choices of age are u18, a18."},
		{"group in a rule", setting("eligible | ${shop} = 'x'"), "problem study!3 value study-group", "question in it"},
		{"unknown column", row("quotas", "name | target | conditon", "a | 1 | x"), "warning quotas!1 conditon study-unknown-column", "Did you mean condition?"},
		{"no title in French", row("study", "name | value | value::English (en) | value::French (fr)", "consent | ${consent} = 'yes' | | \ntitle | | Hello | "), "warning study!3 value::French (fr) study-missing-translation", "English text is shown"},
		{"unknown language", row("study", "name | value | value::English (en) | value::Frensh | value::French (fr)", "consent | ${consent} = 'yes' | | | \ntitle | | Hello | Salut | Bonjour"), "warning study!1 value::Frensh study-unknown-language", "French (fr)"},
		{"consent forgotten", row("study", "name | value", "study_id | x"), "warning survey!0  study-consent", "consent"},

		{"site without name", row("sites", "site | entrance", "north | a\n | b"), "problem sites!3 site study-missing-name", "central_station"},
		{"no location", row("sites", "site | location", "north | here"), "problem sites!2 location study-bad-location", "decimal degrees"},
		{"two locations", row("sites", "site | location | entrance", "north | 50 4 | a\nnorth | 51 4 | b"), "problem sites!3 location study-disagrees", "same location"},
		{"entrance twice", row("sites", "site | entrance", "north | a\nnorth | a"), "problem sites!3 entrance study-twice", "own name"},
		{"interval of an entrance", row("sites", "site | interval", "north | -1"), "problem sites!2 interval study-whole-number", ""},
		{"two labels", row("sites", "site | site_label::English (en) | entrance | site_label::French (fr)", "north | North | a | Nord\nnorth | Norse | b | Nord"), "problem sites!3 site_label::English (en) study-disagrees", "only in the first"},
		{"two regions", row("sites", "site | region | entrance", "north | x | a\nnorth | y | b"), "problem sites!3 region study-disagrees", "one region"},
		{"two addresses", row("sites", "site | address | entrance", "north | x 1 | a\nnorth | y 2 | b"), "problem sites!3 address study-disagrees", "same address"},
		{"region without name", row("sites", "site | region | region_label::English (en) | region_label::French (fr)", "north | | City | Ville"), "problem sites!2 region study-missing-name", "short name"},
		{"entrance without name", row("sites", "site | entrance | entrance_label::English (en) | entrance_label::French (fr)", "north | | Door | Porte"), "problem sites!2 entrance study-missing-name", "short name"},
		{"no column site", row("sites", "region", "north"), "problem sites!1  study-missing-column", "Write site"},

		{"quota without name", quota(" | north | | | 4 | | "), "problem quotas!2 name study-missing-name", "women_18_34"},
		{"quota twice", quota("a | | | | 4 | | \na | | | | 5 | | "), "problem quotas!3 name study-twice", "share a cell"},
		{"quota at no site", quota("a | nort | | | 4 | | "), "problem quotas!2 site study-unknown-site", "Did you mean north?"},
		{"quota in no region", quota("a | | mountains | | 4 | | "), "problem quotas!2 region study-unknown-region", "city, coast"},
		{"site not in region", quota("a | north | coast | | 4 | | "), "problem quotas!2 region study-site-not-in-region", "empty"},
		{"target missing", quota("a | | | | | | "), "problem quotas!2 target study-no-value", "0 or more"},
		{"target negative", quota("a | | | | -4 | | "), "problem quotas!2 target study-whole-number", ""},
		{"target a fraction", quota("a | | | | 4.5 | | "), "problem quotas!2 target study-whole-number", ""},
		{"kind", quota("a | | | | 4 | firm | "), "problem quotas!2 kind study-kind", "watched"},
		{"tolerance", quota("a | | | | 4 | soft | some"), "problem quotas!2 tolerance study-whole-number", ""},
		{"quota on a late question", quota("a | | | ${nps} > 8 | 4 | | "), "problem quotas!2 condition study-not-in-screener", "row 8"},
		{"quota on a choice there is not", quota("a | | | ${age} = 'a55' | 4 | | "), "problem quotas!2 condition study-unknown-choice", ""},
		{"no column target", row("quotas", "name", "a"), "problem quotas!1  study-missing-column", "Write target"},

		{"alert without name", row("alerts", "name | condition", " | ${nps} < 3"), "problem alerts!2 name study-missing-name", ""},
		{"alert twice", row("alerts", "name | condition", "a | ${nps} < 3\na | ${nps} < 2"), "problem alerts!3 name study-twice", ""},
		{"alert always", row("alerts", "name | condition", "a | "), "problem alerts!2 condition study-no-value", "${nps} <= 3"},
		{"alert on nothing", row("alerts", "name | condition", "a | ${npz} < 3"), "problem alerts!2 condition study-unknown-question", "Did you mean nps?"},

		{"unknown role", survey("|        | text            | extra     | Extra?              | Extra ?            |              | verbatm  | |\n"), "problem survey!12 bind::parvis:role study-unknown-role", "Did you mean verbatim?"},
		{"satisfaction with nothing", survey("|        | integer            | extra     | Extra?              | Extra ?            |              | satisfaction  | |\n"), "warning survey!12 bind::parvis:object study-no-object", "same short name"},
		{"importance alone", survey("|        | integer            | extra     | Extra?              | Extra ?            |              | importance  | staff |\n"), "warning survey!0  study-importance-alone", "same object"},
		{"minimum in words", minimum("text", "ten"), "problem survey!12 bind::parvis:min_seconds study-whole-number", "such as 5"},
		{"minimum below nothing", minimum("note", "-1"), "problem survey!12 bind::parvis:min_seconds study-whole-number", "such as 5"},
		{"minimum beyond an hour", minimum("integer", "3601"), "problem survey!12 bind::parvis:min_seconds study-whole-number", "such as 5"},
		{"minimum of a calculation", minimum("calculate", "5"), "problem survey!12 bind::parvis:min_seconds study-untimed", "question or a note"},
		{"minimum of all in words", setting("question_min_seconds | two"), "problem study!3 value study-whole-number", "such as 5"},
		{"personal picture", survey("|        | image            | extra     | Show it              | Montrez-le           |              | personal  | |\n"), "problem survey!12 bind::parvis:role study-personal-picture", "as text"},
		{"sound, optional", survey("|        | audio            | extra     | Say it              | Dites-le           |              |   | |\n"), "warning survey!12 type study-skipped", "another way"},
		{"line, optional", survey("|        | geotrace            | extra     | Walk               | Marchez           |              |   | |\n"), "warning survey!12 type study-skipped", "another way"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, ds := read(t, c.sheets, nil)
			var got []string
			for _, d := range own(ds) {
				got = append(got, fmt.Sprintf("%s %s!%d %s %s", d.Severity, d.Sheet, d.Row, d.Column, d.Rule))
			}
			if len(got) != 1 || got[0] != c.want {
				t.Fatalf("got  %q\nwant %q\nall: %v", got, c.want, ds)
			}
			if d := own(ds)[0]; !strings.Contains(d.Remedy, c.remedy) || d.Remedy == "" || d.Message == "" {
				t.Errorf("remedy %q does not say %q", d.Remedy, c.remedy)
			}
		})
	}
}
