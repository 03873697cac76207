package endpoint

// plan answers who is assigned where; it may be read from a replica.
func (e *Endpoint) plan(c *call) error {
	plan, err := e.p.Store.Plan(c.r.Context(), c.who, c.r.PathValue("study"))
	if err != nil {
		return err
	}
	return c.respond(plan)
}
