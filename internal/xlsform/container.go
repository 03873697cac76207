package xlsform

import (
	"fmt"
	"strings"
)

// containerKind reads "group", "repeat", "loop" and their old names.
func containerKind(word string) (elementKind, bool) {
	switch word {
	case "group":
		return groupElement, true
	case "repeat", "lgroup", "looped group":
		return repeatElement, true
	case "loop":
		return loopElement, true
	}
	return 0, false
}

// beginWord splits "begin group", "begin_repeat", "begin loop over columns".
func beginWord(t string) (kind elementKind, list string, ok bool) {
	rest, found := cutWord(t, "begin")
	if !found {
		return 0, "", false
	}
	if k, ok := containerKind(rest); ok {
		return k, "", true
	}
	for _, w := range []string{"looped group", "group", "lgroup", "repeat", "loop"} {
		tail, found := strings.CutPrefix(rest, w+" ")
		if !found {
			continue
		}
		tail = strings.TrimPrefix(tail, "over ")
		if tail != "" && !strings.ContainsAny(tail, " \t") {
			k, _ := containerKind(w)
			return k, tail, true
		}
	}
	return 0, "", false
}

// cutWord takes "begin" and the blank or underscore after it off.
func cutWord(t, word string) (string, bool) {
	rest, ok := strings.CutPrefix(t, word)
	if !ok || rest == "" || !strings.ContainsAny(rest[:1], " _\t") {
		return "", false
	}
	return rest[1:], true
}

func (c *converter) endContainer(r *record) bool {
	word, ok := cutWord(r.typ, "end")
	if !ok {
		return false
	}
	kind, ok := containerKind(word)
	if !ok {
		return false
	}
	if r.bind.has(saveTo) {
		c.saveTo(r, nil, true)
	}
	open := c.top()
	if len(c.stack) == 1 || open.element.kind != kind {
		message := fmt.Sprintf("This %q ends nothing.", r.written)
		remedy := "Delete the row, or add the row that begins it."
		if len(c.stack) > 1 {
			message = fmt.Sprintf("This %q stands where the %s %q of row %d is still open.", r.written, containerWord(open.element), open.element.name, open.row)
			remedy = fmt.Sprintf(`Write "end %s" here, or add it before.`, containerWord(open.element))
		}
		c.bad(r, "type", "end-unmatched", message, remedy)
		return true
	}
	c.stack = c.stack[:len(c.stack)-1]
	c.tableList = nil
	return true
}

func (c *converter) beginContainer(r *record, e *element) bool {
	kind, list, ok := beginWord(r.typ)
	if !ok {
		return false
	}
	e.kind, e.deflt, e.dynamic, e.actions = kind, "", false, nil
	if kind == repeatElement {
		c.checkRepeatName(r)
	}
	if e.label.empty() && len(e.media) == 0 && !e.bind.has("calculate") &&
		(kind != groupElement || e.control.get("appearance") != "field-list") {
		c.mind(r, "label", "container-label",
			fmt.Sprintf("The %s %q has no label.", containerWord(e), e.name),
			"Write a label, so that the interviewer knows where the questions belong.")
	}
	if kind == loopElement {
		c.checkLoop(r, e, list)
	}
	if len(c.stack) > maxDepth {
		c.bad(r, "type", "nesting", fmt.Sprintf("Groups and repeats stand more than %d deep in each other.", maxDepth), "Use fewer levels.")
	}
	parent := c.top().element
	c.repeatCount(parent, e)
	note := c.tableListGroup(e)
	if v := r.get("intent"); v != "" {
		e.control.set("intent", v)
	}
	parent.add(e)
	if note != nil {
		e.add(note)
	}
	c.stack = append(c.stack, newFrame(e, r.row))
	return true
}

func (c *converter) checkRepeatName(r *record) {
	switch {
	case r.name == c.root.name:
		c.bad(r, "name", "repeat-name-root",
			fmt.Sprintf("The repeat %q has the name of the form's root.", r.name), "Choose another name.")
	case c.repeatRows[r.name]:
		c.bad(r, "name", "repeat-name-duplicate",
			fmt.Sprintf("There is another repeat named %q.", r.name), "Give each repeat of the questionnaire its own name.")
	}
	c.repeatRows[r.name] = true
}

