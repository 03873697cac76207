package question

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xform"
)

// ask begins an interview with a questionnaire written as its survey and choices rows.
func ask(t testing.TB, survey, choices string) (*Presenter, *interview.Session) {
	t.Helper()
	book := "| survey |\n" + survey + "| choices |\n| | list_name | name | label |\n" + choices +
		"| settings |\n| | namespaces |\n| | parvis=\"https://parvis.dev/xforms\" |\n"
	pkg, said, err := importer.Read(importer.Params{Name: "q.md", Workbook: strings.NewReader(book), Size: int64(len(book))})
	if err != nil {
		t.Fatalf("%v %v", err, said)
	}
	form, err := xform.Parse(bytes.NewReader(pkg.XForm), xform.ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	s, err := interview.Start(context.Background(), interview.SessionParams{
		Study: pkg.Study, Form: form, Journal: forgetful{}, NewID: func() string { n++; return strings.Repeat("i", n) },
		Seal: func([]string, map[string]string) (string, error) { return "", nil }, Shift: interview.Shift{Study: pkg.Study.ID, Site: "default", Interval: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(Params{Interview: s, Study: study.Study{Languages: []string{"English (en)"}}}), s
}

type forgetful struct{}

func (forgetful) Begin(context.Context, interview.Opening) error { return nil }
func (forgetful) Save(context.Context, interview.Saving) error   { return nil }
func (forgetful) SaveReserving(context.Context, interview.Saving, []string) ([]string, error) {
	return nil, nil
}
func (forgetful) End(context.Context, interview.Ending) error { return nil }

// next goes on and tells whether that led to another page.
func next(t *testing.T, p *Presenter) bool {
	t.Helper()
	moved, err := p.Next(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return moved
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const yesNo = "| | yn | y | Yes |\n| | yn | n | No |\n"
