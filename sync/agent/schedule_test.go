package agent_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// answering makes every request get one answer, as a central would give it.
func answering(status int, problem string, header ...string) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		res := &http.Response{StatusCode: status, Header: http.Header{protocol.VersionHeader: {"1"}}, Body: io.NopCloser(bytes.NewReader([]byte(problem))), Request: r}
		for i := 0; i+1 < len(header); i += 2 {
			res.Header.Set(header[i], header[i+1])
		}
		return res, nil
	}
}

func TestThePauseGrowsAndIsKept(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	now := time.Now()
	d.now = func() time.Time { return now }
	d.open(t)
	d.ready(t, c)
	ctx := context.Background()
	d.net.spoil(noConnection)
	for i, most := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
		_, err := d.agent.Sync(ctx)
		wantReason(t, err, agent.Offline)
		if i == 3 { // a kill forgets nothing
			d.open(t)
		}
		plan, err := d.Schedule(ctx)
		if err != nil {
			t.Fatal(err)
		}
		pause := time.UnixMilli(plan.NextAttempt).Sub(now.Truncate(time.Millisecond))
		if plan.Failures != i+1 || pause > most || pause < most/2-time.Millisecond {
			t.Errorf("after failure %d: %d counted, a pause of %s; want between %s and %s", i+1, plan.Failures, pause, most/2, most)
		}
	}
	d.net.mend()
	d.sync(t)
	if plan, err := d.Schedule(ctx); err != nil || plan.Failures != 0 || plan.LastSuccess != now.UnixMilli() || plan.LastError != "" {
		t.Errorf("%+v, %v", plan, err)
	}
}

func TestCentralIsLeftAloneAsLongAsItAsks(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.net.spoil(answering(503, `{"code":"unavailable","title":"Later.","status":503,"retryable":true}`, "Retry-After", "1800"))
	before := time.Now()
	_, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.CentralTrouble)
	plan, err := d.Schedule(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if pause := time.UnixMilli(plan.NextAttempt).Sub(before); pause < 30*time.Minute-time.Second || pause > 31*time.Minute {
		t.Errorf("a pause of %s", pause)
	}
}

// The sizes of batches follow the luck of the connection.
func TestBatchesGrowAndShrink(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	ctx := context.Background()
	for range 45 {
		d.contact(t)
	}
	size := func() int {
		plan, err := d.Schedule(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return plan.Batch
	}
	d.net.spoil(on(protocol.PathPush, noConnection))
	for _, want := range []int{10, 5, 2, 1, 1} {
		if _, err := d.agent.Sync(ctx); err == nil || size() != want {
			t.Fatalf("a batch of %d after a failure, want %d; %v", size(), want, err)
		}
	}
	d.net.mend()
	d.sync(t)
	pushes := 0
	for _, path := range d.net.left() {
		if path == protocol.PathPush {
			pushes++
		}
	}
	if pushes != 6 || size() != 64 { // 1 2 4 8 16 and the last 15
		t.Errorf("46 records left in %d batches, the next would have %d", pushes, size())
	}
	exactlyOnce(t, c, d)
}

// A line that breaks whenever a batch takes too long: batches keep near the size that goes, instead of breaking every other time.
func TestBatchesRememberTheSizeThatBroke(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	for range 600 {
		d.contact(t)
	}
	const most = 35
	good, bad := 0, 0
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(data))
		batch, err := new(protocol.Inflater).Read(bytes.NewReader(data), r.Header.Get("Content-Encoding"), 1<<22)
		if err != nil {
			return nil, err
		}
		if records, err := protocol.ReadBatch(batch); err != nil || len(records) > most {
			bad++
			return nil, errCut
		}
		good++
		return next.RoundTrip(r)
	}))
	for try := 0; ; try++ {
		report, err := d.agent.Sync(context.Background())
		if err == nil && report.Waiting.Records == 0 {
			break
		}
		if try > 100 {
			t.Fatal("it does not end")
		}
	}
	if bad == 0 || bad*3 > good {
		t.Errorf("%d batches went and %d broke", good, bad)
	}
	exactlyOnce(t, c, d)
}

