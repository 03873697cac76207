package agent_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// A shown code pairs one tablet, for ten minutes, and only with the laptop that showed it.
func TestACodePairsOnce(t *testing.T) {
	c := newCentral(t)
	d, thief := newDevice(t, c), newDevice(t, c)
	d.ready(t, c)
	thief.ready(t, c)
	l := newLaptop(t)
	ctx := context.Background()
	now := time.Now()
	l.stop()
	l.now = func() time.Time { return now }
	l.start(t)

	shown := l.relay.Open(l.address)
	wrong := shown
	wrong.Secret = "AAAAAAAAAAAA"
	_, err := d.agent.Pair(ctx, wrong)
	wantReason(t, err, agent.BadCode)
	other := shown
	other.Pin = strings.Repeat("A", len(shown.Pin))
	_, err = d.agent.Pair(ctx, other)
	wantReason(t, err, agent.WrongRelay)
	if _, err = d.agent.Pair(ctx, shown); err != nil {
		t.Fatal(err)
	}
	_, err = thief.agent.Pair(ctx, shown)
	wantReason(t, err, agent.BadCode)

	late := l.relay.Open(l.address)
	now = now.Add(11 * time.Minute)
	_, err = thief.agent.Pair(ctx, late)
	wantReason(t, err, agent.BadCode)
	closed := l.relay.Open(l.address)
	l.relay.Shut()
	_, err = thief.agent.Pair(ctx, closed)
	wantReason(t, err, agent.BadCode)
	if r, err := thief.Relay(ctx); err != nil || !r.IsZero() {
		t.Errorf("the thief keeps %v, %v", r.Name, err)
	}
	list, err := l.Tablets(ctx)
	if err != nil || len(list) != 1 || list[0].Name != "0417" {
		t.Fatalf("%+v, %v", list, err)
	}

	d.net.spoil(noConnection)
	d.contact(t)
	carried(t, d)
	if _, err := l.ShutOutTablet(ctx, list[0].ID); err != nil {
		t.Fatal(err)
	}
	report, err := d.agent.Sync(ctx)
	wantReason(t, err, agent.Offline)
	if report.RelayError == "" || report.Relayed {
		t.Errorf("a tablet that was shut out is still let in: %+v", report)
	}
}

// Another machine at the laptop's address gets neither the token nor a batch.
func TestAnotherLaptopIsRefused(t *testing.T) {
	_, d, l := site(t)
	d.interview(t)
	rogue := newLaptop(t)
	l.door.leadTo(*rogue.door.to.Load())
	report, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	if report.RelayError != "sync.error.wrong_relay" || report.Carried != 0 || report.Relayed {
		t.Errorf("%+v", report)
	}
	if held, _ := rogue.parcels(t); held != 0 {
		t.Errorf("the rogue has %d batches", held)
	}
}

// Without a laptop nothing changes; and a laptop does not hide why central was not reached.
func TestWithoutALaptop(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	d.net.spoil(noConnection)
	report, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	if report.Relayed || report.RelayError != "" {
		t.Errorf("%+v", report)
	}
}

// Batches are bounded, whatever waits.
func TestManyRecordsGoInSeveralBatches(t *testing.T) {
	c, d, l := site(t)
	for range 2*protocol.MaxBatchRecords + 50 {
		d.contact(t)
	}
	report := carried(t, d)
	held, _ := l.parcels(t)
	if report.Carried < 2*protocol.MaxBatchRecords+50 || held != 3 {
		t.Errorf("%d records in %d batches", report.Carried, held)
	}
	l.net.mend()
	l.sync(t)
	carried(t, d)
	exactlyOnce(t, c, d)
}

