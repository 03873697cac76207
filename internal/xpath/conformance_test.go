package xpath

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parvis/internal/conformance"
	"parvis/internal/xmltree"
)

func TestConformanceOpenRosa(t *testing.T) {
	type vector struct{ Test, Expr, Type, Expected string }
	y := conformance.Figure{Name: "xpath_openrosa", Kind: conformance.Vectors, Reached: 100, Promised: 99}
	for _, v := range conformance.Lines[vector](t, filepath.Join(conformance.Folder(t, conformance.Vectors), "xpath_openrosa.jsonl")) {
		e, err := Compile(v.Expr, Options{Dialect: ODK})
		var got Value
		if err == nil {
			got, err = e.Eval(&Context{})
		}
		y.Add(v.Test, openRosaMiss(v.Type, v.Expected, got, err, v.Expr))
	}
	y.Report(t)
}

func openRosaMiss(kind, expected string, got Value, err error, src string) string {
	ok := false
	switch {
	case kind == "error":
		ok = err != nil
	case err != nil:
	case kind == "number":
		want, perr := strconv.ParseFloat(strings.Replace(expected, "Infinity", "Inf", 1), 64)
		ok = perr == nil && got.Type() == NumberType && closeTo(got.Number(), want)
	case kind == "boolean":
		ok = got.Type() == BooleanType && got.String() == expected
	case kind == "date":
		when, is := got.Time()
		ok = is && strconv.FormatInt(when.UnixMilli(), 10) == expected
	default:
		ok = got.Type() == StringType && got.String() == expected
	}
	if ok {
		return ""
	}
	return fmt.Sprintf("%s: want %s %q, got %s %q, error %v", src, kind, expected, got.Type(), got.String(), err)
}

// closeTo allows for the last digits of the mathematical functions.
func closeTo(a, b float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) && math.IsNaN(b)
	}
	return a == b || math.Abs(a-b) <= 1e-12*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// domVector is one assertion recorded from documents in a browser.
type domVector struct {
	Test, File, Kind, Expression, TZ string
	Expected                         any
	Context                          *string
	XForms                           bool
	Doc                              int
	Factor                           any
}

// domDocument is a document as a browser counts its nodes: the DOCTYPE is a node
// (here a comment in its place) and CDATA does not join the text around it.
type domDocument struct {
	raw  string
	tree *xmltree.Node
	dom  *xmltree.Node // CDATA sections as instructions of this name
}

const cdataMark = "parvis-cdata"

var (
	doctype = regexp.MustCompile(`<!DOCTYPE[^>]*>`)
	cdata   = regexp.MustCompile(`(?s)<!\[CDATA\[(.*?)\]\]>`)
	spoken  = regexp.MustCompile(`xmlns:([\w-]+)=["']([^"']*)["']`)
)

func newDomDocument(t *testing.T, raw string) *domDocument {
	t.Helper()
	raw = doctype.ReplaceAllString(strings.TrimSpace(raw), "<!--doctype-->")
	d := &domDocument{raw: raw}
	var err error
	if d.tree, err = xmltree.ParseString(raw, xmltree.Limits{}); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	if d.dom, err = xmltree.ParseString(cdata.ReplaceAllString(raw, "<?"+cdataMark+"?>"), xmltree.Limits{}); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return d
}

func contentOf(n *xmltree.Node) []*xmltree.Node {
	var out []*xmltree.Node
	for c := range n.Content() {
		out = append(out, c)
	}
	return out
}

func isCharacters(n *xmltree.Node) bool {
	return n.Kind == xmltree.Text || n.Kind == xmltree.ProcInst && n.Name.Local == cdataMark
}

// places lists, for the children of a node of the dom tree, which child of the
// tree each is.
func places(dom *xmltree.Node) []int {
	var out []int
	k := -1
	joined := false
	for _, c := range contentOf(dom) {
		if !joined || !isCharacters(c) {
			k++
		}
		joined = isCharacters(c)
		out = append(out, k)
	}
	return out
}

// find follows a recorded path such as /#0/#3/@id.
func (d *domDocument) find(path string) *xmltree.Node {
	n, dom := d.tree, d.dom
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		switch {
		case part == "":
		case part[0] == '@':
			for _, a := range n.Attrs {
				if a.Name.Local == part[1:] && a.Prefix == "" || a.Prefix+":"+a.Name.Local == part[1:] {
					return a
				}
			}
			return nil
		default:
			i, err := strconv.Atoi(part[1:])
			at := places(dom)
			if err != nil || i >= len(at) {
				return nil
			}
			n, dom = contentOf(n)[at[i]], contentOf(dom)[i]
		}
	}
	return n
}

