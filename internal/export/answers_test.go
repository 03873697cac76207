package export

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"parvis/internal/xmltree"
)

func smallLayout() *layout {
	q := &Questionnaire{
		ID: "f", Version: "1",
		Variables: []*Variable{
			with(Variable{Ref: "/data/a", Kind: Text}), with(Variable{Ref: "/data/g/b", Kind: Text}),
			with(Variable{Ref: "/data/g/kid/name", Kind: Text, Repeat: "/data/g/kid"}),
			with(Variable{Ref: "/data/g/kid/toy/what", Kind: Text, Repeat: "/data/g/kid/toy"}),
			with(Variable{Ref: "/data/phone", Kind: Text}, "personal"),
		},
		Repeats: []Repeat{{Ref: "/data/g/kid", Name: "kid"}, {Ref: "/data/g/kid/toy", Name: "toy", Parent: "/data/g/kid"}},
	}
	return newLayout(NewDictionary([]*Questionnaire{q}))
}

// readAll renders the rows of a submission as "table[index] value|value", in the order they end.
func readAll(l *layout, xml string) (rows []string, strays int, err error) {
	a := answers{layout: l}
	a.row = func(t *table, values [][]byte, index []int) {
		var cells []string
		for _, v := range values {
			cells = append(cells, string(v))
		}
		rows = append(rows, fmt.Sprintf("%s%v %s", t.repeat.Name, index, strings.Join(cells, "|")))
	}
	err = a.read([]byte(xml))
	return rows, a.strays, err
}

func TestAnswersAreRead(t *testing.T) {
	l := smallLayout()
	for _, c := range []struct {
		name, xml string
		want      []string
		strays    int
	}{
		{"plain", `<data id="f"><a>1</a><g><b>two</b></g></data>`, []string{"[] 1|two"}, 0},
		{"not asked", `<data><g><b/></g></data>`, []string{"[] |"}, 0},
		{"references", `<data><a>&lt;&amp;&gt;&quot;&apos;&#233;&#x1F600; ok</a></data>`, []string{"[] <&>\"'é😀 ok|"}, 0},
		{"cdata and comment", `<?xml version="1.0"?><!-- x --><data><a>x<![CDATA[<y>]]><!-- - -->z</a></data>`, []string{"[] x<y>z|"}, 0},
		{"line ends", "<data><a>1\r\n2\r3\n4</a></data>", []string{"[] 1\n2\n3\n4|"}, 0},
		{"prefixes", `<p:data xmlns:p="u" x="a>b" y='/>'><p:a>1</p:a></p:data>`, []string{"[] 1|"}, 0},
		{"order turned", `<data><g><b>2</b></g><a>1</a></data>`, []string{"[] 1|2"}, 0},
		{"meta", `<data><a>1</a><meta><instanceID>uuid:1</instanceID></meta></data>`, []string{"[] 1|"}, 0},
		{"personal left out", `<data><a>1</a><phone>0475</phone></data>`, []string{"[] 1|"}, 0},
		{"unknown", `<data><new>1</new><a>1</a><n2><x/><y>2</y></n2></data>`, []string{"[] 1|"}, 2},
		{"repeats", `<data><g><kid><name>A</name><toy><what>x</what></toy><toy><what>y</what></toy></kid><kid><name>B</name><toy><what>z</what></toy></kid></g><a>1</a></data>`,
			[]string{"toy[1 1] x", "toy[1 2] y", "kid[1] A", "toy[2 1] z", "kid[2] B", "[] 1|"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, strays, err := readAll(l, c.xml)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(rows, "\n") != strings.Join(c.want, "\n") || strays != c.strays {
				t.Errorf("got %q with %d strays, want %q with %d", rows, strays, c.want, c.strays)
			}
		})
	}
}

func TestDamagedAnswersAreRefused(t *testing.T) {
	l := smallLayout()
	for _, xml := range []string{
		``, `text`, `<data>`, `<data><a></data></a>`, `<data/><data/>`, `</data>`, `<data><a>&bad;</a></data>`, `<data><a>&#0xZZ;</a></data>`,
		`<!DOCTYPE data><data/>`, `<data><a`, `<data x="1><a/></data>`, `<data><![CDATA[x</data>`, `<data/>tail`, `<`, `<data><a>&lt</a></data>`,
		strings.Repeat("<data>", 80) + strings.Repeat("</data>", 80),
	} {
		if rows, _, err := readAll(l, xml); err == nil {
			t.Errorf("%q was read as %q", xml, rows)
		}
	}
}

// The quick reader must see what the tree sees.
func TestQuickReaderAgreesWithTheTree(t *testing.T) {
	const seed = 21
	rng := rand.New(rand.NewPCG(seed, seed))
	l := smallLayout()
	pieces := []string{"x", "<", "&", `"`, "é😀", " ", "\n", "]]>", "=1", "'"}
	said := func() string {
		var b strings.Builder
		for range rng.IntN(8) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 500 {
		root := xmltree.NewElement("", "data")
		want := make([]string, 2)
		leaf := func(parent *xmltree.Node, name string, i int) {
			n := xmltree.NewElement("", name)
			want[i] = said()
			n.SetText(want[i])
			parent.Append(n)
		}
		leaf(root, "a", 0)
		group := xmltree.NewElement("", "g")
		root.Append(group)
		leaf(group, "b", 1)
		var xml strings.Builder
		if err := xmltree.Write(&xml, root); err != nil {
			t.Fatal(err)
		}
		rows, strays, err := readAll(l, xml.String())
		if err != nil || strays != 0 || len(rows) != 1 || rows[0] != "[] "+strings.Join(want, "|") {
			t.Fatalf("seed %d: %q read as %q (%v), want %q", seed, xml.String(), rows, err, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(`<data id="f"><a>1</a><g><kid><name>A</name></kid><b>&amp;</b></g></data>`)
	f.Add(`<data><![CDATA[x]]><a/></data>`)
	l := smallLayout()
	f.Fuzz(func(t *testing.T, xml string) {
		rows, _, err := readAll(l, xml)
		if err == nil && !strings.HasPrefix(rows[len(rows)-1], "[] ") {
			t.Fatalf("%q ended without the interview's row: %q", xml, rows)
		}
	})
}
