package endpoint

import (
	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// sendMessage takes a supervisor's message for those in the field.
func (e *Endpoint) sendMessage(c *call) error {
	var in protocol.MessageRequest
	if err := c.decode(&in, 8*delivery.MostMessage); err != nil {
		return err
	}
	sent, err := e.p.Store.SendMessage(c.r.Context(), centralstore.MessageOrder{
		Study: in.Study, Interviewer: in.Interviewer, Device: in.Device, Text: in.Text, Who: c.who,
	})
	if err != nil {
		return err
	}
	return c.respond(sent)
}