// path is the inverse of find; a text that the browser has in several nodes goes
// by its first.
func (d *domDocument) path(n *xmltree.Node) string {
	switch {
	case n.Parent == nil:
		return "/"
	case n.Kind == xmltree.Attribute && n.Prefix != "":
		return d.path(n.Parent) + "/@" + n.Prefix + ":" + n.Name.Local
	case n.Kind == xmltree.Attribute:
		return d.path(n.Parent) + "/@" + n.Name.Local
	case n.Kind == xmltree.NamespaceNode:
		return d.path(n.Parent) + "/@xmlns:" + n.Name.Local
	}
	up := d.path(n.Parent)
	index := slices.IndexFunc(contentOf(n.Parent), func(x *xmltree.Node) bool { return xmltree.Same(x, n) })
	return strings.TrimSuffix(up, "/") + "/#" + strconv.Itoa(slices.Index(places(d.find2(n.Parent)), index))
}

// canonical names the node of a recorded path by its first path.
func (d *domDocument) canonical(path string) string {
	if n := d.find(path); n != nil {
		return d.path(n)
	}
	return path
}

// find2 finds the dom tree's twin of an element or document.
func (d *domDocument) find2(n *xmltree.Node) *xmltree.Node {
	if n.Parent == nil {
		return d.dom
	}
	k := 0
	for c := range n.Parent.Elements() {
		if c == n {
			break
		}
		k++
	}
	for c := range d.find2(n.Parent).Elements() {
		if k == 0 {
			return c
		}
		k--
	}
	return nil
}

func TestConformanceDOM(t *testing.T) {
	docs := map[int]*domDocument{}
	var cases []domVector
	today := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, raw := range conformance.Lines[json.RawMessage](t, filepath.Join(conformance.Folder(t, conformance.Vectors), "xpath_dom.jsonl")) {
		var doc struct {
			ID  *int `json:"doc_id"`
			XML string
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		if doc.ID != nil {
			docs[*doc.ID] = newDomDocument(t, doc.XML)
			continue
		}
		var v domVector
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, v)
		if s, ok := v.Expected.(string); ok && v.Expression == "today()" && v.Kind == "string" {
			if d, err := time.Parse("2006-01-02", s); err == nil {
				today = d.Add(12 * time.Hour)
			}
		}
	}
	y := conformance.Figure{Name: "xpath_dom", Kind: conformance.Vectors, Reached: 99.5, Promised: 98, Stays: map[string]string{
		"xforms/number": "the suite wants fractions of a day and whole days for the same text; the fractions are met",
	}}
	for _, v := range cases {
		y.Add(strings.TrimSuffix(strings.TrimPrefix(v.File, "test/"), ".test.ts"), v.miss(t, docs[v.Doc], today))
	}
	y.Report(t)
}

func (v domVector) miss(t *testing.T, d *domDocument, today time.Time) string {
	if d == nil {
		return v.Expression + ": its document is missing"
	}
	zone, err := time.LoadLocation(v.TZ)
	if err != nil {
		t.Fatal(err)
	}
	w := domWorld{World: World{Zone: zone, Clock: func() time.Time {
		return time.Date(today.Year(), today.Month(), today.Day(), 12, 0, 0, 0, zone)
	}}, doc: d.tree, language: v.language()}
	o := Options{Namespaces: map[string]string{
		"xhtml": "http://www.w3.org/1999/xhtml", "xf": "http://www.w3.org/2002/xforms", "jr": "http://openrosa.org/javarosa",
		"orx": "http://openrosa.org/xforms", "OpenClinica": "http://openclinica.com/odm", "ev": "http://some-namespace.com/nss",
		"enk": "http://enketo.org/xforms",
	}}
	for _, m := range spoken.FindAllStringSubmatch(d.raw, -1) {
		if _, ok := o.Namespaces[m[1]]; !ok {
			o.Namespaces[m[1]] = m[2]
		}
	}
	c := Context{Node: d.tree, Env: w}
	if v.XForms {
		o.Dialect = ODKWeb
		c.Root = w.primary()
	}
	if v.Context != nil {
		if c.Node = d.find(*v.Context); c.Node == nil {
			return v.Expression + ": no node at " + *v.Context
		}
	}
	e, err := Compile(v.Expression, o)
	var got Value
	if err == nil {
		got, err = e.Eval(&c)
	}
	if err == nil && v.holds(d, got) {
		return ""
	}
	return fmt.Sprintf("%s at %v of %d (%s): want %s %v, got %s %q, error %v", v.Expression, v.where(), v.Doc, v.Test, v.Kind, v.Expected, got.Type(), got.String(), err)
}

