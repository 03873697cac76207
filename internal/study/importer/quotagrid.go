package importer

import (
	"fmt"
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// gridColumn is a column of the sheet quotas that is headed by a question of the screener: its cells hold choices.
type gridColumn struct {
	index    int    // of the column in the sheet
	header   string // as written
	question *surveyRow
	order    int      // of the question in the survey: names do not change when columns change places
	choices  []choice // in the order of the list, each name once
	place    map[string]int
}

// choice is one answer that a question offers.
type choice struct {
	name  string
	label study.Text // nil where the sheet choices has none that can be read out
}

// pick is what a row of the sheet wants of one question.
type pick struct {
	column *gridColumn
	chosen []int // indexes in column.choices, rising; empty for any answer
}

// gridColumns finds the columns that are headed by a question, in the order of the questions, and says what is wrong with those that
// cannot be used. claimed are the headers, in lower case, that name a question at all.
func (in *importer) gridColumns(s *xlsform.Sheet, known []string) (grid []*gridColumn, claimed []string) {
	for i, h := range s.Header {
		key := strings.ToLower(strings.TrimSpace(h))
		name, order := in.survey.find(strings.TrimSpace(h))
		if key == "" || contains(known, key) || order < 0 {
			continue
		}
		at := place{s.Name, 1, h}
		if contains(claimed, key) {
			in.problem(at, "twice", fmt.Sprintf("There are two columns for the question %q.", name), "Keep one; several choices stand in one cell with spaces between.")
			continue
		}
		claimed = append(claimed, key)
		c := &gridColumn{index: i, header: h, question: in.survey.byName[name], order: order}
		if in.gridQuestion(at, c) {
			grid = append(grid, c)
		}
	}
	slices.SortFunc(grid, func(a, b *gridColumn) int { return a.order - b.order })
	return grid, claimed
}

// gridQuestion checks that a column's question can divide respondents.
func (in *importer) gridQuestion(at place, c *gridColumn) bool {
	q := c.question
	c.choices = in.choicesOf(q)
	switch {
	case q.copies > 1 || q.kind == "group":
		return in.reference(at, q.name, screenerAnswer)
	case q.kind != "select_one" && q.kind != "select1":
		in.problem(at, "grid-question", fmt.Sprintf("%q is not a select_one question, so this column cannot hold its choices.", q.name),
			"Write what it should be in the column condition, such as ${"+q.name+"} > 3, and delete this column.")
		return false
	case len(c.choices) == 0:
		in.problem(at, "grid-question", fmt.Sprintf("The choices of %q do not stand in the sheet choices.", q.name),
			"Write what is wanted in the column condition, such as ${"+q.name+"} = 'x', and delete this column.")
		return false
	}
	c.place = make(map[string]int, len(c.choices))
	for i, x := range c.choices {
		c.place[x.name] = i
	}
	return in.reference(at, q.name, screenerAnswer)
}

// screenerChoices are the questions that may head a column.
func (in *importer) screenerChoices() (names []string) {
	for _, name := range in.survey.names {
		if r := in.survey.byName[name]; r.kind == "select_one" && r.copies == 1 && (r.has(study.RoleScreener) || r.has(study.RoleConsent)) {
			names = append(names, name)
		}
	}
	return names
}

// choicesOf are the choices of a question as the sheet choices has them.
func (in *importer) choicesOf(r *surveyRow) (list []choice) {
	sheet := in.book.Sheet("choices")
	if sheet == nil || in.survey.lists[r.list] == nil {
		return nil
	}
	seen := map[string]bool{"": true}
	for _, row := range sheet.Rows {
		name := firstOf(row, "name", "value")
		if firstOf(row, "list_name", "list name") != r.list || seen[name] {
			continue
		}
		seen[name] = true
		list = append(list, choice{name, in.choiceLabel(row)})
	}
	if r.orOther {
		list = append(list, choice{"other", study.Text{in.standard: "Other"}})
	}
	return list
}

func (in *importer) choiceLabel(row xlsform.Row) study.Text {
	t := study.Text{}
	for lang, s := range row.Translated("label") {
		if key, _ := in.language(lang); !strings.Contains(s, "${") && s != "-" && (t[key] == "" || lang != "") {
			t[key] = s
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// picks reads the cells of a row under the questions.
func (in *importer) picks(row xlsform.Row, sheet string, grid []*gridColumn) (picks []pick, ok bool) {
	ok = true
	for _, c := range grid {
		p := pick{column: c}
		for _, name := range strings.Fields(row.At(c.index)) {
			i, known := c.place[name]
			if !known {
				names := c.names()
				in.problem(place{sheet, row.Number, c.header}, "unknown-choice", fmt.Sprintf("%q has no choice %q.", c.question.name, shorten(name)),
					remedyNearest(name, names[:min(len(names), 1000)], "The choices of "+c.question.list+" are "+shortList(names)+"; leave the cell empty for any of them."))
				ok = false
				break // one word to an author for each cell
			}
			p.chosen = append(p.chosen, i)
		}
		slices.Sort(p.chosen)
		p.chosen = slices.Compact(p.chosen)
		picks = append(picks, p)
	}
	return picks, ok
}

func (c *gridColumn) names() (names []string) {
	for _, x := range c.choices {
		names = append(names, x.name)
	}
	return names
}

// picked is what a row wants of the questions, as the study keeps it.
func picked(picks []pick) (list []study.Pick) {
	for _, p := range picks {
		if len(p.chosen) == 0 {
			continue
		}
		one := study.Pick{Question: p.column.question.name}
		for _, i := range p.chosen {
			one.Choices = append(one.Choices, p.column.choices[i].name)
		}
		list = append(list, one)
	}
	return list
}

// dimensions are the questions that quotas want choices of, with those choices.
func dimensions(grid []*gridColumn, quotas []study.Quota) (list []study.Dimension) {
	wanted := map[[2]string]bool{}
	for _, q := range quotas {
		for _, p := range q.Picks {
			for _, name := range p.Choices {
				wanted[[2]string{p.Question, name}] = true
			}
		}
	}
	for _, c := range grid {
		d := study.Dimension{Question: c.question.name}
		for _, x := range c.choices {
			if wanted[[2]string{d.Question, x.name}] {
				d.Choices = append(d.Choices, study.Phrase{Name: x.name, Label: x.label})
			}
		}
		if len(d.Choices) > 0 {
			list = append(list, d)
		}
	}
	return list
}

// asked are the names of the questions of which particular choices are wanted.
func asked(picks []pick) (names []string) {
	for _, p := range picks {
		if len(p.chosen) > 0 {
			names = append(names, p.column.question.name)
		}
	}
	return names
}

// gridName makes a quota's name of its choices; "" where there are none.
func gridName(picks []pick) string {
	var parts []string
	for _, p := range picks {
		var names []string
		for _, i := range p.chosen {
			names = append(names, slug(p.column.choices[i].name, fmt.Sprintf("choice_%d", i+1)))
		}
		if len(names) > 0 {
			parts = append(parts, strings.Join(names, "_or_"))
		}
	}
	return strings.Join(parts, "-")
}

// gridLabel makes a quota's label of its choices, in every language; nil where there are none.
func (in *importer) gridLabel(picks []pick) study.Text {
	langs := in.langs
	if len(langs) == 0 {
		langs = []string{in.standard}
	}
	t := study.Text{}
	for _, lang := range langs {
		var parts []string
		for _, p := range picks {
			var labels []string
			for _, i := range p.chosen {
				x := p.column.choices[i]
				label := x.label.In(lang, in.standard)
				if label == "" {
					label = x.name
				}
				labels = append(labels, label)
			}
			if len(labels) > 0 {
				parts = append(parts, strings.Join(labels, ", "))
			}
		}
		if len(parts) > 0 {
			t[lang] = strings.Join(parts, " · ")
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// gridRule joins what the cells under the questions want with the condition of the row.
func (in *importer) gridRule(at place, picks []pick, condition study.Rule) study.Rule {
	var sources, paths []string
	for _, p := range picks {
		if len(p.chosen) == 0 {
			continue
		}
		reference := "${" + p.column.question.name + "}"
		resolved, ok := in.resolve(at, reference, true)
		if !ok {
			return condition
		}
		sources = append(sources, p.anyOf(reference))
		paths = append(paths, p.anyOf(resolved))
	}
	if len(sources) == 0 {
		return condition
	}
	if !condition.Always() {
		sources = append(sources, "("+condition.Source+")")
		paths = append(paths, "("+condition.XPath+")")
	}
	return study.Rule{Source: strings.Join(sources, " and "), XPath: strings.Join(paths, " and ")}
}

// anyOf says that a value is one of the chosen ones.
func (p pick) anyOf(value string) string {
	var alternatives []string
	for _, i := range p.chosen {
		alternatives = append(alternatives, value+" = "+literal(p.column.choices[i].name))
	}
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	return "(" + strings.Join(alternatives, " or ") + ")"
}

// literal writes a text in an expression, which knows no escapes.
func literal(s string) string {
	switch {
	case !strings.Contains(s, "'"):
		return "'" + s + "'"
	case !strings.Contains(s, `"`):
		return `"` + s + `"`
	}
	return "concat('" + strings.ReplaceAll(s, "'", `', "'", '`) + "')"
}

// overlaps reports whether a respondent may fall in both.
func (p pick) overlaps(q pick) bool {
	if len(p.chosen) > len(q.chosen) {
		p, q = q, p
	}
	return len(p.chosen) == 0 || slices.ContainsFunc(p.chosen, q.has)
}

// within reports whether whoever gives one of these answers gives one of q's too.
func (p pick) within(q pick) bool {
	if len(q.chosen) == 0 {
		return true
	}
	return len(p.chosen) > 0 && !slices.ContainsFunc(p.chosen, func(i int) bool { return !q.has(i) })
}

func (p pick) has(i int) bool {
	_, found := slices.BinarySearch(p.chosen, i)
	return found
}
