package agent_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// site is a central, a tablet that reaches only the laptop, and the laptop, which reaches nobody yet.
func site(t *testing.T) (*central, *device, *laptop) {
	t.Helper()
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	l := newLaptop(t)
	l.signIn(t, c)
	l.pair(t, d)
	d.sync(t)
	d.net.spoil(noConnection)
	l.net.spoil(noConnection)
	return c, d, l
}

// From a tablet without a way to central over a laptop without one, through a lost answer at every hop and a power cut on both sides,
// everything arrives once, byte by byte; nothing is marked sent before central's own receipt is here; and then the laptop keeps nothing.
func TestALaptopCarries(t *testing.T) {
	c, d, l := site(t)
	d.interview(t)
	d.contact(t)
	waiting := len(d.made(t)) - 1 // the shift is at central
	l.between.kept = func() { l.door.lose.Store(true) }
	report, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	if report.RelayError == "" || report.Carried != 0 {
		t.Errorf("the laptop's answer was lost, and the tablet says %+v", report)
	}
	l.between.kept = nil
	d.open(t)
	l.kill(t)
	if report := carried(t, d); report.Carried != waiting || d.states(t)["sent"] != 1 {
		t.Errorf("carried %d of %d, %v", report.Carried, waiting, d.states(t))
	}
	if w, err := d.WithLaptop(context.Background()); err != nil || w.Records != waiting || w.Interviews != 1 || w.Since == 0 {
		t.Errorf("with the laptop: %+v, %v", w, err)
	}
	carried(t, d) // nothing is given twice
	if held, forwarded := l.parcels(t); held != 1 || forwarded != 0 {
		t.Errorf("the laptop holds %d and %d", held, forwarded)
	}
	if _, err := l.agent.Sync(context.Background()); agent.ReasonOf(err) != agent.Offline {
		t.Errorf("the laptop: %v", err)
	}
	for _, r := range c.records(t) {
		if r.Kind != delivery.KindShift {
			t.Errorf("a %s is at central already", r.Kind)
		}
	}

	l.net.spoil(on(protocol.PathHandIn, lostAnswer)) // central has it, and the laptop does not know
	_, err = l.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	l.kill(t)
	if report := carried(t, d); report.Sent != 0 || d.states(t)["sent"] != 1 {
		t.Errorf("nobody can know yet that it arrived: %+v", report)
	}
	l.net.mend()
	if report := l.sync(t); report.Forwarded != 1 {
		t.Errorf("forwarded %d", report.Forwarded)
	}
	if n := d.states(t)["sent"]; n != 1 {
		t.Errorf("%d are sent without a receipt", n)
	}

	l.kill(t)
	if report := carried(t, d); report.Sent != waiting || report.Duplicates != waiting {
		t.Errorf("the receipts did not come back: %+v, %v", report, d.states(t))
	}
	exactlyOnce(t, c, d)
	carried(t, d)
	if held, forwarded := l.parcels(t); held != 0 || forwarded != 0 {
		t.Errorf("the laptop still holds %d and %d", held, forwarded)
	}
	d.net.mend()
	d.sync(t)
	exactlyOnce(t, c, d)
	if all, err := d.Carried(context.Background()); err != nil || len(all) != 0 {
		t.Errorf("the tablet still remembers %d batches, %v", len(all), err)
	}
}

// The tablet finds another way while the laptop still carries; whichever comes first, everything is at central once, and the laptop
// keeps its batch until central has it from there too.
func TestATabletGoesDirectMeanwhile(t *testing.T) {
	c, d, l := site(t)
	d.interview(t)
	carried(t, d)
	d.net.mend()
	if report := d.sync(t); report.Waiting.Records != 0 {
		t.Errorf("%+v waits", report.Waiting)
	}
	exactlyOnce(t, c, d)
	if held, _ := l.parcels(t); held != 1 {
		t.Errorf("the laptop let go of a batch that central has not had from it: %d", held)
	}
	l.net.mend()
	if report := l.sync(t); report.Forwarded != 1 {
		t.Errorf("forwarded %d", report.Forwarded)
	}
	exactlyOnce(t, c, d)
	if held, forwarded := l.parcels(t); held != 0 || forwarded != 0 {
		t.Errorf("the laptop holds %d and %d that nobody needs", held, forwarded)
	}

	// The other way round: the laptop was quicker, and the tablet only asks.
	d.interview(t)
	d.net.spoil(noConnection)
	carried(t, d)
	l.sync(t)
	d.net.spoil(nil)
	d.sync(t)
	for _, path := range d.net.left() {
		if path == protocol.PathPush {
			t.Error("what the laptop brought was sent again")
		}
	}
	exactlyOnce(t, c, d)
	if held, forwarded := l.parcels(t); held != 0 || forwarded != 0 {
		t.Errorf("the laptop holds %d and %d that nobody needs", held, forwarded)
	}
}

