// Package load plays devices that push interviews to a central over the network, each its next batch as soon as it has the receipts,
// and measures what that takes. It reaches central through the field app's own client and knows nothing of central's insides.
package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/respondent"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// Params is what a run needs.
type Params struct {
	Central string
	Codes   []string // one for each device
	// Interviews are what the devices push, over and over, each time under other ids.
	Interviews []delivery.Record
	Batch      int           // interviews in a push
	Total      int           // interviews in all; 0 for no bound
	Duration   time.Duration // 0 for no bound
	Now        func() time.Time
	// Progress is called every so often with the figures so far; nil for nobody.
	Progress func(Figures)
	Every    time.Duration
}

// MostBatch is how many interviews fit into a push.
const MostBatch = protocol.MaxBatchRecords

// run is one run of the generator.
type run struct {
	p     Params
	left  atomic.Int64 // interviews that no device has taken on yet
	meter meter
}

// Run enrols a device with every code and has them push until the total is there, the time is over or ctx ends; that is no error. The
// figures are those of what was done, also where it fails.
func Run(ctx context.Context, p Params) (Figures, error) {
	if len(p.Codes) == 0 || len(p.Interviews) == 0 || p.Batch < 1 || p.Batch > protocol.MaxBatchRecords {
		return Figures{}, fmt.Errorf("a run needs codes, interviews and batches of 1 to %d", protocol.MaxBatchRecords)
	}
	r := &run{p: p}
	r.meter.now = p.Now
	r.left.Store(int64(p.Total))
	if p.Total == 0 {
		r.left.Store(1 << 60)
	}
	devices, err := r.enrol(ctx)
	if err != nil || ctx.Err() != nil {
		return r.meter.figures(), err
	}
	r.meter.begin()
	until, cancel := context.WithCancel(ctx)
	defer cancel()
	if p.Duration > 0 {
		until, cancel = context.WithTimeout(until, p.Duration)
		defer cancel()
	}
	watching := r.watch(until)
	errs := make([]error, len(devices))
	var wg sync.WaitGroup
	for i, d := range devices {
		wg.Go(func() { errs[i] = d.work(until) })
	}
	wg.Wait()
	figures := r.meter.figures()
	cancel()
	<-watching
	return figures, errors.Join(errs...)
}

// watch tells of the progress until ctx ends.
func (r *run) watch(ctx context.Context) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		if r.p.Progress == nil || r.p.Every <= 0 {
			return
		}
		tick := time.NewTicker(r.p.Every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				r.p.Progress(r.meter.figures())
			}
		}
	}()
	return ended
}

// enrolTogether is how many devices enrol at the same time: central hashes each code, which takes its memory.
const enrolTogether = 4

func (r *run) enrol(ctx context.Context) ([]*device, error) {
	devices, errs := make([]*device, len(r.p.Codes)), make([]error, len(r.p.Codes))
	var wg sync.WaitGroup
	turn := make(chan struct{}, enrolTogether)
	for i, code := range r.p.Codes {
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			devices[i] = &device{run: r, at: i}
			errs[i] = devices[i].enrol(ctx, code)
		})
	}
	wg.Wait()
	return devices, errors.Join(errs...)
}

// device is one of those that push.
type device struct {
	run    *run
	at     int
	client *agent.Client
	epoch  string
	seq    int64
}

func (d *device) enrol(ctx context.Context, code string) error {
	transport := agent.NewTransport()
	transport.DialContext = d.run.meter.counted(transport.DialContext)
	client, err := agent.NewClient(agent.ClientParams{Central: d.run.p.Central, Transport: transport, Now: d.run.p.Now})
	if err != nil {
		return err
	}
	d.client = client
	var given protocol.EnrolAnswer
	err = d.persist(ctx, func() (err error) {
		given, err = client.Enrol(ctx, protocol.EnrolRequest{Code: code, Platform: runtime.GOOS + "/" + runtime.GOARCH, AppVersion: "bench"})
		return err
	})
	if err != nil {
		return err
	}
	client.Authorise(given.Token)
	d.epoch = given.Epoch
	return d.practice(ctx)
}

// practice makes sure that what this device would push to is the practice study: with codes from elsewhere, nothing else says so.
func (d *device) practice(ctx context.Context) error {
	want := d.run.p.Interviews[0].Study
	found := false
	for cursor, more := "", true; more && ctx.Err() == nil; {
		var page protocol.PullAnswer
		err := d.persist(ctx, func() (err error) { page, err = d.client.Pull(ctx, cursor); return err })
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if item.Kind != delivery.ItemStudy {
				continue
			}
			if item.ID != want {
				return fmt.Errorf("a code is for the study %s: load is for %s alone, and nothing was pushed", item.ID, want)
			}
			found = true
		}
		cursor, more = page.Cursor, page.More
	}
	if !found && ctx.Err() == nil {
		return fmt.Errorf("central has no study %s for the device of a code", want)
	}
	return ctx.Err()
}

// work pushes until there is nothing left to do. A push that is under way when ctx ends is ended first, so that what was taken in is
// counted.
func (d *device) work(ctx context.Context) error {
	whole := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		records := d.next()
		if len(records) == 0 {
			return nil
		}
		var answer protocol.PushAnswer
		err := d.persist(ctx, func() (err error) {
			began := d.run.p.Now()
			if answer, err = d.client.Push(whole, records); err == nil {
				d.run.meter.took(d.run.p.Now().Sub(began))
			}
			return err
		})
		if ctx.Err() != nil && len(answer.Receipts) == 0 {
			return nil // given up while central was not answering
		}
		if err != nil {
			return err
		}
		d.run.meter.receipts(answer.Receipts, len(records))
	}
	return nil
}

// next takes on a batch.
func (d *device) next() []delivery.Record {
	n := int64(d.run.p.Batch)
	if left := d.run.left.Add(-n); left < 0 {
		n += left
	}
	var records []delivery.Record
	for range n {
		all := d.run.p.Interviews
		r := all[(int(d.seq)+d.at*7)%len(all)] // the devices do not push the same at the same time
		d.seq++
		records = append(records, respondent.Again(r, d.epoch, d.seq))
	}
	return records
}

// The wait before an exchange is tried again, where central names none.
const (
	firstWait   = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// persist tries until it works, ctx ends, or trying again is of no use.
func (d *device) persist(ctx context.Context, do func() error) error {
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		err := do()
		if err == nil {
			return nil
		}
		var known *agent.Error
		if !errors.As(err, &known) || !known.Reason.Retryable() || ctx.Err() != nil {
			d.run.meter.failed()
			return err
		}
		d.run.meter.retried(known.Reason)
		pause := max(known.RetryAfter, wait/2+rand.N(wait/2))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}
