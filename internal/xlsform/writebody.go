package xlsform

import (
	"strings"
)

// writeControl writes what the interviewer sees of an element.
func (c *converter) writeControl(w *xmlWriter, e *element) {
	switch e.kind {
	case groupElement:
		if !e.control.has("bodyless") {
			c.writeGroup(w, e)
		}
	case repeatElement:
		c.writeRepeat(w, e)
	case questionElement:
		if e.spec.control != "" && !e.hidden() {
			c.writeQuestion(w, e)
		}
	}
}

func (c *converter) writeGroup(w *xmlWriter, e *element) {
	w.start("group")
	c.writeControlAttrs(w, e)
	w.attr("ref", e.xpath())
	if !e.label.empty() || len(e.media) > 0 {
		c.writeLabel(w, e)
	}
	for _, child := range e.children {
		c.writeControl(w, child)
	}
	w.end()
}

func (c *converter) writeRepeat(w *xmlWriter, e *element) {
	w.start("group")
	w.attr("ref", e.xpath())
	c.writeLabel(w, e)
	w.start("repeat")
	w.attr("nodeset", e.xpath())
	c.writeControlAttrs(w, e)
	for _, child := range e.children {
		c.writeControl(w, child)
	}
	c.writeRepeatActions(w, e)
	w.end()
	w.end()
}

// writeRepeatActions writes what a new repetition sets; repeats inside have
// their own.
func (c *converter) writeRepeatActions(w *xmlWriter, e *element) {
	for _, child := range e.children {
		if child.kind == repeatElement {
			continue
		}
		c.writeActions(w, child, true)
		c.writeRepeatActions(w, child)
	}
}

func (c *converter) writeControlAttrs(w *xmlWriter, e *element) {
	for _, a := range e.control {
		w.attr(a.name, c.expression(a.value.plain(), e, resolving{}))
	}
}

func (c *converter) writeLabel(w *xmlWriter, e *element) {
	w.start("label")
	if e.labelTranslated() {
		w.attr("ref", "jr:itext('"+e.textID("label")+"')")
	} else {
		c.writeText(w, e.label.plain(), e)
	}
	w.end()
}

func (c *converter) writeHint(w *xmlWriter, e *element) {
	if e.hint.empty() && e.guidance.empty() {
		return
	}
	w.start("hint")
	if e.hintTranslated() {
		w.attr("ref", "jr:itext('"+e.textID("hint")+"')")
	} else {
		c.writeText(w, e.hint.plain(), e)
	}
	w.end()
}

func (c *converter) writeQuestion(w *xmlWriter, e *element) {
	w.start(e.spec.control)
	w.attr("ref", e.xpath())
	if e.spec.mediatype != "" && !e.control.has("mediatype") {
		w.attr("mediatype", e.spec.mediatype)
	}
	c.writeControlAttrs(w, e)
	if e.query {
		c.writeQuery(w, e)
	}
	if e.spec.control == "range" {
		for _, p := range e.parameters {
			w.attr(p.key, p.value)
		}
	}
	c.writeLabel(w, e)
	c.writeHint(w, e)
	switch {
	case e.query:
	case e.search:
		c.writeInlineChoices(w, e)
	case e.itemset != "":
		c.writeItemset(w, e)
	}
	for _, t := range e.tags {
		w.start("tag")
		w.attr("key", t.name)
		w.leaf("label", t.label.plain())
		w.end()
	}
	c.writeTriggered(w, e)
	w.end()
}

// writeTriggered writes what the answer to this question sets.
func (c *converter) writeTriggered(w *xmlWriter, e *element) {
	for _, s := range c.valueSets[e.name] {
		w.start("setvalue")
		w.attr("ref", s.target.xpath())
		w.attr("event", valueChanged)
		if s.value != "" {
			w.attr("value", c.expression(s.value, e, resolving{}))
		}
		w.end()
	}
	for _, s := range c.geoSets[e.name] {
		w.leaf("odk:setgeopoint", "", "ref", s.target.xpath(), "event", valueChanged)
	}
}

func (c *converter) writeQuery(w *xmlWriter, e *element) {
	query := "instance('" + e.itemset + "')/root/item"
	if e.choiceFilter != "" {
		query += "[" + c.expression(e.choiceFilter, e, resolving{current: true}) + "]"
	}
	w.attr("query", query)
}

// writeItemset writes where the choices come from: a list, a file, or the
// answers of a repeat.
func (c *converter) writeItemset(w *xmlWriter, e *element) {
	value, label, name := "name", "label", e.itemset
	if ext := listExtension(e.itemset); ext != "" && e.isChoice() {
		name = strings.TrimSuffix(name, ext)
		if ext == ".geojson" {
			value, label = "id", "title"
		}
	} else if l := c.lists[e.itemset]; l != nil && l.itext {
		label = "jr:itext(itextId)"
	}
	if v, ok := getParam(e.parameters, "value"); ok {
		value = v
	}
	if v, ok := getParam(e.parameters, "label"); ok {
		label = v
	}
	var nodeset string
	if hasReference(e.itemset) {
		nodeset, value = c.answersNodeset(e)
		label = value
	} else {
		nodeset = "instance('" + name + "')/root/item"
		if e.choiceFilter != "" {
			nodeset += "[" + c.expression(e.choiceFilter, e, resolving{current: true}) + "]"
		}
	}
	w.start("itemset")
	w.attr("nodeset", c.randomized(e, nodeset))
	w.leaf("value", "", "ref", value)
	w.leaf("label", "", "ref", label)
	w.end()
}

func (c *converter) randomized(e *element, nodeset string) string {
	if v, _ := getParam(e.parameters, "randomize"); v != "true" {
		return nodeset
	}
	if seed, ok := getParam(e.parameters, "seed"); ok {
		return "randomize(" + nodeset + ", " + strings.TrimSpace(c.expression(seed, e, resolving{})) + ")"
	}
	return "randomize(" + nodeset + ")"
}

// answersNodeset makes choices of what was answered in a repeat: all its
// repetitions that hold an answer, or those that pass the filter.
func (c *converter) answersNodeset(e *element) (nodeset, value string) {
	path := strings.TrimSpace(c.expression(e.itemset, e, resolving{parent: true}))
	if !e.isChoice() {
		path += "/geometry"
	}
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return path, path
	}
	nodeset, value = path[:i], path[i+1:]
	filter := "./" + value + " != ''"
	if e.choiceFilter != "" {
		filter = c.expression(e.choiceFilter, e, resolving{current: true, parent: true})
		filter = strings.ReplaceAll(filter, "current()/"+nodeset, ".")
		filter = strings.ReplaceAll(filter, nodeset, ".")
	}
	return nodeset + "[" + filter + "]", value
}

// writeInlineChoices writes the choices with the question, for search().
func (c *converter) writeInlineChoices(w *xmlWriter, e *element) {
	l := c.lists[e.itemset]
	if l == nil {
		return
	}
	for i, ch := range l.choices {
		w.start("item")
		w.start("label")
		if l.itext {
			w.attr("ref", "jr:itext('"+choiceTextID(l.name, i)+"')")
		} else {
			c.writeText(w, ch.label.plain(), nil)
		}
		w.end()
		w.leaf("value", ch.name)
		w.end()
	}
}
