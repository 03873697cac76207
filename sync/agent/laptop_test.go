package agent_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/sync/agent"
	"parvis/sync/protocol"
	"parvis/sync/relay"
)

// laptop is a supervisor's: a real store in a real file, a relay over real TLS, and an agent over a network that a test spoils.
type laptop struct {
	*desk.Store
	path    string
	room    desk.Room
	net     *network
	agent   *agent.Agent
	relay   *relay.Relay
	address string // where tablets reach it
	door    *door
	between between
	stop    func()
	now     func() time.Time
}

// between stands between the relay and its store, and does what a test wants.
type between struct {
	relay.Store
	kept   func()                                              // after a batch is on the disk
	states func([]delivery.ParcelState) []delivery.ParcelState // what is told of batches
	lent   func()                                              // after it is written down what is passed on
	refuse bool                                                // to pass rights on
}

func (b between) LendRights(ctx context.Context, asked []delivery.RightsAsked, now int64) ([]delivery.RightsLent, error) {
	if b.refuse {
		return nil, protocol.Problem{Status: http.StatusNotFound, Code: protocol.CodeNotFound, Title: "There is nothing at this address."}
	}
	lent, err := b.Store.LendRights(ctx, asked, now)
	if b.lent != nil {
		b.lent()
	}
	return lent, err
}

func (b between) KeepParcel(ctx context.Context, tablet, sha256 string, body []byte, now int64) (bool, error) {
	full, err := b.Store.KeepParcel(ctx, tablet, sha256, body, now)
	if b.kept != nil {
		b.kept()
	}
	return full, err
}

func (b between) ParcelStates(ctx context.Context, tablet string, sums []string, most int) ([]delivery.ParcelState, error) {
	states, err := b.Store.ParcelStates(ctx, tablet, sums, most)
	if b.states != nil {
		states = b.states(states)
	}
	return states, err
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	l := &laptop{path: filepath.Join(t.TempDir(), "desk.db"), net: newNetwork(t), now: time.Now, stop: func() {}, door: newDoor(t)}
	l.address = l.door.listener.Addr().String()
	l.start(t)
	t.Cleanup(func() { l.stop() })
	return l
}

// start opens the laptop's file and serves tablets.
func (l *laptop) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	if l.Store, err = desk.Open(ctx, desk.Params{Path: l.path, Room: l.room}); err != nil {
		t.Fatal(err)
	}
	if l.agent, err = agent.New(agent.Params{Store: l.Store, Carrier: l.Store, Till: l.Store, Transport: l.net, Platform: "test/test", AppVersion: "1", Now: l.now}); err != nil {
		t.Fatal(err)
	}
	l.between.Store = l.Store
	if l.relay, err = relay.New(ctx, relay.Params{Store: &l.between, Now: l.now, NewID: uuid.NewString, Name: "Sam's laptop"}); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.door.leadTo(listener.Addr().String())
	var running sync.WaitGroup
	running.Go(func() {
		if err := l.relay.Serve(ctx, listener); err != nil {
			t.Error(err)
		}
	})
	l.stop = func() {
		cancel()
		running.Wait()
		_ = l.Close()
		l.stop = func() {}
	}
}

// kill goes on with what is on the disk at this instant, as after a power cut: nothing is closed in order.
func (l *laptop) kill(t *testing.T) {
	t.Helper()
	image := filepath.Join(t.TempDir(), "desk.db")
	for _, end := range []string{"", "-wal"} {
		data, err := os.ReadFile(l.path + end)
		if err != nil && (end == "" || !errors.Is(err, os.ErrNotExist)) {
			t.Fatal(err)
		}
		if err := os.WriteFile(image+end, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l.stop()
	l.path = image
	l.start(t)
}

// signIn has a supervisor use the laptop.
func (l *laptop) signIn(t *testing.T, c *central) {
	t.Helper()
	l.signInAs(t, c, "sam")
}

func (l *laptop) signInAs(t *testing.T, c *central, name string) {
	t.Helper()
	ctx := context.Background()
	err := c.store.AddUser(ctx, centralstore.NewUser{Name: name, Password: "a long enough password", Grants: []centralstore.Grant{{Role: centralstore.Supervisor}}, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.agent.SignIn(ctx, c.address, name, "a long enough password"); err != nil {
		t.Fatal(err)
	}
}

func (l *laptop) sync(t *testing.T) agent.Report {
	t.Helper()
	report, err := l.agent.Sync(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// pair shows a secret and has the tablet use it.
func (l *laptop) pair(t *testing.T, d *device) {
	t.Helper()
	shown, ok := protocol.ReadPairing(l.relay.Open(l.address).Link())
	if !ok {
		t.Fatal("the link cannot be read")
	}
	if _, err := d.agent.Pair(context.Background(), shown); err != nil {
		t.Fatal(err)
	}
}

// held and forwarded count the batches that lie here.
func (l *laptop) parcels(t *testing.T) (held, forwarded int) {
	t.Helper()
	list, err := l.Tablets(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, tablet := range list {
		held, forwarded = held+tablet.Held, forwarded+tablet.Forwarded
	}
	return held, forwarded
}

// door passes on connections and can lose what the laptop says.
type door struct {
	listener net.Listener
	to       atomic.Pointer[string]
	lose     atomic.Bool // the next bytes from the laptop are lost, and the connection with them
}

func newDoor(t *testing.T) *door {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	d := &door{listener: listener}
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go d.pass(in)
		}
	}()
	return d
}

func (d *door) leadTo(address string) { d.to.Store(&address) }

func (d *door) pass(in net.Conn) {
	out, err := net.Dial("tcp", *d.to.Load())
	if err != nil {
		_ = in.Close()
		return
	}
	end := func() { _, _ = in.Close(), out.Close() }
	go func() {
		defer end()
		_, _ = io.Copy(out, in)
	}()
	defer end()
	some := make([]byte, 32<<10)
	for {
		n, err := out.Read(some)
		if n > 0 && d.lose.CompareAndSwap(true, false) {
			return
		}
		if _, failed := in.Write(some[:n]); err != nil || failed != nil {
			return
		}
	}
}

// carried has the tablet synchronise without a way to central; the laptop must be reached.
func carried(t *testing.T, d *device) agent.Report {
	t.Helper()
	report, err := d.agent.Sync(context.Background())
	wantReason(t, err, agent.Offline)
	if !report.Relayed || report.RelayError != "" {
		t.Fatalf("the laptop was not reached: %+v", report)
	}
	return report
}

// states counts the tablet's records by state.
func (d *device) states(t *testing.T) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, r := range d.outbox(t) {
		n[r.state]++
	}
	return n
}
