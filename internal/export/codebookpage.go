package export

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
)

//go:embed codebook.gohtml
var codebookText string

// pageLine is what the page shows of a variable.
type pageLine struct {
	File, Column, Ref, Kind, Roles, Relevant, Section, Note string
	Labels                                                  []pageLabel
	Choices                                                 []pageChoice
	More                                                    int // choices not listed
}

type pageLabel struct{ Language, Text string }

type pageChoice struct {
	Value  string
	Labels []string
}

// codebookPage renders the codebook of the questions to read and print. Columns of 0 and 1 are told with their question.
func (e *Exporter) codebookPage() (text []byte, rows int, err error) {
	page, err := template.New("codebook").Parse(codebookText)
	if err != nil {
		return nil, 0, fmt.Errorf("codebook page: %w", err)
	}
	languages := e.languages()
	var lines []pageLine
	for _, x := range e.entries() {
		if x.choice == nil {
			lines = append(lines, x.line(languages))
		}
	}
	var out bytes.Buffer
	err = page.Execute(&out, map[string]any{
		"Title":     e.params.Study.Title.In(languages[0], ""),
		"Study":     e.params.Study.ID,
		"Languages": languages,
		"Lines":     lines,
		"Personal":  len(e.dictionary.Personal),
	})
	if err != nil {
		return nil, 0, fmt.Errorf("codebook page: %w", err)
	}
	return out.Bytes(), len(lines), nil
}

func (x entry) line(languages []string) pageLine {
	l := pageLine{File: x.file, Column: x.column, Kind: string(x.kind), Note: x.note}
	v := x.variable
	if v == nil {
		return l
	}
	l.Ref, l.Roles, l.Relevant, l.Section = v.Ref, x.roles(), v.Relevant, v.section(languages[0])
	for _, language := range languages {
		if text := v.Label.In(language, ""); text != "" {
			l.Labels = append(l.Labels, pageLabel{language, text})
		}
	}
	listed := v.Choices[:min(len(v.Choices), mostListed)]
	l.More = len(v.Choices) - len(listed)
	for _, c := range listed {
		choice := pageChoice{Value: c.Value}
		for _, language := range languages {
			choice.Labels = append(choice.Labels, c.Label.In(language, ""))
		}
		l.Choices = append(l.Choices, choice)
	}
	return l
}
