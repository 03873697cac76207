package export

import (
	"slices"
	"strconv"
	"strings"
)

// mostListed is how many choices a cell of the codebook lists; longer lists stand in choices.csv alone.
const mostListed = 200

// entry is one line of the codebook: a column of a file and what it means.
type entry struct {
	file, column string
	variable     *Variable // nil for Parvis's own columns
	choice       *Choice   // set for the 0 and 1 of a multiple choice
	kind         Kind
	note         string
}

// entries are the lines of the codebook in the order of the files and their columns.
func (e *Exporter) entries() []entry {
	var all []entry
	for i, name := range e.layout.nameFiles() {
		t := e.layout.tables[i]
		if i == 0 {
			all = append(all, ownColumns(name, interviewColumns())...)
		} else {
			all = append(all, ownColumns(name, e.layout.repeatColumns(t))...)
		}
		for _, c := range t.columns {
			all = append(all, variableEntries(name, c)...)
		}
	}
	for _, f := range e.layout.rowFiles()[len(e.layout.tables):] {
		all = append(all, ownColumns(f.name, f.header)...)
	}
	return slices.DeleteFunc(all, func(x entry) bool { return !e.wanted(x.file) })
}

func ownColumns(file string, columns []string) []entry {
	var all []entry
	for _, c := range columns {
		kind, note := meaning(file, c)
		all = append(all, entry{file: file, column: c, kind: kind, note: note})
	}
	return all
}

func variableEntries(file string, c *column) []entry {
	v := c.variable
	note := ""
	switch {
	case v.Kind == Multiple && !v.flagged() && len(v.Choices) > 0:
		note = "more than " + strconv.Itoa(MostFlags) + " choices: no column for each"
	case v.Kind == File && !v.Computed:
		note = "name of a file in the folder " + Media
	case v.Computed:
		note = "computed, nobody is asked"
	}
	all := []entry{{file: file, column: v.Column, variable: v, kind: v.Kind, note: note}}
	for i, heading := range c.flags {
		all = append(all, entry{file: file, column: heading, variable: v, choice: &v.Choices[i], kind: Integer,
			note: "1 chosen, 0 not chosen, empty not answered"})
	}
	return all
}

// writeCodebook writes the codebook, the list of choices and the page to read.
func (e *Exporter) writeCodebook() error {
	for _, part := range []struct {
		name   string
		render func() ([]byte, int, error)
	}{{Codebook, e.codebook}, {Choices, e.choices}, {CodebookPage, e.codebookPage}} {
		if !e.wanted(part.name) {
			continue
		}
		text, rows, err := part.render()
		if err != nil {
			return err
		}
		out, err := e.openFile(part.name)
		e.files = append(e.files, out)
		if err != nil {
			return err
		}
		if err := out.write(text, rows); err != nil {
			return err
		}
	}
	return nil
}

func (e *Exporter) codebook() (text []byte, rows int, err error) {
	s := sheet{safe: e.params.ExcelSafe}
	languages := e.languages()
	header := []string{"file", "variable", "question", "type", "role", "object"}
	for _, part := range []string{"section", "label", "choices"} {
		for _, l := range languages {
			header = append(header, inLanguage(part, l))
		}
	}
	s.row(append(header, "relevant", "versions", "note")...)
	entries := e.entries()
	for _, x := range entries {
		s.row(x.cells(languages)...)
	}
	return s.buf, len(entries), nil
}

// languages are those of the labels; one without a name where the questionnaire has no translations.
func (e *Exporter) languages() []string {
	if len(e.dictionary.Languages) == 0 {
		return []string{""}
	}
	return e.dictionary.Languages
}

func inLanguage(part, language string) string {
	if language == "" {
		return part
	}
	return part + "::" + language
}

func (x entry) cells(languages []string) []string {
	v := x.variable
	if v == nil {
		cells := []string{x.file, x.column, "", string(x.kind), "", ""}
		return append(append(cells, make([]string, 3*len(languages))...), "", "", x.note)
	}
	cells := []string{x.file, x.column, v.Ref, string(x.kind), x.roles(), v.Roles.Object}
	for _, l := range languages {
		cells = append(cells, v.section(l))
	}
	for _, l := range languages {
		cells = append(cells, x.label(l))
	}
	for _, l := range languages {
		cells = append(cells, x.choices(l))
	}
	return append(cells, v.Relevant, strings.Join(v.Versions, " "), x.note)
}

func (x entry) roles() string {
	var words []string
	for _, r := range x.variable.Roles.Set {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}

// label is the question, and of a column of 0 and 1 the choice behind it.
func (x entry) label(language string) string {
	label := x.variable.Label.In(language, "")
	if x.choice == nil {
		return label
	}
	return label + " / " + x.choice.Label.In(language, "")
}

// choices are the values on offer, one a line, as value=label.
func (x entry) choices(language string) string {
	v := x.variable
	switch {
	case x.choice != nil || len(v.Choices) == 0:
		return ""
	case len(v.Choices) > mostListed:
		return strconv.Itoa(len(v.Choices)) + " choices, see " + Choices
	}
	lines := make([]string, len(v.Choices))
	for i, c := range v.Choices {
		lines[i] = c.Value + "=" + c.Label.In(language, "")
	}
	return strings.Join(lines, "\n")
}

// section is the headings of the groups around the question, outermost first.
func (v *Variable) section(language string) string {
	var parts []string
	for _, s := range v.Sections {
		if label := s.In(language, ""); label != "" {
			parts = append(parts, label)
		}
	}
	return strings.Join(parts, " / ")
}

// choices is the table of all choices, for programs.
func (e *Exporter) choices() (text []byte, rows int, err error) {
	s := sheet{safe: e.params.ExcelSafe}
	languages := e.languages()
	header := []string{"file", "variable", "value"}
	for _, l := range languages {
		header = append(header, inLanguage("label", l))
	}
	s.row(header...)
	for _, x := range e.entries() {
		if x.variable == nil || x.choice != nil {
			continue
		}
		for _, c := range x.variable.Choices {
			cells := []string{x.file, x.column, c.Value}
			for _, l := range languages {
				cells = append(cells, c.Label.In(l, ""))
			}
			s.row(cells...)
			rows++
		}
	}
	return s.buf, rows, nil
}
