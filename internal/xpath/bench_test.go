package xpath

import (
	"fmt"
	"strings"
	"testing"

	"parvis/internal/xmltree"
)

func benchDocument(b testing.TB) *xmltree.Node {
	b.Helper()
	doc, err := xmltree.ParseString(`<data><intro><age>42</age><kind>a c</kind><town>Bruges</town><dob>1984-02-29</dob></intro><k>choice_77777</k><r>r7</r></data>`, xmltree.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

func benchList(b testing.TB, n int) *xmltree.Node {
	b.Helper()
	var s strings.Builder
	s.WriteString("<root>")
	for i := range n {
		fmt.Fprintf(&s, "<item><name>choice_%d</name><label>Choice %d</label><region>r%d</region></item>", i, i, i%100)
	}
	s.WriteString("</root>")
	doc, err := xmltree.ParseString(s.String(), xmltree.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

// indexedWorld is a World with an index over its instances.
type indexedWorld struct {
	World
	*Index
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(`if(/data/intro/age >= 18 and selected(/data/intro/kind, 'a'), concat('x', /data/r), string-length(/data/k) + 3)`, Options{Dialect: ODK}); err != nil {
			b.Fatal(err)
		}
	}
}

var simpleExpressions = []string{
	`/data/intro/age >= 18`,
	`/data/intro/town = 'Bruges'`,
	`../intro/town != ''`,
	`selected(/data/intro/kind, 'c')`,
	`/data/intro/age * 12 + 3 > 100 and not(/data/r = /data/k)`,
	`if(/data/intro/age > 40, 1, 2)`,
	`. = 'choice_77777' or string-length(.) > 3`,
	`count-selected(../intro/kind) = 2`,
}

func BenchmarkSimple(b *testing.B) {
	doc := benchDocument(b)
	c := &Context{Node: doc.Root().Child("k"), Root: doc}
	for _, src := range simpleExpressions {
		e, err := Compile(src, Options{Dialect: ODK})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(src, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.EvalBool(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFilter100k(b *testing.B) {
	doc, list := benchDocument(b), benchList(b, 100_000)
	w := World{Instances: map[string]*xmltree.Node{"list": list}}
	for _, src := range []string{
		`instance('list')/root/item[name = /data/k]/label`,
		`instance('list')/root/item[region = /data/r]`,
		`instance('list')/root/item[region = /data/r and name != 'choice_7']`,
	} {
		e, err := Compile(src, Options{Dialect: ODK})
		if err != nil {
			b.Fatal(err)
		}
		for name, env := range map[string]Env{"walked": w, "indexed": indexedWorld{w, &Index{}}} {
			b.Run(name+" "+src, func(b *testing.B) {
				c := &Context{Node: doc.Root(), Root: doc, Env: env}
				b.ReportAllocs()
				for b.Loop() {
					nodes, err := e.EvalNodes(c)
					if err != nil || len(nodes) == 0 {
						b.Fatal(len(nodes), err)
					}
				}
			})
		}
	}
}
