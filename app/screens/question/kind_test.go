package question

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

func TestLikelihoodToRecommendIsARowOfFigures(t *testing.T) {
	t.Parallel()
	book := `| survey |
| | type | name | label | bind::parvis:role |
| | integer | recommend | Would you? | nps |
| | integer | visits | How often? | |
| settings |
| | namespaces |
| | parvis="https://parvis.dev/xforms" |
`
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := form.New(xform.World{})
	if err != nil {
		t.Fatal(err)
	}
	first := in.First()
	second, _ := in.Next(first)
	p := New(Params{})
	nps, visits := p.item(in.Page(first).Questions[0]), p.item(in.Page(second).Questions[0])
	if nps.Kind != Scale || len(nps.Choices) != 11 || nps.Choices[0].Value != "0" || nps.Choices[10].Label != "10" {
		t.Errorf("recommend is asked by control %d with %v", nps.Kind, nps.Choices)
	}
	if visits.Kind != Whole || visits.Choices != nil {
		t.Errorf("an ordinary number is asked by control %d with %v", visits.Kind, visits.Choices)
	}
}

// Every appearance that the standard gives a control of its own gets it.
func TestAppearancesChooseTheControl(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, appearance, parameters string
		want                         Kind
	}{
		{"select_one yn", "", "", Single},
		{"select_one yn", "quick", "", Single},
		{"select_one yn", "columns-2", "", Single},
		{"select_one yn", "likert", "", Likert},
		{"select_one yn", "minimal", "", Listed},
		{"select_one yn", "autocomplete", "", Listed},
		{"select_one yn", "label", "", TableHead},
		{"select_one yn", "list-nolabel", "", TableRow},
		{"select_multiple yn", "", "", Several},
		{"select_multiple yn", "minimal", "", Listed},
		{"select_multiple yn", "list-nolabel", "", TableRow},
		{"select_one five", "", "", Scale},
		{"select_one many", "", "", Listed},
		{"range", "", "start=0 end=10 step=1", Slider},
		{"range", "rating", "start=1 end=5 step=1", Stars},
		{"range", "rating", "start=1 end=50 step=1", Slider},
		{"date", "", "", Day},
		{"date", "month-year", "", Month},
		{"date", "year", "", Year},
		{"time", "", "", Clock},
		{"dateTime", "", "", DayClock},
		{"text", "multiline", "", Verbatim},
		{"barcode", "", "", Text},
		{"rank yn", "", "", Order},
		{"acknowledge", "", "", Acknowledge},
		{"note", "", "", Reading},
	} {
		t.Run(c.kind+" "+c.appearance, func(t *testing.T) {
			t.Parallel()
			lists := yesNo
			for n := range 40 {
				lists += fmt.Sprintf("| | many | m%d | Choice %d |\n", n, n)
			}
			for n := range 5 {
				lists += fmt.Sprintf("| | five | %d | %d |\n", n, n)
			}
			_, s := ask(t, fmt.Sprintf("| | type | name | label | appearance | parameters |\n| | %s | q | Q? | %s | %s |\n", c.kind, c.appearance, c.parameters), lists)
			if got := kindOf(s.Page().Questions[0]); got != c.want {
				t.Errorf("asked by control %d, want %d", got, c.want)
			}
		})
	}
}

func TestWhatCannotBeChangedIsOnlyRead(t *testing.T) {
	t.Parallel()
	if got := kindOf(xform.Question{DataType: xform.Int, ReadOnly: true}); got != Reading {
		t.Errorf("asked by control %d", got)
	}
}

func TestTheEndsOfAScaleHaveTheirWords(t *testing.T) {
	t.Parallel()
	labelled := func(labels ...string) (q xform.Question) {
		q.Control = xform.Select1
		for _, l := range labels {
			q.Choices = append(q.Choices, xform.Choice{Value: l, Label: l})
		}
		return q
	}
	for _, c := range []struct {
		labels    []string
		kind      Kind
		low, high string
	}{
		{[]string{"1", "2", "3", "4", "5"}, Scale, "", ""},
		{[]string{"0 not at all", "1", "2", "3", "4 very"}, Scale, "0 not at all", "4 very"},
		{[]string{"-2: bad", "-1", "0", "1", "2"}, Scale, "-2: bad", ""},
		{[]string{"1", "2", "3", "5", "6"}, Single, "", ""},
		{[]string{"1", "2", "3", "4"}, Single, "", ""},
		{[]string{"bad", "poor", "fair", "good", "best"}, Single, "", ""},
	} {
		it := New(Params{}).item(labelled(c.labels...))
		if it.Kind != c.kind || it.Low != c.low || it.High != c.high {
			t.Errorf("%q: control %d from %q to %q", c.labels, it.Kind, it.Low, it.High)
		}
		if it.Kind == Scale && len(it.Choices) != len(c.labels) {
			t.Errorf("%q: %d points", c.labels, len(it.Choices))
		}
	}
}
