package xform

import (
	"slices"

	"parvis/internal/xmltree"
)

// Control is how a question is asked.
type Control uint8

// The controls. Note is an input that takes no answer.
const (
	Input Control = iota + 1
	Note
	Select1
	Select
	Rank
	Range
	Upload
	Trigger
	Secret

	groupControl
	repeatControl
)

// String is the name of the control in the body of an XForm ("note" for Note).
func (c Control) String() string {
	names := [...]string{"unknown", "input", "note", "select1", "select", "rank", "range", "upload", "trigger", "secret", "group", "repeat"}
	if int(c) >= len(names) {
		return names[0]
	}
	return names[c]
}

// controlNamed is the control an element of the body stands for, 0 for none.
func controlNamed(local string) Control {
	for c := Input; c <= repeatControl; c++ {
		if c != Note && c.String() == local {
			return c
		}
	}
	return 0
}

// control is one element of the form's body.
type control struct {
	kind       Control
	def        *nodeDef // nil for a group that only gathers
	parent     *control
	at         int // place among the parent's kids
	order      int // place among all controls
	nth        int // place among the controls that ask its node
	kids       []*control
	label      *text
	hint       *text
	appearance []string
	attrs      map[xmltree.Name]string
	choices    []fixedChoice
	itemset    *itemset
	bounds     *bounds
	mediaType  string
	onChange   []*action
}

// fixedChoice is a choice written in the body.
type fixedChoice struct {
	value string
	label *text
}

// itemset is a choice list drawn from nodes.
type itemset struct {
	nodes  *expression
	value  *expression
	label  *expression
	plain  string // the label's child name when it is one, for speed
	id     string // the child that holds the label's itext id, jr:itext(id)
	key    string // the value's child name when it is one
	source string // the list it draws from, empty for the answers themselves
	static bool   // depends on no answer and no chance
	front  []fixedChoice
}

// bounds of a range control, as written.
type bounds struct{ start, end, step, tick, placeholder, labels string }

func (c *control) has(appearance string) bool {
	for _, a := range c.appearance {
		if a == appearance {
			return true
		}
	}
	return false
}

func (c *control) isQuestion() bool { return c.kind < groupControl }

// headsTable reports a select that only writes the choices above the rows of a table; it asks nothing.
func (c *control) headsTable() bool {
	return (c.kind == Select1 || c.kind == Select) && headsTable(c.appearance)
}

func headsTable(appearance []string) bool { return slices.Contains(appearance, "label") }

// fieldList reports whether the control's questions stand on one page. The
// outer group of a repeat passes its appearance on to the repeat.
func (c *control) fieldList() bool {
	if c.isQuestion() || c.wrapsRepeat() {
		return false
	}
	listed := c.has("field-list")
	if !listed && c.kind == repeatControl && c.parent.wrapsRepeat() {
		listed = c.parent.has("field-list")
	}
	return listed && !c.holdsRepeat()
}

// wrapsRepeat reports a group that only carries the label of its repeat.
func (c *control) wrapsRepeat() bool {
	return c.kind == groupControl && len(c.kids) == 1 && c.kids[0].kind == repeatControl &&
		(c.def == nil || c.def == c.kids[0].def)
}

func (c *control) holdsRepeat() bool {
	for _, k := range c.kids {
		if k.kind == repeatControl || k.holdsRepeat() {
			return true
		}
	}
	return false
}
