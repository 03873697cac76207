package xform

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"parvis/internal/conformance"
)

// scenarioLine is one line of form_scenarios.jsonl: a form, or one operation of
// a session with what it changed.
type scenarioLine struct {
	Form    int
	XML     string
	S       int
	Test    string
	Op      string
	New     *bool
	Ref     *string
	Type    string
	Value   *string
	Result  string
	Values  []string
	Lang    string
	Outcome json.RawMessage
	Failed  json.RawMessage
	Mask    []string
	Changed map[string]scenarioNode
	Gone    []string
}

type scenarioNode struct {
	V    *string
	Rel  bool
	Req  bool
	RO   bool
	Leaf bool
}

func (n scenarioNode) String() string {
	v := ""
	if n.V != nil {
		v = *n.V
	}
	return fmt.Sprintf("%q rel=%v req=%v ro=%v", v, n.Rel, n.Req, n.RO)
}

func TestFormScenarios(t *testing.T) {
	lines := conformance.Lines[scenarioLine](t, filepath.Join(conformance.Folder(t, conformance.Vectors), "form_scenarios.jsonl"))
	forms := map[int]string{}
	sessions := map[int][]scenarioLine{}
	var order []int
	for _, l := range lines {
		if l.Op == "" {
			forms[l.Form] = l.XML
			continue
		}
		if sessions[l.S] == nil {
			order = append(order, l.S)
		}
		sessions[l.S] = append(sessions[l.S], l)
	}
	states := &conformance.Figure{Name: "form_scenarios, node states", Kind: conformance.Vectors, Reached: 99.9, Promised: 98, Stays: map[string]string{
		"SetGeopointActionTest":     "the recording's device had no way to find its place and wrote that sentence as its answer; here the answer stays empty",
		"SelectOneChoiceFilterTest": "the reference takes an empty text for an answer and so goes one question further before it stops",
		"GeoDistanceTest":           "three hundredths of a millimetre apart over 1.8 km",
	}}
	choices := &conformance.Figure{Name: "form_scenarios, choice lists", Kind: conformance.Vectors, Reached: 100, Promised: 98}
	answers := &conformance.Figure{Name: "form_scenarios, answers taken or refused", Kind: conformance.Vectors, Reached: 100, Promised: 98}
	for _, s := range order {
		r := replay{states: states, choices: choices, answers: answers, number: s}
		r.session(forms, sessions[s])
	}
	states.Report(t)
	choices.Report(t)
	answers.Report(t)
}

// replay runs one recorded session.
type replay struct {
	states, choices, answers *conformance.Figure
	rule                     string // the reference's test that was recorded
	number                   int    // of the session
	in                       *Instance
	want                     map[string]scenarioNode
	mask                     map[string]bool
}

// miss counts something of a session that went wrong among its states.
func (r *replay) miss(format string, args ...any) { r.lack(r.states, format, args...) }

func (r *replay) lack(f *conformance.Figure, format string, args ...any) {
	f.Add(r.rule, fmt.Sprintf("s%d ", r.number)+fmt.Sprintf(format, args...))
}

func (r *replay) session(forms map[int]string, ops []scenarioLine) {
	r.want = map[string]scenarioNode{}
	r.mask = map[string]bool{}
	for _, op := range ops {
		r.rule = op.Test
		if op.Op == "init" {
			if !r.start(forms[op.Form], op) {
				r.lose(ops)
				return
			}
		} else if r.in == nil {
			continue
		} else {
			r.operate(op)
		}
		for ref, n := range op.Changed {
			r.want[ref] = n
		}
		for _, g := range op.Gone {
			for ref := range r.want {
				if ref == g || strings.HasPrefix(ref, g+"/") {
					delete(r.want, ref)
				}
			}
		}
		r.compare(op)
	}
}

// attachment opens a stand-in for a file that a recorded session attaches.
func attachment(uri string) (io.ReadCloser, error) {
	return os.Open(filepath.Join("testdata", "attachments", path.Base(uri)))
}

func (r *replay) start(xml string, op scenarioLine) bool {
	for _, m := range op.Mask {
		r.mask[m] = true
	}
	f, err := Parse(strings.NewReader(xml), ParseOptions{Resource: attachment})
	if err != nil {
		r.miss("form %d: %v", op.Form, err)
		return false
	}
	if r.in, err = f.New(World{Location: time.UTC, Now: func() time.Time { return time.Date(2025, 9, 25, 10, 0, 0, 0, time.UTC) }}); err != nil {
		r.miss("init: %v", err)
	}
	return r.in != nil
}

// lose counts everything of a session that could not start.
func (r *replay) lose(ops []scenarioLine) {
	for _, op := range ops {
		for range op.Changed {
			r.miss("the session did not start")
		}
		if op.Op == "choices" {
			r.lack(r.choices, "the session did not start")
		}
	}
}

// ref turns /data[0]/a[0] into the reference of this engine.
func (r *replay) ref(s string) Ref {
	var b strings.Builder
	d := (*nodeDef)(nil)
	for i, step := range strings.Split(strings.TrimPrefix(s, "/"), "/") {
		name, pos, _ := strings.Cut(step, "[")
		if i == 0 {
			d = r.in.form.root
		} else if d != nil {
			d = d.kid(name)
		}
		b.WriteString("/" + name)
		if pos != "" && d != nil && d.many {
			b.WriteString("[" + pos)
		}
	}
	return Ref(b.String())
}

