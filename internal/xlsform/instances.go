package xlsform

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// instance is a table that the form reads beside the answers: a choice list, a
// data file, or what was answered last time.
type instance struct {
	id, src string
	list    *choiceList
	row     int
}

func itoa(i int) string { return strconv.Itoa(i) }

// collectInstances finds all tables the form needs; one id cannot stand for two.
func (c *converter) collectInstances() {
	pulldata := regexp.MustCompile(`pulldata\s*\(\s*(.*?),`)
	lastSaved := false
	externals := map[string]bool{}
	c.root.walk(func(e *element) {
		switch {
		case e.kind == externalElement:
			if externals[e.name] {
				c.d.problem(c.survey.Name, e.row, c.columnHeader("name"), "instance-duplicate",
					fmt.Sprintf("The data file %q is declared twice.", e.name), "Declare each data file once.")
			}
			externals[e.name] = true
			c.addInstance(instance{id: e.name, src: externalSource(e), row: e.row})
		case e.kind == questionElement || e.isSection():
			for _, x := range e.expressions() {
				if strings.Contains(x, "pulldata(") {
					for _, m := range pulldata.FindAllStringSubmatch(x, -1) {
						file := strings.TrimSpace(strings.NewReplacer("'", "", `"`, "").Replace(m[1]))
						c.addInstance(instance{id: file, src: "jr://file-csv/" + file + ".csv", row: e.row})
					}
				}
				lastSaved = lastSaved || e.kind == questionElement && hasLastSaved(x)
			}
			if e.fromFile {
				c.addInstance(fileInstance(e))
			}
		}
	})
	if lastSaved {
		c.addInstance(instance{id: "__last-saved", src: "jr://instance/last-saved"})
	}
	for _, l := range c.listOrder {
		if !l.search {
			c.addInstance(instance{id: l.name, list: l})
		}
	}
}

// expressions are those of an element in which tables can be named.
func (e *element) expressions() []string {
	var out []string
	for _, name := range []string{"calculate", "constraint", "readonly", "required", "relevant"} {
		if x := e.bind.get(name); x != "" {
			out = append(out, x)
		}
	}
	for _, x := range []string{e.choiceFilter, e.deflt} {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}

func externalSource(e *element) string {
	if e.typ == "csv-external" {
		return "jr://file-csv/" + e.name + ".csv"
	}
	return "jr://file/" + e.name + ".xml"
}

func fileInstance(e *element) instance {
	ext := listExtension(e.itemset)
	prefix := "jr://file/"
	if ext == ".csv" {
		prefix = "jr://file-csv/"
	}
	return instance{id: strings.TrimSuffix(e.itemset, ext), src: prefix + e.itemset, row: e.row}
}

func (c *converter) addInstance(x instance) {
	if c.instanceAt == nil {
		c.instanceAt = map[string]int{}
	}
	if i, known := c.instanceAt[x.id]; known {
		prior := c.instances[i]
		if prior.src != x.src {
			c.d.problem(c.survey.Name, firstRow(x.row, prior.row), "", "instance-conflict",
				fmt.Sprintf("The name %q stands for two tables: %s and %s.", x.id, describeInstance(prior), describeInstance(x)),
				"Rename the choice list or the data file.")
		}
		return
	}
	c.instanceAt[x.id] = len(c.instances)
	c.instances = append(c.instances, x)
	if file := x.src[strings.LastIndexByte(x.src, '/')+1:]; file != "" && x.list == nil && file != "last-saved" {
		c.dataFiles = append(c.dataFiles, file)
	}
}

func firstRow(rows ...int) int {
	for _, r := range rows {
		if r != 0 {
			return r
		}
	}
	return 0
}

func describeInstance(x instance) string {
	if x.list != nil {
		return "a choice list"
	}
	return "the file " + x.src[strings.LastIndexByte(x.src, '/')+1:]
}

// prepareSearch: choices that come from search() are written with the question,
// so a list used that way can be used in no other.
func (c *converter) prepareSearch() {
	var searching, plain []*element
	c.root.walk(func(e *element) {
		if e.kind != questionElement || !e.isChoice() {
			return
		}
		if !e.isSearch() {
			plain = append(plain, e)
			return
		}
		if e.fromFile {
			c.d.problem(c.survey.Name, e.row, c.columnHeader("appearance"), "search-file",
				"search() does not go with choices from a file.", "Delete search(), or use select_one.")
			return
		}
		e.search = true
		if l := c.lists[e.itemset]; l != nil {
			l.search = true
			searching = append(searching, e)
		}
	})
	for _, s := range searching {
		for _, p := range plain {
			if p.itemset == s.itemset && p.choiceFilter == "" {
				c.d.problem(c.survey.Name, s.row, c.columnHeader("appearance"), "search-shared",
					fmt.Sprintf("The list %q is used with search() by %q and without by %q.", s.itemset, s.name, p.name),
					"Use a list of its own for the question with search().")
			}
		}
		c.searchFile(s)
	}
}

// searchFile notes the CSV file that search('file', ...) reads.
func (c *converter) searchFile(e *element) {
	m := regexp.MustCompile(`search\(\s*['"]([^'"]+)['"]`).FindStringSubmatch(e.control.get("appearance"))
	if m == nil {
		return
	}
	name := m[1] + ".csv"
	for _, f := range c.dataFiles {
		if f == name {
			return
		}
	}
	c.dataFiles = append(c.dataFiles, name)
}

func (e *element) isChoice() bool {
	switch e.spec.control {
	case "select", "select1", "odk:rank":
		return true
	}
	return false
}
