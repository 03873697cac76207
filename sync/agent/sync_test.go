package agent_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

func wantReason(t testing.TB, err error, reason agent.Reason) {
	t.Helper()
	if agent.ReasonOf(err) != reason {
		t.Fatalf("got %v, want reason %q", err, reason)
	}
}

func TestADayFromEnrolmentToDelivery(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	ctx := context.Background()
	_, err := d.agent.Sync(ctx)
	wantReason(t, err, agent.NotEnrolled)
	_, err = d.agent.Enrol(ctx, c.address, "2222-2222")
	wantReason(t, err, agent.BadCode)
	given, err := d.agent.Enrol(ctx, c.address, strings.ToLower(c.code(t)))
	if err != nil || given.Interviewer != "0417" || given.Central != c.url() {
		t.Fatalf("%+v, %v", given.Interviewer, err)
	}
	report := d.sync(t)
	if report.Pulled != 1 || report.Blobs != 2 {
		t.Errorf("%+v", report)
	}
	form, err := d.Form(ctx, "visit")
	card, err2 := d.Media(ctx, "visit", "card.png")
	if err != nil || err2 != nil || !bytes.Equal(form, c.form) || !bytes.Equal(card, c.card) {
		t.Fatalf("the questionnaire or its picture differ: %v, %v", err, err2)
	}
	d.ready(t, c) // enrols again: the same device, a new epoch
	again, err := d.Credentials(ctx)
	if err != nil || again.Device != given.Device || again.Epoch == given.Epoch {
		t.Fatalf("device %s, then %s; %v", given.Device, again.Device, err)
	}
	d.contact(t)
	d.interview(t)
	report = d.sync(t)
	if report.Sent != 5 || report.Interviews != 1 || report.Waiting.Records != 0 || report.BytesUp == 0 {
		t.Errorf("%+v", report) // the shift, a contact, and the interview with its contact's two revisions
	}
	exactlyOnce(t, c, d)
	log, err := d.SyncLog(ctx, 1)
	if err != nil || len(log) != 1 || log[0].Interviews != 1 || log[0].Error != "" {
		t.Errorf("%+v, %v", log, err)
	}
}

// Central has it, and the device does not know: it asks, and sends nothing twice.
func TestALostAnswerIsAskedFor(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	d.net.spoil(on(protocol.PathPush, lostAnswer))
	_, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	if got := states(d.rows(t)); got["in_flight"] != 4 {
		t.Fatalf("%v", got)
	}
	d.open(t) // a kill changes nothing
	d.net.mend()
	report := d.sync(t)
	if report.Sent != 4 || report.Duplicates != 4 || report.Interviews != 1 {
		t.Errorf("%+v", report)
	}
	if paths := d.net.left(); slices.Contains(paths, protocol.PathPush) || !slices.Contains(paths, protocol.PathHave) {
		t.Errorf("it went to %v", paths)
	}
	exactlyOnce(t, c, d)
}

func TestNothingIsLostHoweverARequestBreaks(t *testing.T) {
	faults := map[string]func(*http.Request, http.RoundTripper) (*http.Response, error){
		"no connection": noConnection, "cut request": cutRequest, "cut answer": cutAnswer, "lost answer": lostAnswer,
	}
	for name, fault := range faults {
		for _, path := range []string{protocol.PathPull, protocol.PathPush, protocol.PathHave} {
			t.Run(name+" on "+path, func(t *testing.T) {
				c := newCentral(t)
				d := newDevice(t, c)
				d.ready(t, c)
				d.interview(t)
				if path == protocol.PathHave {
					d.net.spoil(on(protocol.PathPush, lostAnswer))
					_, err := d.agent.Sync(context.Background())
					wantReason(t, err, agent.Offline)
				}
				d.net.spoil(on(path, fault))
				_, err := d.agent.Sync(context.Background())
				if err == nil {
					if name == "cut request" && path == protocol.PathPull {
						return // it has no body that could be cut
					}
					t.Fatal("it did not notice")
				}
				if agent.ReasonOf(err).Retryable() == false {
					t.Errorf("a broken connection is not tried again: %v", err)
				}
				d.net.mend()
				d.sync(t)
				exactlyOnce(t, c, d)
			})
		}
	}
}

