package xlsform

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"parvis/internal/xmltree"
	"parvis/internal/xpath"
)

// dataFolder finds shared test data, or skips the test saying why.
func dataFolder(t testing.TB, env, name string) string {
	t.Helper()
	dir := os.Getenv(env)
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", name)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no %s: %v (set %s to a folder that has them)", name, err, env)
	}
	return dir
}

// floorFor is the share below which a test fails: what has been reached with the
// shared data, and what is promised with any other.
func floorFor(env string, reached, promised float64) float64 {
	if os.Getenv(env) != "" {
		return promised
	}
	return reached
}

// tally counts one figure and its misses by rule.
type tally struct {
	name     string
	hit, all int
	floor    float64
	byRule   map[string][]string
}

func (y *tally) add(ok bool, rule, detail string) {
	y.all++
	if ok {
		y.hit++
		return
	}
	if y.byRule == nil {
		y.byRule = map[string][]string{}
	}
	y.byRule[rule] = append(y.byRule[rule], detail)
}

func (y *tally) report(t *testing.T) {
	t.Helper()
	share := 100 * float64(y.hit) / float64(max(y.all, 1))
	fmt.Printf("%s: %d/%d %.1f %%\n", y.name, y.hit, y.all, share)
	rules := make([]string, 0, len(y.byRule))
	for r := range y.byRule {
		rules = append(rules, r)
	}
	sort.Strings(rules)
	for _, r := range rules {
		fmt.Printf("  missed: %s (%d)\n", r, len(y.byRule[r]))
		if testing.Verbose() {
			for _, d := range y.byRule[r] {
				fmt.Printf("    %s\n", d)
			}
		}
	}
	if share < y.floor {
		t.Errorf("%s: %.2f %% is below the floor of %.2f %%", y.name, share, y.floor)
	}
}

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

func readLines[T any](t testing.TB, path string) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("no cases: %v", err)
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, v)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConformanceCases(t *testing.T) {
	dir := dataFolder(t, "VECTORS", "vectors")
	accept := &tally{name: "xlsform accept/refuse", floor: floorFor("VECTORS", 100, 98)}
	same := &tally{name: "xlsform same form", floor: floorFor("VECTORS", 99.5, 97)}
	assert := &tally{name: "xlsform xpath assertions", floor: floorFor("VECTORS", 99.5, 97)}
	for _, c := range readLines[xlsformCase](t, filepath.Join(dir, "xlsform_cases.jsonl")) {
		where := fmt.Sprintf("#%d %s", c.N, c.ID)
		result, diags := convertCase(c)
		failed := result == nil
		accept.add(failed == c.Errored, c.rule(), fmt.Sprintf("%s\n      reference: %s\n      ours: %v", where, c.GotError, diags))
		if c.Errored || failed {
			continue
		}
		compareForms(same, c.rule(), where, string(result.XML), c.XForm)
		checkAssertions(t, assert, c, where, string(result.XML))
	}
	accept.report(t)
	same.report(t)
	assert.report(t)
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

func compareForms(y *tally, rule, where, got, want string) {
	w, err := shapeOf(want)
	if err != nil {
		return
	}
	g, err := shapeOf(got)
	if err != nil {
		y.add(false, rule, where+" ours does not parse: "+err.Error())
		return
	}
	diff := g.differences(w)
	y.add(len(diff) == 0, rule, where+"\n      "+strings.Join(diff, "\n      "))
}

func assertionNamespaces() map[string]string {
	return map[string]string{
		"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml",
		"jr": "http://openrosa.org/javarosa", "orx": "http://openrosa.org/xforms",
		"odk": "http://www.opendatakit.org/xforms", "ev": "http://www.w3.org/2001/xml-events",
		"entities": "http://www.opendatakit.org/xforms/entities",
	}
}

func checkAssertions(t *testing.T, y *tally, c xlsformCase, where, xml string) {
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
		y.add(err == nil && len(nodes) == 1, c.rule(), fmt.Sprintf("%s %d nodes, %v: %s", where, len(nodes), err, squeeze(src)))
	}
	for _, raw := range c.XPathCount {
		var src string
		var want int
		if err := json.Unmarshal(raw, &[]any{&src, &want}); err != nil {
			t.Fatal(err)
		}
		nodes, err := find(src)
		y.add(err == nil && len(nodes) == want, c.rule(), fmt.Sprintf("%s %d nodes not %d, %v: %s", where, len(nodes), want, err, squeeze(src)))
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
		y.add(err == nil && strings.Join(got, "|") == strings.Join(want, "|"), c.rule(), fmt.Sprintf("%s %q not %q, %v: %s", where, got, want, err, squeeze(src)))
	}
}

type formEntry struct {
	File     string
	Path     string
	Accepted bool
	Error    string
}

func TestConformanceForms(t *testing.T) {
	dir := dataFolder(t, "FORMS", "forms")
	accept := &tally{name: "xlsform real forms accepted/refused", floor: floorFor("FORMS", 100, 98)}
	same := &tally{name: "xlsform real forms same form", floor: floorFor("FORMS", 100, 97)}
	for _, f := range readLines[formEntry](t, filepath.Join(dir, "manifest.jsonl")) {
		result, diags, err := convertFile(filepath.Join(dir, f.File), f.Path)
		failed := result == nil
		accept.add(failed != f.Accepted, f.File, fmt.Sprintf("reference: %s\n      ours: %v %v", f.Error, err, diags))
		if failed || !f.Accepted {
			continue
		}
		want, err := os.ReadFile(filepath.Join(dir, f.File+".xform.xml"))
		if err != nil {
			continue
		}
		compareForms(same, f.File, f.File, string(result.XML), string(want))
	}
	accept.report(t)
	same.report(t)
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
	dir := dataFolder(t, "VECTORS", "vectors")
	rows := &tally{name: "xlsform refusals name the reference's row", floor: floorFor("VECTORS", 100, 97)}
	for _, c := range readLines[xlsformCase](t, filepath.Join(dir, "xlsform_cases.jsonl")) {
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
		rows.add(found, c.rule(), fmt.Sprintf("#%d %s\n      reference: %s\n      ours: %v", c.N, c.ID, c.GotError, diags))
	}
	rows.report(t)
}
