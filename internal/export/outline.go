package export

import (
	"slices"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xmltree"
)

const javaRosa = "http://openrosa.org/javarosa"

// outline is what a codebook needs of a form beyond its questions: binds, groups and repeats by path.
type outline struct {
	primary *xmltree.Node
	binds   map[string]*xmltree.Node
	repeats map[string]study.Text   // label by path
	groups  map[string]study.Text   // label by path
	around  map[string][]study.Text // headings around a question, outermost first
	itext   map[string]study.Text
}

func readOutline(root *xmltree.Node) *outline {
	o := &outline{
		binds: map[string]*xmltree.Node{}, repeats: map[string]study.Text{}, groups: map[string]study.Text{},
		around: map[string][]study.Text{}, itext: map[string]study.Text{},
	}
	head := root.Child("head")
	if head == nil || head.Child("model") == nil {
		return o
	}
	for n := range head.Child("model").Elements() {
		switch n.Name.Local {
		case "instance":
			if o.primary == nil {
				for first := range n.Elements() {
					o.primary = first
					break
				}
			}
		case "bind":
			ref, _ := n.Attr("", "nodeset")
			o.binds[strings.TrimSpace(ref)] = n
		case "itext":
			o.readTexts(n)
		}
	}
	if body := root.Child("body"); body != nil {
		o.readBody(body, nil)
	}
	return o
}

// readTexts reads the translations.
func (o *outline) readTexts(itext *xmltree.Node) {
	for translation := range itext.Elements() {
		lang, _ := translation.Attr("", "lang")
		for text := range translation.Elements() {
			id, _ := text.Attr("", "id")
			for value := range text.Elements() {
				if _, special := value.Attr("", "form"); special {
					continue
				}
				if o.itext[id] == nil {
					o.itext[id] = study.Text{}
				}
				o.itext[id][lang] = outlineText(value)
			}
		}
	}
}

// readBody gathers groups and repeats with their labels, and what stands around each question.
func (o *outline) readBody(n *xmltree.Node, around []study.Text) {
	for kid := range n.Elements() {
		ref, _ := kid.Attr("", "ref")
		switch kid.Name.Local {
		case "group":
			label := o.label(kid)
			inside := around
			if len(label) > 0 {
				inside = append(slices.Clone(around), label)
				o.groups[ref] = label
			}
			o.readBody(kid, inside)
		case "repeat":
			nodeset, _ := kid.Attr("", "nodeset")
			o.repeats[nodeset] = o.groups[nodeset] // the label is that of the group around the repeat
			o.readBody(kid, around)
		default:
			if _, twice := o.around[ref]; ref != "" && !twice {
				o.around[ref] = around
			}
		}
	}
}

// sections are the headings around a question; for what nobody is asked, those of the groups on its path.
func (o *outline) sections(ref string) []study.Text {
	if around, ok := o.around[ref]; ok {
		return around
	}
	var found []study.Text
	for i, c := range ref {
		if c == '/' && i > 0 {
			if label := o.groups[ref[:i]]; len(label) > 0 {
				found = append(found, label)
			}
		}
	}
	return found
}

// label is an element's label in all languages.
func (o *outline) label(n *xmltree.Node) study.Text {
	label := n.Child("label")
	if label == nil {
		return nil
	}
	if ref, ok := label.Attr("", "ref"); ok {
		id := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(ref), "jr:itext("), ")")
		return o.itext[strings.Trim(id, `'"`)]
	}
	if text := outlineText(label); text != "" {
		return study.Text{"": text}
	}
	return nil
}

// outlineText is a text with … where an earlier answer is shown.
func outlineText(n *xmltree.Node) string {
	var b strings.Builder
	for c := range n.Content() {
		switch {
		case c.Kind == xmltree.Text:
			b.WriteString(c.Value)
		case c.Kind == xmltree.Element:
			b.WriteString("…")
		}
	}
	return strings.TrimSpace(b.String())
}

// qualified is an element's name as the form writes it.
func qualified(n *xmltree.Node) string {
	if n.Prefix == "" {
		return n.Name.Local
	}
	return n.Prefix + ":" + n.Name.Local
}
