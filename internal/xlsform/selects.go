package xlsform

import (
	"fmt"
	"path"
	"strings"
)

// selectCommand maps each way to write a choice question to the type it stands
// for; file says that the choices come from a file by parameter.
func selectCommand(word string) (typ string, file, ok bool) {
	switch word {
	case "select_one", "select one", "select one from", "select1", "add select one prompt using":
		return selectOne, false, true
	case "select_multiple", "select all that apply", "select all that apply from", "add select multiple prompt using":
		return selectMultiple, false, true
	case "select_one_external":
		return selectOneExternal, false, true
	case "select_one_from_file", "select one from file":
		return selectOne, true, true
	case "select_multiple_from_file", "select multiple from file":
		return selectMultiple, true, true
	case "rank":
		return "rank", false, true
	}
	return "", false, false
}

// selectType is a choice question's type cell taken apart.
type selectType struct {
	command, typ, list string
	file, other        bool
}

// parseSelect reads "select_one list or_other" and its like.
func parseSelect(t string) (selectType, bool) {
	s := selectType{}
	for _, o := range []string{" or_other", " or specify other", " or other"} {
		if base, found := strings.CutSuffix(t, o); found && parsesAsSelect(base) {
			t, s.other = base, true
			break
		}
	}
	i := strings.LastIndexByte(t, ' ')
	if i < 0 {
		return s, false
	}
	var ok bool
	s.command, s.list = t[:i], t[i+1:]
	s.typ, s.file, ok = selectCommand(s.command)
	return s, ok && s.list != ""
}

func parsesAsSelect(t string) bool {
	i := strings.LastIndexByte(t, ' ')
	if i < 0 || i+1 == len(t) {
		return false
	}
	_, _, ok := selectCommand(t[:i])
	return ok
}

// listExtension is the ending of a list that is a data file, else "".
func listExtension(list string) string {
	switch ext := path.Ext(list); ext {
	case ".csv", ".xml", ".geojson":
		return ext
	}
	return ""
}

func (c *converter) readSelect(r *record, e *element, ps []param) bool {
	s, ok := parseSelect(e.typ)
	if !ok {
		return false
	}
	e.typ, e.itemset = s.typ, s.list
	e.fromFile = listExtension(s.list) != ""
	e.query = s.typ == selectOneExternal
	if !c.checkSelectList(r, e, s) {
		return true
	}
	c.checkSelectParameters(r, s, ps)
	if s.other && !c.addOtherChoice(r, e, s) {
		return true
	}
	header, ok := c.tableListRow(r, e, s)
	if !ok {
		return true
	}
	if header != nil {
		c.giveType(header)
		c.top().element.add(header)
	}
	c.addQuestion(r, e)
	if s.other {
		o := &element{name: e.name + "_other", typ: "text", row: e.row, label: plainText("Specify other."), generated: true}
		o.bind.set("relevant", "selected(../"+e.name+", 'other')")
		c.giveType(o)
		c.top().element.add(o)
	}
	return true
}

// checkSelectList makes sure that the choices exist.
func (c *converter) checkSelectList(r *record, e *element, s selectType) bool {
	if s.file && !e.fromFile {
		c.bad(r, "type", "file-extension", fmt.Sprintf("%q is no data file.", s.list), "End the file name in .csv, .xml or .geojson.")
		return false
	}
	if e.query {
		return c.checkExternalList(r, e, s)
	}
	if e.fromFile || hasReference(s.list) {
		return true
	}
	list := c.lists[s.list]
	if list == nil {
		if len(c.lists) == 0 {
			message, remedy := c.missingSheet("choices", `"list_name", "name" and "label"`)
			c.bad(r, "type", "sheet-missing", message, remedy)
			return false
		}
		c.bad(r, "type", "list-missing", fmt.Sprintf("There is no choice list %q.", s.list), c.listRemedy(s.list))
		return false
	}
	if s.typ == selectMultiple {
		for _, ch := range list.choices {
			if strings.Contains(ch.name, " ") {
				c.d.problem(c.choicesSheet.Name, ch.row, c.choiceHeader("name"), "choice-name-blank",
					fmt.Sprintf("The choice %q of list %q has a blank in its name, and the question %q takes several choices.", ch.name, s.list, e.name),
					"Write the name without blanks; blanks separate the answers.")
			}
		}
	}
	return true
}