func TestDeliveredTwiceIsStoredOnce(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	d.net.spoil(twice)
	if report := d.sync(t); report.Duplicates != 4 {
		t.Errorf("%+v", report)
	}
	exactlyOnce(t, c, d)
}

// A picture comes in pieces, each kept; what has come once is not fetched again.
func TestFilesGoOnWhereTheyBroke(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	if _, err := d.agent.Enrol(context.Background(), c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	path := protocol.PathBlob + delivery.Sum(c.card)
	chunks := 0
	for range 10 {
		here := 0
		d.net.spoil(on(path, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if here++; here > 1 {
				return cutAnswer(r, next)
			}
			chunks++
			return next.RoundTrip(r)
		}))
		if _, err := d.agent.Sync(context.Background()); err == nil {
			break
		}
	}
	if want := (len(c.card) + protocol.BlobChunk - 1) / protocol.BlobChunk; chunks != want {
		t.Errorf("%d chunks were fetched, %d are needed", chunks, want)
	}
	if card, err := d.Media(context.Background(), "visit", "card.png"); err != nil || !bytes.Equal(card, c.card) {
		t.Errorf("the picture differs: %v", err)
	}
}

func TestADamagedFileIsFetchedAnew(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	ctx := context.Background()
	if _, err := d.agent.Enrol(ctx, c.address, c.code(t)); err != nil {
		t.Fatal(err)
	}
	sum := delivery.Sum(c.card)
	d.net.spoil(on(protocol.PathBlob+sum, noConnection))
	if _, err := d.agent.Sync(ctx); err == nil {
		t.Fatal("the picture came without a connection")
	}
	if err := d.AppendBlob(ctx, sum, 0, []byte("not the picture")); err != nil {
		t.Fatal(err)
	}
	d.net.mend()
	_, err := d.agent.Sync(ctx)
	wantReason(t, err, agent.BadAnswer)
	d.sync(t)
	if card, err := d.Media(ctx, "visit", "card.png"); err != nil || !bytes.Equal(card, c.card) {
		t.Errorf("the picture differs: %v", err)
	}
}

func TestARevokedDeviceKeepsItsDataAndComesBack(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	ctx := context.Background()
	before, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.RevokeDevice(ctx, before.Device, "test"); err != nil {
		t.Fatal(err)
	}
	_, err = d.agent.Sync(ctx)
	wantReason(t, err, agent.Revoked)
	d.net.mend()
	_, err = d.agent.Sync(ctx)
	wantReason(t, err, agent.Revoked)
	if len(d.net.left()) != 0 {
		t.Error("a revoked device asks again")
	}
	if got := states(d.rows(t)); got["waiting"] != 4 {
		t.Fatalf("what it had not sent: %v", got)
	}
	after, err := d.agent.Enrol(ctx, c.address, c.code(t))
	if err != nil || after.Device != before.Device {
		t.Fatal(after.Device, before.Device, err)
	}
	d.interview(t)
	d.sync(t)
	exactlyOnce(t, c, d)
}

