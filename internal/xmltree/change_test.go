package xmltree

import "testing"

func TestChange(t *testing.T) {
	a := mustParse(t, `<a>text</a>`).Root()
	b, c := NewElement("", "b"), NewElement("", "c")
	a.Append(c)
	a.InsertAfter(b, a.Children[0])
	if got, want := a.String(), `<a>text<b/><c/></a>`; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	a.InsertAfter(c, nil)
	if got, want := a.String(), `<a><c/>text<b/></a>`; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	b.SetText("x < y")
	b.SetAttr("urn:x", "p", "1")
	b.SetAttr("", "q", "2")
	b.SetAttr("", "q", "3")
	if got, want := a.String(), `<a><c/>text<b xmlns:ns1="urn:x" ns1:p="1" q="3">x &lt; y</b></a>`; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	copied := a.Clone()
	b.RemoveAttr("urn:x", "p")
	a.Children[1].Remove()
	if got, want := a.String(), `<a><c/><b q="3">x &lt; y</b></a>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := copied.String(), `<a><c/>text<b xmlns:ns1="urn:x" ns1:p="1" q="3">x &lt; y</b></a>`; got != want {
		t.Errorf("the clone changed with its origin: %s", got)
	}
	for i, ch := range a.Children {
		if ch.Index() != i || ch.Parent != a {
			t.Errorf("child %d thinks it is %d", i, ch.Index())
		}
	}
	if copied.Children[2].Parent != copied {
		t.Error("a cloned child has another parent")
	}
}

func TestWriteDeclaresWhatIsMissing(t *testing.T) {
	a := NewElement("urn:a", "a")
	b := NewElement("", "b")
	c := NewElement("urn:c", "c")
	c.Prefix = "x"
	a.Append(b)
	b.Append(c)
	want := `<a xmlns="urn:a"><b xmlns=""><x:c xmlns:x="urn:c"/></b></a>`
	if got := a.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	back := mustParse(t, want).Root()
	if back.Name.Space != "urn:a" || back.Children[0].Name.Space != "" || back.Children[0].Children[0].Name.Space != "urn:c" {
		t.Error("the written names do not read back")
	}
}

func TestCompareIsDocumentOrder(t *testing.T) {
	doc := mustParse(t, `<a xmlns:n="u" p="1" q="2">t<b><c>leaf</c><d x="1"/></b><!--k--><e/></a>`)
	var all []*Node
	var walk func(n *Node)
	walk = func(n *Node) {
		all = append(all, n)
		for _, ns := range n.InScope() {
			if ns.Name.Local == "n" {
				all = append(all, ns)
			}
		}
		all = append(all, n.Attrs...)
		for c := range n.Content() {
			walk(c)
		}
	}
	walk(doc)
	for i, x := range all {
		for j, y := range all {
			got := Compare(x, y)
			if (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("Compare(%d %v, %d %v) = %d", i, x.Name, j, y.Name, got)
			}
		}
	}
}
