package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/study"
)

// gridded are the sheets of a small study whose screener asks age and sex, and later a favourite.
func gridded(quotas string) map[string]string {
	return map[string]string{
		"survey": `
| survey |                 |         |                     |                    |              |                   |          |
|        | type            | name    | label::English (en) | label::French (fr) | calculation  | bind::parvis:role | required |
|        | select_one yn   | consent | May I?              | Puis-je ?          |              | consent           | yes      |
|        | select_one age  | age     | Age?                | Âge ?              |              | screener quota    | yes      |
|        | select_one sex  | sex     | Sex?                | Sexe ?             |              | quota             | yes      |
|        | integer         | visits  | How often?          | Combien ?          |              | screener          | yes      |
|        | select_multiple yn | trade | Trade?             | Métier ?           |              | screener          | yes      |
|        | calculate       | grown   |                     |                    | if(${age} = 'a35', 'yes', 'no') |   |          |
|        | select_one sex  | likes   | Whom do you like?   | Qui ?              |              |                   |          |
`,
		"choices": `
| choices |           |          |                     |                    |
|         | list_name | name     | label::English (en) | label::French (fr) |
|         | yn        | yes      | Yes                 | Oui                |
|         | yn        | no       | No                  | Non                |
|         | age       | u18      | Under 18            | Moins de 18        |
|         | age       | a18      | 18–34               | 18–34              |
|         | age       | a35      | 35 and over         | 35 et plus         |
|         | sex       | woman    | Women               | Femmes             |
|         | sex       | man      | Men                 | Hommes             |
`,
		"study":  "| study |\n| | name | value |\n| | consent | ${consent} = 'yes' |\n",
		"alerts": "",
		"quotas": quotas,
	}
}

// quotaSheetOf writes the sheet from its header and rows.
func quotaSheetOf(header string, rows ...string) string {
	return "| quotas |\n| | " + strings.Join(append([]string{header}, rows...), " |\n| | ") + " |\n"
}

func TestGridMakesInterlockedQuotas(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, gridded(quotaSheetOf("sex | age | condition | target | kind",
		"woman | a18     |                | 10 | ",
		"man   | a18     | ${visits} > 2  | 20 | soft",
		"      | a35 u18 |                | 30 | watched")), nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatalf("diagnostics: %v", ds)
	}
	en, fr := "English (en)", "French (fr)"
	sex := func(name string) study.Pick { return study.Pick{Question: "sex", Choices: []string{name}} }
	age := func(names ...string) study.Pick { return study.Pick{Question: "age", Choices: names} }
	want := []study.Quota{
		{Name: "a18-woman", Cell: "a18-woman", Label: study.Text{en: "18–34 · Women", fr: "18–34 · Femmes"}, Target: 10, Kind: study.Hard, Picks: []study.Pick{age("a18"), sex("woman")},
			Condition: study.Rule{Source: "${age} = 'a18' and ${sex} = 'woman'", XPath: "/data/age = 'a18' and /data/sex = 'woman'"}},
		{Name: "a18-man", Cell: "a18-man", Label: study.Text{en: "18–34 · Men", fr: "18–34 · Hommes"}, Target: 20, Kind: study.Soft, Picks: []study.Pick{age("a18"), sex("man")}, Further: "${visits} > 2",
			Condition: study.Rule{Source: "${age} = 'a18' and ${sex} = 'man' and (${visits} > 2)", XPath: "/data/age = 'a18' and /data/sex = 'man' and (/data/visits  > 2)"}},
		{Name: "u18_or_a35", Cell: "u18_or_a35", Label: study.Text{en: "Under 18, 35 and over", fr: "Moins de 18, 35 et plus"}, Target: 30, Kind: study.Watched, Picks: []study.Pick{age("u18", "a35")},
			Condition: study.Rule{Source: "(${age} = 'u18' or ${age} = 'a35')", XPath: "(/data/age = 'u18' or /data/age = 'a35')"}},
	}
	if diff := cmp.Diff(want, pkg.Study.Quotas); diff != "" {
		t.Error(diff)
	}
	dimensions := []study.Dimension{
		{Question: "age", Choices: []study.Phrase{{Name: "u18", Label: study.Text{en: "Under 18", fr: "Moins de 18"}}, {Name: "a18", Label: study.Text{en: "18–34", fr: "18–34"}}, {Name: "a35", Label: study.Text{en: "35 and over", fr: "35 et plus"}}}},
		{Question: "sex", Choices: []study.Phrase{{Name: "woman", Label: study.Text{en: "Women", fr: "Femmes"}}, {Name: "man", Label: study.Text{en: "Men", fr: "Hommes"}}}},
	}
	if diff := cmp.Diff(dimensions, pkg.Study.Dimensions); diff != "" {
		t.Error(diff)
	}
}

