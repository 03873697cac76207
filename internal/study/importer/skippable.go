package importer

import (
	"fmt"
	"strings"

	"parvis/internal/study"
)

// reading is who needs the answer to a question.
type reading struct {
	rules  []string // those of the sheet study, each with its row
	quotas []int    // rows of hard quotas
}

// ruleReads notes what a sound rule of the sheet study reads.
func (in *importer) ruleReads(at place, name string, r study.Rule) {
	for _, question := range in.survey.leftOpen(r) {
		n := in.needed(question)
		n.rules = append(n.rules, fmt.Sprintf("%s (row %d of the sheet %s)", name, at.row, at.sheet))
	}
}

// quotasRead notes what the hard quotas read.
func (q *quotaSheet) quotasRead() {
	for _, l := range q.lines {
		if l.made[0].Kind != study.Hard {
			continue
		}
		for _, question := range q.survey.leftOpen(l.made[0].Condition) {
			n := q.needed(question)
			n.quotas = append(n.quotas, l.number)
		}
	}
}

func (in *importer) needed(question string) *reading {
	if in.readings[question] == nil {
		in.readings[question] = &reading{}
	}
	return in.readings[question]
}

// leftOpen are the questions behind a rule that can be left without an answer, each once.
func (x *surveyIndex) leftOpen(r study.Rule) (questions []string) {
	if r.XPath == "" { // there is none, or an author is told already what is wrong with it
		return nil
	}
	visited := map[string]bool{}
	for _, name := range references(r.Source) {
		questions = append(questions, x.optional(name, visited)...)
	}
	return questions
}

// optional are the questions that a value depends on, where nobody has to answer and nothing else does.
func (x *surveyIndex) optional(name string, visited map[string]bool) (questions []string) {
	r := x.byName[name]
	if r == nil || visited[name] {
		return nil
	}
	visited[name] = true
	if r.asked() && r.calculation == "" {
		if r.required || r.filled {
			return nil
		}
		return []string{name}
	}
	for _, ref := range references(r.calculation) {
		questions = append(questions, x.optional(ref, visited)...)
	}
	return questions
}

// checkSkippable warns of questions that can be left without an answer although whom to interview hangs on it: one word for each.
func (in *importer) checkSkippable() {
	for _, name := range in.survey.names {
		n, r := in.readings[name], in.survey.byName[name]
		if n == nil {
			continue
		}
		readers, then := n.rules, "it stays undecided until the end of the interview whether to go on"
		if len(n.quotas) > 0 {
			readers = append(readers, n.hard(in.book.Sheet("quotas").Name))
			then = "a place is reserved late or not at all"
		}
		in.warning(place{in.survey.sheet, r.number, "required"}, "skippable", fmt.Sprintf("%q may be left without an answer, but is read by %s: then %s.", name, strings.Join(readers, " and "), then), r.mustBeAsked())
	}
}

// hard names the quotas that read a question.
func (n *reading) hard(sheet string) string {
	if len(n.quotas) == 1 {
		return fmt.Sprintf("a hard quota (row %d of the sheet %s)", n.quotas[0], sheet)
	}
	return fmt.Sprintf("hard quotas (%d rows of the sheet %s, the first of them %d)", len(n.quotas), sheet, n.quotas[0])
}

// mustBeAsked is what to write so that there is always an answer. A box that has to be ticked leaves nobody a no.
func (r *surveyRow) mustBeAsked() string {
	switch {
	case r.kind == "acknowledge" || r.kind == "trigger":
		return "Ask it as select_one with a choice for yes and one for no, and write yes in the column required of this row."
	case strings.HasPrefix(r.kind, "select"):
		return "Write yes in the column required of this row; where people may rather not say, give them a choice for it."
	}
	return "Write yes in the column required of this row."
}