func (v domVector) where() string {
	if v.Context == nil {
		return "the document"
	}
	return *v.Context
}

func (v domVector) holds(d *domDocument, got Value) bool {
	want := fmt.Sprint(v.Expected)
	switch v.Kind {
	case "boolean":
		return strconv.FormatBool(got.Bool()) == want
	case "number":
		if s, ok := v.Expected.(string); ok {
			return FormatNumber(got.Number()) == s
		}
		f, ok := v.Expected.(float64)
		return ok && closeTo(got.Number(), f) || v.Expected == nil && math.IsNaN(got.Number())
	case "number_rounded":
		factor, _ := strconv.ParseFloat(fmt.Sprint(v.Factor), 64)
		f, ok := v.Expected.(float64)
		return ok && math.Floor(got.Number()*factor+0.5)/factor == f
	case "string":
		return got.String() == want
	case "string_length":
		return FormatNumber(float64(len([]rune(got.String())))) == want
	case "string_matches":
		body, flags := strings.TrimPrefix(want, "/"), ""
		if i := strings.LastIndexByte(body, '/'); i >= 0 {
			body, flags = body[:i], body[i+1:]
		}
		if strings.Contains(flags, "i") {
			body = "(?i)" + body
		}
		return regexp.MustCompile(body).MatchString(got.String())
	case "nodeset", "nodeset_unordered":
		return v.sameNodes(d, got)
	}
	return false
}

// sameNodes compares paths. A browser lists namespaces as the attributes that
// declare them, so without the implied xml and among the attributes: where there
// are any, order does not count.
func (v domVector) sameNodes(d *domDocument, got Value) bool {
	list, _ := v.Expected.([]any)
	var want, have []string
	unordered := v.Kind == "nodeset_unordered"
	for _, x := range list {
		want = append(want, d.canonical(fmt.Sprint(x)))
		unordered = unordered || strings.Contains(fmt.Sprint(x), "@xmlns")
	}
	for _, n := range got.Nodes() {
		if n.Kind != xmltree.NamespaceNode || n.Name.Local != "xml" {
			have = append(have, d.path(n))
		}
	}
	want = slices.Compact(want)
	if unordered {
		slices.Sort(want)
		slices.Sort(have)
	}
	return got.Type() == NodeSetType && slices.Equal(want, have)
}

// language is the one a case of jr:itext was recorded in, which only its name
// tells.
func (v domVector) language() string {
	if m := regexp.MustCompile(`in language '(\w+)'`).FindStringSubmatch(v.Test); m != nil {
		return m[1]
	}
	return ""
}

// domWorld takes instances and texts from the document itself, when it is a form.
type domWorld struct {
	World
	doc      *xmltree.Node
	language string
}

func (w domWorld) model() *xmltree.Node {
	for c := range w.doc.Root().Elements() {
		if m := c.Child("model"); m != nil {
			return m
		}
	}
	return nil
}

func (w domWorld) primary() *xmltree.Node {
	if m := w.model(); m != nil {
		return m.Child("instance")
	}
	return nil
}

func (w domWorld) Instance(id string) (*xmltree.Node, error) {
	if m := w.model(); m != nil {
		for c := range m.Elements() {
			if have, _ := c.Attr("", "id"); c.Name.Local == "instance" && have == id {
				return c, nil
			}
		}
	}
	return w.World.Instance(id)
}

func (w domWorld) TextNodes(id string) ([]*xmltree.Node, bool) {
	m := w.model()
	if m == nil || m.Child("itext") == nil {
		return nil, false
	}
	var chosen *xmltree.Node
	for tr := range m.Child("itext").Elements() {
		lang, _ := tr.Attr("", "lang")
		_, byDefault := tr.Attr("", "default")
		if chosen == nil || w.language == "" && byDefault || w.language == lang {
			chosen = tr
		}
	}
	for text := range chosen.Elements() {
		if have, _ := text.Attr("", "id"); have == id {
			var out []*xmltree.Node
			for v := range text.Elements() {
				out = append(out, v)
			}
			return out, true
		}
	}
	return nil, false
}