// TestNamesOfAGridStayWhenColumnsMove keeps the counts of a study whose author sorts columns or choices anew.
func TestNamesOfAGridStayWhenColumnsMove(t *testing.T) {
	t.Parallel()
	names := func(sheet string) (list []string) {
		pkg, ds := read(t, gridded(sheet), nil)
		if pkg == nil {
			t.Fatal(ds)
		}
		for _, q := range pkg.Study.Quotas {
			list = append(list, q.Name)
		}
		return list
	}
	a := names(quotaSheetOf("age | sex | target", "a18 a35 | man | 1", "u18 | woman | 2"))
	b := names(quotaSheetOf("target | SEX | Age", "1 | man | a35 a18 a35", "2 | woman | u18"))
	if !slices.Equal(a, b) || !slices.Equal(a, []string{"a18_or_a35-man", "u18-woman"}) {
		t.Errorf("got %v and %v", a, b)
	}
}

func TestEachPlaceHasItsTarget(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header, row string
		want        []string // name cell site region target
	}{
		"each site":            {"name | site | target", "all | each | 5", []string{"all-north all north  5", "all-south all south  5"}},
		"each site of a grid":  {"age | site | target", "a18 | Each | 5", []string{"a18-north a18 north  5", "a18-south a18 south  5"}},
		"one site of a grid":   {"age | site | target", "a18 | south | 5", []string{"a18-south a18 south  5"}},
		"each region":          {"name | cell | region | target", "all | c | each | 5", []string{"all-city c  city 5", "all-coast c  coast 5"}},
		"each site of one":     {"name | site | region | target", "all | each | coast | 5", []string{"all-south all south  5"}},
		"each site, region":    {"age | region | target", "a18 | coast | 5", []string{"a18-coast a18  coast 5"}},
		"a name stays a name":  {"name | age | site | target", "young | a18 | south | 5", []string{"young young south  5"}},
		"a cell stays a cell":  {"cell | age | site | target", "young | a18 | south | 5", []string{"a18-south young south  5"}},
		"for everyone, nobody": {"name | target", "all | 5", []string{"all all   5"}},
	} {
		pkg, ds := read(t, gridded(quotaSheetOf(c.header, c.row)), nil)
		if pkg == nil || len(own(ds)) > 0 {
			t.Errorf("%s: %v", name, ds)
			continue
		}
		var got []string
		for _, q := range pkg.Study.Quotas {
			got = append(got, fmt.Sprintf("%s %s %s %s %d", q.Name, q.Cell, q.Site, q.Region, q.Target))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestASiteCalledEachIsASite(t *testing.T) {
	t.Parallel()
	sheets := gridded(quotaSheetOf("name | site | target", "all | each | 5"))
	sheets["sites"] = "| sites |\n| | site |\n| | each |\n| | other |\n"
	pkg, ds := read(t, sheets, nil)
	if pkg == nil || len(pkg.Study.Quotas) != 1 || pkg.Study.Quotas[0].Site != "each" || pkg.Study.Quotas[0].Name != "all" {
		t.Errorf("%v", ds)
	}
}

func TestEachSiteOfAStudyWithoutSites(t *testing.T) {
	t.Parallel()
	sheets := gridded(quotaSheetOf("name | site | target", "all | each | 5"))
	sheets["sites"] = ""
	pkg, ds := read(t, sheets, nil)
	if pkg == nil || len(pkg.Study.Quotas) != 1 || !pkg.Study.Quotas[0].AppliesAt(pkg.Study.Sites[0]) {
		t.Errorf("%v", ds)
	}
}

// TestWhatAnAuthorOfAGridIsTold has one fault in each sheet: exactly that one is reported, at its place, with a remedy.
func TestWhatAnAuthorOfAGridIsTold(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long_", 12) + "name"
	for _, c := range []struct {
		name, header string
		rows         []string
		want, remedy string
	}{
		{"misspelt question", "age | sexx | target", []string{"a18 | man | 5"}, "warning quotas!1 sexx study-unknown-column", "Did you mean sex?"},
		{"no question", "age | shoe_size | target", []string{"a18 | 42 | 5"}, "warning quotas!1 shoe_size study-unknown-column", "questions of the screener: consent, age, sex"},
		{"late question", "name | likes | target", []string{"a | man | 5"}, "problem quotas!1 likes study-not-in-screener", "row 8"},
		{"late question, names left out", "likes | target", []string{"man | 5", "woman | 5"}, "problem quotas!1 likes study-not-in-screener", "row 8"},
		{"number", "name | visits | target", []string{"a | 3 | 5"}, "problem quotas!1 visits study-grid-question", "${visits} > 3"},
		{"several answers", "name | trade | target", []string{"a | yes | 5"}, "problem quotas!1 trade study-grid-question", "condition"},
		{"calculation", "name | grown | target", []string{"a | yes | 5"}, "problem quotas!1 grown study-grid-question", "condition"},
		{"question twice", "age | Age | target", []string{"a18 | a18 | 5"}, "problem quotas!1 Age study-twice", "in one cell"},
		{"unknown choice", "age | sex | target", []string{"a18 | men | 5"}, "problem quotas!2 sex study-unknown-choice", "Did you mean man?"},
		{"one of two choices unknown", "age | sex | target", []string{"a18 other | man | 5"}, "problem quotas!2 age study-unknown-choice", "The choices of age are u18, a18, a35"},
		{"no name and no choice", "age | target", []string{"| 5"}, "problem quotas!2 name study-missing-name", "women_18_34"},
		{"the same choices twice", "age | target | condition", []string{"a18 | 5 | ", "a18 | 6 | ${visits} > 1"}, "problem quotas!3 name study-twice", "another name"},
		{"each against one", "name | site | target", []string{"a | each | 5", "a-north | north | 6"}, "problem quotas!3 name study-twice", "own name"},
		{"one against each", "name | site | target", []string{"a-south | south | 6", "a | each | 5"}, "problem quotas!3 name study-twice", "Delete one"},
		{"too long a name", "name | site | target", []string{long + " | each | 5"}, "problem quotas!2 name study-bad-name", "short name"},
		{"each and each", "name | site | region | target", []string{"a | each | each | 5"}, "problem quotas!2 region study-each-twice", "Leave one"},
		{"site and each region", "name | site | region | target", []string{"a | north | each | 5"}, "problem quotas!2 region study-each-twice", "Leave one"},
		{"eech", "name | site | target", []string{"a | eech | 5"}, "problem quotas!2 site study-unknown-site", "Did you mean each?"},
		{"no such region", "name | site | region | target", []string{"a | each | hills | 5"}, "problem quotas!2 region study-unknown-region", "city, coast"},
		{"period", "name | period | target", []string{"a | week | 5"}, "problem quotas!2 period study-period", "Write day"},

		{"target 0", "age | target", []string{"a18 | 0"}, "warning quotas!2 target study-target-zero", "Delete the row"},
		{"copy", "name | age | target", []string{"a | a18 | 5", "b | a18 | 6"}, "warning quotas!3  study-quota-copy", "Delete one"},
		{"copy at each site", "name | age | site | target", []string{"a | a18 | each | 5", "b | a18 | each | 6"}, "warning quotas!3  study-quota-copy", "Delete one"},
		{"margin too small", "name | age | sex | target", []string{"| a18 | | 9", "| a18 | man | 5", "| a18 | woman | 5"}, "warning quotas!2 target study-margin", "Write 10 or more"},
		{"total too small", "name | age | sex | target", []string{"| a18 | | 5", "| u18 a35 | | 5", "all | | | 9"}, "warning quotas!4 target study-margin", "Write 10 or more"},
		{"margin at each site", "name | age | sex | site | target", []string{"| a18 | | each | 9", "| a18 | man | each | 5", "| a18 | woman | each | 5"}, "warning quotas!2 target study-margin", "Write 10 or more"},
		{"margin of several choices", "age | sex | target", []string{"a18 a35 | | 9", "a18 | man | 5", "a35 | man | 5", "u18 | man | 50"}, "warning quotas!2 target study-margin", "Write 10 or more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, ds := read(t, gridded(quotaSheetOf(c.header, c.rows...)), nil)
			var got []string
			for _, d := range own(ds) {
				got = append(got, fmt.Sprintf("%s %s!%d %s %s", d.Severity, d.Sheet, d.Row, d.Column, d.Rule))
			}
			if len(got) != 1 || got[0] != c.want {
				t.Fatalf("got  %q\nwant %q\nall: %v", got, c.want, ds)
			}
			if d := own(ds)[0]; !strings.Contains(d.Remedy, c.remedy) || d.Message == "" {
				t.Errorf("remedy %q does not say %q", d.Remedy, c.remedy)
			}
		})
	}
}

// TestWhatAnAuthorIsNotWarnedOf has sheets that look alike and are sound.
func TestWhatAnAuthorIsNotWarnedOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header string
		rows   []string
	}{
		"a margin as large as its cells": {"age | sex | target", []string{"a18 | | 10", "a18 | man | 5", "a18 | woman | 5"}},
		"cells elsewhere":                {"age | sex | site | target", []string{"a18 | | north | 5", "a18 | man | south | 5", "a18 | woman | south | 5"}},
		"cells that overlap":             {"age | sex | target", []string{"a18 | | 9", "a18 | man woman | 5", "a18 | man | 5"}},
		"cells of another margin":        {"age | sex | target", []string{"a18 | | 5", "a35 | man | 5", "a35 | woman | 5"}},
		"ages and sexes beside a total":  {"name | age | sex | target", []string{"all | | | 10", "| a18 | | 5", "| a35 | | 5", "| | man | 5", "| | woman | 5"}},
		"a warning before the end":       {"name | age | target | kind", []string{"a | a18 | 5 | soft", "b | a18 | 6 | hard"}},
		"the same at two sites":          {"age | site | target", []string{"a18 | north | 5", "a18 | south | 5"}},
		"without a grid":                 {"name | condition | target", []string{"all | | 5", "a | ${age} = 'a18' | 4", "b | ${age} = 'a35' | 4"}},
		"under a further condition":      {"name | age | condition | target", []string{"all | | ${visits} > 3 | 5", "a | a18 | | 4", "b | a35 | | 4"}},
	} {
		if pkg, ds := read(t, gridded(quotaSheetOf(c.header, c.rows...)), nil); pkg == nil || len(own(ds)) > 0 {
			t.Errorf("%s: %v", name, ds)
		}
	}
}

