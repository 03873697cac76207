package xform

import (
	"strings"
	"testing"
)

// TestProgressNeverGoesBack walks a form with a repeat to its end: no page stands before the one it follows.
func TestProgressNeverGoesBack(t *testing.T) {
	f, err := Parse(strings.NewReader(form(`<instance><data id="x"><a/><r><b/><c/></r><d/></data></instance>`,
		`<input ref="/data/a"/><group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/b"/><input ref="/data/r/c"/></repeat></group><input ref="/data/d"/>`)), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.New(World{})
	if err != nil {
		t.Fatal(err)
	}
	last, prompts := 0, 0
	for pos, ok := in.First(), true; ok; pos, ok = in.Next(pos) {
		if pos.Kind == KindRepeatPrompt {
			prompts++
		}
		at, about := in.Progress(pos)
		if at < last || at > about {
			t.Errorf("%s stands at %d of %d, after %d", pos, at, about, last)
		}
		last = at
	}
	if prompts == 0 {
		t.Error("no prompt of a repeat was met")
	}
}

// Before the answer that all else hangs on is given, the rest is expected; what hangs on another answer still is not.
func TestProgressExpectsWhatAnAnswerMayOpen(t *testing.T) {
	f, err := Parse(strings.NewReader(form(`<instance><data id="x"><a/><ok/><g><b/><c/><d/></g><e/></data></instance>
		<bind nodeset="/data/ok" calculate="/data/a = 'yes'"/><bind nodeset="/data/g" relevant="/data/ok = 'true' or /data/ok = true()"/>
		<bind nodeset="/data/g/d" relevant="/data/g/c = 'yes'"/><bind nodeset="/data/e" relevant="/data/a = 'yes'"/>`,
		`<input ref="/data/a"/><group ref="/data/g"><input ref="/data/g/b"/><input ref="/data/g/c"/><input ref="/data/g/d"/></group><input ref="/data/e"/>`)), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.New(World{})
	if err != nil {
		t.Fatal(err)
	}
	pos := in.First()
	for _, step := range []struct {
		value     string
		at, about int
	}{{"", 1, 4}, {"no", 1, 1}, {"yes", 1, 4}, {"", 1, 4}} {
		if err := in.Set("/data/a", step.value); err != nil {
			t.Fatal(err)
		}
		if at, about := in.Progress(pos); at != step.at || about != step.about {
			t.Errorf("after %q: %d of %d, want %d of %d", step.value, at, about, step.at, step.about)
		}
	}
}
