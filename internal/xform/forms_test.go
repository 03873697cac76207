package xform

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/internal/conformance"
	"parvis/internal/xmltree"
)

// acceptedForms are the XForms that the reference makes of the real questionnaires.
func acceptedForms(t *testing.T) []string {
	dir := conformance.Folder(t, conformance.Forms)
	var out []string
	for _, l := range conformance.Lines[struct {
		File     string
		Accepted bool
	}](t, filepath.Join(dir, "manifest.jsonl")) {
		name := filepath.Join(dir, l.File+".xform.xml")
		if _, err := os.Stat(name); err == nil && l.Accepted {
			out = append(out, name)
		}
	}
	return out
}

// testWorld is the same world in every run.
func testWorld(seed uint64) World {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return World{
		Now:      func() time.Time { now = now.Add(time.Second); return now },
		Location: time.FixedZone("", 3600), Rand: rand.New(rand.NewPCG(seed, 1)),
		DeviceID: "device-1", Username: "ana",
	}
}

func TestRealFormsRunToTheEnd(t *testing.T) {
	ran, names := 0, acceptedForms(t)
	for _, name := range names {
		if t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(strings.NewReader(string(src)), ParseOptions{})
			if CodeOf(err) == BadForm {
				t.Logf("the reference engine refuses this form as well: %v", err)
				f, err = Parse(strings.NewReader(string(src)), ParseOptions{Tolerant: true})
			}
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(3) {
				in, err := f.New(testWorld(seed))
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				r := rand.New(rand.NewPCG(seed, 7))
				n := fill(t, in, r)
				if len(f.Questions()) > 0 && n == 0 {
					t.Errorf("seed %d: nothing was asked", seed)
				}
				checkOutputs(t, f, in)
			}
		}) {
			ran++
		}
	}
	fmt.Printf("real forms loaded and run to their end: %d/%d\n", ran, len(names))
}

// fill answers a questionnaire from the first page to the end and returns how
// many questions it met.
func fill(t *testing.T, in *Instance, r *rand.Rand) int {
	t.Helper()
	met := 0
	p := in.First()
	for steps := 0; p.Kind != KindEnd; steps++ {
		if steps > 20_000 {
			t.Fatalf("no end in sight at %s", p)
		}
		back, ok := ParsePosition(p.String())
		if !ok || back != p {
			t.Fatalf("position %q reads back as %q", p, back)
		}
		page := in.Page(p)
		if p.Kind != KindRepeatPrompt && len(page.Questions) == 0 {
			t.Fatalf("page %s asks nothing", p)
		}
		if p.Kind == KindRepeatPrompt {
			if page.Repeat == nil {
				t.Fatalf("prompt %s has no repeat", p)
			}
			if page.Repeat.Count < 2 {
				if _, err := in.AddRepeat(page.Repeat.Ref); err != nil {
					t.Fatalf("adding %s: %v", page.Repeat.Ref, err)
				}
				if next, ok := in.find(Position{Kind: KindRepeatPrompt, Ref: p.Ref}); !ok || next.it.count(next.c.def) != page.Repeat.Count+1 {
					t.Fatalf("%s did not grow", p.Ref)
				}
				if q, ok := in.enterRepeat(in.form.known(p.Ref.Generic()).repeat.control, in.lookup(p.Ref.Parent()), page.Repeat.Count); ok {
					p = in.position(q)
					continue
				}
			}
		}
		for _, q := range page.Questions {
			met++
			answer(t, in, q, r)
		}
		p, _ = in.Next(p)
	}
	return met
}

// answer tries values until one is allowed.
func answer(t *testing.T, in *Instance, q Question, r *rand.Rand) {
	if q.ReadOnly || q.Control == Note {
		return
	}
	for range 20 {
		v := candidate(q, r)
		if in.CheckValue(q.Ref, v) != nil {
			continue
		}
		if err := in.Set(q.Ref, v); err != nil && CodeOf(err) != BadForm {
			t.Errorf("%s = %q: %v", q.Ref, v, err)
		}
		return
	}
}

func candidate(q Question, r *rand.Rand) string {
	switch q.Control {
	case Select1:
		if len(q.Choices) == 0 {
			return ""
		}
		return q.Choices[r.IntN(len(q.Choices))].Value
	case Select, Rank:
		var out []string
		for _, c := range q.Choices {
			if q.Control == Rank || r.IntN(3) == 0 {
				out = append(out, c.Value)
			}
		}
		return strings.Join(out, " ")
	case Trigger:
		return "OK"
	case Range:
		return fmt.Sprint(q.Range.Start)
	}
	switch q.DataType {
	case Int:
		return fmt.Sprint(r.IntN(1 + 10*(1+r.IntN(30))))
	case Decimal:
		return fmt.Sprintf("%.1f", r.Float64()*50)
	case Date:
		return time.Date(2026, 1, 1+r.IntN(300), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case Time:
		return "14:30:00.000+01:00"
	case DateTime:
		return "2026-03-04T14:30:00.000+01:00"
	case Geopoint:
		return "48.85 2.35 0 0"
	case Geotrace:
		return "48.85 2.35 0 0; 48.86 2.36 0 0"
	case Geoshape:
		return "48.85 2.35 0 0; 48.86 2.36 0 0; 48.85 2.36 0 0; 48.85 2.35 0 0"
	case Boolean:
		return "true"
	}
	return [...]string{"text", "a & b < \"c\"", "été 2026", "12345", ""}[r.IntN(5)]
}

// checkOutputs writes and reads back what an instance writes.
func checkOutputs(t *testing.T, f *Form, in *Instance) {
	t.Helper()
	sub, err := in.Submission(nil)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := xmltree.Parse(strings.NewReader(string(sub)), xmltree.Limits{})
	if err != nil {
		t.Fatalf("the submission is not XML: %v\n%s", err, sub)
	}
	if strings.Contains(string(sub), spaceState) || strings.Contains(string(sub), "jr:template") {
		t.Error("the submission carries marks that are not ODK's")
	}
	meta := doc.Root().Child("meta")
	if meta == nil || meta.Child("instanceID") == nil || !strings.HasPrefix(meta.Child("instanceID").Text(), "uuid:") {
		t.Errorf("the submission has no meta/instanceID:\n%s", sub)
	}
	same := restored(t, f, in)
	again, err := same.Submission(nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(sub) {
		t.Errorf("the restored instance submits something else:\n%s\n%s", sub, again)
	}
}

func restored(t *testing.T, f *Form, in *Instance) *Instance {
	t.Helper()
	snap, err := in.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Restore(snap, testWorld(99))
	if err != nil {
		t.Fatalf("%v\n%s", err, snap)
	}
	out.SetLanguage(in.Language())
	if a, b := describe(in), describe(out); a != b {
		t.Fatalf("restored differs\n--- before\n%s\n--- after\n%s", a, b)
	}
	return out
}

// describe writes down everything a respondent could see.
func describe(in *Instance) string {
	var b strings.Builder
	for _, p := range in.Pages() {
		page := in.Page(p)
		fmt.Fprintf(&b, "%s %q\n", p, page.Section)
		if page.Repeat != nil {
			fmt.Fprintf(&b, "  repeat %+v\n", *page.Repeat)
		}
		for _, q := range page.Questions {
			q.Range = nil
			fmt.Fprintf(&b, "  %+v\n", q)
		}
	}
	snap, err := in.Snapshot()
	fmt.Fprintf(&b, "%s %v\n", snap, err)
	return b.String()
}