func (c *converter) checkLoop(r *record, e *element, list string) {
	switch {
	case list == "":
		c.bad(r, "type", "loop-list", "The loop names no choice list.", `Write "begin loop over" and a list name from the choices sheet.`)
	case c.lists[list] == nil:
		c.bad(r, "type", "list-missing", fmt.Sprintf("There is no choice list %q.", list), c.listRemedy(list))
	}
	e.loopList = list
}

// repeatCount gives a computed number of repetitions a node of its own, which
// the repeat can refer to.
func (c *converter) repeatCount(parent, e *element) {
	count := e.control.get("jr:count")
	if count == "" || isReference(count) {
		return
	}
	n := &element{name: e.name + "_count", typ: "calculate", row: e.row, generated: true}
	n.bind.set("readonly", "true()")
	n.bind.set("calculate", count)
	c.giveType(n)
	parent.add(n)
	e.control.set("jr:count", "${"+n.name+"}")
}

// tableListGroup turns the appearance table-list into a field list whose label
// is a note of its own.
func (c *converter) tableListGroup(e *element) *element {
	words := strings.Fields(e.control.get("appearance"))
	out := []string{"field-list"}
	found := false
	for _, w := range words {
		if w == "table-list" {
			found = true
		} else {
			out = append(out, w)
		}
	}
	if !found {
		return nil
	}
	unset := ""
	c.tableList = &unset
	e.control.set("appearance", strings.Join(out, " "))
	if e.label.empty() && e.hint.empty() {
		return nil
	}
	n := &element{name: fmt.Sprintf("generated_table_list_label_%d", e.row), typ: "note", row: e.row, generated: true,
		label: e.label, hint: e.hint}
	e.label, e.hint = text{}, text{}
	c.giveType(n)
	return n
}

// expandLoops replaces each loop by a group with one group for each choice,
// whose questions say the choice's name and label for %(name)s and %(label)s.
func (c *converter) expandLoops(e *element) {
	for _, child := range e.children {
		if child.kind == loopElement {
			c.expandLoop(child)
		}
		c.expandLoops(child)
	}
}

func (c *converter) expandLoop(e *element) {
	e.kind = groupElement
	template := e.children
	e.children = nil
	list := c.lists[e.loopList]
	if list == nil {
		return
	}
	for _, ch := range list.choices {
		if ch.name == "none" {
			continue
		}
		if !isName(ch.name) {
			c.d.problem("choices", ch.row, c.choiceHeader("name"), "name-invalid",
				fmt.Sprintf("The choice %q names a group of the loop %q, but cannot be a name.", ch.name, e.name), nameRemedy)
			continue
		}
		group := &element{kind: groupElement, name: ch.name, row: e.row, label: ch.label, media: ch.media, generated: true}
		e.add(group)
		for _, t := range template {
			if t.walk(func(*element) { c.copies++ }); c.copies > maxQuestions {
				c.d.problem(c.survey.Name, e.row, c.columnHeader("type"), "loop-size",
					fmt.Sprintf("The loop %q makes more than %d questions.", e.name, maxQuestions), "Use a repeat, or a shorter list.")
				return
			}
			copied := t.copyTree()
			fillLoop(copied, ch)
			group.add(copied)
		}
	}
}

func fillLoop(e *element, ch choice) {
	fill := func(lang, s string) string {
		if !strings.Contains(s, "%(") {
			return s
		}
		label := ch.label.plain()
		ch.label.each("", func(l, v string) {
			if label == "" || l == lang {
				label = v
			}
		})
		return strings.NewReplacer("%(name)s", ch.name, "%(label)s", label).Replace(s)
	}
	fillText := func(t *text) {
		for i := range t.parts {
			t.parts[i].value = fill(t.parts[i].lang, t.parts[i].value)
		}
	}
	for _, t := range []*text{&e.label, &e.hint, &e.guidance} {
		fillText(t)
	}
	for _, as := range []attrs{e.bind, e.control, e.media, e.instance} {
		for i := range as {
			fillText(&as[i].value)
		}
	}
	e.name, e.deflt, e.choiceFilter = fill("", e.name), fill("", e.deflt), fill("", e.choiceFilter)
}
