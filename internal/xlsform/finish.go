package xlsform

import (
	"fmt"
	"strings"
)

// finish completes the form after the last row: meta block, loops, entities,
// and the checks that need the whole form.
func (c *converter) finish() {
	c.addMeta()
	c.expandLoops(c.root)
	c.collectNames()
	c.checkReferences()
	c.checkTriggers()
	c.checkGeoReferences()
	c.checkRepeatCopies()
	if isYes(c.settings.get("flat")) {
		c.d.warn(c.settings.sheet, c.settings.row, "flat", "flat", `The setting "flat" is not used any more.`, "Delete it.")
	}
}

// checkForm finds what is wrong with the form as a whole, whatever was wrong
// with single rows.
func (c *converter) checkForm() {
	c.checkPrefixes()
	c.checkExpressions()
	c.prepareSearch()
	c.collectInstances()
	c.root.walk(func(e *element) {
		if e.kind == questionElement && e.media.has("big-image") && !e.media.has("image") {
			c.d.problem(c.survey.Name, e.row, c.columnHeader("big-image"), "big-image-alone",
				fmt.Sprintf("The question %q has a big-image but no image.", e.name), "Write the small picture under image.")
		}
	})
}

// addMeta puts entities, audit, instanceID and instanceName where they belong.
func (c *converter) addMeta() {
	placed := c.placeEntities()
	for container, ent := range placed {
		if container != c.root {
			m := metaGroup()
			m.add(ent.node())
			container.add(m)
		}
	}
	m := metaGroup()
	if ent := placed[c.root]; ent != nil {
		m.add(ent.node())
	}
	m.add(c.meta...)
	if !isYes(c.settings.get("omit_instanceID")) {
		id := &element{name: "instanceID", typ: "calculate", generated: true}
		id.bind.set("readonly", "true()")
		id.bind.set("jr:preload", firstOf(c.settings.get("instance_id"), "uid"))
		c.giveType(id)
		m.add(id)
		c.counted["instanceID"]++
	}
	if name := c.settings.get("instance_name"); name != "" {
		n := &element{name: "instanceName", typ: "calculate", generated: true, row: c.settings.row}
		n.bind.set("calculate", name)
		c.giveType(n)
		m.add(n)
	}
	if len(m.children) > 0 {
		c.root.add(m)
	}
}

func metaGroup() *element {
	m := &element{kind: groupElement, name: "meta", generated: true}
	m.control.set("bodyless", "true")
	return m
}

// collectNames maps names to elements; nil stands for a name used twice.
func (c *converter) collectNames() {
	c.byName = map[string]*element{}
	c.root.walk(func(e *element) {
		switch e.kind {
		case attributeElement, entityElement, externalElement:
			return
		}
		if e.typ == entityLabel {
			return
		}
		if _, dup := c.byName[e.name]; dup && e.name != "meta" {
			c.byName[e.name] = nil
			return
		}
		c.byName[e.name] = e
	})
}

// checkRepeatCopies: a loop makes copies of what is in it, and two repeats may
// not have one name.
func (c *converter) checkRepeatCopies() {
	seen := map[string]bool{}
	reported := map[string]bool{}
	c.root.walk(func(e *element) {
		if e.kind != repeatElement {
			return
		}
		if seen[e.name] && !reported[e.name] && !c.d.failed() {
			c.d.problem(c.survey.Name, e.row, c.columnHeader("name"), "repeat-name-duplicate",
				"A loop would make several repeats of the name "+quoteAll([]string{e.name})+".", "Put the repeat outside the loop.")
			reported[e.name] = true
		}
		seen[e.name] = true
	})
}

// isSearch reports whether a question takes its choices from search().
func (e *element) isSearch() bool {
	a := e.control.get("appearance")
	i := strings.Index(a, "search(")
	return i >= 0 && strings.Contains(a[i:], ")")
}
