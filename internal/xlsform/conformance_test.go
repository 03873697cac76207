package xlsform

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"parvis/internal/conformance"
	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

type xlsformCase struct {
	ID         string
	N          int
	MD         string
	Name       string
	Errored    bool
	GotError   string            `json:"got_error"`
	XPathMatch []string          `json:"xpath_match"`
	XPathCount []json.RawMessage `json:"xpath_count"`
	XPathExact []json.RawMessage `json:"xpath_exact"`
	XForm      string
}

// rule is the reference's test that a case belongs to.
func (c xlsformCase) rule() string {
	parts := strings.Split(c.ID, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

func TestConformanceCases(t *testing.T) {
	dir := conformance.Folder(t, conformance.Vectors)
	accept := &conformance.Figure{Name: "xlsform accept/refuse", Kind: conformance.Vectors, Reached: 100, Promised: 98}
	same := &conformance.Figure{Name: "xlsform same form", Kind: conformance.Vectors, Reached: 99.5, Promised: 97, Stays: map[string]string{
		"test_image_question_custom_col_calc": "the reference writes a dictionary of its own programming language into the attribute",
	}}
	assert := &conformance.Figure{Name: "xlsform xpath assertions", Kind: conformance.Vectors, Reached: 99.5, Promised: 97, Stays: map[string]string{
		"test_select_with_dynamic_option_label": "only the spaces that the reference sets around an inserted answer",
	}}
	for _, c := range conformance.Lines[xlsformCase](t, filepath.Join(dir, "xlsform_cases.jsonl")) {
		where := fmt.Sprintf("#%d %s", c.N, c.ID)
		result, diags := convertCase(c)
		failed := result == nil
		accept.Check(failed == c.Errored, c.rule(), fmt.Sprintf("%s\n      reference: %s\n      ours: %v", where, c.GotError, diags))
		if c.Errored || failed {
			continue
		}
		compareForms(same, c.rule(), where, string(result.XML), c.XForm)
		checkAssertions(t, assert, c, where, string(result.XML))
	}
	accept.Report(t)
	same.Report(t)
	assert.Report(t)
}

func convertCase(c xlsformCase) (*Result, Diagnostics) {
	w, err := ReadMarkdown("", c.MD)
	if err != nil {
		var d Diagnostic
		errors.As(err, &d)
		return nil, Diagnostics{d}
	}
	return Convert(w, Options{Root: c.Name})
}

func compareForms(y *conformance.Figure, rule, where, got, want string) {
	w, err := shapeOf(want)
	if err != nil {
		return
	}
	g, err := shapeOf(got)
	if err != nil {
		y.Check(false, rule, where+" ours does not parse: "+err.Error())
		return
	}
	diff := g.differences(w)
	y.Check(len(diff) == 0, rule, where+"\n      "+strings.Join(diff, "\n      "))
}

func assertionNamespaces() map[string]string {
	return map[string]string{
		"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml",
		"jr": "http://openrosa.org/javarosa", "orx": "http://openrosa.org/xforms",
		"odk": "http://www.opendatakit.org/xforms", "ev": "http://www.w3.org/2001/xml-events",
		"entities": "http://www.opendatakit.org/xforms/entities",
	}
}

func checkAssertions(t *testing.T, y *conformance.Figure, c xlsformCase, where, xml string) {
	doc, err := xmltree.ParseString(xml, xmltree.Limits{})
	if err != nil {
		return
	}
	find := func(src string) ([]*xmltree.Node, error) {
		e, err := xpath.Compile(strings.TrimSpace(src), xpath.Options{Namespaces: assertionNamespaces()})
		if err != nil {
			return nil, err
		}
		return e.EvalNodes(&xpath.Context{Node: doc, Position: 1, Size: 1, Env: xpath.World{}})
	}
	for _, src := range c.XPathMatch {
		nodes, err := find(src)
		y.Check(err == nil && len(nodes) == 1, c.rule(), fmt.Sprintf("%s %d nodes, %v: %s", where, len(nodes), err, squeeze(src)))
	}
	for _, raw := range c.XPathCount {
		var src string
		var want int
		if err := json.Unmarshal(raw, &[]any{&src, &want}); err != nil {
			t.Fatal(err)
		}
		nodes, err := find(src)
		y.Check(err == nil && len(nodes) == want, c.rule(), fmt.Sprintf("%s %d nodes not %d, %v: %s", where, len(nodes), want, err, squeeze(src)))
	}
	for _, raw := range c.XPathExact {
		var src string
		var want []string
		if err := json.Unmarshal(raw, &[]any{&src, &want}); err != nil {
			t.Fatal(err)
		}
		nodes, err := find(src)
		var got []string
		for _, n := range nodes {
			got = append(got, n.Text())
		}
		sort.Strings(got)
		sort.Strings(want)
		y.Check(err == nil && strings.Join(got, "|") == strings.Join(want, "|"), c.rule(), fmt.Sprintf("%s %q not %q, %v: %s", where, got, want, err, squeeze(src)))
	}
}

type formEntry struct {
	File     string
	Path     string
	Accepted bool
	Error    string
}

func TestConformanceForms(t *testing.T) {
	dir := conformance.Folder(t, conformance.Forms)
	accept := &conformance.Figure{Name: "xlsform real forms accepted/refused", Kind: conformance.Forms, Reached: 100, Promised: 98}
	same := &conformance.Figure{Name: "xlsform real forms same form", Kind: conformance.Forms, Reached: 100, Promised: 97}
	for _, f := range conformance.Lines[formEntry](t, filepath.Join(dir, "manifest.jsonl")) {
		result, diags, err := convertFile(filepath.Join(dir, f.File), f.Path)
		failed := result == nil
		accept.Check(failed != f.Accepted, f.File, fmt.Sprintf("reference: %s\n      ours: %v %v", f.Error, err, diags))
		if failed || !f.Accepted {
			continue
		}
		want, err := os.ReadFile(filepath.Join(dir, f.File+".xform.xml"))
		if err != nil {
			continue
		}
		compareForms(same, f.File, f.File, string(result.XML), string(want))
	}
	accept.Report(t)
	same.Report(t)
}

// convertFile converts a workbook under the name that the reference knew it by.
func convertFile(path, name string) (*Result, Diagnostics, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	w, err := Open(name, f, st.Size(), Limits{})
	if err != nil {
		return nil, nil, err
	}
	r, d := Convert(w, Options{})
	return r, d, nil
}

// TestConformanceRows: where the reference names a row, so do we, and the same.
func TestConformanceRows(t *testing.T) {
	dir := conformance.Folder(t, conformance.Vectors)
	rows := &conformance.Figure{Name: "xlsform refusals name the reference's row", Kind: conformance.Vectors, Reached: 100, Promised: 97}
	for _, c := range conformance.Lines[xlsformCase](t, filepath.Join(dir, "xlsform_cases.jsonl")) {
		var want int
		if !c.Errored {
			continue
		}
		if _, err := fmt.Sscanf(c.GotError, "PyXFormError: [row : %d]", &want); err != nil {
			continue
		}
		_, diags := convertCase(c)
		found := false
		for _, d := range diags.Problems() {
			found = found || d.Row == want
		}
		rows.Check(found, c.rule(), fmt.Sprintf("#%d %s\n      reference: %s\n      ours: %v", c.N, c.ID, c.GotError, diags))
	}
	rows.Report(t)
}