func TestQuotasHaveALimit(t *testing.T) {
	t.Parallel()
	rows := func(n int, site string) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("q%d | %s | ${visits} = %d | 5", i, site, i))
		}
		return list
	}
	for name, c := range map[string]struct {
		n    int
		site string
		row  int // of the problem; 0 for none
	}{
		"as many as may be": {2000, "", 0}, "one more": {2001, "", 2002}, "at each of two sites": {1001, "each", 1002}, "just so at two": {1000, "each", 0},
	} {
		_, ds := read(t, gridded(quotaSheetOf("name | site | condition | target", rows(c.n, c.site)...)), nil)
		switch found := own(ds); {
		case c.row == 0 && len(found) == 0:
		case len(found) == 1 && found[0].Rule == "study-too-many-quotas" && found[0].Row == c.row && found[0].Remedy != "":
		default:
			t.Errorf("%s: %v", name, found)
		}
	}
	long := "${visits} != '" + strings.Repeat("long", 25_000) + "'"
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("q%d | | %s or ${visits} > %d | 5", i, long, i))
	}
	_, ds := read(t, gridded(quotaSheetOf("name | site | condition | target", many...)), nil)
	if found := own(ds); len(found) != 1 || found[0].Rule != "study-too-many-quotas" || !strings.Contains(found[0].Message, "MB") {
		t.Errorf("long conditions: %d diagnostics, the first %.300v", len(found), found[:min(len(found), 1)])
	}
}

