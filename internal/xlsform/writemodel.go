package xlsform

import "strings"

// writeRoot writes the primary instance.
func (c *converter) writeRoot(w *xmlWriter) {
	s := &c.settings
	w.start(c.root.name)
	done := map[string]bool{}
	put := func(name, value string) {
		if value != "" && !done[name] {
			done[name] = true
			w.attr(name, value)
		}
	}
	put("id", c.id)
	put("xmlns", s.get("instance_xmlns"))
	put("version", c.version)
	put("odk:prefix", s.get("prefix"))
	put("odk:delimiter", s.get("delimiter"))
	for _, a := range s.attributes {
		put(a.key, a.value)
	}
	c.writeChildren(w, c.root, false)
	w.end()
}

// writeChildren writes the nodes below a section. A repeat is written twice,
// as template and as first repetition, but inside a repetition only once.
func (c *converter) writeChildren(w *xmlWriter, e *element, inRepetition bool) {
	for _, child := range e.children {
		switch child.kind {
		case externalElement, attributeElement:
		case repeatElement:
			if inRepetition {
				c.writeNode(w, child, true)
				continue
			}
			c.writeTemplate(w, child)
			c.writeNode(w, child, true)
		default:
			c.writeNode(w, child, inRepetition)
		}
	}
}

func (c *converter) writeTemplate(w *xmlWriter, e *element) {
	w.start(e.name)
	w.attr("jr:template", "")
	for _, child := range e.children {
		switch child.kind {
		case externalElement:
		case repeatElement:
			c.writeTemplate(w, child)
		default:
			c.writeNode(w, child, false)
		}
	}
	w.end()
}

func (c *converter) writeNode(w *xmlWriter, e *element, inRepetition bool) {
	w.start(e.name)
	for _, a := range e.instance {
		w.attr(a.name, c.expression(a.value.plain(), e, resolving{}))
	}
	if e.kind == entityElement {
		for _, child := range e.children {
			if child.kind == attributeElement {
				w.attr(child.name, child.value)
			}
		}
	}
	if e.kind == questionElement {
		if e.deflt != "" && !e.dynamic {
			w.text(e.deflt)
		}
	} else {
		c.writeChildren(w, e, inRepetition)
	}
	w.end()
}

// writeInstance writes a choice list, or where a data file is.
func (c *converter) writeInstance(w *xmlWriter, x instance) {
	w.start("instance")
	w.attr("id", x.id)
	if x.list == nil {
		w.attr("src", x.src)
		w.end()
		return
	}
	w.start("root")
	for i := range x.list.choices {
		ch := &x.list.choices[i]
		w.start("item")
		if x.list.itext {
			w.leaf("itextId", choiceTextID(x.list.name, i))
		}
		w.leaf("name", ch.name)
		if !x.list.itext && !ch.label.empty() {
			w.leaf("label", ch.label.plain())
		}
		for _, p := range ch.extra {
			w.leaf(p.key, p.value)
		}
		if ch.sms != "" {
			w.leaf("sms_option", ch.sms)
		}
		w.end()
	}
	w.end()
	w.end()
}

func (c *converter) writeBind(w *xmlWriter, e *element) {
	if len(e.bind) == 0 || e.kind == externalElement {
		return
	}
	w.start("bind")
	w.attr("nodeset", e.xpath())
	for _, a := range e.bind {
		if a.name == "calculate" && len(e.trigger) > 0 || a.name == "nodeset" {
			continue
		}
		w.attr(a.name, c.bindValue(e, a))
	}
	w.end()
}

func (c *converter) bindValue(e *element, a attr) string {
	v := a.value.plain()
	switch a.name {
	case "readonly", "required", "relevant", "constraint", "calculate":
		if yes, known := yesNo(v); known && !strings.HasSuffix(v, "()") {
			if yes {
				return "true()"
			}
			return "false()"
		}
		return c.expression(v, e, resolving{})
	case "jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString":
		if needsText(a.name, a.value) {
			return "jr:itext('" + e.textID(a.name) + "')"
		}
	}
	return c.expression(v, e, resolving{})
}

// writeActions writes what sets the element's value when the form or a new
// repetition begins.
func (c *converter) writeActions(w *xmlWriter, e *element, inRepeat bool) {
	for _, a := range e.actions {
		if inRepeat != (a.event == newRepeat) {
			continue
		}
		value := a.value
		switch {
		case e.dynamic:
			value = c.expression(e.deflt, e, resolving{})
		case e.deflt != "":
			value = e.deflt
		}
		w.start(a.name)
		w.attr("ref", e.xpath())
		w.attr("event", a.event)
		if a.name == "setvalue" && value != "" {
			w.attr("value", value)
		}
		if a.quality != "" {
			w.attr("odk:quality", a.quality)
		}
		w.end()
	}
}
