package xform

import (
	"slices"
	"strings"
	"testing"
)

func TestIrrelevantValuesComeBackAndAreNotSubmitted(t *testing.T) {
	in := start(t, form(`<instance><data id="x" version="7"><a/><g><b/><c>kept</c></g></data></instance>
		<bind nodeset="/data/g" relevant="/data/a = 'yes'"/><bind nodeset="/data/sum" calculate="concat(/data/g/b)"/>`,
		`<input ref="/data/a"/><group ref="/data/g"><input ref="/data/g/b"/></group>`), ParseOptions{}, testWorld(1))
	set(t, in, "/data/a", "yes")
	set(t, in, "/data/g/b", "<answer>")
	submission := func() string {
		b, err := in.Submission(nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if s := submission(); !strings.Contains(s, `<data id="x" version="7"><a>yes</a><g><b>&lt;answer&gt;</b><c>kept</c></g><meta><instanceID>uuid:`) {
		t.Errorf("submission %s", s)
	}
	set(t, in, "/data/a", "no")
	if in.Relevant("/data/g/b") || strings.Contains(submission(), "<g>") || len(in.Pages()) != 1 {
		t.Errorf("the group should be out: %s", submission())
	}
	wantValue(t, in, "/data/g/b", "<answer>")
	set(t, in, "/data/a", "yes")
	if !strings.Contains(submission(), "&lt;answer&gt;") {
		t.Errorf("the answer did not come back: %s", submission())
	}
	b, err := in.Submission(func(r Ref) bool { return r == "/data/g/b" })
	if err != nil || !strings.Contains(string(b), "<g><b/><c>kept</c></g>") {
		t.Errorf("stripped %s %v", b, err)
	}
}

func TestConditionsReadValuesByType(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><a/><n/><t/><flag/><copy/><isfalse/><istext/><iszero/><said/><g/><h/><i/></data></instance>
		<bind nodeset="/data/n" type="int"/><bind nodeset="/data/flag" calculate="/data/a = 'yes'"/><bind nodeset="/data/copy" calculate="/data/flag"/>
		<bind nodeset="/data/isfalse" calculate="if(/data/flag = false(), 'y', 'n')"/><bind nodeset="/data/istext" calculate="if(/data/copy = 'true', 'y', 'n')"/>
		<bind nodeset="/data/iszero" calculate="if(/data/flag = 0, 'y', 'n')"/><bind nodeset="/data/said" calculate="concat('it is ', /data/copy)"/>
		<bind nodeset="/data/g" relevant="/data/copy"/><bind nodeset="/data/h" relevant="/data/n and not(/data/t)"/><bind nodeset="/data/i" relevant="/data/t"/>`, `<input ref="/data/a"/>`), ParseOptions{}, testWorld(1))
	check := func(want map[Ref]string, relevant ...Ref) {
		t.Helper()
		for r, v := range want {
			wantValue(t, in, r, v)
		}
		for _, r := range []Ref{"/data/g", "/data/h", "/data/i"} {
			if got := in.Relevant(r); got != slices.Contains(relevant, r) {
				t.Errorf("%s relevant: %v", r, got)
			}
		}
	}
	check(map[Ref]string{"/data/flag": "0", "/data/isfalse": "y", "/data/istext": "n", "/data/iszero": "y", "/data/said": "it is false"})
	set(t, in, "/data/a", "yes")
	set(t, in, "/data/n", "3")
	check(map[Ref]string{"/data/flag": "1", "/data/copy": "1", "/data/isfalse": "n", "/data/istext": "y", "/data/iszero": "n", "/data/said": "it is true"}, "/data/g", "/data/h")
	set(t, in, "/data/n", "0")
	set(t, in, "/data/t", "0")
	check(nil, "/data/g", "/data/i")
	if v, err := in.Eval("/data/flag = 'true' and /data/n = 0"); err != nil || !v.Bool() {
		t.Errorf("%v %v", v, err)
	}
}
