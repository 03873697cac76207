package xmltree

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func mustParse(t testing.TB, src string) *Node {
	t.Helper()
	n, err := Parse(strings.NewReader(src), DefaultLimits())
	if err != nil {
		t.Fatalf("Parse(%q): %v", src, err)
	}
	return n
}

func TestRoundTrip(t *testing.T) {
	for _, src := range []string{
		`<a/>`,
		`<a>text</a>`,
		`<a b="1" c="&lt;&amp;&quot;&#10;&#9;">x &lt; y &amp;&amp; z &gt; w</a>`,
		`<a>mixed <b>in</b> text<!-- note --><?go run it?> end</a>`,
		`<x:a xmlns:x="u1" xmlns="u2" x:p="1"><b x:q="2" r="3"><c xmlns=""/></b></x:a>`,
		`<été><日本>語</日本></été>`,
		`<!-- before --><a/><?after?>`,
		"<a>&#13;\n</a>",
		`<a xml:lang="fr"/>`,
	} {
		n := mustParse(t, src)
		got := strings.TrimPrefix(n.String(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
		if got != src {
			t.Errorf("wrote %s\nfor   %s", got, src)
		}
	}
}

func TestParseContent(t *testing.T) {
	n := mustParse(t, "\ufeff<?xml version='1.0' encoding='utf-8'?>\r\n<a>one\r\n<![CDATA[<two>]]>&#x41;<b/>\rthree</a>")
	a := n.Root()
	if got, want := a.Text(), "one\n<two>A\nthree"; got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
	if len(a.Children) != 3 || a.Children[0].Kind != Text || a.Children[1].Name.Local != "b" {
		t.Errorf("children = %v", a.Children)
	}
	leaf := mustParse(t, `<a><b>t</b></a>`).Root().Child("b")
	if leaf.Value != "t" || leaf.Children != nil || !leaf.IsLeaf() {
		t.Errorf("a text-only element keeps its text in Value; got %+v", leaf)
	}
	for c := range leaf.Content() {
		if c.Kind != Text || c.Value != "t" || !Same(c, leaf.TextNode()) {
			t.Errorf("content = %+v", c)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ src, msg string }{
		{``, "no element"},
		{`<a>`, "</a> is missing"},
		{`<a></b>`, "</b> where </a>"},
		{`</a>`, "closes nothing"},
		{`<a/><b/>`, "second document element"},
		{`<a/>x`, "text outside"},
		{`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "DOCTYPE"},
		{`<a>&nbsp;</a>`, "entity &nbsp;"},
		{`<a>&#0;</a>`, "no character"},
		{`<a>&#xD800;</a>`, "no character"},
		{`<a>a & b</a>`, "bare &"},
		{`<a b=1/>`, "in quotes"},
		{`<a b="1" b="2"/>`, "twice"},
		{`<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>`, "twice"},
		{`<a b="1"c="2"/>`, "expected a space"},
		{`<a b="<"/>`, "write &lt;"},
		{`<x:a/>`, "prefix x"},
		{`<a x:b="1"/>`, "prefix x"},
		{`<a><!-- a -- b --></a>`, "comment"},
		{`<a>]]></a>`, "]]&gt;"},
		{"<a>\x01</a>", "control character"},
		{"<a>\xff</a>", "UTF-8"},
		{"\xff\xfe<\x00a\x00", "UTF-16"},
		{`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "encoding"},
		{`<1a/>`, "element name"},
		{`<a:1 xmlns:a="u"/>`, "not a name"},
		{`<a`, "inside a tag"},
	} {
		_, err := Parse(strings.NewReader(c.src), Limits{})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Msg, c.msg) {
			t.Errorf("Parse(%q) = %v, want %q", c.src, err, c.msg)
		}
	}
}

func TestErrorPlace(t *testing.T) {
	_, err := Parse(strings.NewReader("<a>\n  <b></c>\n</a>"), Limits{})
	var e *Error
	if !errors.As(err, &e) || e.Line != 2 || e.Column != 6 {
		t.Errorf("error = %v, want line 2, column 6", err)
	}
}

func TestLimits(t *testing.T) {
	deep := strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)
	for _, c := range []struct {
		src string
		l   Limits
		ok  bool
	}{
		{deep, Limits{Depth: 40}, true},
		{deep, Limits{Depth: 39}, false},
		{deep, Limits{Nodes: 40}, true},
		{deep, Limits{Nodes: 39}, false},
		{deep, Limits{Bytes: int64(len(deep))}, true},
		{deep, Limits{Bytes: int64(len(deep)) - 1}, false},
	} {
		if _, err := Parse(strings.NewReader(c.src), c.l); (err == nil) != c.ok {
			t.Errorf("limits %+v: %v", c.l, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`<a/>`, `<a b="c">d<e/>f</a>`, `<x:a xmlns:x="u">&amp;<![CDATA[x]]></x:a>`, `<?xml version="1.0"?><!-- c --><a><?p i?></a>`, `<a xmlns="u"><b xmlns=""/></a>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		n, err := ParseString(src, Limits{Bytes: 1 << 20, Depth: 64, Nodes: 10000})
		if err != nil {
			return
		}
		once := n.String()
		again, err := ParseString(once, Limits{})
		if err != nil {
			t.Fatalf("%q was written as %q, which does not parse: %v", src, once, err)
		}
		if twice := again.String(); twice != once {
			t.Fatalf("%q was written as %q, then as %q", src, once, twice)
		}
	})
}

func choiceList(items int) string {
	var b strings.Builder
	b.WriteString(`<instance id="list"><root>`)
	for i := range items {
		fmt.Fprintf(&b, "<item><itextId>list-%d</itextId><name>choice_%d</name><region>r%d</region></item>", i, i, i%100)
	}
	b.WriteString("</root></instance>")
	return b.String()
}

func BenchmarkParse100kItems(b *testing.B) {
	src := choiceList(100_000)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseString(src, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
