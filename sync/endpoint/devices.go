package endpoint

import (
	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// devices lists those of one study, or of all in which the person supervises.
func (e *Endpoint) devices(c *call) error {
	list, err := e.p.Store.DevicesOf(c.r.Context(), c.who, c.r.URL.Query().Get("study"))
	if err != nil {
		return err
	}
	if list == nil {
		list = []delivery.DeviceState{}
	}
	return c.respond(protocol.DeviceList{Devices: list})
}

func (e *Endpoint) revokeDevice(c *call) error { return e.endDevice(c, centralstore.EndRevoked) }

func (e *Endpoint) loseDevice(c *call) error { return e.endDevice(c, centralstore.EndLost) }

func (e *Endpoint) endDevice(c *call, how centralstore.End) error {
	err := e.p.Store.EndDevice(c.r.Context(), centralstore.DeviceEnd{Device: c.r.PathValue("device"), How: how, Who: c.who})
	if err != nil {
		return err
	}
	return c.respond(struct{}{})
}
