package agent_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/sync/agent"
)

// faults are the ways in which connections are spoilt here, by name.
func faults(seed uint64) map[string][]toxic {
	slow := []toxic{
		towards("bandwidth", map[string]any{"rate": 12}), back("bandwidth", map[string]any{"rate": 12}), // KB/s: about 100 kbit/s
	}
	return map[string][]toxic{
		"lost answer": {back("lost_answer", map[string]any{"chance": 0.25, "seed": seed})},
		"reset": {
			towards("cut", map[string]any{"mean": 30_000, "seed": seed}),
			// reset_peer itself does nothing here; that it stands in the row makes every end of these connections a reset
			{Type: "reset_peer", Stream: "upstream", Toxicity: 0, Attributes: map[string]any{"timeout": 1}},
		},
		"100 kbit/s, 600 ms, 2 % loss": append([]toxic{
			towards("latency", map[string]any{"latency": 300, "jitter": 50}), back("latency", map[string]any{"latency": 300, "jitter": 50}),
			towards("loss", map[string]any{"chance": 0.02, "wait_ms": 1000, "seed": seed}), back("loss", map[string]any{"chance": 0.02, "wait_ms": 1000, "seed": seed}),
		}, slow...),
		"3 s at a time": append([]toxic{towards("life", map[string]any{"ms": 3000}), back("life", map[string]any{"ms": 3000})}, slow...),
	}
}

// Over real sockets that lose answers, reset, crawl and die: everything drains, each record is at central once, and what was sent
// beyond the necessary is at most 5 % and one batch for each cut. SOAK=1 has 10,000 interviews drain in each fault.
func TestEverythingDrainsOverBadConnections(t *testing.T) {
	devices, interviews, samples := 6, 150, 30
	if os.Getenv("SOAK") != "" {
		devices, interviews, samples = 40, 10_000, 120
	}
	s := sampleInterviews(t, samples, 20261122)
	seed := uint64(1)
	for name := range faults(seed) {
		t.Run(name, func(t *testing.T) {
			if os.Getenv("SOAK") == "" {
				t.Parallel()
			}
			f := newFleet(t, s, devices, interviews, seeded(t, seed))
			if t.Failed() {
				t.FailNow()
			}
			for i, d := range f.devices {
				d.wire.sent.Store(0) // enrolling is over
				poison(t, d.proxy, faults(seed + uint64(i))[name])
			}
			began := time.Now()
			f.drain(t)
			f.judge(t, interviews, !strings.Contains(name, "loss"), time.Since(began))
		})
	}
}

// drain has every device synchronise until nothing waits.
func (f *fleet) drain(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Hour)
	defer stop()
	var all sync.WaitGroup
	for _, d := range f.devices {
		all.Go(func() {
			for ctx.Err() == nil {
				report, err := d.agent.Sync(ctx)
				if err == nil && report.Waiting.Records == 0 {
					return
				}
				if err != nil && !agent.ReasonOf(err).Retryable() {
					t.Errorf("it gave up: %v", err)
					return
				}
				d.failed++
				time.Sleep(20 * time.Millisecond) // the schedule's own pauses are tested elsewhere
			}
		})
	}
	all.Wait()
}

// judge holds what was sent to what was needed, and central to the devices.
func (f *fleet) judge(t *testing.T, interviews int, breaks bool, took time.Duration) {
	t.Helper()
	var sent, broken, batches int64
	failed := 0
	devices := make([]*device, len(f.devices))
	for i, d := range f.devices {
		sent += d.wire.sent.Load()
		broken += d.wire.broken.Load()
		batches += d.wire.brokenBatches.Load()
		failed += d.failed
		devices[i] = d.device
	}
	needed := f.arrived.needed.Load()
	extra := sent - needed
	t.Logf("%d interviews of %d devices in %s: %d synchronisations broke, %d of them in a batch; %d records in %d batches of %d KB needed once, "+
		"%d KB sent, beyond the necessary %d KB (%.1f %%), of it in broken batches at most %d KB; %d records sent again that central had",
		interviews, len(f.devices), took.Round(100*time.Millisecond), failed, batches, f.arrived.records.Load(), f.arrived.batches.Load(), needed>>10, sent>>10, extra>>10,
		100*float64(extra)/float64(needed), broken>>10, f.arrived.again.Load())
	if failed == 0 && breaks {
		t.Error("nothing broke: this tests nothing")
	}
	if extra > needed/20+broken {
		t.Errorf("%d bytes were sent beyond the necessary %d, with broken batches of %d bytes altogether", extra, needed, broken)
	}
	if again := f.arrived.again.Load(); again > 0 && strings.HasSuffix(t.Name(), "lost_answer") {
		t.Errorf("%d records were sent again although central could have said that it has them", again)
	}
	exactlyOnce(t, f.central, devices...)
}
