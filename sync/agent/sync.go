package agent

import (
	"context"
	"log/slog"
	"time"

	"parvis/internal/delivery"
)

// Sync pulls, delivers, fetches files and sends pictures once, now, and sets when Run tries next. It returns what was done even where it fails; the
// error is an *Error. It waits for another Sync of this agent to end first.
func (a *Agent) Sync(ctx context.Context) (Report, error) {
	if err := a.begin(ctx, "synchronising"); err != nil {
		return Report{}, err
	}
	defer a.end()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	a.stoppable(stop)
	defer a.stoppable(nil)
	r := &run{a: a, report: Report{Started: a.p.Now()}}
	err := r.all(ctx)
	r.byRelay(ctx, err)
	if r.client != nil {
		r.client.http.GetClient().CloseIdleConnections() // the next one may come over another network
	}
	if ReasonOf(err) == Erase && a.p.Outbox != nil {
		return r.report, r.erase(context.WithoutCancel(ctx), err)
	}
	r.report.Took = a.p.Now().Sub(r.report.Started)
	if kept := r.conclude(context.WithoutCancel(ctx), err); err == nil {
		err = kept
	}
	a.p.Finished(r.report, err)
	return r.report, err
}

// Stop ends the synchronisation that runs now, whoever asked for it; what was sent is safe, and the next one comes as planned.
func (a *Agent) Stop() {
	a.running.Lock()
	defer a.running.Unlock()
	if a.stop != nil {
		a.stop()
	}
}

func (a *Agent) stoppable(stop context.CancelFunc) {
	a.running.Lock()
	defer a.running.Unlock()
	a.stop = stop
}

// erase does what the owner of the study ordered.
func (r *run) erase(ctx context.Context, order error) error {
	r.a.p.Logger.Warn("the owner of the study ordered this device to be erased")
	if err := r.a.p.Outbox.Erase(ctx); err != nil {
		return stored(ctx, "erasing the device", err)
	}
	r.a.p.Finished(r.report, order)
	return order
}

// run is one synchronisation.
type run struct {
	a      *Agent
	c      delivery.Credentials
	client *Client
	plan   delivery.Schedule
	report Report
	told   bool                // central has heard of the epochs as client has them
	clock  delivery.ClockCheck // zero where central was not heard
	// incarnation is central's, as the latest pull told; "" where it did not say.
	incarnation string
}

func (r *run) all(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	var first error
	for _, stage := range []func(context.Context) error{
		r.pull, r.lease, r.reclaim, r.deliver, r.meanwhile, r.decide, r.oversee, r.plans, r.forward, r.lendable, r.fetch, r.attach,
	} {
		err := stage(ctx)
		if err == nil {
			continue
		}
		if first == nil {
			first = err
		}
		if ReasonOf(err).stops() {
			break
		}
	}
	return first
}

// meanwhile delivers what was made while the rest was under way.
func (r *run) meanwhile(ctx context.Context) error {
	out := r.a.p.Outbox
	if out == nil {
		return nil
	}
	for range mostVisits {
		more, err := out.Unvisited(ctx)
		if err != nil || !more {
			return stored(ctx, "looking for what is new", err)
		}
		if err := r.visit(ctx); err != nil {
			return err
		}
		if err := r.deliver(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) prepare(ctx context.Context) error {
	const doing = "synchronising"
	var err error
	if r.plan, err = r.a.p.Store.Schedule(ctx); err != nil {
		return stored(ctx, doing, err)
	}
	if r.c, err = r.a.p.Store.Credentials(ctx); err != nil {
		return stored(ctx, doing, err)
	}
	switch {
	case r.c.IsZero():
		return failed(doing, NotEnrolled, nil)
	case r.c.Revoked:
		return failed(doing, Revoked, nil)
	}
	if r.client, err = r.a.client(r.c.Central, r.c.Token); err != nil {
		return err
	}
	r.client.traffic = func(up, down int64) { r.report.BytesUp += up; r.report.BytesDown += down }
	r.client.skew = func(d time.Duration) {
		r.report.Skew = d
		r.clock = delivery.ClockCheck{At: r.a.p.Now().UnixMilli(), SkewMS: d.Milliseconds()}
	}
	return r.visit(ctx)
}

// conclude keeps what was learnt: when to try next, that the token ended, a line in the log.
func (r *run) conclude(ctx context.Context, err error) error {
	reason := ReasonOf(err)
	if reason == Revoked && !r.c.Revoked && !r.c.IsZero() {
		r.c.Revoked = true
		if err := r.a.p.Store.SaveCredentials(ctx, r.c); err != nil {
			return stored(ctx, "keeping that the token ended", err)
		}
	}
	if r.a.p.Outbox != nil {
		if waiting, err := r.a.p.Outbox.Waiting(ctx); err == nil {
			r.report.Waiting = waiting
		}
	}
	r.a.p.Logger.Info("synchronised", slog.String("reason", string(reason)), slog.Int("pulled", r.report.Pulled), slog.Int("sent", r.report.Sent),
		slog.Int("quarantined", len(r.report.Quarantined)), slog.Int("waiting", r.report.Waiting.Records), slog.Int64("bytes_up", r.report.BytesUp))
	if r.clock.At != 0 {
		if err := r.a.p.Store.SaveClockCheck(ctx, r.clock); err != nil {
			return stored(ctx, "keeping the check of the clock", err)
		}
	}
	if err := r.a.p.Store.SaveSchedule(ctx, r.a.soon(r.a.next(r.plan, err), r.report.Relayed)); err != nil {
		return stored(ctx, "keeping the schedule", err)
	}
	if reason == Locked { // nothing was tried
		return nil
	}
	if err := r.a.p.Store.LogSync(ctx, r.report.entry(err)); err != nil {
		return stored(ctx, "keeping the log", err)
	}
	return nil
}
