package centralstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"parvis/internal/centralstore/postgrestest"
	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// newOver opens empty centrals over an engine with every safety on.
func newOver(b *testing.B, engine string, count int) []*central {
	b.Helper()
	var s *postgrestest.Server
	if engine == "PostgreSQL" {
		s = safeServer(b)
	}
	all := make([]*central, count)
	for i := range all {
		c := &central{dir: b.TempDir()}
		c.clock.Store(start.UnixMilli())
		if s != nil {
			name := fmt.Sprintf("parvis%d", i)
			if err := s.NewDatabase(context.Background(), name, ""); err != nil {
				b.Fatal(err)
			}
			c.db = s.Address(name)
		}
		c.Store = c.open(b)
		all[i] = c
	}
	return all
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

// BenchmarkPush is 50 devices that push interviews of a kilobyte, over each engine with every safety on.
func BenchmarkPush(b *testing.B) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		for _, size := range []int{1, 10, 50} {
			b.Run(fmt.Sprintf("%s/batch=%d", engine, size), func(b *testing.B) { benchmarkPush(b, engine, size) })
		}
	}
}

func benchmarkPush(b *testing.B, engine string, size int) {
	c := newOver(b, engine, 1)[0]
	c.study(b, "mall")
	var devices []*device
	for n := range 50 {
		devices = append(devices, c.device(b, fmt.Sprintf("%04d", n), "mall"))
	}
	padding := strings.Repeat("a kilobyte of answers ", 40)
	var next atomic.Int64
	b.SetParallelism(25)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		d := devices[int(next.Add(1)-1)%len(devices)]
		var batch []delivery.Record
		flush := func() {
			if len(batch) > 0 {
				if _, err := c.Push(context.Background(), Push{Who: d.Principal, Records: incoming(batch...), HighSeq: d.seq}); err != nil {
					b.Error(err)
				}
				batch = batch[:0]
			}
		}
		for pb.Next() {
			r := d.record(b, delivery.KindInterview, "mall", "north")
			r = d.with(b, r, interview.Interview{ID: r.ID, Study: "mall", Site: "north", Started: interview.Moment{UTC: start.UnixMilli()}, Disposition: interview.Complete, Answers: padding})
			if batch = append(batch, r); len(batch) == size {
				flush()
			}
		}
		flush()
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interviews/s")
}
