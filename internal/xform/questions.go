package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// QuestionDef is one question as the form defines it, for codebooks and
// exports. Texts are by language; where the form has one unnamed language its
// key is the empty string. Values piped into a text show as "…".
type QuestionDef struct {
	Ref        Ref // without positions
	Name       string
	Control    Control
	DataType   DataType
	Appearance []string
	MediaType  string
	Attrs      map[xmltree.Name]string // of the bind, in foreign namespaces
	Labels     map[string]string
	Hints      map[string]string
	Choices    []ChoiceDef // nil when they depend on answers
	Range      *RangeOf
	Repeats    bool // stands in a repeat: there may be several answers
	Required   bool // always required
}

// ChoiceDef is a choice with its labels by language.
type ChoiceDef struct {
	Value  string
	Labels map[string]string
}

// Questions are all questions in document order. The result is shared: it is not
// to be changed.
func (f *Form) Questions() []*QuestionDef {
	f.describing.Do(f.describe)
	return f.questions
}

// describe prepares what Questions gives; many callers never ask.
func (f *Form) describe() {
	lists := map[listKey][]ChoiceDef{}
	for _, c := range f.controls {
		if !c.isQuestion() {
			continue
		}
		q := &QuestionDef{
			Ref: c.def.path, Name: c.def.name.Local, Control: c.kind, DataType: c.def.bind.dataType,
			Appearance: c.appearance, MediaType: c.mediaType, Attrs: c.def.bind.attrs,
			Labels: f.labels(c.label), Hints: f.labels(c.hint), Repeats: c.def.repeatedAround() != nil,
		}
		if c.kind == Input && c.isNote() {
			q.Control = Note
		}
		if r := c.def.bind.required; r != nil {
			q.Required = strings.TrimSpace(r.src) == "true()"
		}
		if c.bounds != nil {
			q.Range = c.bounds.numbers()
		}
		q.Choices = f.staticChoices(c, lists)
		f.questions = append(f.questions, q)
	}
}

// spoken are the languages to describe texts in.
func (f *Form) spoken() []string {
	if len(f.texts.languages) == 0 {
		return []string{f.texts.standard}
	}
	return f.texts.languages
}

func (f *Form) labels(t *text) map[string]string {
	if t == nil {
		return nil
	}
	out := map[string]string{}
	for _, lang := range f.spoken() {
		c := t.own
		if t.id != "" {
			e := f.texts.find(t.id, lang)
			if e == nil {
				continue
			}
			if c = e.long; c.empty() {
				c = e.other["short"]
			}
		}
		key := lang
		if len(f.texts.languages) == 0 {
			key = ""
		}
		out[key] = c.outline()
	}
	return out
}

// outline shows a text without its values.
func (c content) outline() string {
	if c.parts == nil {
		return c.plain
	}
	var b strings.Builder
	for _, p := range c.parts {
		b.WriteString(p.plain)
		if p.src != "" {
			b.WriteString("…")
		}
	}
	return b.String()
}

// maxDescribed bounds the choices a codebook lists for one question.
const maxDescribed = 10_000

// listKey tells choice lists apart that show the same list in different ways.
type listKey struct{ source, key, id, plain string }

// staticChoices lists the choices written in the body, or of a whole list of the
// form whatever the filter.
func (f *Form) staticChoices(c *control, made map[listKey][]ChoiceDef) []ChoiceDef {
	if c.itemset == nil {
		var out []ChoiceDef
		for _, ch := range c.choices {
			out = append(out, ChoiceDef{ch.value, f.labels(ch.label)})
		}
		return out
	}
	s := c.itemset
	key := listKey{s.source, s.key, s.id, s.plain}
	if _, ok := made[key]; !ok {
		made[key] = f.listed(s)
	}
	return made[key]
}

func (f *Form) listed(s *itemset) []ChoiceDef {
	l := f.lists[s.source]
	if l == nil || l.doc.Root() == nil || len(l.doc.Root().Children) > maxDescribed {
		return nil
	}
	var out []ChoiceDef
	seen := map[string]bool{}
	for n := range l.doc.Root().Elements() {
		k := n.Child(s.key)
		if k == nil {
			continue
		}
		d := ChoiceDef{Value: strings.TrimSpace(k.Text())}
		if seen[d.Value] {
			continue
		}
		seen[d.Value] = true
		switch {
		case s.id != "" && n.Child(s.id) != nil:
			d.Labels = f.labels(&text{id: strings.TrimSpace(n.Child(s.id).Text())})
		case s.plain != "" && n.Child(s.plain) != nil:
			d.Labels = f.labels(&text{own: content{plain: n.Child(s.plain).Text()}})
		}
		out = append(out, d)
	}
	return out
}
