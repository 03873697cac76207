package xform

import (
	"strings"

	"parvis/internal/xmltree"
)

// itext holds the texts of a form in its languages.
type itext struct {
	languages []string
	standard  string
	entries   map[string]map[string]*entry // language, id
	piped     bool                         // some text has a value in it
}

// entry is one text in one language with its other forms.
type entry struct {
	long  content
	other map[string]content // form: short, image, audio, video, guidance, ...
}

// content is text with values piped into it; mostly there are none.
type content struct {
	plain string
	parts []part // nil: plain is all
}

// part is literal text or, where src is not empty, an expression.
type part struct{ plain, src string }

func (c content) empty() bool { return c.plain == "" && len(c.parts) == 0 }

// text is what a form shows somewhere: by id of the itext, or written there.
type text struct {
	id  string
	own content
}

func (p *parser) itext() error {
	t := &p.f.texts
	t.entries = map[string]map[string]*entry{}
	root := p.model.Child("itext")
	if root == nil {
		return nil
	}
	for tr := range root.Elements() {
		if tr.Name.Local != "translation" {
			continue
		}
		lang, _ := tr.Attr("", "lang")
		if _, again := t.entries[lang]; again {
			return badForm("", "the language %q is declared twice in <itext>", lang)
		}
		entries := make(map[string]*entry, len(tr.Children))
		t.entries[lang] = entries
		t.languages = append(t.languages, lang)
		if d, ok := tr.Attr("", "default"); ok && d != "false()" && t.standard == "" {
			t.standard = lang
		}
		for n := range tr.Elements() {
			id, ok := n.Attr("", "id")
			if !ok || n.Name.Local != "text" {
				continue
			}
			entries[id] = p.entry(n)
			t.piped = t.piped || entries[id].piped()
		}
		tr.SetText("")
	}
	if t.standard == "" && len(t.languages) > 0 {
		t.standard = t.languages[0]
	}
	if len(t.languages) == 1 && t.languages[0] == "default" {
		t.languages = nil
	}
	return nil
}

func (p *parser) entry(n *xmltree.Node) *entry {
	e := &entry{}
	for v := range n.Elements() {
		if v.Name.Local != "value" {
			continue
		}
		form, _ := v.Attr("", "form")
		if form == "" || form == "long" {
			e.long = readContent(v)
			continue
		}
		if e.other == nil {
			e.other = map[string]content{}
		}
		e.other[form] = readContent(v)
	}
	return e
}

func (e *entry) piped() bool {
	for _, c := range e.other {
		if c.parts != nil {
			return true
		}
	}
	return e.long.parts != nil
}

// readContent reads mixed text with <output> elements; other markup counts as
// its text.
func readContent(n *xmltree.Node) content {
	if len(n.Children) == 0 {
		return content{plain: n.Value}
	}
	var parts []part
	var b strings.Builder
	var walk func(n *xmltree.Node)
	walk = func(n *xmltree.Node) {
		for c := range n.Content() {
			switch {
			case c.Kind == xmltree.Text:
				b.WriteString(c.Value)
			case c.Kind == xmltree.Element && c.Name.Local == "output":
				src, ok := c.Attr("", "value")
				if !ok {
					src, _ = c.Attr("", "ref")
				}
				parts = append(parts, part{plain: b.String()}, part{src: src})
				b.Reset()
			case c.Kind == xmltree.Element:
				walk(c)
			}
		}
	}
	walk(n)
	if parts == nil {
		return content{plain: b.String()}
	}
	return content{parts: append(parts, part{plain: b.String()})}
}

// message reads the value of jr:constraintMsg or jr:requiredMsg: a text, or
// jr:itext('id').
func (p *parser) message(s string) *text {
	if id, ok := itextID(s); ok {
		return &text{id: id}
	}
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return &text{own: content{plain: s}}
}

// itextID recognises jr:itext('id').
func itextID(s string) (string, bool) {
	s = strings.TrimSpace(s)
	arg, ok := strings.CutPrefix(s, "jr:itext(")
	if !ok {
		return "", false
	}
	if arg, ok = strings.CutSuffix(arg, ")"); !ok {
		return "", false
	}
	arg = strings.TrimSpace(arg)
	if len(arg) < 2 || (arg[0] != '\'' && arg[0] != '"') || arg[len(arg)-1] != arg[0] {
		return "", false
	}
	return arg[1 : len(arg)-1], true
}

// find looks a text up in a language, else in the default one.
func (t *itext) find(id, lang string) *entry {
	if e := t.entries[lang][id]; e != nil {
		return e
	}
	return t.entries[t.standard][id]
}
