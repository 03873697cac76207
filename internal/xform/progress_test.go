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
