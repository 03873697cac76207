package endpoint

import (
	"net/http"

	"parvis/sync/protocol"
)

// document answers with the protocol's description. It holds nothing that is not public.
func (e *Endpoint) document(c *call) error {
	c.w.Header().Set("Cache-Control", "public, max-age=3600")
	return c.send(http.StatusOK, protocol.ContentDocument, protocol.Document)
}