func (c *converter) checkExternalList(r *record, e *element, s selectType) bool {
	c.usesExternal = true
	if e.choiceFilter == "" {
		c.mind(r, "choice_filter", "external-unfiltered", "select_one_external is meant for filtered lists.", "Write a choice_filter, or use select_one.")
	}
	if len(c.externalLists) == 0 {
		message, remedy := c.missingSheet("external_choices", `"list_name" and "name"`)
		c.bad(r, "type", "sheet-missing", message, remedy)
		return false
	}
	if !c.externalLists[s.list] {
		c.bad(r, "type", "list-missing", fmt.Sprintf("There is no list %q on the external_choices sheet.", s.list), "Write a list_name of that sheet.")
		return false
	}
	return true
}

func (c *converter) listRemedy(list string) string {
	best, least := "", 4
	if c.suggestions++; c.suggestions > maxSuggestions {
		return "Write the name of a list on the choices sheet."
	}
	for _, l := range c.listOrder {
		if d := editDistance(strings.ToLower(l.name), strings.ToLower(list)); d < least {
			best, least = l.name, d
		}
	}
	if best != "" {
		return fmt.Sprintf("Did you mean %q? Otherwise add the list to the choices sheet.", best)
	}
	return "Add the list to the choices sheet, or write the name of a list that is there."
}

func (c *converter) checkSelectParameters(r *record, s selectType, ps []param) {
	allowed := []string{"randomize", "seed"}
	if s.file {
		allowed = append(allowed, "value", "label")
	}
	c.allowParameters(r, ps, allowed...)
	randomize, random := getParam(ps, "randomize")
	if random && randomize != "true" && randomize != "false" {
		c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter randomize is %q.", randomize), `Write "true" or "false".`)
	}
	if seed, ok := getParam(ps, "seed"); ok {
		switch {
		case !random:
			c.bad(r, "parameters", "seed-alone", "There is a seed but no randomize=true.", `Write "randomize=true seed=..." or delete the seed.`)
		case !isReference(seed) && !isNumber(seed):
			c.bad(r, "parameters", "parameter-number", fmt.Sprintf("The parameter seed is %q.", seed), "Write a number or one reference ${name}.")
		}
	}
	if !s.file {
		return
	}
	for _, key := range []string{"value", "label"} {
		if v, ok := getParam(ps, key); ok && !isName(v) {
			c.bad(r, "parameters", "name-invalid", fmt.Sprintf("The parameter %s is %q, which cannot name a column.", key, v), nameRemedy)
		}
	}
}

func (c *converter) addOtherChoice(r *record, e *element, s selectType) bool {
	c.orOther = true
	if e.choiceFilter != "" {
		c.bad(r, "choice_filter", "or-other-filter", "A filtered list cannot have or_other.",
			`Add the choice "other" to the list and a text question after this one.`)
		return false
	}
	list := c.lists[s.list]
	if list == nil {
		c.bad(r, "type", "or-other-list", "or_other needs a list from the choices sheet.", `Add a text question after this one instead.`)
		return false
	}
	list.addOther()
	return true
}

// tableListRow gives the questions of a table-list group a heading row with the
// choices' labels; all must share one list.
func (c *converter) tableListRow(r *record, e *element, s selectType) (header *element, ok bool) {
	if c.tableList == nil {
		return nil, true
	}
	if *c.tableList == "" {
		*c.tableList = s.list
		if e.choiceFilter != "" {
			c.bad(r, "choice_filter", "table-list-filter", "A table-list cannot be filtered.", "Delete the choice_filter or the appearance table-list.")
			return nil, false
		}
		header = &element{name: fmt.Sprintf("reserved_name_for_field_list_labels_%d", r.row), typ: s.typ, row: r.row, itemset: s.list, generated: true}
		header.control.set("appearance", "label")
	}
	if *c.tableList != s.list {
		c.bad(r, "type", "table-list-mixed", fmt.Sprintf("The table-list uses the list %q above and %q here.", *c.tableList, s.list),
			"Use one list for all questions of the group.")
		return nil, false
	}
	e.control.set("appearance", "list-nolabel")
	return header, true
}
