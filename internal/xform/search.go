package xform

import (
	"fmt"
	"strings"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// appearances splits the words of an appearance; what stands in brackets stays
// together: "minimal search('towns', 'matches', 'region', /data/region)".
func appearances(s string) []string {
	var out []string
	depth, from := 0, -1
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		}
		if space := depth <= 0 && strings.ContainsRune(" \t\r\n", r); space && from >= 0 {
			out = append(out, s[from:i])
			from = -1
		} else if !space && from < 0 {
			from = i
		}
	}
	if from >= 0 {
		out = append(out, s[from:])
	}
	return out
}

// searched makes a choice list of a select with the appearance search(...): the
// rows of an attached table. Of the choices written in the body, the one whose
// value is not a number names the columns that hold values and labels; the
// others stay as they are, in front.
func (p *parser) searched(c *control) error {
	src := ""
	for _, a := range c.appearance {
		if strings.HasPrefix(a, "search(") {
			src = a
		}
	}
	if src == "" || c.itemset != nil {
		return nil
	}
	x, err := p.f.compile(src, c.def)
	if err != nil {
		return p.bad(c.def.path, "the search of the choices", err)
	}
	var kept []fixedChoice
	for _, ch := range c.choices {
		if strings.Trim(ch.value, "0123456789") == "" {
			kept = append(kept, ch)
			continue
		}
		s := &itemset{nodes: x, key: ch.value, front: kept}
		if ch.label != nil {
			s.plain = strings.TrimSpace(p.f.standardText(ch.label))
		}
		c.itemset = s
	}
	if c.itemset != nil {
		c.itemset.front = kept
	}
	return p.table(src)
}

// table reads the table that a search names, unless the form declares it.
func (p *parser) table(src string) error {
	name := strings.TrimPrefix(src, "search(")
	if i := strings.IndexAny(name, ",)"); i >= 0 {
		name = name[:i]
	}
	name = strings.Trim(strings.TrimSpace(name), `'"`)
	if name == "" || p.f.lists[name] != nil {
		return nil
	}
	l := &list{id: name, src: "jr://file-csv/" + name + ".csv", doc: xmltree.NewDocument()}
	p.f.lists[name] = l
	return p.attached(l)
}

func (f *Form) standardText(t *text) string {
	if t.id == "" {
		return t.own.plain
	}
	if e := f.texts.find(t.id, f.texts.standard); e != nil {
		return e.long.plain
	}
	return ""
}

// search gives the rows of a table: search(table), or those that match
// search(table, how, columns, text) with how one of contains, startswith,
// endswith, matches, in any of the columns parted by commas, and perhaps only
// those where a further column has a further value.
func (in *Instance) search(args []xpath.Value) (xpath.Value, error) {
	if n := len(args); n != 1 && n != 4 && n != 6 {
		return xpath.Value{}, fmt.Errorf("search() takes 1, 4 or 6 arguments, not %d", n)
	}
	l := in.form.lists[args[0].String()]
	if l == nil || l.doc.Root() == nil {
		return xpath.NodeSet(), nil
	}
	match, err := matcher(args)
	if err != nil {
		return xpath.Value{}, err
	}
	var rows []*xmltree.Node
	for row := range l.doc.Root().Elements() {
		if match(row) {
			rows = append(rows, row)
		}
	}
	return xpath.NodeSet(rows...), nil
}

func matcher(args []xpath.Value) (func(*xmltree.Node) bool, error) {
	if len(args) == 1 {
		return func(*xmltree.Node) bool { return true }, nil
	}
	compare := map[string]func(s, part string) bool{
		"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
		"matches": func(s, part string) bool { return s == part },
	}[strings.ToLower(args[1].String())]
	if compare == nil {
		return nil, fmt.Errorf("search() knows contains, startswith, endswith and matches, not %q", args[1].String())
	}
	columns := strings.Split(args[2].String(), ",")
	text := strings.ToLower(args[3].String())
	return func(row *xmltree.Node) bool {
		if len(args) == 6 && cell(row, args[4].String()) != args[5].String() {
			return false
		}
		for _, c := range columns {
			if compare(strings.ToLower(cell(row, c)), text) {
				return true
			}
		}
		return false
	}, nil
}

func cell(row *xmltree.Node, column string) string {
	if c := row.Child(strings.TrimSpace(column)); c != nil {
		return c.Text()
	}
	return ""
}
