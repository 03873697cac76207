// Package signin is the first screen of a supervisor's laptop: the address of central, user name, password. The Presenter is plain
// Go; the View draws. The password is kept nowhere: it is forgotten when the attempt ends, whatever its outcome.
package signin

import (
	"context"
	"strings"

	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// SignIner turns a password into credentials, keeps them, and fetches what they entitle to.
type SignIner interface {
	SignIn(ctx context.Context, central, user, password string) (delivery.Credentials, error)
	Sync(ctx context.Context) (agent.Report, error)
}

// Store remembers whose work the laptop holds.
type Store interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}

// keyOwner is the central and the user whose work the laptop holds.
const keyOwner = "desk.owner"

// Presenter holds what was typed and what is wrong with it.
type Presenter struct {
	Agent                   SignIner
	Store                   Store
	Address, User, Password string
}

// Fault says which field something is wrong with, as a key of the interface's texts; all empty where nothing is. Other belongs to
// no field; Args go with it.
type Fault struct {
	Address, User, Password, Other string
	Args                           []any
}

// None tells that nothing is wrong.
func (f Fault) None() bool {
	return f.Address == "" && f.User == "" && f.Password == "" && f.Other == ""
}

// Check looks at what was typed before anything is sent. What one person may see is not shown to the next: a laptop that holds
// somebody's work takes nobody else.
func (p *Presenter) Check(ctx context.Context) (Fault, error) {
	address, err := agent.Address(p.Address)
	if err != nil {
		return Fault{Address: "enrol.address_bad"}, nil
	}
	user := strings.TrimSpace(p.User)
	switch {
	case user == "":
		return Fault{User: "signin.missing"}, nil
	case p.Password == "":
		return Fault{Password: "signin.missing"}, nil
	}
	owner, err := p.Store.Setting(ctx, keyOwner)
	if err != nil {
		return Fault{}, err
	}
	if owner != "" && !strings.EqualFold(owner, ownerOf(address, user)) { // nobody minds capitals in the name of a host
		_, whose, _ := strings.Cut(owner, " ")
		return Fault{Other: "signin.other_person", Args: []any{"user", whose}}, nil
	}
	return Fault{}, nil
}

func ownerOf(address, user string) string { return address + " " + strings.ToLower(user) }

// Enter signs in and fetches what there is. Who signed in but could not fetch is signed in all the same: it comes with the next
// synchronisation.
func (p *Presenter) Enter(ctx context.Context) (delivery.Credentials, error) {
	password := p.Password
	p.Password = ""
	c, err := p.Agent.SignIn(ctx, p.Address, strings.TrimSpace(p.User), password)
	if err != nil {
		return c, err
	}
	if err := p.Store.SaveSetting(ctx, keyOwner, ownerOf(c.Central, c.User)); err != nil {
		return c, err
	}
	_, _ = p.Agent.Sync(ctx) // its outcome stands at the foot of the navigation
	return c, nil
}

// FaultOf says where an error of Enter belongs on the page.
func FaultOf(err error) Fault {
	switch agent.ReasonOf(err) {
	case "":
		return Fault{}
	case agent.BadPassword:
		return Fault{Password: "signin.wrong"}
	case agent.BadAddress, agent.Insecure:
		return Fault{Address: "enrol.address_bad"}
	case agent.Offline, agent.NotCentral:
		return Fault{Other: "enrol.offline"}
	}
	return Fault{Other: agent.Explain(err).Key}
}
