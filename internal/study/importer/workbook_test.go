package importer

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"parvis/internal/xlsform"
)

// plain are the sheets of a small sound study; a test puts its own in their place.
func plain() map[string]string {
	return map[string]string{
		"survey": `
| survey |                 |           |                     |                    |              |                    |                     |          |
|        | type            | name      | label::English (en) | label::French (fr) | calculation  | bind::parvis:role  | bind::parvis:object | required |
|        | hidden          | site      |                     |                    |              |                    |                     |          |
|        | select_one yn   | consent   | May I?              | Puis-je ?          |              | consent            |                     | yes      |
|        | select_one age  | age       | Age?                | Âge ?              |              | screener quota     |                     | yes      |
|        | select_one yn   | local     | From here?          | D'ici ?            |              | screener           |                     |          |
|        | calculate       | eligible  |                     |                    | if(${age} != 'u18', 'yes', 'no') |                    |                     |          |
|        | calculate       | delighted |                     |                    | if(${nps} > 8, 'yes', 'no') |                    |                     |          |
|        | integer         | nps       | Recommend?          | Recommander ?      |              | nps                |                     |          |
|        | begin_repeat    | shop      | Shop                | Magasin            |              |                    |                     |          |
|        | text            | shop_name | Which?              | Lequel ?           |              | verbatim           |                     |          |
|        | end_repeat      |           |                     |                    |              |                    |                     |          |
`,
		"choices": `
| choices |           |      |                     |                    |
|         | list_name | name | label::English (en) | label::French (fr) |
|         | yn        | yes  | Yes                 | Oui                |
|         | yn        | no   | No                  | Non                |
|         | age       | u18  | Under 18            | Moins de 18        |
|         | age       | a18  | 18 and over         | 18 et plus         |
`,
		"settings": `
| settings |         |         |                  |                                       |
|          | form_id | version | default_language | namespaces                            |
|          | small   | 7       | English (en)     | parvis="https://parvis.dev/xforms"    |
`,
		"study": `
| study |                   |                      |                     |                    |
|       | name              | value                | value::English (en) | value::French (fr) |
|       | study_id          | small-study          |                     |                    |
|       | title             |                      | A small study       | Une petite étude   |
|       | sampling_interval | 5                    |                     |                    |
|       | eligible          | ${eligible} = 'yes'  |                     |                    |
|       | consent           | ${consent} = 'yes'   |                     |                    |
`,
		"sites": `
| sites |       |                          |                         |        |                |          |          |
|       | site  | site_label::English (en) | site_label::French (fr) | region | location       | entrance | interval |
|       | north | North hall               | Halle nord              | city   | 50.8467, 4.353 | a        |          |
|       | north |                          |                         |        |                | b        | 3        |
|       | south | South hall               | Halle sud               | coast  |                |          |          |
`,
		"quotas": `
| quotas |        |       |        |                |        |
|        | name   | site  | region | condition      | target |
|        | adults | north |        | ${age} = 'a18' | 40     |
`,
		"alerts": `
| alerts |       |             |        |
|        | name  | condition   | to     |
|        | upset | ${nps} <= 3 | centre |
`,
	}
}

// read imports the plain study with some sheets replaced ("" leaves a sheet out).
func read(t *testing.T, sheets map[string]string, files fs.FS) (*Package, xlsform.Diagnostics) {
	t.Helper()
	all := plain()
	maps.Copy(all, sheets)
	var md strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		md.WriteString(all[name])
		md.WriteString("\n")
	}
	book, err := xlsform.ReadMarkdown("small", md.String())
	if err != nil {
		t.Fatalf("the test's own workbook cannot be read: %v", err)
	}
	pkg, ds, err := FromWorkbook(book, files, Limits{MediaFile: 4096, MediaTotal: 6000, Pixels: 10_000})
	if (pkg == nil) != (err != nil) || ds.Failed() != (err != nil) {
		t.Fatalf("package %v, error %v, problems %v: they have to agree", pkg != nil, err, ds.Failed())
	}
	return pkg, ds
}

// own are the diagnostics of this package.
func own(ds xlsform.Diagnostics) xlsform.Diagnostics {
	var out xlsform.Diagnostics
	for _, d := range ds {
		if strings.HasPrefix(d.Rule, "study-") {
			out = append(out, d)
		}
	}
	return out
}
