//go:build unix

package export

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parvis/internal/export/archive"
)

// BenchmarkExport writes the files of as many interviews as EXPORT_ROWS says (100,000 by default) and prints rows a second, processor
// time a row and the most memory the process ever held. The generated bodies are those of a sample interview: 46 questions, 38 visits,
// five observations, about 8 KB.
func BenchmarkExport(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("EXPORT_ROWS")); err == nil {
		rows = n
	}
	bodies := make([][]byte, 2000)
	rng := rand.New(rand.NewPCG(1, 2))
	size := 0
	for i := range bodies {
		bodies[i] = bodyOf(b, exitInterview(rng))
		size += len(bodies[i])
	}
	generated := func(add func(Record) error) error {
		for i := range rows {
			if err := add(Record{Kind: KindInterview, ID: "generated", Body: bodies[i%len(bodies)]}); err != nil {
				return err
			}
		}
		return nil
	}
	kept := keptArchive(b, bodies, rows)
	pulled := func(add func(Record) error) error {
		return kept.Current(func(r archive.Record) error { return add(Record{Kind: r.Kind, ID: r.ID, Body: r.Body}) })
	}
	for _, c := range []struct {
		name    string
		without []string
		feed    func(func(Record) error) error
	}{
		{"InterviewsOnly", []string{Paradata, Timings, Audit, Observations, Verbatims}, generated}, {"AllFiles", nil, generated}, {"AllFilesFromArchive", nil, pulled},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				started, spent := time.Now(), processorTime(b)
				exportAll(b, c.without, rows, c.feed)
				b.ReportMetric(float64(rows)/time.Since(started).Seconds(), "rows/s")
				b.ReportMetric(float64((processorTime(b)-spent).Microseconds())/float64(rows), "cpu-µs/row")
			}
			b.ReportMetric(float64(size/len(bodies)), "bytes/body")
			b.ReportMetric(peakMB(b), "peak-MB")
		})
	}
}

func exportAll(b *testing.B, without []string, rows int, feed func(func(Record) error) error) {
	b.Helper()
	e, err := New(Params{Study: exitStudy(), Questionnaires: []*Questionnaire{exitQuestionnaire()}, Dir: b.TempDir(), Without: without})
	if err != nil {
		b.Fatal(err)
	}
	if err := feed(e.Add); err != nil {
		b.Fatal(err)
	}
	if s, err := e.Finish(); err != nil || s.Interviews != rows || s.Unreadable != 0 {
		b.Fatal(s, err)
	}
}

// keptArchive is an archive of that many interviews, as a pull leaves it.
func keptArchive(b *testing.B, bodies [][]byte, rows int) *archive.Archive {
	b.Helper()
	a, err := archive.Open(archive.Params{Dir: b.TempDir(), Central: "c", Study: "mall-exit"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	page := archive.Page{}
	for i := range rows {
		page.Records = append(page.Records, archive.Record{
			Kind: KindInterview, ID: fmt.Sprintf("019a0000-0000-7000-8000-%012x", i), Revision: 1, Body: bodies[i%len(bodies)],
		})
		if len(page.Records) == 500 || i == rows-1 {
			page.Cursor = strconv.Itoa(i)
			if err := a.Append(page); err != nil {
				b.Fatal(err)
			}
			page.Records = page.Records[:0]
		}
	}
	return a
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMB is the most memory the process ever held.
func peakMB(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.Sys) / (1 << 20)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err != nil {
				b.Fatal(err)
			}
			return float64(kb) / 1024
		}
	}
	return 0
}
