package xform

import (
	"strings"
	"testing"
)

func TestErrorsAreTyped(t *testing.T) {
	in := start(t, form(`<instance><data id="x"><a/><g><b/></g></data></instance><bind nodeset="/data/g" readonly="true()"/>`, `<input ref="/data/a"/><group ref="/data/g"><input ref="/data/g/b"/></group>`), ParseOptions{}, testWorld(1))
	for ref, want := range map[Ref]Code{"/data/z": UnknownRef, "/data/g": UnknownRef, "": UnknownRef, "/data/g/b": ReadOnly, "/data/a[3]": UnknownRef} {
		if got := CodeOf(in.Set(ref, "1")); got != want {
			t.Errorf("Set(%q) gives code %d, want %d", ref, got, want)
		}
	}
	if _, err := in.AddRepeat("/data/g"); CodeOf(err) != NotRepeat {
		t.Errorf("adding to a group: %v", err)
	}
	for _, src := range []string{"", "<a/>", "<h:html xmlns:h='x'><h:head/><h:body/></h:html>",
		form(`<instance><data/></instance>`, `<input ref="/data/missing"/>`),
		form(`<instance><data><a/></data></instance><bind nodeset="/data/a" calculate="1 +"/>`, ``),
		form(``, ``)} {
		if _, err := Parse(strings.NewReader(src), ParseOptions{}); err == nil {
			t.Errorf("accepted %q", src)
		}
	}
	if _, err := in.Form().Restore([]byte("<data/>"), testWorld(1)); CodeOf(err) != BadState {
		t.Errorf("restored what is no snapshot: %v", err)
	}
}
