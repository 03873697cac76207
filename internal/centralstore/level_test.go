package centralstore

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// The two centrals that are compared.
const (
	fewStored  = 10_000
	manyStored = 1_000_000
)

// BenchmarkLevel compares what calls cost with 1,000,000 interviews stored and with 10,000: in turn, so that whatever else the machine
// does meets both. The ratio is that of the medians; level means about 1. One turn of it is the whole measurement.
func BenchmarkLevel(b *testing.B) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		b.Run(engine, func(b *testing.B) {
			both := newOver(b, engine, 2)
			few, many := both[0].fill(b, fewStored), both[1].fill(b, manyStored)
			for _, c := range costs() {
				b.Run(c.name, func(b *testing.B) {
					for b.Loop() {
						compare(b, c, few, many)
					}
				})
			}
			b.Run("memory", func(b *testing.B) { memory(b, many) })
		})
	}
}

// cost is a call whose price is compared.
type cost struct {
	name  string
	times int
	// call prepares one: what it returns is measured.
	call func(f *stocked, b *testing.B, dice *rand.Rand) func() error
}

func costs() []cost {
	return []cost{
		{"push of 20", 300, (*stocked).pushing},
		{"pull by a device", 300, (*stocked).devicePulling},
		{"page of 500 for research", 60, latest((*stocked).researchPage)},
		{"page of 500 for a supervisor of one site", 60, latest((*stocked).supervisorPage)},
		// What nobody has read for long has to come from the disk first.
		{"page of 500 for research, anywhere", 60, anywhere((*stocked).researchPage)},
		{"page of 500 for a supervisor of one site, anywhere", 60, anywhere((*stocked).supervisorPage)},
		{"counts by day", 10, (*stocked).counts},
		{"status", 10, (*stocked).status},
	}
}

func compare(b *testing.B, c cost, few, many *stocked) {
	dice := rand.New(rand.NewPCG(1, 2))
	both, took := [2]*stocked{few, many}, [2][]time.Duration{}
	for range c.times {
		for i, f := range both {
			call := c.call(f, b, dice)
			began := time.Now()
			if err := call(); err != nil {
				b.Fatal(err)
			}
			took[i] = append(took[i], time.Since(began))
		}
	}
	median := [2]time.Duration{}
	for i := range took {
		slices.Sort(took[i])
		median[i] = took[i][len(took[i])/2]
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(median[0]), "ms@10k")
	b.ReportMetric(ms(median[1]), "ms@1M")
	b.ReportMetric(ms(took[1][len(took[1])*99/100]), "p99-ms@1M")
	b.ReportMetric(float64(median[1])/float64(median[0]), "ratio")
	b.ReportMetric(0, "ns/op")
}

func (f *stocked) pushing(b *testing.B, dice *rand.Rand) func() error {
	d := f.devices[dice.IntN(len(f.devices))]
	at := interview.Moment{UTC: start.UnixMilli(), Offset: 60}
	var batch []delivery.Record
	for range 20 {
		r := d.record(b, delivery.KindInterview, fillStudy, "north")
		batch = append(batch, d.with(b, r, interview.Interview{
			ID: r.ID, Study: fillStudy, Site: "north", Started: at, Ended: at, Disposition: interview.Complete, Answers: strings.Repeat("a kilobyte of answers ", 40),
		}))
	}
	push := Push{Who: d.Principal, Records: incoming(batch...), HighSeq: d.seq}
	return func() error {
		done, err := f.Push(context.Background(), push)
		if err == nil && done.Receipts[19].Status != delivery.Received {
			err = fmt.Errorf("%+v", done.Receipts[19])
		}
		return err
	}
}

// devicePulling is a device that has all and asks what is new.
func (f *stocked) devicePulling(_ *testing.B, dice *rand.Rand) func() error {
	d := f.devices[dice.IntN(len(f.devices))]
	q := PullQuery{Who: d.Principal, Cursor: f.cursorAt(f.rows), HighSeq: d.seq, Limit: 500, Bytes: 1 << 20}
	return func() error { _, err := f.Pull(context.Background(), q); return err }
}

// cursorAt is a cursor after n changes, or thereabouts: those of the study itself and its devices come first.
func (f *stocked) cursorAt(n int) string {
	text, err := cursor{Incarnation: f.insides().self.incarnation, At: map[string]int64{fillStudy: int64(n)}}.text()
	if err != nil {
		panic(err)
	}
	return text
}

// latest is a page of the newest records, as who pulls day by day reads them.
func latest(page func(*stocked, int) func() error) func(*stocked, *testing.B, *rand.Rand) func() error {
	return func(f *stocked, _ *testing.B, dice *rand.Rand) func() error {
		return page(f, f.rows-3000-dice.IntN(fewStored-3000))
	}
}

// anywhere is a page of records of any age.
func anywhere(page func(*stocked, int) func() error) func(*stocked, *testing.B, *rand.Rand) func() error {
	return func(f *stocked, _ *testing.B, dice *rand.Rand) func() error { return page(f, dice.IntN(f.rows-3000)) }
}

func (f *stocked) researchPage(after int) func() error {
	return f.page(PullQuery{Who: researcher(fillStudy), Study: fillStudy, Cursor: f.cursorAt(after)})
}

func (f *stocked) supervisorPage(after int) func() error {
	who := Principal{User: "sam", Grants: []Grant{{Role: Supervisor, Study: fillStudy, Site: "south"}}}
	return f.page(PullQuery{Who: who, Cursor: f.cursorAt(after)})
}

func (f *stocked) page(q PullQuery) func() error {
	q.Limit, q.Bytes = 500, 4<<20
	return func() error {
		page, err := f.Pull(context.Background(), q)
		if err == nil && len(page.Entries) < 400 {
			err = fmt.Errorf("a page of %d", len(page.Entries))
		}
		return err
	}
}

func (f *stocked) counts(*testing.B, *rand.Rand) func() error {
	return func() error {
		list, err := f.Tallies(context.Background(), researcher(fillStudy), fillStudy)
		total := 0
		for _, t := range list {
			total += t.Count
		}
		if err == nil && total < f.rows {
			err = fmt.Errorf("%d are counted of %d", total, f.rows)
		}
		return err
	}
}

func (f *stocked) status(*testing.B, *rand.Rand) func() error {
	return func() error { _, err := f.Status(context.Background()); return err }
}

// memory is the most that this process holds while it opens the store of a million anew, takes in pushes and gives out pages.
func memory(b *testing.B, f *stocked) {
	if runtime.GOOS != "linux" {
		b.Skip("the peak is read where Linux writes it")
	}
	for b.Loop() {
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		debug.FreeOSMemory()
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil { // the peak begins anew
			b.Skip(err)
		}
		f.Store = f.open(b)
		dice := rand.New(rand.NewPCG(3, 4))
		for _, c := range costs() {
			for range 20 {
				if err := c.call(f, b, dice)(); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(peak(b), "peak-MB")
	b.ReportMetric(0, "ns/op")
}

func peak(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := bytes.Cut(text, []byte("VmHWM:"))
	fields := strings.Fields(string(after))
	kb, err := strconv.Atoi(fields[0])
	if err != nil {
		b.Fatal(err)
	}
	return float64(kb) / 1024
}