func TestTargetsForEachDay(t *testing.T) {
	t.Parallel()
	pkg, ds := read(t, gridded(quotaSheetOf("age | site | period | target", "a18 | | | 100", "a18 | | Day | 10", "a18 | each | day | 5")), nil)
	if pkg == nil || len(own(ds)) > 0 {
		t.Fatal(ds)
	}
	var got []string
	for _, q := range pkg.Study.Quotas {
		got = append(got, fmt.Sprintf("%s %s %s %s", q.Name, q.Cell, q.Period, pkg.Study.AccountOn(q, "2026-11-29")))
	}
	want := []string{"a18 a18  a18", "a18-day a18-day day a18-day@2026-11-29", "a18-day-north a18-day day a18-day-north@2026-11-29", "a18-day-south a18-day day a18-day-south@2026-11-29"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	rows := func(n int, kind string) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("q%d | day | %s | ${visits} = %d | 5", i, kind, i))
		}
		return list
	}
	for name, c := range map[string]struct {
		rows []string
		row  int
	}{"as many as may be": {rows(400, "hard"), 0}, "one more": {rows(401, "hard"), 402}, "nobody is refused": {rows(2000, "soft"), 0}} {
		_, ds := read(t, gridded(quotaSheetOf("name | period | kind | condition | target", c.rows...)), nil)
		if found := own(ds); c.row == 0 && len(found) > 0 || c.row > 0 && (len(found) != 1 || found[0].Row != c.row || found[0].Rule != "study-too-many-quotas") {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// TestTypesWrittenApart: XLSForm also knows "select one", and or_other adds a choice.
func TestTypesWrittenApart(t *testing.T) {
	t.Parallel()
	sheets := gridded(quotaSheetOf("age | sex | target", "a18 | other | 5"))
	sheets["survey"] = strings.Replace(strings.Replace(sheets["survey"], "select_one age", "select one age", 1), "select_one sex  | sex ", "select_one sex or_other | sex ", 1)
	pkg, ds := read(t, sheets, nil)
	if pkg == nil || len(own(ds)) > 0 || pkg.Study.Quotas[0].Condition.XPath != "/data/age = 'a18' and /data/sex = 'other'" {
		t.Fatalf("%v", ds)
	}
}
