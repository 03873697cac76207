package xlsform

import (
	"strings"
	"testing"

	"parvis/internal/xmltree"
)

func convertMarkdown(t testing.TB, md string, o Options) (*Result, Diagnostics) {
	t.Helper()
	w, err := ReadMarkdown("study", md)
	if err != nil {
		t.Fatal(err)
	}
	return Convert(w, o)
}

const interceptForm = `
| survey |
| | type | name | label::English (en) | label::French (fr) | hint::English (en) | relevant | constraint | constraint_message::English (en) | required | bind::parvis:role | parameters | media::image::English (en) | calculation |
| | select_one yesno | consent | May I ask you? | Puis-je ? | | | | | yes | consent | | | |
| | begin group | g1 | Visit | Visite | | ${consent} = 'yes' | | | | | | | |
| | integer | age | Age | Âge | In years | | . >= 16 and . < 120 | From 16 | yes | screener quota | | | |
| | select_multiple shops or_other | shops | Which shops? | Quels magasins ? | | | | | | | randomize=true seed=${age} | map.png | |
| | note | thanks | Thank you, ${age} | Merci | | | | | | | | | |
| | end group | | | | | | | | | | | | |
| | calculate | twice | | | | | | | | | | | ${age} * 2 |
| | date | day | Day | Jour | | | | | | | | | |
| choices |
| | list_name | name | label::English (en) | label::French (fr) | image |
| | yesno | yes | Yes | Oui | |
| | yesno | no | No | Non | |
| | shops | a | Apple | Pomme | a.png |
| | shops | b | Book | Livre | b.png |
| settings |
| | form_title | form_id | version | default_language | namespaces |
| | Visitors | visitors | 7 | English (en) | parvis="https://parvis.dev/xforms" |
| study |
| | name | value |
| | study_id | s1 |
| quotas |
| | name | condition |
| | young | ${age} < 30 |
`

