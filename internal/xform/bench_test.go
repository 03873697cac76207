package xform

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parvis/internal/conformance"
)

func largeForm(b testing.TB) string {
	name := filepath.Join(conformance.Folder(b, conformance.Forms), "whova_form.xlsx.xform.xml")
	src, err := os.ReadFile(name)
	if err != nil {
		b.Skipf("the large questionnaire is not here (%s); set FORMS to its folder", name)
	}
	return string(src)
}

// cpu is the processor time this process has used: on a busy machine it says
// more than the clock.
func cpu(b testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLoad reads the WHO verbal autopsy form (goal: 60 ms).
func BenchmarkLoad(b *testing.B) {
	src := largeForm(b)
	b.ReportAllocs()
	start := cpu(b)
	for b.Loop() {
		if _, err := Parse(strings.NewReader(src), ParseOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpu(b)-start).Microseconds())/1e3/float64(b.N), "cpu-ms/op")
}

// scriptedAnswers is a fill of the large form: what a respondent answers, page
// by page.
func scriptedAnswers(b testing.TB, f *Form) map[Ref]string {
	in, err := f.New(testWorld(1))
	if err != nil {
		b.Fatal(err)
	}
	out := map[Ref]string{}
	r := rand.New(rand.NewPCG(1, 7))
	for p := in.First(); p.Kind != KindEnd; p, _ = in.Next(p) {
		for _, q := range in.Page(p).Questions {
			if q.ReadOnly || q.Control == Note {
				continue
			}
			for i := range 20 {
				v := candidate(q, r)
				for _, c := range q.Choices {
					if i == 0 && c.Value == "yes" {
						v = c.Value // opens most of the form
					}
				}
				if v != "" && in.CheckValue(q.Ref, v) == nil {
					if err := in.Set(q.Ref, v); err != nil {
						b.Fatal(err)
					}
					out[q.Ref] = v
					break
				}
			}
		}
	}
	return out
}

// BenchmarkFill answers the WHO verbal autopsy form from the first question to
// the end; an operation is the whole fill (goal: 7 ms). It reports the 99th
// percentile from an answer to the next question (goal: 1 ms).
func BenchmarkFill(b *testing.B) {
	f, err := Parse(strings.NewReader(largeForm(b)), ParseOptions{})
	if err != nil {
		b.Fatal(err)
	}
	answers := scriptedAnswers(b, f)
	var steps []time.Duration
	b.ReportAllocs()
	begin := cpu(b)
	for b.Loop() {
		in, err := f.New(testWorld(1))
		if err != nil {
			b.Fatal(err)
		}
		for p := in.First(); p.Kind != KindEnd; {
			start := time.Now()
			if v, ok := answers[p.Ref]; ok {
				if err := in.Set(p.Ref, v); err != nil {
					b.Fatal(err)
				}
			}
			p, _ = in.Next(p)
			if p.Kind != KindEnd {
				in.Page(p)
			}
			steps = append(steps, time.Since(start))
		}
	}
	b.ReportMetric(float64((cpu(b)-begin).Microseconds())/1e3/float64(b.N), "cpu-ms/op")
	slices.Sort(steps)
	b.ReportMetric(float64(len(answers)), "answers")
	b.ReportMetric(float64(steps[len(steps)*99/100].Microseconds()), "p99-µs/answer")
}

// BenchmarkSnapshot writes the filled large form as it is saved after each
// answer.
func BenchmarkSnapshot(b *testing.B) {
	f, err := Parse(strings.NewReader(largeForm(b)), ParseOptions{})
	if err != nil {
		b.Fatal(err)
	}
	in, err := f.New(testWorld(1))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := in.Snapshot(); err != nil {
			b.Fatal(err)
		}
	}
}

// longList is a form whose second question offers the towns, of n, that lie in
// the region chosen by the first.
func longList(n int) string {
	var b strings.Builder
	b.WriteString(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Towns</h:title><model><instance><data id="towns"><region/><town/><meta><instanceID/></meta></data></instance><instance id="towns"><root>`)
	for i := range n {
		fmt.Fprintf(&b, "<item><name>town%d</name><label>Town number %d</label><region>r%d</region></item>", i, i, i%(n/100+1))
	}
	b.WriteString(`</root></instance><bind nodeset="/data/region" type="string"/><bind nodeset="/data/town" type="string"/></model></h:head><h:body><input ref="/data/region"/><select1 ref="/data/town"><itemset nodeset="instance('towns')/root/item[region = /data/region ]"><value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>`)
	return b.String()
}

// BenchmarkLoadList reads forms with long lists (goal at 100,000: 600 ms and
// 80 MB).
func BenchmarkLoadList(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			src := longList(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(strings.NewReader(src), ParseOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			before := heap()
			f, err := Parse(strings.NewReader(src), ParseOptions{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(heap()-before)/1e6, "MB-held")
			runtime.KeepAlive(f)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkFilteredList shows the choices of a filtered long list after the
// answer it depends on changed (goal at 100,000: 0.5 ms).
func BenchmarkFilteredList(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f, err := Parse(strings.NewReader(longList(n)), ParseOptions{})
			if err != nil {
				b.Fatal(err)
			}
			in, err := f.New(testWorld(1))
			if err != nil {
				b.Fatal(err)
			}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				i++
				if err := in.Set("/data/region", fmt.Sprintf("r%d", i%(n/100+1))); err != nil {
					b.Fatal(err)
				}
				got, err := in.Choices("/data/town")
				if err != nil || len(got) < n/(n/100+1) {
					b.Fatalf("%d choices, %v", len(got), err)
				}
			}
		})
	}
}
