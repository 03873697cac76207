// Package signin is the first screen of a supervisor's laptop: the address of central, user name, password, and where central asks for
// it the code of an authenticator app; or the organisation's account, in a browser. The Presenter is plain Go; the View draws. The
// password is kept nowhere: it is forgotten when the attempt ends, whatever its outcome. While the code is asked for the attempt goes on.
package signin

import (
	"context"
	"errors"
	"strings"

	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// SignIner turns a password into credentials, keeps them, and fetches what they entitle to.
type SignIner interface {
	SignInWithCode(ctx context.Context, central, user, password, code string) (delivery.Credentials, error)
	SignInWithOrganisation(ctx context.Context, in agent.OrganisationSignIn) (delivery.Credentials, error)
	OffersOrganisation(ctx context.Context, central string) (bool, error)
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
	Agent                         SignIner
	Store                         Store
	Address, User, Password, Code string
	// Asked tells that central asks for the code too.
	Asked bool
}

// Fault says which field something is wrong with, as a key of the interface's texts; all empty where nothing is. Other belongs to
// no field; Args go with it.
type Fault struct {
	Address, User, Password, Code, Other string
	Args                                 []any
}

// None tells that nothing is wrong.
func (f Fault) None() bool {
	return f.Address == "" && f.User == "" && f.Password == "" && f.Code == "" && f.Other == ""
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
	case p.Asked && strings.TrimSpace(p.Code) == "":
		return Fault{Code: "signin.code_needed"}, nil
	}
	return p.whose(ctx, address, user)
}

// whose refuses somebody else than the owner of what the laptop holds.
func (p *Presenter) whose(ctx context.Context, address, user string) (Fault, error) {
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
	password, code := p.Password, strings.TrimSpace(p.Code)
	p.Password, p.Code = "", ""
	c, err := p.Agent.SignInWithCode(ctx, p.Address, strings.TrimSpace(p.User), password, code)
	if reason := agent.ReasonOf(err); reason == agent.OTPNeeded || reason == agent.BadOTP {
		p.Password, p.Asked = password, true // the attempt goes on
		return c, err
	}
	p.Asked = false
	if err != nil {
		return c, err
	}
	if err := p.Store.SaveSetting(ctx, keyOwner, ownerOf(c.Central, c.User)); err != nil {
		return c, err
	}
	_, _ = p.Agent.Sync(ctx) // its outcome stands at the foot of the navigation
	return c, nil
}

// Offered tells whether the central of the address takes an organisation's accounts. What cannot be found out is not offered.
func (p *Presenter) Offered(ctx context.Context, address string) bool {
	offered, err := p.Agent.OffersOrganisation(ctx, address)
	return err == nil && offered
}

// OtherPerson is the refusal of somebody whose work the laptop does not hold.
type OtherPerson struct{ Fault Fault }

func (o *OtherPerson) Error() string { return "the laptop holds somebody else's work" }

// EnterWithOrganisation signs in in a browser, which open shows and in which said stands in the end. Whose work the laptop holds is
// asked before anything is kept.
func (p *Presenter) EnterWithOrganisation(ctx context.Context, open func(address string) error, said func(agent.Reason) string) (delivery.Credentials, error) {
	p.Password, p.Code, p.Asked = "", "", false
	c, err := p.Agent.SignInWithOrganisation(ctx, agent.OrganisationSignIn{
		Central: p.Address, Open: open, Said: said,
		Accept: func(ctx context.Context, c delivery.Credentials) error {
			f, err := p.whose(ctx, c.Central, c.User)
			if err == nil && !f.None() {
				err = &OtherPerson{f}
			}
			return err
		},
	})
	if err != nil {
		return c, err
	}
	if err := p.Store.SaveSetting(ctx, keyOwner, ownerOf(c.Central, c.User)); err != nil {
		return c, err
	}
	_, _ = p.Agent.Sync(ctx) // as in Enter
	return c, nil
}

// FaultOf says where an error of Enter belongs on the page.
func FaultOf(err error) Fault {
	var other *OtherPerson
	if errors.As(err, &other) {
		return other.Fault
	}
	switch reason := agent.ReasonOf(err); reason {
	case "":
		return Fault{}
	case agent.OTPNeeded:
		return Fault{Code: "signin.code_needed"}
	case agent.BadOTP:
		return Fault{Code: "signin.code_wrong"}
	case agent.OrganisationUnknown, agent.OrganisationRefused, agent.OrganisationFailed:
		return Fault{Other: "signin." + string(reason)}
	case agent.BadPassword:
		return Fault{Password: "signin.wrong"}
	case agent.BadAddress, agent.Insecure:
		return Fault{Address: "enrol.address_bad"}
	case agent.Offline, agent.NotCentral:
		return Fault{Other: "enrol.offline"}
	}
	return Fault{Other: agent.Explain(err).Key}
}
