package xform

import (
	"slices"
	"strings"

	"parvis/internal/xmltree"
)

// Page is what one screen asks.
type Page struct {
	Position  Position
	Section   string // label of the nearest labelled group
	Questions []Question
	Repeat    *RepeatInfo // the innermost repeat around the page, or the one a prompt is about
}

// RepeatInfo tells which instance of a repeat a page belongs to. On a prompt,
// Ref and Index are those the new instance would have.
type RepeatInfo struct {
	Ref       Ref
	Label     string
	Index     int // from 0
	Count     int
	CanAdd    bool
	CanRemove bool
}

// Question is one question as it is to be shown now, in the current language.
type Question struct {
	Ref           Ref
	Name          string
	Control       Control
	DataType      DataType
	Label         string
	Hint          string
	Guidance      string
	ConstraintMsg string // empty when the form has none
	RequiredMsg   string
	Image, Audio  string // jr:// names of the label's media
	Video         string
	Appearance    []string
	MediaType     string // of an upload, "image/*"
	Required      bool
	ReadOnly      bool
	Choices       []Choice
	Range         *RangeOf
	Attrs         map[xmltree.Name]string // of the bind, in foreign namespaces; not to be changed
	Value         string
}

// Asks reports whether the question takes an answer: a note does not, nor what is computed, nor the head of a table.
func (q Question) Asks() bool {
	heads := (q.Control == Select1 || q.Control == Select) && headsTable(q.Appearance)
	return q.Control != Note && !q.ReadOnly && !heads
}

// Said is the answer as its choices call it, or as it was written.
func (q Question) Said() string {
	if len(q.Choices) == 0 || q.Value == "" {
		return q.Value
	}
	var said []string
	for _, value := range strings.Fields(q.Value) {
		at := slices.IndexFunc(q.Choices, func(c Choice) bool { return c.Value == value })
		if at >= 0 && q.Choices[at].Label != "" {
			value = q.Choices[at].Label
		}
		said = append(said, value)
	}
	return strings.Join(said, ", ")
}

// Page describes the page at a position. Showing a list may take choices that
// are no longer offered out of an answer, see [Instance.Choices].
func (in *Instance) Page(pos Position) Page {
	page := Page{Position: pos}
	p, ok := in.find(pos)
	if !ok {
		return page
	}
	switch p.kind {
	case KindQuestion:
		page.Questions = []Question{in.question(p.c, p.it)}
	case KindFieldList:
		in.eachShown(p.c, p.it, func(c *control, it *item) { page.Questions = append(page.Questions, in.question(c, it)) })
	}
	page.Section = in.section(p)
	page.Repeat = in.repeatInfo(p)
	return page
}

// Question describes one question wherever it stands; false when nothing asks
// the node.
func (in *Instance) Question(r Ref) (Question, bool) {
	it := in.lookup(r)
	if it == nil || it.def.asked(0) == nil {
		return Question{}, false
	}
	return in.question(it.def.asked(0), it), true
}

// Shape tells what a page consists of without showing it: its questions, and of a field list its group, or the node around its
// first question where the group has none.
func (in *Instance) Shape(pos Position) (group Ref, questions []Ref) {
	p, ok := in.find(pos)
	switch {
	case !ok || p.kind == KindRepeatPrompt:
	case p.kind == KindQuestion:
		questions = []Ref{pos.Ref}
	default:
		group = pos.Ref.Parent()
		if p.c.def != nil {
			group = p.it.ref()
		}
		in.eachShown(p.c, p.it, func(_ *control, it *item) { questions = append(questions, it.ref()) })
	}
	return group, questions
}

// eachShown calls do for the questions of a group that are relevant now, in
// order, given the group's item.
func (in *Instance) eachShown(c *control, under *item, do func(*control, *item)) {
	for _, k := range c.kids {
		it := under
		if k.def != nil {
			it = in.near(under, k.def)
		}
		switch {
		case it == nil || it.hidden:
		case k.isQuestion():
			do(k, it)
		default:
			in.eachShown(k, it, do)
		}
	}
}

func (in *Instance) question(c *control, it *item) Question {
	b := &it.def.bind
	q := Question{
		Ref: it.ref(), Name: it.def.name.Local, Control: c.kind, DataType: b.dataType,
		Appearance: slices.Clone(c.appearance), MediaType: c.mediaType, Attrs: b.attrs,
		Required: it.required, ReadOnly: it.locked(),
	}
	if c.kind == Select1 || c.kind == Select || c.kind == Rank {
		q.Choices = in.choices(c, it)
	}
	q.Value = it.value()
	if c.kind == Input && c.isNote() {
		q.Control = Note
	}
	q.Label = in.text(c.label, it)
	q.Hint = in.text(c.hint, it)
	q.Guidance = in.textForm(c.hint, "guidance", it)
	q.Image = in.textForm(c.label, "image", it)
	q.Audio = in.textForm(c.label, "audio", it)
	q.Video = in.textForm(c.label, "video", it)
	q.ConstraintMsg = in.text(b.constraintMsg, it)
	q.RequiredMsg = in.text(b.requiredMsg, it)
	if c.bounds != nil {
		q.Range = c.bounds.numbers()
	}
	return q
}

// isNote reports an input that never takes an answer.
func (c *control) isNote() bool {
	r := c.def.bind.readOnly
	return r != nil && strings.Join(strings.Fields(r.src), "") == "true()"
}

// section is the label of the nearest group around a place that has one.
func (in *Instance) section(p place) string {
	c := p.c
	if p.kind == KindQuestion {
		c = c.parent
	}
	for ; c != nil; c = c.parent {
		if c.label == nil {
			continue
		}
		it := p.it
		if c.def != nil && p.kind != KindRepeatPrompt {
			it = in.near(p.it, c.def)
		}
		if it == nil {
			it = p.it
		}
		if s := in.text(c.label, it); s != "" {
			return s
		}
	}
	return ""
}

func (in *Instance) repeatInfo(p place) *RepeatInfo {
	c := p.c
	for c != nil && c.kind != repeatControl {
		c = c.parent
	}
	if c == nil {
		return nil
	}
	info := &RepeatInfo{Label: in.repeatLabel(c, p.it)}
	parent := p.it
	if p.kind == KindRepeatPrompt {
		info.Ref, info.Index = parent.newRef(c.def), parent.count(c.def)
	} else {
		it := p.it.ancestor(c.def.depth)
		parent = it.parent
		info.Ref, info.Index = it.ref(), it.pos
	}
	info.Count = parent.count(c.def)
	info.CanAdd = in.offers(c, parent)
	info.CanRemove = c.def.repeat.count == nil && !c.def.repeat.fixed && info.Count > 0
	return info
}

func (in *Instance) repeatLabel(c *control, it *item) string {
	if s := in.text(c.label, it); s != "" || c.parent == nil {
		return s
	}
	if c.parent.wrapsRepeat() {
		return in.text(c.parent.label, it)
	}
	return ""
}