// Who reads all that lies on the laptop finds no answer, no name, and no token for central.
func TestALaptopReadsNothing(t *testing.T) {
	_, d, l := site(t)
	d.interview(t)
	carried(t, d)
	who, err := d.Credentials(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var disk []byte
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(l.path + end)
		if err != nil {
			t.Fatal(err)
		}
		disk = append(disk, data...)
	}
	_, parcel, ok, err := l.NextParcel(context.Background(), 0, 1<<60)
	if err != nil || !ok || !bytes.Contains(disk, parcel.Body[:64]) {
		t.Fatalf("the batch is not where it is looked for: %v, %v", ok, err)
	}
	for _, secret := range []string{"Ann Example", "to <look>", `"33"`, who.Token, d.shift.ID} {
		if bytes.Contains(disk, []byte(secret)) {
			t.Errorf("%q lies on the laptop", secret)
		}
	}
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.OpenFile(pair.Keys(), parcel.Body); err == nil {
		t.Error("any key opens it")
	}
}

// A laptop that lies makes no record sent: not with words of its own, not with central's words about another batch, and not by saying
// that all is well.
func TestForgedReceiptsAreRefused(t *testing.T) {
	c, d, l := site(t)
	d.contact(t)
	carried(t, d)
	l.net.mend()
	l.sync(t)
	var genuine []byte
	l.between.states = func(states []delivery.ParcelState) []delivery.ParcelState {
		if len(states) > 0 {
			genuine = states[0].Reply
		}
		return states
	}
	carried(t, d)
	if len(genuine) == 0 {
		t.Fatal("there was no reply to misuse")
	}
	l.net.spoil(noConnection)
	d.interview(t)
	l.between.states = nil
	carried(t, d)
	records, err := d.Unsent(context.Background())
	if err != nil || len(records) == 0 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	receipts := protocol.HandInReply{}
	for _, r := range records {
		receipts.Receipts = append(receipts.Receipts, delivery.Receipt{ID: r.ID, Revision: r.Revision, SHA256: r.SHA256, Status: delivery.Received})
	}
	plain, err := protocol.WriteReply(receipts)
	if err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string]func(sum string) []byte{
		"its own words": func(sum string) []byte {
			closed, _ := seal.CloseReply(seal.NewReplyKey(), protocol.ReplyAbout(sum), plain)
			return closed
		},
		"open words":    func(string) []byte { return plain },
		"another batch": func(string) []byte { return genuine },
		"no words":      func(string) []byte { return nil },
	} {
		l.between.states = func(states []delivery.ParcelState) []delivery.ParcelState {
			for i := range states {
				states[i].Forwarded, states[i].Reply = true, lie(states[i].SHA256)
			}
			return states
		}
		report := carried(t, d)
		if report.Sent != 0 || (name != "no words") != (report.Forged > 0) {
			t.Errorf("%s: %+v", name, report)
		}
		if after, err := d.Unsent(context.Background()); err != nil || len(after) != len(records) {
			t.Errorf("%s: %d are unsent, %d were; %v", name, len(after), len(records), err)
		}
	}
	l.between.states = nil
	d.net.mend()
	d.sync(t)
	exactlyOnce(t, c, d)
}

// Pictures travel too; and what central has new for the tablet comes back with the receipts, its files from the laptop's own copy.
func TestPicturesMessagesAndStudiesOverTheLaptop(t *testing.T) {
	c, d, l := site(t)
	ctx := context.Background()
	d.pictured(t, bytes.Repeat([]byte("a shelf "), 60_000))
	c.form = bytes.Replace(c.form, []byte("<h:title>"), []byte("<h:title>Newer "), 1)
	next := c.visit(handInKey(t).Recipient)
	next.Title = study.Text{"": "Visitors, newer"}
	if _, err := c.store.PutStudy(ctx, centralstore.StudyPackage{Study: next, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	carried(t, d)
	if held, _ := l.parcels(t); held < 2 {
		t.Errorf("%d batches", held)
	}
	l.net.mend()
	l.sync(t)
	if n := c.missing(t); n != 0 {
		t.Errorf("central misses %d pictures", n)
	}
	report := carried(t, d)
	if report.Attachments != 1 || report.Pulled == 0 || report.Blobs != 1 {
		t.Errorf("%+v", report)
	}
	got, err := d.Study(ctx, "visit")
	if err != nil || got.Title[""] != "Visitors, newer" {
		t.Errorf("%v, %v", got.Title, err)
	}
	exactlyOnce(t, c, d)
	if w, err := d.Waiting(ctx); err != nil || w.Attachments != 0 {
		t.Errorf("%d pictures wait, %v", w.Attachments, err)
	}
}
