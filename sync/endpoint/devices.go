package endpoint

import (
	"net/http"
	"strconv"

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

// ending tells what ending a device's enrolment would touch, and whether the person may.
func (e *Endpoint) ending(c *call) error {
	what, err := e.p.Store.Ending(c.r.Context(), c.who, c.r.PathValue("device"))
	if err != nil {
		return err
	}
	return c.respond(what)
}

func (e *Endpoint) revokeDevice(c *call) error { return e.endDevice(c, centralstore.EndRevoked) }

func (e *Endpoint) loseDevice(c *call) error { return e.endDevice(c, centralstore.EndLost) }

// endDevice takes a reason, which an older app does not send.
func (e *Endpoint) endDevice(c *call, how centralstore.End) error {
	var in protocol.EndRequest
	if c.r.ContentLength != 0 {
		if err := c.decode(&in, mostSmall); err != nil {
			return err
		}
	}
	if len(in.Reason) > protocol.MaxReason {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "A reason has at most "+strconv.Itoa(protocol.MaxReason)+" bytes.")
	}
	err := e.p.Store.EndDevice(c.r.Context(), centralstore.DeviceEnd{Device: c.r.PathValue("device"), How: how, Who: c.who, Reason: in.Reason})
	if err != nil {
		return err
	}
	return c.respond(struct{}{})
}