// On a slow line batches stay small even if they all arrive: what breaks would take too much with it.
func TestBatchesDoNotGrowOnASlowLine(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	at, takes := time.Now(), 10*time.Second
	d.now = func() time.Time { return at }
	d.open(t)
	d.ready(t, c)
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		at = at.Add(takes)
		return next.RoundTrip(r)
	}))
	for _, step := range []struct {
		takes time.Duration
		want  int
	}{{10 * time.Second, 20}, {40 * time.Second, 10}, {40 * time.Second, 5}, {10 * time.Second, 5}, {time.Second, 10}} {
		takes = step.takes
		d.contact(t)
		d.sync(t)
		if plan, err := d.Schedule(context.Background()); err != nil || plan.Batch != step.want {
			t.Errorf("after a batch of %s: %d, want %d, %v", step.takes, plan.Batch, step.want, err)
		}
	}
}

// A central (or a proxy before it) that takes less than the protocol says gets smaller batches, and nothing is set apart for it.
func TestARefusedBatchIsHalved(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	for range 12 {
		d.contact(t)
	}
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.ContentLength > 1200 {
			return answering(413, `{"code":"too_large","title":"The body is longer than this proxy takes.","status":413}`)(r, next)
		}
		return next.RoundTrip(r)
	}))
	if report := d.sync(t); len(report.Quarantined) != 0 || report.Sent != 13 {
		t.Fatalf("%+v", report)
	}
	exactlyOnce(t, c, d)
}

func TestRunFollowsTheScheduleAndTheKick(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	waits, due := make(chan time.Duration), make(chan time.Time)
	d.after = func(wait time.Duration) <-chan time.Time {
		waits <- wait
		return due
	}
	reports := make(chan error)
	d.agent = d.newAgent(t, agent.Params{Store: d.Store, Outbox: d.Store, Finished: func(_ agent.Report, err error) { reports <- err }})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.agent.Run(ctx) }()
	if wait := <-waits; wait != 0 {
		t.Errorf("a new device waits %s", wait)
	}
	due <- time.Now()
	wantReason(t, <-reports, agent.NotEnrolled)
	if wait := <-waits; wait < 14*time.Minute {
		t.Errorf("a device nobody enrolled asks again after %s", wait)
	}
	if _, err := d.agent.Enrol(ctx, c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	if err := <-reports; err != nil { // enrolling kicks
		t.Error(err)
	}
	if wait := <-waits; wait < 2*time.Minute || wait > 5*time.Minute {
		t.Errorf("after a good one it waits %s", wait)
	}
	d.agent.Kick()
	if err := <-reports; err != nil {
		t.Error(err)
	}
	<-waits
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range []agent.Reason{
		agent.NotEnrolled, agent.Offline, agent.NotCentral, agent.Insecure, agent.BadAddress, agent.BadCode, agent.BadPassword, agent.Revoked,
		agent.SignInAgain, agent.Forbidden, agent.CentralTooOld, agent.AppTooOld, agent.TooMany, agent.CentralTrouble, agent.Refused,
		agent.BadAnswer, agent.UnsentHere, agent.Storage, agent.Cancelled,
	} {
		text := agent.Explain(fmt.Errorf("outer: %w", &agent.Error{Reason: r}))
		if text.Key != "sync.error."+string(r) || len(text.English) < 10 || seen[text.English] {
			t.Errorf("%s: %+v", r, text)
		}
		seen[text.English] = true
	}
	if agent.Explain(nil) != (agent.Text{}) || agent.ReasonOf(context.Canceled) != agent.Cancelled {
		t.Error("nothing and a stop have words of their own")
	}
}

func TestWhatIsUnsentDoesNotGoToAnotherCentral(t *testing.T) {
	c, other := newCentral(t), newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	ctx := context.Background()
	code := other.code(t)
	_, err := d.agent.Enrol(ctx, other.address, code)
	wantReason(t, err, agent.UnsentHere)
	d.sync(t)
	token, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d.net.spoil(on(protocol.PathEnrol, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		data, err := io.ReadAll(r.Body)
		if err != nil || bytes.Contains(data, []byte(token.Token)) {
			t.Errorf("another central learns the token: %v", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(data))
		return next.RoundTrip(r)
	}))
	if _, err := d.agent.Enrol(ctx, other.address, code); err != nil {
		t.Fatal(err)
	}
}
