package xlsform

import "strings"

type elementKind uint8

const (
	questionElement elementKind = iota
	groupElement
	repeatElement
	loopElement
	externalElement
	entityElement
	attributeElement
	rootElement
)

// element is one node of the form being built: the root, a group, a repeat, a
// question, or a part of an entity declaration.
type element struct {
	kind     elementKind
	name     string
	typ      string
	row      int
	parent   *element
	children []*element

	label, hint, guidance text
	media                 attrs
	bind                  attrs
	control               attrs
	instance              attrs
	parameters            []param

	spec         typeSpec
	deflt        string
	dynamic      bool
	choiceFilter string
	itemset      string
	fromFile     bool
	query        bool
	search       bool
	trigger      []string
	actions      []action
	tags         []choice
	loopList     string
	generated    bool
	value        string

	path string
}

// action sets a value when an event happens.
type action struct {
	name, event, value, quality string
}

const (
	firstLoad    = "odk-instance-first-load"
	instanceLoad = "odk-instance-load"
	newRepeat    = "odk-new-repeat"
	valueChanged = "xforms-value-changed"
)

func (e *element) add(children ...*element) {
	for _, c := range children {
		c.parent = e
		e.children = append(e.children, c)
	}
}

func (e *element) isSection() bool {
	return e.kind == groupElement || e.kind == repeatElement || e.kind == rootElement
}

// xpath is the absolute path of the element's node.
func (e *element) xpath() string {
	if e.path == "" {
		switch {
		case e.parent == nil:
			e.path = "/" + e.name
		case e.kind == attributeElement:
			e.path = e.parent.xpath() + "/@" + e.name
		default:
			e.path = e.parent.xpath() + "/" + e.name
		}
	}
	return e.path
}

// walk visits the element and all below, in document order.
func (e *element) walk(f func(*element)) {
	f(e)
	for _, c := range e.children {
		c.walk(f)
	}
}

// nearestRepeat is the closest repeat above the element, nil for none.
func (e *element) nearestRepeat() *element {
	for p := e.parent; p != nil; p = p.parent {
		if p.kind == repeatElement {
			return p
		}
	}
	return nil
}

// stepsTo counts the steps up to an ancestor.
func (e *element) stepsTo(ancestor *element) int {
	n := 0
	for p := e; p != ancestor; p = p.parent {
		n++
	}
	return n
}

// below is the path from an ancestor down to the element, with a leading slash.
func (e *element) below(ancestor *element) string {
	return strings.TrimPrefix(e.xpath(), ancestor.xpath())
}

// commonAncestor is the lowest node above both elements, of a kind if only
// repeats count.
func commonAncestor(a, b *element, repeats bool) *element {
	above := map[*element]bool{}
	for p := a.parent; p != nil; p = p.parent {
		above[p] = true
	}
	for p := b.parent; p != nil; p = p.parent {
		if above[p] && (!repeats || p.kind == repeatElement) {
			return p
		}
	}
	return nil
}

// copyTree copies an element and all below it; change is applied to each copy.
func (e *element) copyTree() *element {
	c := *e
	c.path, c.children = "", nil
	c.media, c.bind, c.control, c.instance = e.media.clone(), e.bind.clone(), e.control.clone(), e.instance.clone()
	c.label.parts = append([]translation(nil), e.label.parts...)
	c.hint.parts = append([]translation(nil), e.hint.parts...)
	c.guidance.parts = append([]translation(nil), e.guidance.parts...)
	c.actions = append([]action(nil), e.actions...)
	for _, child := range e.children {
		c.add(child.copyTree())
	}
	return &c
}