// Central comes back from a copy of yesterday. It says what it misses, and the devices send it again.
func TestARestoredCentralGetsBackWhatItLost(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	d.sync(t)
	c.stop(t)
	copied, old := t.TempDir(), c.dir
	if err := os.CopyFS(copied, os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	c.start(t)
	d.interview(t)
	d.contact(t)
	d.sync(t)
	exactlyOnce(t, c, d)
	c.stop(t)
	c.dir = copied
	c.start(t)
	report := d.sync(t)
	if report.Requeued != 4 || report.Sent != 4 {
		t.Errorf("%+v", report)
	}
	exactlyOnce(t, c, d)
}

func TestOneBadRecordDoesNotBlockTheQueue(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.contact(t)
	d.interview(t)
	d.net.spoil(on(protocol.PathPush, damaged))
	report := d.sync(t)
	d.net.mend()
	if len(report.Quarantined) != 1 || report.Interviews != 1 || report.Waiting.Records != 0 {
		t.Fatalf("%+v", report)
	}
	got := states(d.rows(t))
	if got["quarantined"] != len(report.Quarantined) || got["waiting"] != 0 {
		t.Errorf("%v", got)
	}
	kept, err := c.store.Quarantined(context.Background(), 10)
	if err != nil || len(kept) != len(report.Quarantined) || kept[0].Cause != centralstore.BadSum {
		t.Fatalf("%+v, %v", kept, err)
	}
	if again := d.sync(t); len(again.Quarantined) != 0 || again.Sent != 0 {
		t.Errorf("it goes on about it: %+v", again)
	}
}

func TestCancellingStopsAtOnceAndLosesNothing(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	reached := make(chan struct{})
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		close(reached)
		<-r.Context().Done()
		return nil, r.Context().Err()
	}))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { _, err := d.agent.Sync(ctx); done <- err }()
	<-reached
	cancel()
	select {
	case err := <-done:
		wantReason(t, err, agent.Cancelled)
	case <-time.After(30 * time.Second):
		t.Fatal("it does not stop")
	}
	d.net.mend()
	d.sync(t)
	exactlyOnce(t, c, d)
}

// A person stops also what the schedule began.
func TestWhatBeganByItselfCanBeStopped(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.interview(t)
	reached, ended := make(chan struct{}), make(chan error, 1)
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		close(reached)
		<-r.Context().Done()
		return nil, r.Context().Err()
	}))
	a := d.newAgent(t, agent.Params{Store: d.Store, Outbox: d.Store, Finished: func(_ agent.Report, err error) { ended <- err }})
	a.Stop() // nothing runs
	ctx, quit := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = a.Run(ctx) }) // it returns nil
	a.Kick()
	<-reached
	a.Stop()
	wantReason(t, <-ended, agent.Cancelled)
	d.net.mend()
	a.Kick()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	quit()
	running.Wait()
	exactlyOnce(t, c, d)
}

// A record that central refuses by itself, whatever it comes with, is set apart on the device; one that is refused because central
// refuses everything is not.
func TestARecordRefusedByItselfIsSetApart(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	for range 6 {
		d.contact(t)
	}
	d.interview(t)
	var poison string
	for id := range d.rows(t) {
		poison = max(poison, id.ID)
	}
	refuse := answering(http.StatusUnprocessableEntity, `{"code":"brand_new","title":"Central cannot take this.","status":422}`)
	d.net.spoil(on(protocol.PathPush, func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(data))
		batch, err := new(protocol.Inflater).Read(bytes.NewReader(data), r.Header.Get("Content-Encoding"), 1<<22)
		if err != nil || bytes.Contains(batch, []byte(poison)) {
			return refuse(r, next)
		}
		return next.RoundTrip(r)
	}))
	report := d.sync(t)
	rows := d.rows(t)
	apart := states(rows)["quarantined"]
	if report.Waiting.Records != 0 || apart == 0 || apart != len(report.Quarantined) || report.Sent != len(rows)-apart || apart > 3 {
		t.Errorf("%+v, %v", report, states(rows))
	}
	for id, row := range rows {
		if (row.state == "quarantined") != (id.ID == poison || bytes.Contains(row.body, []byte(poison))) {
			t.Errorf("%+v is %s", id, row.state)
		}
		if row.state == "quarantined" && !strings.Contains(row.reason, "Central cannot take this.") {
			t.Errorf("%q", row.reason)
		}
	}
}
