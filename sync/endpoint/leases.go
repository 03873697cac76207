package endpoint

import (
	"net/http"

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
	present := ""
	if told := c.epochs(); len(told) > 0 {
		present = told[0].Epoch
	}
	answers, err := e.p.Store.Leases(c.r.Context(), c.who, present, in.Statements)
	if err != nil {
		return err
	}
	return c.respond(protocol.LeasesAnswer{Answers: answers})
}
