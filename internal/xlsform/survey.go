package xlsform

import (
	"fmt"
	"strings"
)

// frame is one open group, repeat or loop.
type frame struct {
	element *element
	row     int
	names   map[string]int
	lower   map[string]string
}

func newFrame(e *element, row int) *frame {
	return &frame{e, row, map[string]int{}, map[string]string{}}
}

// top is the innermost open frame.
func (c *converter) top() *frame { return c.stack[len(c.stack)-1] }

func (c *converter) readSurvey() {
	c.stack = []*frame{newFrame(c.root, 0)}
	c.counted, c.questions, c.repeatRows = map[string]int{}, map[string]bool{}, map[string]bool{}
	c.valueSets, c.geoSets = map[string][]setter{}, map[string][]setter{}
	for _, row := range c.survey.Rows {
		c.readRow(c.readRecord(row))
	}
	for _, f := range c.stack[1:] {
		kind := containerWord(f.element)
		c.d.problem(c.survey.Name, f.row, c.columnHeader("type"), "begin-unmatched",
			fmt.Sprintf(`The "begin %s" of %q is never ended.`, kind, f.element.name),
			fmt.Sprintf(`Add a row "end %s" after its last question.`, kind))
	}
	if c.orOther && c.anyTranslation() {
		c.d.warn(c.survey.Name, 0, "", "or-other-translated",
			`"or_other" adds a choice and a question in English only.`,
			`In a translated questionnaire add the choice "other" and the question after it yourself.`)
	}
}

func containerWord(e *element) string {
	switch e.kind {
	case repeatElement:
		return "repeat"
	case loopElement:
		return "loop"
	}
	return "group"
}

// readRow takes one row of the survey sheet into the form.
func (c *converter) readRow(r *record) {
	if v := r.get("disabled"); v != "" {
		c.mind(r, "disabled", "disabled", `The column "disabled" is not part of XLSForm.`, `Use relevant, or delete the row.`)
		if isYes(v) {
			return
		}
	}
	if r.typ == "" {
		c.rowWithoutType(r)
		return
	}
	ps, ok := parseParameters(r.get("parameters"))
	if !ok {
		c.bad(r, "parameters", "parameter-form", fmt.Sprintf("The parameters %q cannot be read.", r.get("parameters")),
			`Write them as "key=value", one blank between two of them.`)
	}
	e := c.newElement(r)
	c.readTrigger(r, e)
	if r.typ == "audit" {
		c.readAudit(r, e, ps)
		return
	}
	if c.isSetting(r) {
		return
	}
	if c.endContainer(r) {
		return
	}
	if !c.nameRow(r, e) {
		return
	}
	c.saveTo(r, e, false)
	if c.beginContainer(r, e) {
		return
	}
	c.questions[e.name] = true
	e.parameters = ps
	c.readQuestion(r, e, ps)
}

func (c *converter) rowWithoutType(r *record) {
	if r.name == "" && r.label.empty() {
		c.mind(r, "type", "comment-row", "The row has no type, name or label and is passed over.",
			`Keep comments in a column of their own, or put the row's name on the sheet "_notes".`)
		return
	}
	c.bad(r, "type", "type-missing", fmt.Sprintf("The question %q has no type.", r.name),
		`Write what it is, for example "text", "integer" or "select_one" with a list name.`)
}

// newElement makes a question of a row; the caller may make it something else.
func (c *converter) newElement(r *record) *element {
	e := &element{
		name: r.name, typ: r.typ, row: r.row,
		label: r.label, hint: r.hint, guidance: r.guidance,
		media: r.media, bind: r.bind, control: r.control, instance: r.instance,
		choiceFilter: r.get("choice_filter"), deflt: r.get("default"),
	}
	if e.deflt != "" && c.lex.isDynamic(e.deflt, r.typ) {
		e.dynamic = true
		e.actions = append(e.actions, action{name: "setvalue", event: firstLoad})
		for _, f := range c.stack {
			if f.element.kind == repeatElement {
				e.actions = append(e.actions, action{name: "setvalue", event: newRepeat})
				break
			}
		}
	}
	return e
}

// isSetting takes settings that old forms keep on the survey sheet.
func (c *converter) isSetting(r *record) bool {
	switch r.typ {
	case "form_title", "set_form_title":
		c.title = r.name
	case "form_id", "set_form_id":
		c.id = r.name
	case "prefix":
		c.settings.values["prefix"] = r.name
	default:
		return false
	}
	return true
}

// nameRow checks the name and notes it; a note without one gets one.
func (c *converter) nameRow(r *record, e *element) bool {
	if r.name == "" {
		if r.typ != "note" {
			c.bad(r, "name", "name-missing", fmt.Sprintf("This row of type %q has no name.", r.written),
				"Write a short name that is unique among its neighbours.")
			return false
		}
		r.name = fmt.Sprintf("generated_note_name_%d", r.row)
		e.name = r.name
	}
	if !isName(r.name) {
		c.bad(r, "name", "name-invalid", fmt.Sprintf("%q cannot be a name.", r.name), nameRemedy)
		return true
	}
	if len(r.name) > maxName {
		c.bad(r, "name", "name-long", fmt.Sprintf("The name %q has more than %d characters.", r.name[:32]+"…", maxName), "Choose a short name.")
	}
	c.counted[r.name]++
	f := c.top()
	switch first, dup := f.names[r.name]; {
	case r.name == "meta":
		c.bad(r, "name", "name-reserved", `The name "meta" is reserved.`, "Choose another name.")
	case dup:
		c.bad(r, "name", "name-duplicate",
			fmt.Sprintf("The name %q is already in row %d of the same group.", r.name, first),
			"Give each question, group and repeat its own name.")
	default:
		if other, near := f.lower[strings.ToLower(r.name)]; near {
			c.mind(r, "name", "name-case",
				fmt.Sprintf("The names %q and %q differ in case only.", r.name, other),
				"Some analysis programs cannot tell them apart; choose another name.")
		}
	}
	f.names[r.name] = r.row
	f.lower[strings.ToLower(r.name)] = r.name
	return true
}

// readTrigger reads the questions whose change sets this one's value.
func (c *converter) readTrigger(r *record, e *element) {
	t := r.get("trigger")
	if t == "" {
		return
	}
	if !strings.Contains(t, "${") {
		c.bad(r, "trigger", "reference-form", fmt.Sprintf("%q is no reference to a question.", t), `Write it as ${name}, several with commas between them.`)
		return
	}
	for part := range strings.SplitSeq(t, ",") {
		refs, ok := references(part)
		if !ok {
			c.bad(r, "trigger", "reference-form", fmt.Sprintf("%q is no reference to a question.", strings.TrimSpace(part)), referenceRemedy)
			continue
		}
		if len(refs) > 1 {
			c.bad(r, "trigger", "reference-list", fmt.Sprintf("%q holds several references.", strings.TrimSpace(part)), "Put a comma between each two references.")
			continue
		}
		for _, ref := range refs {
			e.trigger = append(e.trigger, ref.name)
			c.triggers = append(c.triggers, rowRef{ref.name, r.row})
		}
	}
}
