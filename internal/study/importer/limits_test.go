package importer

import (
	"fmt"
	"strings"
	"testing"
)

func TestLimitsAreChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, least, most, exclusive, rule string }{
		{"select_multiple l", "1", "2", "none", ""}, {"rank l", "2", "", "", ""}, {"select_multiple l", "", "", "", ""},
		{"select_multiple l", "", "many", "", "study-limits"}, {"select_multiple l", "0", "", "", "study-limits"}, {"select_multiple l", "3", "2", "", "study-limits"},
		{"select_multiple l", "", "", "nine", "study-exclusive"}, {"select_one l", "", "2", "", "study-limits-of-one"},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			book := fmt.Sprintf(`| survey |
| | type | name | label | bind::parvis:min | bind::parvis:max | bind::parvis:exclusive |
| | %s | q | Q? | %s | %s | %s |
| choices |
| | list_name | name | label |
| | l | a | A |
| | l | b | B |
| | l | none | None |
| settings |
| | namespaces |
| | parvis="https://parvis.dev/xforms" |
`, c.kind, c.least, c.most, c.exclusive)
			_, said, _ := Read(Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
			got := ""
			for _, d := range said {
				if strings.HasPrefix(d.Rule, "study-limits") || d.Rule == "study-exclusive" {
					got = d.Rule
				}
			}
			if got != c.rule {
				t.Errorf("said %q, want %q: %v", got, c.rule, said)
			}
		})
	}
}
