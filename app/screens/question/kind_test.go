package question

import (
	"bytes"
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