// What is too long, damaged, not sealed, from strangers or beyond the room there is, is refused and kept from nobody else.
func TestWhatALaptopRefuses(t *testing.T) {
	_, d, l := site(t)
	ctx := context.Background()
	laptop, err := d.Relay(ctx)
	if err != nil {
		t.Fatal(err)
	}
	client := agent.LaptopClient(laptop)
	sealed := func(n int) string { return "age-encryption.org/v1\n" + strings.Repeat("x", n) }
	put := func(body, sum, token string) int {
		t.Helper()
		if sum == "" {
			sum = delivery.Sum([]byte(body))
		}
		r, err := http.NewRequest(http.MethodPut, "https://"+l.address+protocol.PathRelayBatch+"/"+sum, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		return res.StatusCode
	}
	for name, tc := range map[string]struct {
		body, sum, token string
		want             int
	}{
		"too long":    {sealed(protocol.MaxCarriedBytes), "", laptop.Token, http.StatusRequestEntityTooLarge},
		"another sum": {sealed(9), delivery.Sum([]byte("else")), laptop.Token, http.StatusUnprocessableEntity},
		"not sealed":  {"{}", "", laptop.Token, http.StatusUnprocessableEntity},
		"a stranger":  {sealed(9), "", "no token", http.StatusUnauthorized},
		"no token":    {sealed(9), "", "", http.StatusUnauthorized},
	} {
		if got := put(tc.body, tc.sum, tc.token); got != tc.want {
			t.Errorf("%s: %d, not %d", name, got, tc.want)
		}
	}
	if held, _ := l.parcels(t); held != 0 {
		t.Errorf("%d were kept", held)
	}
	for range 2 {
		if got := put(sealed(9), "", laptop.Token); got != http.StatusOK {
			t.Errorf("a good one: %d", got)
		}
	}
	if held, _ := l.parcels(t); held != 1 {
		t.Errorf("the same one twice is %d", held)
	}
	if res, err := http.Get("http://" + l.address + protocol.PathRelayStates); err == nil {
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			t.Error("there is plain HTTP")
		}
	}

	l.stop()
	l.room = desk.Room{Each: 1000, All: 2000}
	l.start(t)
	client.CloseIdleConnections()
	if got := put(sealed(2000), "", laptop.Token); got != http.StatusInsufficientStorage {
		t.Errorf("beyond the room: %d", got)
	}
	if got := put(sealed(100), "", laptop.Token); got != http.StatusOK {
		t.Errorf("within the room: %d", got)
	}
	refused := 0
	for i := range 100 {
		if put(sealed(9), "", fmt.Sprint("guess", i)) == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 20 {
		t.Errorf("of 100 strangers %d had to wait", refused)
	}
	if got := put(sealed(100), "", laptop.Token); got != http.StatusOK {
		t.Errorf("strangers keep a tablet out: %d", got)
	}

	// Central refuses what nobody sealed for it; it stays, and holds up nothing behind it.
	d.interview(t)
	l.stop()
	l.room = desk.Room{}
	l.start(t)
	carried(t, d)
	l.net.mend()
	if report := l.sync(t); report.Forwarded != 1 || report.NotForwarded != 2 {
		t.Errorf("%+v", report)
	}
	list, err := l.Tablets(ctx)
	if err != nil || len(list) != 1 || list[0].Held != 2 || list[0].Trouble == "" {
		t.Errorf("%+v, %v", list, err)
	}
}

// A tablet that pairs again, as after the laptop's address changed, is the same tablet and finds what it gave; it tells its token to no
// other laptop. A batch that never left the tablet is given once more.
func TestPairingAgain(t *testing.T) {
	c, d, l := site(t)
	ctx := context.Background()
	d.contact(t)
	carried(t, d)
	l.pair(t, d)
	list, err := l.Tablets(ctx)
	if err != nil || len(list) != 1 || list[0].Held != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	d.contact(t)
	records, err := d.Uncarried(ctx, mustRelay(t, d).Fingerprint, 10, 1<<20)
	if err != nil || len(records) != 1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	lost := delivery.Carried{SHA256: delivery.Sum([]byte("never left")), Relay: mustRelay(t, d).Fingerprint, Key: "k", Records: []delivery.Identity{records[0].Identity()}}
	if err := d.Carry(ctx, lost); err != nil {
		t.Fatal(err)
	}
	if report := carried(t, d); report.Carried != 1 {
		t.Errorf("carried %d", report.Carried)
	}
	other := newLaptop(t)
	other.pair(t, d)
	if report := carried(t, d); report.Carried != 2 {
		t.Errorf("the other laptop got %d, and no laptop has proved anything", report.Carried)
	}
	l.net.mend()
	l.sync(t)
	l.door.leadTo("127.0.0.1:1")
	other.signInAs(t, c, "kim")
	other.sync(t)
	if report := carried(t, d); report.Sent != 2 {
		t.Errorf("%+v", report)
	}
	exactlyOnce(t, c, d)
}

func mustRelay(t *testing.T, d *device) delivery.Relay {
	t.Helper()
	r, err := d.Relay(context.Background())
	if err != nil || r.IsZero() {
		t.Fatalf("no laptop, %v", err)
	}
	return r
}

// A tablet that was shut out at central delivers what it has, hears of it, and gets nothing new.
func TestAShutOutTabletHearsOfItsRecordsAlone(t *testing.T) {
	c, d, l := site(t)
	ctx := context.Background()
	d.contact(t)
	who, err := d.Credentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.RevokeDevice(ctx, who.Device, "test"); err != nil {
		t.Fatal(err)
	}
	next := c.visit(handInKey(t).Recipient)
	next.Title = study.Text{"": "Visitors, newer"}
	if _, err := c.store.PutStudy(ctx, centralstore.StudyPackage{Study: next, Files: [][]byte{c.form, c.card}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	carried(t, d)
	l.net.mend()
	l.sync(t)
	if report := carried(t, d); report.Sent != 1 || report.Pulled != 0 {
		t.Errorf("%+v", report)
	}
	d.net.mend()
	_, err = d.agent.Sync(ctx)
	wantReason(t, err, agent.Revoked)
}
