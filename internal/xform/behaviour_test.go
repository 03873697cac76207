package xform

import (
	"strings"
	"testing"
)

// form wraps a model and a body into an XForm.
func form(model, body string) string {
	return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities"><h:head><h:title>t</h:title><model>` +
		model + `</model></h:head><h:body>` + body + `</h:body></h:html>`
}

func start(t *testing.T, src string, o ParseOptions, w World) *Instance {
	t.Helper()
	f, err := Parse(strings.NewReader(src), o)
	if err != nil {
		t.Fatal(err)
	}
	in, err := f.New(w)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func set(t *testing.T, in *Instance, r Ref, v string) {
	t.Helper()
	if err := in.Set(r, v); err != nil {
		t.Fatal(err)
	}
}

func wantValue(t *testing.T, in *Instance, r Ref, want string) {
	t.Helper()
	if got := in.Value(r); got != want {
		t.Errorf("%s is %q, want %q", r, got, want)
	}
}
