package xlsform

import (
	"fmt"
	"sort"
	"strings"

	"parvis/internal/xmltree"
)

// formShape is what two XForms must share to mean the same: each aspect by
// name, written canonically, white space and order of attributes aside.
type formShape map[string]string

func shapeOf(src string) (formShape, error) {
	doc, err := xmltree.ParseString(src, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	s := formShape{}
	html := doc.Root()
	head, body := html.Child("head"), html.Child("body")
	model := head.Child("model")
	s["title"] = squeeze(head.Child("title").Text())
	s["model"] = attrList(model)
	secondary := 0
	for n := range model.Elements() {
		switch n.Name.Local {
		case "instance":
			if id, ok := n.Attr("", "id"); ok || secondary > 0 {
				s["itemset table "+id] = canonical(n)
			} else {
				s["names"] = canonical(n)
			}
			secondary++
		case "bind":
			nodeset, _ := n.Attr("", "nodeset")
			s["bind "+nodeset] += canonical(n)
		case "itext":
			for t := range n.Elements() {
				lang, _ := t.Attr("", "lang")
				s["language "+lang] = attrList(t)
				for x := range t.Elements() {
					id, _ := x.Attr("", "id")
					s["text "+lang+" "+id] = sortedChildren(x)
				}
			}
		default:
			ref, _ := n.Attr("", "ref")
			event, _ := n.Attr("", "event")
			s["action "+n.Name.Local+" "+ref+" "+event] = canonical(n)
		}
	}
	s["body"] = canonical(body)
	return s, nil
}

// differences names the aspects in which two shapes differ, with both sides.
func (s formShape) differences(want formShape) []string {
	var out []string
	for k, w := range want {
		if g := s[k]; g != w {
			out = append(out, fmt.Sprintf("%s:\n   got  %s\n   want %s", k, excerpt(g, w), excerpt(w, g)))
		}
	}
	for k, g := range s {
		if _, ok := want[k]; !ok {
			out = append(out, fmt.Sprintf("%s: extra %.300s", k, g))
		}
	}
	sort.Strings(out)
	return out
}

// excerpt shows a from where it begins to differ from b.
func excerpt(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	i = max(0, i-60)
	return a[i:min(len(a), i+260)]
}

func canonical(n *xmltree.Node) string {
	var b strings.Builder
	writeCanonical(&b, n)
	return b.String()
}

func writeCanonical(b *strings.Builder, n *xmltree.Node) {
	b.WriteString("<" + n.Name.Local + attrList(n) + ">")
	if len(n.Children) == 0 {
		b.WriteString(squeeze(n.Text()))
	}
	for _, c := range n.Children {
		switch c.Kind {
		case xmltree.Text:
			b.WriteString(squeeze(c.Value))
		case xmltree.Element:
			writeCanonical(b, c)
		}
	}
	b.WriteString("</>")
}

func sortedChildren(n *xmltree.Node) string {
	var parts []string
	for c := range n.Elements() {
		parts = append(parts, canonical(c))
	}
	sort.Strings(parts)
	return strings.Join(parts, "")
}

func attrList(n *xmltree.Node) string {
	var parts []string
	for _, a := range n.Attrs {
		parts = append(parts, fmt.Sprintf(" {%s}%s=%q", a.Name.Space, a.Name.Local, squeeze(a.Value)))
	}
	sort.Strings(parts)
	return strings.Join(parts, "")
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
