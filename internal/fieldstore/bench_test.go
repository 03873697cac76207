package fieldstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/sqlitefile"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

// bigForm is the questionnaire of the WHO verbal autopsy; the shared folder has its workbook.
func bigForm(b *testing.B) []byte {
	b.Helper()
	const path = "../../../shared/forms/whova_form.xlsx"
	text, err := os.ReadFile(path)
	if err != nil {
		b.Skipf("the workbook of the WHO verbal autopsy is not here: %v", err)
	}
	book, err := xlsform.Open(path, bytes.NewReader(text), int64(len(text)), xlsform.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	result, problems := xlsform.Convert(book, xlsform.Options{})
	if result == nil {
		b.Fatalf("%v", problems)
	}
	return result.XML
}

// BenchmarkSaveAnswer saves answers of a questionnaire of many hundred questions, each with the whole questionnaire's snapshot and
// a step, and between them bare commits of one small row. The 99th percentiles and their ratio are reported; the goal is 1.5.
func BenchmarkSaveAnswer(b *testing.B) {
	ctx, d := context.Background(), newDevice(b)
	d.text = bigForm(b)
	d.study.Form.SHA256, d.study.Form.Size = delivery.Sum(d.text), int64(len(d.text))
	d.pull(b, d.study)
	d.fetch(b, d.text)
	form, err := xform.Parse(bytes.NewReader(d.text), xform.ParseOptions{})
	if err != nil {
		b.Fatal(err)
	}
	in, err := form.New(xform.World{})
	if err != nil {
		b.Fatal(err)
	}
	snapshot, err := in.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	shift := d.shift(b, false)
	draft := interview.Draft{ID: "draft", Study: "visit", FormSHA256: d.study.Form.SHA256, Shift: shift.ID, Contact: "contact", Snapshot: snapshot}
	contact := interview.Contact{ID: "contact", Study: "visit", Shift: shift.ID, Disposition: interview.InProgress}
	if err := d.Begin(ctx, interview.Opening{Draft: draft, Contact: contact, Step: interview.Step{Number: 1}}); err != nil {
		b.Fatal(err)
	}
	bare := bareFile(b)
	var saves, commits []time.Duration
	number := 1
	for b.Loop() {
		number++
		answered := bytes.Replace(snapshot, []byte("></"), fmt.Appendf(nil, ">%d</", number), 1)
		start := time.Now()
		if err := d.Save(ctx, interview.Saving{
			Draft: "draft", OpenMS: int64(number), Position: "question:/data/q", Snapshot: answered,
			Step: &interview.Step{Number: number, Kind: interview.StepAnswer, Question: "/data/q", OpenMS: int64(number)},
		}); err != nil {
			b.Fatal(err)
		}
		saves = append(saves, time.Since(start))
		b.StopTimer()
		commits = append(commits, bareCommit(b, bare))
		b.StartTimer()
	}
	b.ReportMetric(float64(len(snapshot)), "snapshot-bytes")
	b.ReportMetric(p99(saves), "p99-us")
	b.ReportMetric(p99(commits), "bare-p99-us")
	b.ReportMetric(p99(saves)/p99(commits), "ratio")
	b.ReportMetric(median(saves), "median-us")
}

// BenchmarkBareCommit is the yardstick: one small row, committed.
func BenchmarkBareCommit(b *testing.B) {
	f := bareFile(b)
	var commits []time.Duration
	for b.Loop() {
		commits = append(commits, bareCommit(b, f))
	}
	b.ReportMetric(p99(commits), "p99-us")
	b.ReportMetric(median(commits), "median-us")
}

func bareFile(b *testing.B) *sqlitefile.File {
	b.Helper()
	schema := fstest.MapFS{"00001_t.sql": {Data: []byte("-- +goose Up\nCREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT);\n")}}
	f, err := sqlitefile.Open(context.Background(), sqlitefile.Params{Path: filepath.Join(b.TempDir(), "bare.db"), Migrations: schema})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return f
}

func bareCommit(b *testing.B, f *sqlitefile.File) time.Duration {
	b.Helper()
	start := time.Now()
	if err := f.Write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO t (y) VALUES ('answer')")
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func p99(all []time.Duration) float64    { return quantile(all, 0.99) }
func median(all []time.Duration) float64 { return quantile(all, 0.5) }

// quantile in microseconds.
func quantile(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return float64(sorted[min(int(q*float64(len(sorted))), len(sorted)-1)].Microseconds())
}
