package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// fleet is a central and many devices, each with its own way there, that have interviews of the sample study to deliver.
type fleet struct {
	central *central
	arrived *arrivals
	devices []*sender
}

// sender is one device.
type sender struct {
	*device
	proxy *toxiproxy.Proxy
	wire  *wire
	// failed counts synchronisations that broke.
	failed int
}

func newFleet(t testing.TB, s sampled, devices, interviews int, dice *rand.Rand) *fleet {
	t.Helper()
	f := &fleet{arrived: &arrivals{}}
	f.central = &central{dir: t.TempDir(), address: "127.0.0.1:0", now: time.Now, watch: f.arrived.watch}
	f.central.start(t)
	t.Cleanup(func() { f.central.stop(t) })
	if _, err := f.central.store.PutStudy(context.Background(), packed(s.pack)); err != nil {
		t.Fatal(err)
	}
	f.devices = make([]*sender, devices)
	var all sync.WaitGroup
	for i := range f.devices {
		share := interviews/devices + min(1, max(0, interviews%devices-i))
		own := rand.New(rand.NewPCG(dice.Uint64(), uint64(i)))
		all.Go(func() { f.devices[i] = f.newSender(t, s, share, own) })
	}
	all.Wait()
	return f
}

func (f *fleet) newSender(t testing.TB, s sampled, interviews int, dice *rand.Rand) *sender {
	ctx, study := context.Background(), s.pack.Study
	d := &sender{proxy: newProxy(t, f.central.address)}
	d.wire = &wire{next: agent.NewTransport()}
	d.device = &device{net: &network{base: d.wire}, path: filepath.Join(t.TempDir(), "field.sqlite"), now: time.Now}
	d.open(t)
	code, err := f.central.store.NewCode(ctx, centralstore.CodeOrder{Studies: []string{study.ID}, Interviewer: "0417", Valid: time.Hour, Actor: "test"})
	if err != nil {
		t.Error(err)
		return d
	}
	if _, err := d.agent.Enrol(ctx, d.proxy.Listen, code.Text); err != nil {
		t.Error(err)
		return d
	}
	if _, err := d.agent.Sync(ctx); err != nil {
		t.Error(err)
		return d
	}
	if d.shift, err = d.StartShift(ctx, fieldstore.ShiftStart{Study: study.ID, Site: study.Sites[0].Name, Entrance: study.Sites[0].Entrances[0].Name}); err != nil {
		t.Error(err)
		return d
	}
	order := dice.Perm(len(s.records))
	for n := range interviews {
		d.keep(t, s, s.records[order[n%len(order)]])
	}
	return d
}

// keep makes an interview that was conducted before one of this device's own, through the device's own store.
func (d *sender) keep(t testing.TB, s sampled, model delivery.Record) {
	ctx := context.Background()
	var i interview.Interview
	if err := json.Unmarshal(model.Body, &i); err != nil {
		t.Error(err)
		return
	}
	now := interview.MomentOf(time.Now())
	i.ID, i.Contact, i.Shift = uuid.Must(uuid.NewV7()).String(), uuid.Must(uuid.NewV7()).String(), d.shift.ID
	i.Site, i.Entrance = d.shift.Site, d.shift.Entrance
	contact := interview.Contact{ID: i.Contact, Study: i.Study, Shift: i.Shift, Site: i.Site, Entrance: i.Entrance, Interviewer: i.Interviewer, At: now, Disposition: interview.InProgress, Interview: i.ID}
	if err := d.Begin(ctx, interview.Opening{
		Draft: interview.Draft{
			ID: i.ID, Study: i.Study, Form: i.Form, FormVersion: i.FormVersion, FormSHA256: s.pack.Study.Form.SHA256, Shift: i.Shift, Contact: i.Contact,
			Site: i.Site, Entrance: i.Entrance, Interviewer: i.Interviewer, Started: now, Position: "b", Snapshot: []byte("s"),
		},
		Step: interview.Step{Number: 1, Kind: interview.StepStart, At: now}, Contact: contact,
	}); err != nil {
		t.Error(err)
		return
	}
	contact.Disposition = i.Disposition
	if err := d.End(ctx, interview.Ending{Interview: i, Contact: contact, Kept: interview.Kept{Snapshot: []byte("s"), Position: "e"}}); err != nil {
		t.Error(err)
	}
}

// wire counts the bodies that leave a device, as far as the system took them.
type wire struct {
	next http.RoundTripper
	sent atomic.Int64 // bytes of bodies
	// broken are the lengths of the batches whose exchange broke.
	broken, brokenBatches atomic.Int64
}

// RoundTrip counts.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return w.next.RoundTrip(r)
	}
	length := r.ContentLength
	r = r.Clone(r.Context())
	r.Body, r.GetBody = &counted{r.Body, &w.sent}, nil
	res, err := w.next.RoundTrip(r)
	batch := r.URL.Path == protocol.PathPush
	if err != nil && batch {
		w.brokenBatches.Add(1)
		w.broken.Add(length)
	}
	if err == nil && batch {
		res.Body = &cutShort{ReadCloser: res.Body, cut: func() { w.brokenBatches.Add(1); w.broken.Add(length) }}
	}
	return res, err
}

type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

// Read counts.
func (c *counted) Read(into []byte) (int, error) {
	n, err := c.ReadCloser.Read(into)
	c.n.Add(int64(n))
	return n, err
}

// cutShort tells of an answer that broke off.
type cutShort struct {
	io.ReadCloser
	cut func()
}

// Read tells.
func (c *cutShort) Read(into []byte) (int, error) {
	n, err := c.ReadCloser.Read(into)
	if err != nil && err != io.EOF {
		c.cut()
	}
	return n, err
}

// arrivals is what central sees of batches.
type arrivals struct {
	batches, records atomic.Int64
	needed           atomic.Int64 // bytes of batches, as far as they brought something new
	again            atomic.Int64 // records that central had before
}

func (a *arrivals) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != protocol.PathPush {
			next.ServeHTTP(w, r)
			return
		}
		size := &atomic.Int64{}
		r.Body = &counted{r.Body, size}
		answer := &kept{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		a.take(size.Load(), answer)
	})
}

// take counts a batch that central has committed, whether its answer arrives or not.
func (a *arrivals) take(size int64, answer *kept) {
	body, err := new(protocol.Inflater).Read(&answer.body, answer.Header().Get("Content-Encoding"), protocol.MaxAnswerBytes)
	var given protocol.PushAnswer
	if err != nil || json.Unmarshal(body, &given) != nil || len(given.Receipts) == 0 {
		return
	}
	fresh := int64(0)
	for _, r := range given.Receipts {
		if r.Status == protocol.Received {
			fresh++
		}
	}
	all := int64(len(given.Receipts))
	a.batches.Add(1)
	a.records.Add(fresh)
	a.again.Add(all - fresh)
	a.needed.Add(size * fresh / all)
}

// kept remembers what was answered.
type kept struct {
	http.ResponseWriter
	body bytes.Buffer
}

// Write remembers.
func (k *kept) Write(data []byte) (int, error) {
	k.body.Write(data)
	return k.ResponseWriter.Write(data)
}
