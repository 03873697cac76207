package endpoint

import (
	"net/http"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// leases settles a device's rights to fill quotas and grants it those it should have.
func (e *Endpoint) leases(c *call) error {
	var in protocol.LeasesRequest
	if err := c.decode(&in, protocol.MaxLeaseBytes); err != nil {
		return err
	}
	if len(in.Statements) > protocol.MaxLeaseStatements {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more statements than central takes at once.")
	}
	answers, err := e.p.Store.Leases(c.r.Context(), centralstore.Leasing{Who: c.who, Epochs: c.epochs(), Statements: in.Statements})
	if err != nil {
		return err
	}
	return c.respond(protocol.LeasesAnswer{Answers: answers})
}

// till settles the rights of a supervisor's laptop, which passes them on to tablets.
func (e *Endpoint) till(c *call) error {
	var in protocol.TillRequest
	if err := c.decode(&in, protocol.MaxLeaseBytes); err != nil {
		return err
	}
	if len(in.Statements) > protocol.MaxLeaseStatements {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more statements than central takes at once.")
	}
	done, err := e.p.Store.Till(c.r.Context(), centralstore.Tilling{
		Who: c.who, Laptop: in.Laptop, Platform: in.Platform, AppVersion: in.AppVersion, Epochs: c.epochs(), Statements: in.Statements,
	})
	if err != nil {
		return err
	}
	return c.respond(protocol.TillAnswer{Answers: done.Answers, Visit: done.Visit, Ended: done.Ended, Renew: done.Renew})
}
