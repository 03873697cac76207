package xpath

import (
	"slices"
	"strings"
	"testing"

	"parvis/internal/xmltree"
)

// countingWorld counts what it is asked for.
type countingWorld struct {
	World
	*Index
	lookups int
}

func (w *countingWorld) Lookup(parent *xmltree.Node, item, field xmltree.Name, value string) ([]*xmltree.Node, bool) {
	w.lookups++
	return w.Index.Lookup(parent, item, field, value)
}

func TestIndexGivesWhatWalkingGives(t *testing.T) {
	list := benchList(t, 1000)
	second := list.Root().Children[3].Child("region").Clone()
	second.SetText("r3")
	list.Root().Children[3].Append(second)
	doc := benchDocument(t)
	for src, asks := range map[string]bool{
		`instance('l')/root/item[name = 'choice_7']/label`:                 true,
		`instance('l')/root/item[region = /data/r]/name`:                   true,
		`instance('l')/root/item[/data/r = ./region][2]/name`:              true,
		`instance('l')/root/item[region = 'r3']`:                           true,
		`instance('l')/root/item[region = /data/r and name != 'choice_7']`: true,
		`instance('l')/root/item[region = 'none']`:                         true,
		`instance('l')/root/item[region = concat('r', '9')]`:               true,
		`instance('l')/root/item[region = /data/nothing]`:                  false,
		`instance('l')/root/item[region = 7]`:                              false,
		`instance('l')/root/item[region = /data/r or name = 'choice_8']`:   false,
		`instance('l')/root/item[region = 'r7' and position() < 300]`:      false,
		`instance('l')/root/item[region = ../item[1]/region]`:              false,
		`instance('l')/root/item[starts-with(name, 'choice_99')]`:          false,
		`instance('l')/root/item[not(region = 'r7')][5]`:                   false,
	} {
		e := compile(t, src, ODK)
		w := &countingWorld{World: World{Instances: map[string]*xmltree.Node{"l": list}}, Index: &Index{}}
		walked, err := e.EvalNodes(&Context{Node: doc.Root(), Root: doc, Env: w.World})
		if err != nil {
			t.Fatal(err)
		}
		found, err := e.EvalNodes(&Context{Node: doc.Root(), Root: doc, Env: w})
		if err != nil || !slices.Equal(walked, found) {
			t.Errorf("%s: %d nodes through the index, %d without (%v)", src, len(found), len(walked), err)
		}
		if (w.lookups > 0) != asks {
			t.Errorf("%s: index asked %d times", src, w.lookups)
		}
		again, _ := e.EvalNodes(&Context{Node: doc.Root(), Root: doc, Env: w})
		if !slices.Equal(again, found) {
			t.Errorf("%s: a second evaluation gives other nodes", src)
		}
	}
}

func TestRandomize(t *testing.T) {
	doc := parse(t, `<data>`+strings.Repeat(`<i/>`, 6)+`</data>`)
	for i, n := range doc.Root().Children {
		n.SetText(string(rune('A' + i)))
	}
	for src, want := range map[string]string{
		`join('', randomize(/data/i, 42))`:                                            "AFCBDE",
		`join('', randomize(/data/i, 42.9))`:                                          "AFCBDE",
		`join('', randomize(/data/i, '42'))`:                                          "AFCBDE",
		`join('', randomize(/data/i, -1)) = join('', randomize(/data/i, 2147483645))`: "true",
	} {
		got, err := compile(t, src, ODK).EvalString(&Context{Node: doc.Root(), Root: doc})
		if err != nil || got != want {
			t.Errorf("%s = %s (%v), want %s", src, got, err, want)
		}
	}
	p := newParkMiller(1)
	for range 10000 {
		p.next()
	}
	if p.state != 1043618065 { // Park and Miller (1988), the check they give
		t.Errorf("state after 10000 steps is %d", p.state)
	}
}
