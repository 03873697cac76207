package deskapp

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"parvis/app/screens/carry"
	"parvis/app/shell"
	"parvis/internal/delivery"
	"parvis/sync/relay"
)

// relayPort is where tablets find this laptop. It stays the same, so that a tablet that knows the address finds it again.
const relayPort = "47600"

// keyCarrying keeps between two runs that tablets may connect.
const keyCarrying = "desk.carrying"

// carrying is the service for tablets while it runs.
type carrying struct {
	relay   *relay.Relay
	stop    context.CancelFunc
	running sync.WaitGroup
	server  carry.Server
	port    string
}

// listen opens the port that tablets find.
func listen() (net.Listener, error) { return net.Listen("tcp", ":"+relayPort) }

// addresses are this laptop's own on the networks it is on, those of local networks first: a Wi-Fi's or a hotspot's. One that cannot be
// asked for is none.
func addresses() []string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var private, others []string
	for _, a := range all {
		n, ok := a.(*net.IPNet)
		switch {
		case !ok || n.IP.To4() == nil || n.IP.IsLoopback() || n.IP.IsLinkLocalUnicast():
		case n.IP.IsPrivate():
			private = append(private, n.IP.String())
		default:
			others = append(others, n.IP.String())
		}
	}
	slices.Sort(private)
	return append(private, others...)
}

func withPort(hosts []string, port string) []string {
	all := make([]string, len(hosts))
	for i, host := range hosts {
		all[i] = net.JoinHostPort(host, port)
	}
	return all
}

// startCarrying lets tablets connect.
func (a *App) startCarrying() error {
	if a.carry != nil {
		return nil
	}
	c := &carrying{server: carry.Server{On: true, Since: a.p.Now()}}
	name, err := os.Hostname()
	if err != nil {
		name = "Parvis"
	}
	renew := func() { a.shell.Do(a.carriedMore) }
	used := func() {
		a.shell.Do(func() {
			c.server.Link, c.server.Until = "", time.Time{}
			a.carriedMore()
		})
	}
	c.relay, err = relay.New(a.ctx, relay.Params{
		Store: a.p.Store, Now: a.p.Now, NewID: uuid.NewString, Logger: a.p.Logger, Name: name, Addresses: func() []string { return withPort(a.p.Addresses(), c.port) }, Online: a.online,
		Paired: used,
		Took: func() {
			a.agent.Kick() // a connection may be there
			renew()
		},
	})
	if err != nil {
		return err
	}
	listener, err := a.p.Listen()
	if err != nil {
		a.p.Logger.Error("tablets cannot connect", "error", err)
		return errPort
	}
	_, c.port, _ = net.SplitHostPort(listener.Addr().String())
	ctx, stop := context.WithCancel(a.ctx)
	c.stop = stop
	c.running.Go(func() {
		if err := c.relay.Serve(ctx, listener); err != nil {
			a.p.Logger.Error("the service for tablets ended", "error", err)
			a.shell.Do(func() {
				if a.carry == c {
					a.carry = nil
					a.carriedMore()
				}
			})
		}
	})
	a.carry = c
	return nil
}

// stopCarrying ends it; what tablets gave is kept, and goes to central with every synchronisation.
func (a *App) stopCarrying() {
	if a.carry == nil {
		return
	}
	a.carry.stop()
	a.carry.running.Wait()
	a.carry = nil
}

// online tells whether the last attempt to reach central went well; it is asked from the server's goroutines.
func (a *App) online() bool {
	plan, err := a.p.Store.Schedule(a.ctx)
	return err == nil && plan.LastSuccess > 0 && plan.LastError == ""
}

// carriedMore draws the page anew where it is in sight.
func (a *App) carriedMore() {
	if a.tab == tabTablets && a.syncing.Bar() == nil && a.shell.Depth() == 1 {
		a.shell.Rebuild()
	}
}

// carryPlace is where tablets are let in. It needs no study.
func (a *App) carryPlace(env shell.Env, p part) part {
	w := a.p.Words
	server := carry.Server{}
	if a.carry != nil {
		server = a.carry.server
		server.Addresses = withPort(a.p.Addresses(), a.carry.port)
	}
	m, err := carry.Read(a.ctx, a.p.Store, server, a.p.Now())
	if err != nil {
		a.trouble(err)
	}
	p.title, p.subtitle = w.T("carry.title"), ""
	p.body = carry.NewView(carry.ViewParams{
		Model: m, Words: w, Now: a.p.Now(), Class: env.Class, OnCode: a.showCode, OnShutOut: a.shutOut,
		OnStart: func() {
			if err := a.startCarrying(); err != nil {
				a.trouble(err)
				return
			}
			a.keep(keyCarrying, "on")
			a.shell.Rebuild()
		},
		OnStop: func() {
			a.stopCarrying()
			a.keep(keyCarrying, "")
			a.shell.Rebuild()
			a.shell.Notice(w.T("carry.stopped"))
		},
	})
	return p
}

// codeLasts is a little less than the laptop takes a code for.
const codeLasts = 9 * time.Minute

func (a *App) showCode(address string) {
	if a.carry == nil {
		return
	}
	shown := a.carry.relay.Open(address)
	a.carry.server.Address, a.carry.server.Link, a.carry.server.Until = address, shown.Link(), a.p.Now().Add(codeLasts)
	a.shell.Rebuild()
}

// shutOut ends what a tablet may do here; it can be undone for a moment.
func (a *App) shutOut(t delivery.Tablet) {
	hash, err := a.p.Store.ShutOutTablet(a.ctx, t.ID)
	if err != nil {
		a.trouble(err)
		return
	}
	a.shell.Rebuild()
	a.shell.Undo(a.p.Words.T("carry.tablet_out", "name", t.Name), func() {
		if err := a.p.Store.LetInTablet(a.ctx, t.ID, hash); err != nil {
			a.trouble(err)
			return
		}
		a.shell.Rebuild()
	})
}

// carriesAgain goes on letting tablets connect where it did when the app was closed.
func (a *App) carriesAgain() {
	on, err := a.p.Store.Setting(a.ctx, keyCarrying)
	if err == nil && on != "" {
		err = a.startCarrying()
	}
	if err != nil {
		a.trouble(err)
	}
}

// errPort: another program has the port that tablets find.
var errPort = errors.New("the port for tablets is taken")
