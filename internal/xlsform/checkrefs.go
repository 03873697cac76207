package xlsform

import "fmt"

// checkReferences looks at every ${name} in the workbook: it must be well
// formed and name one question, group or repeat. Names and types are checked
// elsewhere, and choices have references in what people read only.
func (c *converter) checkReferences() {
	if sheet := c.w.Sheet("settings"); sheet != nil && len(sheet.Rows) > 0 {
		c.checkSheetReferences(sheet, nil)
	}
	if sheet := c.w.Sheet("entities"); sheet != nil {
		skip := map[int]bool{}
		for _, col := range entitiesVocabulary().columns(sheet, &diagnoser{}) {
			skip[col.index] = col.tokens[0] == "dataset"
		}
		c.checkSheetReferences(sheet, func(i int) bool { return !skip[i] })
	}
	skip := map[int]bool{}
	for _, col := range c.surveyColumns {
		switch col.tokens[0] {
		case "type", "name", "trigger":
			skip[col.index] = true
		}
	}
	c.checkSheetReferences(c.survey, func(i int) bool { return !skip[i] })
	if c.choicesSheet == nil {
		return
	}
	shown := map[int]bool{}
	for _, col := range c.choiceColumns {
		shown[col.index] = col.tokens[0] == "label" || col.tokens[0] == "media"
	}
	c.checkSheetReferences(c.choicesSheet, func(i int) bool { return shown[i] })
}

func (c *converter) checkSheetReferences(sheet *Sheet, wanted func(column int) bool) {
	for _, row := range sheet.Rows {
		for i, cell := range row.cells {
			if len(cell) < 3 || (wanted != nil && !wanted(i)) {
				continue
			}
			c.checkCellReferences(sheet, row.Number, sheet.Header[i], cell)
		}
	}
}

func (c *converter) checkCellReferences(sheet *Sheet, row int, header, cell string) {
	refs, ok := references(cell)
	if !ok {
		c.d.problem(sheet.Name, row, header, "reference-form", "A ${ begins no reference.", referenceRemedy)
	}
	if len(refs) > maxReferences {
		c.d.problem(sheet.Name, row, header, "reference-count", fmt.Sprintf("The cell holds more than %d references.", maxReferences), "Split it over several calculations.")
		return
	}
	for _, r := range refs {
		switch n := c.counted[r.name]; {
		case n == 0:
			c.d.problem(sheet.Name, row, header, "reference-missing",
				fmt.Sprintf("${%s} refers to nothing: no question has this name.", r.name), c.nameRemedy(r.name))
		case n > 1:
			c.d.problem(sheet.Name, row, header, "reference-ambiguous",
				fmt.Sprintf("${%s} is not clear: %d questions have this name.", r.name, n), "Give each of them its own name.")
		}
	}
}

// checkTriggers: a trigger names a question, and one that is shown.
func (c *converter) checkTriggers() {
	for _, t := range c.triggers {
		if !c.questions[t.name] {
			c.d.problem(c.survey.Name, t.row, c.columnHeader("trigger"), "reference-missing",
				fmt.Sprintf("The trigger ${%s} refers to nothing: no question has this name.", t.name), c.nameRemedy(t.name))
		}
	}
	c.root.walk(func(e *element) {
		for _, name := range e.trigger {
			s := setter{e, e.bind.get("calculate")}
			if e.typ == "background-geopoint" {
				c.geoSets[name] = append(c.geoSets[name], s)
			} else {
				c.valueSets[name] = append(c.valueSets[name], s)
			}
		}
	})
	c.root.walk(func(e *element) {
		if e.kind != questionElement || !e.hidden() || len(c.valueSets[e.name]) == 0 {
			return
		}
		for _, s := range c.valueSets[e.name] {
			c.d.problem(c.survey.Name, s.target.row, c.columnHeader("trigger"), "trigger-hidden",
				fmt.Sprintf("${%s} is not shown, so it cannot trigger the calculation of %q.", e.name, s.target.name),
				"Choose a question that the interviewer answers, or compute without a trigger.")
		}
	})
}

// hidden questions compute their value and are not shown.
func (e *element) hidden() bool {
	return e.typ == "calculate" || (e.bind.has("calculate") || len(e.trigger) > 0) && e.label.empty() && e.hint.empty()
}
