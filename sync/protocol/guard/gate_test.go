package guard

import (
	"context"
	"net"
	"testing"
)

// door is a gate over a real socket, with a connection on both sides.
type door struct {
	t    *testing.T
	gate *Gate
}

func newDoor(t *testing.T, each, all int) door {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return door{t, NewGate(listener, each, all)}
}

// enter opens a connection from a loopback address and gives central's side of it.
func (d door) enter(from byte, trusted bool) *guarded {
	d.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, from)}}
	out, err := dialer.Dial("tcp", d.gate.Addr().String())
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = out.Close() })
	in, err := d.gate.Accept()
	if err != nil {
		d.t.Fatal(err)
	}
	if trusted {
		Trust(Remember(context.Background(), in))
	}
	return in.(*guarded)
}

func (d door) within(c *guarded) bool {
	d.gate.mu.Lock()
	defer d.gate.mu.Unlock()
	_, in := d.gate.per[c.address][c]
	return in
}

// The oldest without a right token gives way, and one with a token only where all have one.
func TestWhoGivesWay(t *testing.T) {
	t.Parallel()
	d := newDoor(t, 3, 100)
	first, second, third := d.enter(1, true), d.enter(1, false), d.enter(1, false)
	elsewhere := d.enter(2, false)
	fourth := d.enter(1, true)
	if !d.within(first) || d.within(second) || !d.within(third) || !d.within(fourth) || !d.within(elsewhere) {
		t.Error("the second had to give way, and nobody else")
	}
	if _, err := second.Read(make([]byte, 1)); err == nil {
		t.Error("the second can still be read from")
	}
	fifth := d.enter(1, true)
	if d.within(third) || !d.within(first) {
		t.Error("the third had to give way")
	}
	if sixth := d.enter(1, false); d.within(first) || !d.within(sixth) || !d.within(fifth) {
		t.Error("all have a token: the oldest had to give way")
	}
	if shut, open := d.gate.Shut(); shut != 3 || open != 4 {
		t.Errorf("%d gave way, %d are open", shut, open)
	}
	if err := fourth.Close(); err != nil {
		t.Error(err)
	}
	if _, open := d.gate.Shut(); open != 3 {
		t.Errorf("%d are open after one closed", open)
	}
}

// Over all addresses together, too; behind a proxy, whose address is everybody's, only so.
func TestWhoGivesWayOfAll(t *testing.T) {
	t.Parallel()
	d := newDoor(t, 0, 3)
	known := d.enter(1, true)
	slow := d.enter(1, false)
	other, last := d.enter(2, false), d.enter(3, false)
	if !d.within(known) || d.within(slow) || !d.within(other) || !d.within(last) {
		t.Error("the oldest stranger had to give way")
	}
}

// Shut is how many connections gave way so far, and how many are open.
func (g *Gate) Shut() (shut int64, open int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut, g.open
}
