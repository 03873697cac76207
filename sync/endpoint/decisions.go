package endpoint

import (
	"log/slog"
	"net/http"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// decide takes in what a supervisor decided.
func (e *Endpoint) decide(c *call) error {
	var in protocol.DecisionsRequest
	if err := c.decode(&in, protocol.MaxDecisions*(delivery.MostDecision+64)); err != nil {
		return err
	}
	if len(in.Decisions) > protocol.MaxDecisions {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more decisions than central takes at once.")
	}
	receipts, err := e.p.Store.Decide(c.r.Context(), c.who, c.r.PathValue("study"), in.Decisions)
	if err != nil {
		return err
	}
	refused := 0
	for _, r := range receipts {
		if r.Status == delivery.DecisionRefused {
			refused++
		}
	}
	c.note(slog.Int("decisions", len(receipts)), slog.Int("refused", refused))
	return c.respond(protocol.DecisionsAnswer{Receipts: receipts})
}
