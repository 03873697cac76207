package endpoint

import (
	"net/http"
	"slices"
	"strings"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// access says who may call a method of a route. It stands beside the route and is asked before anything else is looked at, so that
// a refusal is the same whether what was asked for exists or not. The zero access lets nobody in.
type access struct {
	anyone bool              // also without a token
	device bool              // a device's token
	least  centralstore.Role // the weakest role a person needs; "" for no person
	within scope             // what must lie in the scope of the role; the store looks at it
}

// scope is what a call reaches for.
type scope string

// The scopes, from the least that a grant must cover to the most.
const (
	// own: the answer holds what the caller may see, whatever that is.
	own scope = ""
	// ofStudy: something of one study, in which the caller has a grant, of whatever part.
	ofStudy scope = "study"
	// ofPlace: something of one site of a study, which the grant must cover.
	ofPlace scope = "place"
	// wholeStudy: a whole study, which the grant must cover.
	wholeStudy scope = "whole study"
)

// declared tells whether anybody may call.
func (a access) declared() bool { return a.anyone || a.device || a.least != "" }

// admits tells whether the principal has the kind and the role, whatever its scope.
func (a access) admits(who centralstore.Principal) bool {
	if who.IsDevice() {
		return a.device
	}
	return a.least != "" && slices.ContainsFunc(who.Grants, func(g centralstore.Grant) bool { return atLeast(g.Role, a.least) })
}

func atLeast(role, least centralstore.Role) bool {
	order := centralstore.Roles()
	at := slices.Index(order, role)
	return at >= 0 && at <= slices.Index(order, least)
}

// refusal says what kind of token is needed, and nothing of what was asked for.
func (a access) refusal() error {
	p := problem(http.StatusForbidden, protocol.CodeForbidden, "")
	switch {
	case a.least == "":
		p.Title = "Only a device may do this."
	case a.device:
		p.Title = "This needs a device, or the role of " + article(a.least) + "."
	default:
		p.Title = "This needs the role of " + article(a.least) + "."
	}
	return p
}

func article(role centralstore.Role) string {
	if role == centralstore.Administrator {
		return "an administrator"
	}
	return "a " + string(role)
}

// admitted lets a call through to handle where the declaration allows it.
func (e *Endpoint) admitted(a access, handle handler) handler {
	return func(c *call) error {
		if a.anyone {
			if err := c.stranger(); err != nil {
				return err
			}
			defer e.crowd.Leave(c.address)
			return handle(c)
		}
		secret, err := c.bearer()
		if err != nil {
			return err
		}
		if err := c.identify(secret); err != nil {
			return err
		}
		if !a.admits(c.who) {
			return a.refusal()
		}
		key := guard.TokenKey(secret)
		if !e.crowd.Enter(key, e.p.Limits.AtOnce) {
			return c.wait(busyWait, "There are too many requests with this token at once.")
		}
		defer e.crowd.Leave(key)
		return handle(c)
	}
}

// mostToken is the longest token looked at.
const mostToken = 256

func (c *call) bearer() (string, error) {
	scheme, secret, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" || len(secret) > mostToken {
		if err := c.unknown(); err != nil {
			return "", err
		}
		return "", problem(http.StatusUnauthorized, protocol.CodeUnauthorised, "Please sign in or enrol.")
	}
	return secret, nil
}

// identify finds out who calls. A token that was right lately is asked about even where its address was wrong too often, so that
// one stranger does not keep a team out that shares its connection.
func (c *call) identify(secret string) (err error) {
	key := guard.TokenKey(secret)
	if !c.e.tokens.Knows(key) && c.e.mistaken.Empty(c.address, c.began) {
		return c.wait(busyWait, "There are too many requests from this address.")
	}
	c.who, err = c.e.p.Store.Authenticate(c.r.Context(), secret)
	if centralstore.CodeOf(err) != "" {
		if late := c.unknown(); late != nil {
			return late
		}
	}
	if err != nil {
		return err
	}
	guard.Trust(c.r.Context())
	if _, wait := c.e.tokens.Take(key, c.began); wait > 0 {
		return c.wait(wait, "There are too many requests with this token.")
	}
	return nil
}

// unknown counts a call without a right token against its address. Calls that need no token are counted apart from these, so that a
// flood of them leaves room for those who bring a token for the first time.
func (c *call) unknown() error {
	if _, wait := c.e.mistaken.Take(c.address, c.began); wait > 0 {
		return c.wait(wait, "There are too many requests from this address.")
	}
	return nil
}

// stranger counts a call that needs no token against its address.
func (c *call) stranger() error {
	if _, wait := c.e.strangers.Take(c.address, c.began); wait > 0 {
		return c.wait(wait, "There are too many requests from this address.")
	}
	if !c.e.crowd.Enter(c.address, c.e.p.Limits.StrangersAtOnce) {
		return c.wait(busyWait, "There are too many requests from this address at once.")
	}
	return nil
}
