package endpoint

import (
	"parvis/sync/protocol"
)

// tallies answers with the counts of a study, which are kept as records come and may be read from a replica.
func (e *Endpoint) tallies(c *call) error {
	counts, err := e.p.Store.Tallies(c.r.Context(), c.who, c.r.PathValue("study"))
	if err != nil {
		return err
	}
	list := protocol.TallyList{Tallies: make([]protocol.Tally, len(counts))}
	for i, t := range counts {
		list.Tallies[i] = protocol.Tally{
			Day: t.Day, Site: t.Site, Interviewer: t.Interviewer, Kind: t.Kind, Disposition: string(t.Disposition), Count: t.Count,
		}
	}
	return c.respond(list)
}