func TestConvertQuestionnaire(t *testing.T) {
	t.Parallel()
	r, diags := convertMarkdown(t, interceptForm, Options{Strict: true})
	if r == nil {
		t.Fatal(diags)
	}
	if r.ID != "visitors" || r.Title != "Visitors" || r.Version != "7" || r.DefaultLanguage != "English (en)" {
		t.Errorf("identity %q %q %q %q", r.ID, r.Title, r.Version, r.DefaultLanguage)
	}
	if got := strings.Join(r.Languages, "|"); got != "English (en)|French (fr)" {
		t.Errorf("languages %s", got)
	}
	if got := strings.Join(r.Media, "|"); got != "a.png|b.png|map.png" {
		t.Errorf("media %s", got)
	}
	if r.Names["age"] != "/data/g1/age" || r.Names["shops_other"] != "/data/g1/shops_other" || r.Names["g1"] != "/data/g1" {
		t.Errorf("names %v", r.Names)
	}
	doc, err := xmltree.ParseString(string(r.XML), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	model := doc.Root().Child("head").Child("model")
	binds := map[string]*xmltree.Node{}
	for n := range model.Elements() {
		if n.Name.Local == "bind" {
			nodeset, _ := n.Attr("", "nodeset")
			binds[nodeset] = n
		}
	}
	for _, c := range []struct{ path, space, name, want string }{
		{"/data/consent", "https://parvis.dev/xforms", "role", "consent"},
		{"/data/g1/age", "https://parvis.dev/xforms", "role", "screener quota"},
		{"/data/g1/age", "", "required", "true()"},
		{"/data/g1/age", "http://openrosa.org/javarosa", "constraintMsg", "jr:itext('/data/g1/age:jr:constraintMsg')"},
		{"/data/g1", "", "relevant", " /data/consent  = 'yes'"},
		{"/data/twice", "", "calculate", " /data/g1/age  * 2"},
		{"/data/g1/shops_other", "", "relevant", "selected(../shops, 'other')"},
	} {
		if binds[c.path] == nil {
			t.Errorf("no bind for %s", c.path)
			continue
		}
		if got, _ := binds[c.path].Attr(c.space, c.name); got != c.want {
			t.Errorf("%s %s = %q, want %q", c.path, c.name, got, c.want)
		}
	}
	if !strings.Contains(string(r.XML), `nodeset="randomize(instance('shops')/root/item, /data/g1/age)"`) {
		t.Error("the shops are not in random order")
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	r, diags := convertMarkdown(t, interceptForm, Options{})
	if r == nil {
		t.Fatal(diags)
	}
	got, err := r.Resolve("${age} < 30 and selected(${shops}, 'a')")
	if want := " /data/g1/age  < 30 and selected( /data/g1/shops , 'a')"; err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for _, bad := range []string{"${nobody} = 1", "${age", "${two words}"} {
		if got, err := r.Resolve(bad); err == nil {
			t.Errorf("%s became %q", bad, got)
		}
	}
}

// The sheets of a questionnaire may be read by several conversions at once, so
// converting must not change them.
func TestConvertLeavesWorkbookAlone(t *testing.T) {
	t.Parallel()
	w, err := ReadMarkdown("study", interceptForm)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := Convert(w, Options{})
	second, _ := Convert(w, Options{})
	if first == nil || second == nil || string(first.XML) != string(second.XML) {
		t.Error("two conversions of one workbook differ")
	}
}

// Each fault is told with its place, and in words that say what to do.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, md, sheet, rule string
		row                   int
		column, word          string
	}{
		{"misspelt type", "| survey |\n| | type | name | label |\n| | intger | q | Q |", "survey", "type-unknown", 2, "type", `"integer"`},
		{"misspelt list", "| survey |\n| | type | name | label |\n| | select_one shop | q | Q |\n| choices |\n| | list_name | name | label |\n| | shops | a | A |", "survey", "list-missing", 2, "type", `"shops"`},
		{"misspelt reference", "| survey |\n| | type | name | label | relevance |\n| | integer | age | Age | |\n| | text | q | Q | ${aeg} > 3 |", "survey", "reference-missing", 3, "relevance", "${age}"},
		{"blank in name", "| survey |\n| | type | name | label |\n| | text | my name | Q |", "survey", "name-invalid", 2, "name", "letter"},
		{"no name", "| survey |\n| | type | name | label |\n| | text | | Q |", "survey", "name-missing", 2, "name", "name"},
		{"open group", "| survey |\n| | type | name | label |\n| | begin group | g | G |\n| | text | q | Q |", "survey", "begin-unmatched", 2, "type", "end group"},
		{"wrong end", "| survey |\n| | type | name | label |\n| | begin group | g | G |\n| | text | q | Q |\n| | end repeat | | |", "survey", "end-unmatched", 4, "type", "end group"},
		{"expression", "| survey |\n| | type | name | label | constraint |\n| | integer | q | Q | . > 3 and |", "survey", "expression", 2, "constraint", "character"},
		{"function", "| survey |\n| | type | name | label | calculation |\n| | calculate | q | | selcted(1, 2) |", "survey", "expression", 2, "calculation", "selected()"},
		{"choice twice", "| survey |\n| | type | name | label |\n| | select_one c | q | Q |\n| choices |\n| | list_name | name | label |\n| | c | a | A |\n| | c | a | B |", "choices", "choice-duplicate", 3, "name", "row 2"},
		{"prefix", "| survey |\n| | type | name | label | bind::parvis:role |\n| | text | q | Q | quota |", "survey", "prefix-unknown", 1, "bind::parvis:role", "namespaces"},
		{"sheet", "| surveys |\n| | type | name |\n| | text | q |", "", "sheet-missing", 0, "", `"surveys"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, diags := convertMarkdown(t, c.md, Options{Strict: true})
			if r != nil {
				t.Fatalf("accepted with %v", diags)
			}
			for _, d := range diags {
				if d.Rule != c.rule {
					continue
				}
				if d.Sheet != c.sheet || d.Row != c.row || d.Column != c.column || !strings.Contains(d.Message+d.Remedy, c.word) {
					t.Errorf("%+v", d)
				}
				return
			}
			t.Errorf("no %s among %v", c.rule, diags)
		})
	}
}

func TestEveryProblemInOneRun(t *testing.T) {
	t.Parallel()
	_, diags := convertMarkdown(t, `
| survey |
| | type | name | label | calculation | bind::x:y |
| | text | 1st | A | | |
| | nothing | b | B | | |
| | select_one c | d | ${q} | | |
| | calculate | e | | 1 + | z |
| | end group | | | | |
| choices |
| | list_name | name | label |
| | a | 1 | One |
| | a | 1 | Uno |
`, Options{Strict: true})
	want := map[string]bool{"name-invalid": true, "type-unknown": true, "list-missing": true, "reference-missing": true,
		"expression": true, "end-unmatched": true, "choice-duplicate": true, "prefix-unknown": true}
	for _, d := range diags {
		delete(want, d.Rule)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v\n%v", want, diags)
	}
}

func TestHostileQuestionnaires(t *testing.T) {
	t.Parallel()
	var deep, refs, loop strings.Builder
	deep.WriteString("| survey |\n| | type | name | label |\n")
	for range 500 {
		deep.WriteString("| | begin group | g | G |\n")
	}
	refs.WriteString("| survey |\n| | type | name | label |\n| | text | q | " + strings.Repeat("${q}", 2000) + " |\n")
	loop.WriteString("| survey |\n| | type | name | label |\n| | begin loop over c | l | L |\n")
	for i := range 200 {
		loop.WriteString("| | text | q" + itoa(i) + " | Q |\n")
	}
	loop.WriteString("| | end loop | | |\n| choices |\n| | list_name | name | label |\n")
	for i := range 500 {
		loop.WriteString("| | c | n" + itoa(i) + " | N |\n")
	}
	for rule, md := range map[string]string{
		"nesting":         deep.String(),
		"reference-count": refs.String(),
		"loop-size":       loop.String(),
		"name-long":       "| survey |\n| | type | name | label |\n| | text | " + strings.Repeat("n", 1000) + " | Q |\n",
	} {
		r, diags := convertMarkdown(t, md, Options{})
		found := false
		for _, d := range diags {
			found = found || d.Rule == rule
		}
		if r != nil || !found {
			t.Errorf("%s: %.500v", rule, diags)
		}
	}
}
