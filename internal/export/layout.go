package export

import (
	"slices"
	"strings"
)

// layout is the dictionary as the reader of answers and the writer of rows need it: a tree of element names that leads from an
// element to its column, and the columns of each table.
type layout struct {
	root   *place
	tables []*table // the first is the interview's, then one for each repeat
	// columns leads from a path of the questionnaire to the name of its column, for files that speak of questions.
	columns map[string][]byte
}

// place is an element of the answers.
type place struct {
	name   string
	kids   []*place
	column *column // the answer it holds, nil for groups and what is left out
	table  *table  // the repeat it is one instance of, nil for none
}

// table is the interview's row or a repeat's.
type table struct {
	repeat  Repeat
	depth   int // 0 for the interview itself, 1 for a repeat in it, 2 for a repeat in that
	columns []*column
}

// column is a variable's place in its table.
type column struct {
	variable *Variable
	at       int            // its number in the table
	flags    []string       // headings of the columns of 0 and 1
	choices  map[string]int // from a choice's value to its flag
	verbatim bool
}

func newLayout(d *Dictionary) *layout {
	l := &layout{root: &place{}, columns: map[string][]byte{}}
	byRepeat := map[string]*table{"": {}}
	l.tables = append(l.tables, byRepeat[""])
	for _, r := range d.Repeats {
		t := &table{repeat: r, depth: 1}
		for up := r.Parent; up != ""; up = d.parentOf(up) {
			t.depth++
		}
		byRepeat[r.Ref] = t
		l.tables = append(l.tables, t)
		l.root.walk(r.Ref).table = t
	}
	made := map[*Variable]*column{}
	for _, t := range l.tables {
		for _, v := range d.of(t.repeat.Ref) {
			made[v] = t.add(v)
		}
		t.nameFlags()
	}
	for ref, v := range d.byRef {
		l.root.walk(ref).column = made[v]
		l.columns[ref] = []byte(v.Column)
	}
	for _, ref := range slices.Concat(d.Personal, d.Silent) {
		l.root.walk(ref) // known, and without a column
	}
	return l
}

func (t *table) add(v *Variable) *column {
	c := &column{variable: v, at: len(t.columns), verbatim: v.Roles.Has("verbatim")}
	t.columns = append(t.columns, c)
	return c
}

// nameFlags gives the columns of 0 and 1 headings that nothing else in the table has.
func (t *table) nameFlags() {
	taken := map[string]bool{}
	for _, c := range t.columns {
		taken[c.variable.Column] = true
	}
	for _, c := range t.columns {
		if !c.variable.flagged() {
			continue
		}
		c.choices = map[string]int{}
		for i, choice := range c.variable.Choices {
			heading := c.variable.Column + "__" + choice.Value
			for taken[heading] {
				heading += "_"
			}
			taken[heading] = true
			c.flags = append(c.flags, heading)
			c.choices[choice.Value] = i
		}
	}
}

// walk finds or makes the place at a path such as /data/visit/bought. Namespace prefixes are left aside.
func (p *place) walk(ref string) *place {
	for _, step := range strings.Split(strings.TrimPrefix(ref, "/"), "/") {
		if _, local, ok := strings.Cut(step, ":"); ok {
			step = local
		}
		p = p.kidOrNew(step)
	}
	return p
}

func (p *place) kidOrNew(name string) *place {
	for _, k := range p.kids {
		if k.name == name {
			return k
		}
	}
	k := &place{name: name}
	p.kids = append(p.kids, k)
	return k
}

// kid finds the child of that name, looking first where the last one was found, since answers come in the questionnaire's order.
func (p *place) kid(name []byte, hint *int) *place {
	n := len(p.kids)
	for i := range n {
		at := *hint + i
		if at >= n {
			at -= n
		}
		if p.kids[at].name == string(name) {
			*hint = at
			return p.kids[at]
		}
	}
	return nil
}
