package endpoint

// quotas answers how a study's quota constraints stand; it may be read from a replica.
func (e *Endpoint) quotas(c *call) error {
	states, err := e.p.Store.QuotaStates(c.r.Context(), c.who, c.r.PathValue("study"))
	if err != nil {
		return err
	}
	return c.respond(states)
}
