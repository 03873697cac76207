package xlsform

import "fmt"

func (c *converter) readGeo(r *record, e *element, ps []param) {
	allowed := []string{"allow-mock-accuracy", "capture-accuracy", "warning-accuracy", "reference-geometry"}
	if e.typ != "geopoint" {
		allowed = []string{"allow-mock-accuracy", "incremental", "reference-geometry"}
	}
	c.allowParameters(r, ps, allowed...)
	if v, ok := getParam(ps, "allow-mock-accuracy"); ok {
		if v != "true" && v != "false" {
			c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter allow-mock-accuracy is %q.", v), `Write "true" or "false".`)
		}
		e.bind.set("odk:allow-mock-accuracy", v)
	}
	for _, p := range [][2]string{{"capture-accuracy", "accuracyThreshold"}, {"warning-accuracy", "unacceptableAccuracyThreshold"}} {
		if v, ok := getParam(ps, p[0]); ok && e.typ == "geopoint" {
			if !isNumber(v) {
				c.bad(r, "parameters", "parameter-number", fmt.Sprintf("The parameter %s is %q.", p[0], v), "Write a number of metres.")
			}
			e.control.set(p[1], v)
		}
	}
	if v, ok := getParam(ps, "incremental"); ok && e.typ != "geopoint" {
		if !isYes(v) {
			c.bad(r, "parameters", "parameter-value", fmt.Sprintf("The parameter incremental is %q.", v), `Write "true" or leave it out.`)
		}
		e.control.set("incremental", "true")
	}
	if v, ok := getParam(ps, "reference-geometry"); ok {
		e.itemset = v
		c.geoRefs = append(c.geoRefs, rowRef{v, r.row})
	}
}

// checkGeoReferences makes sure that every reference-geometry names something
// that holds shapes: a choice list, a data file, an entity list or a repeat.
func (c *converter) checkGeoReferences() {
	if len(c.geoRefs) == 0 {
		return
	}
	files := map[string]bool{}
	c.root.walk(func(e *element) {
		switch {
		case e.kind == externalElement:
			files[e.name] = true
		case e.fromFile:
			files[e.itemset[:len(e.itemset)-len(listExtension(e.itemset))]] = true
		}
	})
	for _, ref := range c.geoRefs {
		if files[ref.name] || c.lists[ref.name] != nil || c.entityNamed(ref.name) != nil {
			continue
		}
		if isReference(ref.name) {
			refs, _ := references(ref.name)
			if c.repeatRows[refs[0].name] {
				continue
			}
		}
		c.d.problem(c.survey.Name, ref.row, c.columnHeader("parameters"), "geometry-missing",
			fmt.Sprintf("The reference-geometry %q is neither a choice list, a data file, an entity list nor a repeat.", ref.name),
			"Write the name of one of these; a repeat as ${name}.")
	}
}
