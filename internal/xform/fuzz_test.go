package xform

import (
	"strings"
	"testing"

	"parvis/internal/xmltree"
)

// FuzzForm reads anything as a form and, where that works, goes through it.
func FuzzForm(f *testing.F) {
	f.Add(household)
	f.Add(form(`<instance><data><a/><b><c/></b></data></instance><bind nodeset="/data/a" type="int" calculate="count(//*)"/>`, `<input ref="/data/b/c"/>`))
	f.Add(form(`<instance><data><n>3</n><r jr:template=""><a/></r></data></instance>`, `<repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/a"/></repeat>`))
	f.Fuzz(func(t *testing.T, src string) {
		fm, err := Parse(strings.NewReader(src), ParseOptions{Limits: xmltree.Limits{Bytes: 64 << 10, Nodes: 5000}})
		if err != nil {
			return
		}
		in, err := fm.New(testWorld(1))
		if err != nil {
			return
		}
		p := in.First()
		for range 50 {
			page := in.Page(p)
			for _, q := range page.Questions {
				_ = in.Set(q.Ref, "1")
			}
			var ok bool
			if p, ok = in.Next(p); !ok {
				break
			}
		}
		if _, err := in.Submission(nil); err != nil {
			return
		}
		snap, err := in.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fm.Restore(snap, testWorld(2)); err != nil && CodeOf(err) != BadForm {
			t.Fatalf("%v\n%s", err, snap)
		}
	})
}
