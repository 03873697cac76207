package importer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parvis/internal/xform"
)

// TestGridsHoldForExactlyTheirCells builds random grids and asks the questionnaire's own engine which rows hold for random answers.
func TestGridsHoldForExactlyTheirCells(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 15))
		g := randomGrid(r)
		pkg, ds := read(t, g.sheets(), nil)
		if pkg == nil || ds.Failed() {
			t.Fatalf("seed %d: %v", seed, ds)
		}
		in, err := form(t, pkg).New(xform.World{})
		if err != nil {
			t.Fatal(err)
		}
		for range 30 {
			answers := g.answers(r)
			for q, a := range answers {
				if err := in.Set(xform.Ref("/data/"+q), a); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
			}
			for i, quota := range pkg.Study.Quotas {
				holds := quota.Condition.Always()
				if !holds {
					v, err := in.Eval(quota.Condition.XPath)
					if err != nil {
						t.Fatalf("seed %d: %s: %v", seed, quota.Condition.XPath, err)
					}
					holds = v.Bool()
				}
				if want := g.holds(i, answers); holds != want {
					t.Fatalf("seed %d: answers %q, row %q: %s is %v, want %v", seed, answers, g.rows[i], quota.Condition.Source, holds, want)
				}
			}
		}
	}
}

// randomRows is a grid: for each row the choices wanted of each question, nil for any, and whether it wants n above 5 besides.
type randomRows struct {
	choices [][]string
	rows    [][][]string
	above   []bool
	columns []int // order in the sheet
}

// strange names are sound in XLSForm and awkward in expressions.
var strange = []string{"18-34", "a.b", "o'clock", `12"`, `5'6"`, "é", "1", "01", "${q0}", "or", "&", "<b>"}

func randomGrid(r *rand.Rand) randomRows {
	g := randomRows{columns: r.Perm(1 + r.IntN(4))}
	for range g.columns {
		names := slices.Clone(strange)
		r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		g.choices = append(g.choices, names[:2+r.IntN(4)])
	}
	for range 1 + r.IntN(12) {
		row := make([][]string, len(g.choices))
		for q, names := range g.choices {
			for _, name := range names {
				if r.IntN(3) == 0 {
					row[q] = append(row[q], name)
				}
			}
		}
		g.rows, g.above = append(g.rows, row), append(g.above, r.IntN(3) == 0)
	}
	return g
}

func (g randomRows) sheets() map[string]string {
	survey := "| survey |\n| | type | name | label | bind::parvis:role |\n| | integer | n | N | screener |\n"
	choices := "| choices |\n| | list_name | name | label |\n"
	for q, names := range g.choices {
		survey += fmt.Sprintf("| | select_one l%d | q%d | Q | screener |\n", q, q)
		for _, name := range names {
			choices += fmt.Sprintf("| | l%d | %s | X |\n", q, name)
		}
	}
	quotas := "| quotas |\n| | name | target | condition |"
	for _, q := range g.columns {
		quotas += fmt.Sprintf(" q%d |", q)
	}
	for i, row := range g.rows {
		condition := ""
		if g.above[i] {
			condition = "${n} > 5 or false()"
		}
		quotas += fmt.Sprintf("\n| | r%d | 5 | %s |", i, condition)
		for _, q := range g.columns {
			quotas += " " + strings.Join(row[q], " ") + " |"
		}
	}
	return map[string]string{"survey": survey, "choices": choices, "quotas": quotas + "\n", "study": "", "sites": "", "alerts": "",
		"settings": "| settings |\n| | form_id | namespaces |\n| | g | parvis=\"https://parvis.dev/xforms\" |\n"}
}

// answers are one for each question and n last; some are left out.
func (g randomRows) answers(r *rand.Rand) map[string]string {
	out := map[string]string{"n": fmt.Sprint(r.IntN(10))}
	for q, names := range g.choices {
		out[fmt.Sprint("q", q)] = append(slices.Clone(names), "")[r.IntN(len(names)+1)]
	}
	return out
}

func (g randomRows) holds(row int, answers map[string]string) bool {
	for q, wanted := range g.rows[row] {
		if len(wanted) > 0 && !slices.Contains(wanted, answers[fmt.Sprint("q", q)]) {
			return false
		}
	}
	return !g.above[row] || answers["n"] > "5"
}
