package xlsform

import (
	"fmt"
	"strings"
)

// prefixes are those that names in the form may have.
func (c *converter) prefixes() map[string]bool {
	known := map[string]bool{"xml": true}
	for _, ns := range c.namespaces() {
		known[ns[0]] = true
	}
	return known
}

// checkPrefixes makes sure that names which the author chose for questions and
// attributes can stand in XML.
func (c *converter) checkPrefixes() {
	p := prefixCheck{c, c.prefixes()}
	c.root.walk(func(e *element) {
		if e.kind != attributeElement {
			p.check(c.survey.Name, e.row, c.columnHeader("name"), "a question", e.name)
		}
		p.attrs("bind", e.bind)
		p.attrs("body", e.control)
		p.attrs("instance", e.instance)
	})
	for _, a := range c.settings.attributes {
		p.check(c.settings.sheet, 1, "attribute::"+a.key, "an attribute", a.key)
	}
}

type prefixCheck struct {
	c     *converter
	known map[string]bool
}

func (p prefixCheck) attrs(column string, as attrs) {
	for _, a := range as {
		p.check(p.c.survey.Name, 1, column+"::"+a.name, "an attribute", a.name)
	}
}

func (p prefixCheck) check(sheet string, row int, column, what, name string) {
	prefix, _, qualified := strings.Cut(name, ":")
	switch {
	case name != "" && !isName(name):
		p.c.d.problem(sheet, row, column, "name-invalid", fmt.Sprintf("%q cannot name %s.", name, what), nameRemedy)
	case name == "xmlns" || prefix == "xmlns":
		p.c.d.problem(sheet, row, column, "name-reserved", fmt.Sprintf("The name %q is reserved by XML.", name), "Choose another name.")
	case qualified && !p.known[prefix]:
		p.c.d.problem(sheet, row, column, "prefix-unknown",
			fmt.Sprintf("Nothing says what the prefix %q stands for.", prefix),
			fmt.Sprintf(`Write %s="https://..." under namespaces on the settings sheet.`, prefix))
	}
}
