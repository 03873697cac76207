package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/centralstore/postgrestest"
	"parvis/internal/delivery"
	"parvis/internal/respondent"
	"parvis/internal/study/importer"
	"parvis/sync/protocol"
)

func marshal(t testing.TB, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func compressor(t testing.TB) *protocol.Compressor {
	t.Helper()
	c, err := protocol.NewCompressor()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What an average interview of the sample study weighs on the wire, in a batch of 50: the goal is 1.2 KB.
func TestAnInterviewIsSmallOnTheWire(t *testing.T) {
	const goal = 1200
	s := sampleInterviews(t, 50, 20261122)
	zstd := compressor(t)
	weigh := func(records []delivery.Record) int {
		return len(zstd.Compress(protocol.AppendBatch(nil, records))) / len(records)
	}
	complete := s.complete()
	average := weigh(s.records)
	t.Logf("on the wire: %d bytes an interview in a batch of %d (goal %d); %d bytes in a batch of the %d complete ones alone",
		average, len(s.records), goal, weigh(complete), len(complete))
	if len(complete) < len(s.records)/2 {
		t.Fatalf("only %d of %d are complete: this weighs too little", len(complete), len(s.records))
	}
	if average > goal {
		t.Errorf("an interview weighs %d bytes, the goal is %d", average, goal)
	}
}

// BenchmarkBatchOnTheWire compresses a batch of 50 interviews of the sample study, as a device does before it sends.
func BenchmarkBatchOnTheWire(b *testing.B) {
	s := sampleInterviews(b, 50, 20261122)
	zstd, wire := compressor(b), 0
	for b.Loop() {
		wire = len(zstd.Compress(protocol.AppendBatch(nil, s.records)))
	}
	b.ReportMetric(float64(wire)/float64(len(s.records)), "bytes/interview")
}

// BenchmarkFiftyDevices has 50 devices push interviews of the sample study to a real central over loopback, each its next batch as
// soon as it has the receipts. Compressing is done beforehand: it is the devices' own work. PostgreSQL is a real one with every safety
// on.
func BenchmarkFiftyDevices(b *testing.B) {
	s := sampleInterviews(b, 40, 7)
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		b.Run(engine, func(b *testing.B) {
			var server *postgrestest.Server
			if engine == "PostgreSQL" {
				server = safeServer(b)
			}
			for i, size := range []int{50, 20, 10, 1} {
				db := ""
				if server != nil {
					name := fmt.Sprintf("parvis%d_%d", i, time.Now().UnixNano()) // a benchmark may be begun more than once
					if err := server.NewDatabase(context.Background(), name, ""); err != nil {
						b.Fatal(err)
					}
					db = server.Address(name)
				}
				b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) { fifty(b, db, s, size) })
			}
		})
	}
}

// safeServer is a PostgreSQL as it is without any setting, but for those of its size.
func safeServer(b *testing.B) *postgrestest.Server {
	b.Helper()
	dir, err := os.MkdirTemp("", "parvis-bench-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the server runs as another user
		b.Fatal(err)
	}
	s, err := postgrestest.Start(context.Background(), filepath.Join(dir, "server"))
	if errors.Is(err, postgrestest.ErrAbsent) {
		b.Skip(err)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Stop() })
	return s
}

// perDevice is how many interviews each device pushes in one turn of the benchmark.
const perDevice = 100

func fifty(b *testing.B, db string, s sampled, size int) {
	const devices = 50
	c := newCentralOver(b, db)
	if _, err := c.store.PutStudy(context.Background(), packed(s.pack)); err != nil {
		b.Fatal(err)
	}
	lines := make([]*line, devices)
	for i := range lines {
		lines[i] = &line{c: c, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}}}
		lines[i].enrol(b, s.pack.Study.ID)
	}
	zstd := compressor(b)
	var spent, work time.Duration
	var all []time.Duration
	wire := 0
	for b.Loop() {
		b.StopTimer()
		for _, l := range lines {
			l.prepare(b, s, zstd, perDevice/size, size)
			for _, batch := range l.batches {
				wire += len(batch)
			}
		}
		b.StartTimer()
		before := processor()
		took, each := together(b, lines)
		work += processor() - before
		spent, all = spent+took, append(all, each...)
	}
	slices.Sort(all)
	b.ReportMetric(float64(b.N*devices*perDevice)/spent.Seconds(), "interviews/s")
	b.ReportMetric(float64(all[len(all)*99/100].Milliseconds()), "p99-ms")
	b.ReportMetric(float64(work.Microseconds())/float64(b.N*devices*perDevice), "cpu-us/interview")
	b.ReportMetric(float64(wire)/float64(b.N*devices*perDevice), "bytes/interview")
	b.ReportMetric(0, "ns/op")
}

// together has every device push all its batches, and returns how long it took altogether and for each batch.
func together(b *testing.B, lines []*line) (took time.Duration, each []time.Duration) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	for _, l := range lines {
		wg.Go(func() {
			for _, batch := range l.batches {
				began := time.Now()
				l.push(b, batch)
				mu.Lock()
				each = append(each, time.Since(began))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return time.Since(start), each
}

func packed(p *importer.Package) centralstore.StudyPackage {
	out := centralstore.StudyPackage{Study: p.Study, Files: [][]byte{p.XForm}, Actor: "bench"}
	for _, m := range p.Media {
		out.Files = append(out.Files, m)
	}
	return out
}

// line is one device's connection.
type line struct {
	c       *central
	client  *http.Client
	given   protocol.EnrolAnswer
	seq     int64
	batches [][]byte
}

func (l *line) enrol(b testing.TB, study string) {
	code, err := l.c.store.NewCode(context.Background(), centralstore.CodeOrder{Studies: []string{study}, Interviewer: "0417", Valid: time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	res := l.post(b, protocol.PathEnrol, marshal(b, protocol.EnrolRequest{Code: code.Text}), "")
	if err := json.Unmarshal(res, &l.given); err != nil {
		b.Fatal(err)
	}
}

// prepare makes batches of interviews that differ in id, number and sum.
func (l *line) prepare(b testing.TB, s sampled, zstd *protocol.Compressor, batches, size int) {
	l.batches = nil
	for n := range batches {
		records := make([]delivery.Record, size)
		for i := range records {
			l.seq++
			r := s.records[(n*size+i)%len(s.records)]
			records[i] = respondent.Again(r, l.given.Epoch, l.seq)
		}
		l.batches = append(l.batches, zstd.Compress(protocol.AppendBatch(nil, records)))
	}
}

func (l *line) push(b testing.TB, batch []byte) {
	var a protocol.PushAnswer
	if err := json.Unmarshal(l.post(b, protocol.PathPush, batch, protocol.EncodingZstd), &a); err != nil {
		b.Error(err)
	}
	for _, r := range a.Receipts {
		if r.Status != protocol.Received {
			b.Errorf("%+v", r)
		}
	}
}

func (l *line) post(b testing.TB, path string, body []byte, encoding string) []byte {
	req, err := http.NewRequest(http.MethodPost, l.c.url()+path, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+l.given.Token)
	req.Header.Set("Content-Encoding", encoding)
	res, err := l.client.Do(req)
	if err != nil {
		b.Error(err)
		return nil
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Errorf("%d %s, %v", res.StatusCode, data, err)
	}
	return data
}
