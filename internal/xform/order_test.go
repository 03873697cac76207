package xform

import (
	"strings"
	"testing"
)

func TestCyclesAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		binds string
		bad   bool
	}{
		"self in calculate":   {`<bind nodeset="/data/a" calculate="/data/a + 1"/>`, true},
		"self in relevant":    {`<bind nodeset="/data/a" relevant="/data/a != ''"/>`, true},
		"self in required":    {`<bind nodeset="/data/a" required=". = ''"/>`, true},
		"self in readonly":    {`<bind nodeset="/data/a" readonly="../a != ''"/>`, true},
		"self in constraint":  {`<bind nodeset="/data/a" constraint=". &lt; 10"/>`, false},
		"two calculations":    {`<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/a"/>`, true},
		"group and its child": {`<bind nodeset="/data/g" relevant="/data/g/c = 1"/>`, true},
		"over a group":        {`<bind nodeset="/data/g" relevant="/data/a = 1"/><bind nodeset="/data/a" calculate="/data/g/c"/>`, true},
		"required in a ring":  {`<bind nodeset="/data/a" required="/data/b = 1"/><bind nodeset="/data/b" calculate="/data/a"/>`, false},
		"a chain":             {`<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/g/c"/>`, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(strings.NewReader(form(`<instance><data id="x"><a/><b/><g><c/></g></data></instance>`+tc.binds, `<input ref="/data/b"/>`)), ParseOptions{})
			if got := CodeOf(err) == BadCycle; got != tc.bad {
				t.Errorf("cycle %v, want %v (%v)", got, tc.bad, err)
			}
			if tc.bad && err != nil && !strings.Contains(err.Error(), "/data/") {
				t.Errorf("the message names no node: %v", err)
			}
		})
	}
}

func TestSourcesAreTheQuestionsBehindACalculation(t *testing.T) {
	f, err := Parse(strings.NewReader(form(`<instance><data id="x"><a/><b/><c/><verdict/><half/><loose/></data></instance>`+
		`<bind nodeset="/data/verdict" calculate="if(/data/half = 'y' and /data/b != '', 'yes', 'no')"/>`+
		`<bind nodeset="/data/half" calculate="string-length(/data/a) &gt; 0 and /data/loose"/>`,
		`<input ref="/data/a"/><input ref="/data/b"/><input ref="/data/c"/>`)), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[Ref]string{"/data/verdict": "/data/a /data/b", "/data/c": "/data/c", "/data/loose": "", "/data/nowhere": ""} {
		var got []string
		for _, r := range f.Sources(ref) {
			got = append(got, string(r))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s comes from %v, want %s", ref, got, want)
		}
	}
}