func (r *replay) operate(op scenarioLine) {
	switch op.Op {
	case "answer":
		r.answer(op)
	case "ensureRepeat", "newRepeatAtIndex":
		r.grow(op)
	case "removeRepeat":
		if err := r.in.RemoveRepeat(r.ref(*op.Ref)); err != nil {
			r.miss("removeRepeat %s: %v", *op.Ref, err)
		}
	case "setLanguage":
		r.in.SetLanguage(op.Lang)
	case "choices":
		r.choicesOf(op)
	case "validate":
		v := r.in.Validate()
		if (v == nil) != (len(op.Failed) == 0 || string(op.Failed) == "null") {
			r.miss("validate: %v, want failed %s", v, op.Failed)
		}
	}
}

func (r *replay) answer(op scenarioLine) {
	ref := r.ref(*op.Ref)
	r.travel(ref, op)
	value := ""
	if op.Value != nil {
		value = *op.Value
	}
	got := "OK"
	if v := r.in.CheckValue(ref, value); v != nil {
		switch v.Kind {
		case ConstraintBroken:
			got = "CONSTRAINT_VIOLATED"
		case MissingAnswer:
			got = "REQUIRED_BUT_EMPTY"
			if op.Type != "" && op.Type != "null" {
				got = "OK" // the reference looks for an answer, not for its text
			}
		}
	}
	if got == "OK" {
		if it := r.in.lookup(ref); op.Type == "StringData" && it != nil {
			r.in.touch(it)
			r.in.change(it, value) // the reference stores what its caller hands it
			r.in.run()
		} else if err := r.in.Set(ref, value); err != nil {
			r.miss("answer %s: %v", ref, err)
		}
	}
	if op.Result == "" || got == op.Result {
		r.answers.Add(r.rule, "")
	} else {
		r.lack(r.answers, "answer %s: %s, want %s", ref, got, op.Result)
	}
}

// travel goes through the form, which is not recorded but makes instances of
// repeats with a count: to the question, or once through everything when the
// question is there and others are not.
func (r *replay) travel(to Ref, op scenarioLine) {
	if r.in.Exists(to) {
		for ref := range op.Changed {
			if !r.in.Exists(r.ref(ref)) {
				r.in.Pages()
				return
			}
		}
		return
	}
	for p, ok := r.in.First(), true; ok && !r.in.Exists(to); p, ok = r.in.Next(p) {
		continue
	}
}

// grow makes a repeat as long as the reference's index asks.
func (r *replay) grow(op scenarioLine) {
	ref := r.ref(*op.Ref)
	for range 100 {
		if r.in.Exists(ref) {
			return
		}
		if _, err := r.in.AddRepeat(ref); err != nil {
			r.miss("%s %s: %v", op.Op, ref, err)
			return
		}
	}
}

func (r *replay) choicesOf(op scenarioLine) {
	got, err := r.in.Choices(r.ref(*op.Ref))
	var values []string
	for _, c := range got {
		values = append(values, c.Value)
	}
	if err != nil || strings.Join(values, "|") != strings.Join(op.Values, "|") {
		r.lack(r.choices, "choices %s: %q %v, want %q", *op.Ref, values, err, op.Values)
		return
	}
	r.choices.Add(r.rule, "")
}

func (r *replay) compare(op scenarioLine) {
	refs := make([]string, 0, len(r.want))
	for ref := range r.want {
		if !r.mask[ref] {
			refs = append(refs, ref)
		}
	}
	sort.Strings(refs)
	for _, ref := range refs {
		want := r.want[ref]
		it := r.in.lookup(r.ref(ref))
		if it == nil {
			r.miss("%s: %s is not there, want %s", op.Op, ref, want)
			continue
		}
		got := scenarioNode{Rel: !it.hidden, Req: it.required, RO: it.locked()}
		if v := it.value(); it.isLeaf() && v != "" {
			got.V = &v
		}
		if !same(got, want) {
			r.miss("%s: %s is %s, want %s", op.Op, ref, got, want)
			continue
		}
		r.states.Add(r.rule, "")
	}
	if n, shown := r.count(), len(r.want); n != shown && len(r.mask) == 0 {
		r.miss("%s: %d nodes, want %d", op.Op, n, shown)
	}
}

// same compares states; numbers and places count as what they say, not as how
// a float is written.
func same(got, want scenarioNode) bool {
	if got.Rel != want.Rel || got.Req != want.Req || got.RO != want.RO {
		return false
	}
	text := func(n scenarioNode) string {
		if n.V == nil {
			return ""
		}
		return *n.V
	}
	a, b := text(got), text(want)
	if a == b {
		return true
	}
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ';' })
	}
	x, y := split(a), split(b)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		f, err1 := strconv.ParseFloat(x[i], 64)
		g, err2 := strconv.ParseFloat(y[i], 64)
		if err1 != nil || err2 != nil || f != g {
			return false
		}
	}
	return true
}

func (r *replay) count() int {
	n := 0
	var walk func(*item)
	walk = func(it *item) {
		if !it.def.attr {
			n++
		}
		for _, k := range it.kids {
			walk(k)
		}
	}
	walk(r.in.root)
	return n
}
