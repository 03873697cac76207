package endpoint

import (
	"net/http"
	"strconv"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// haveAttachment tells a device where to go on with a file.
func (e *Endpoint) haveAttachment(c *call) error {
	state, err := e.p.Store.HaveAttachment(c.r.Context(), c.who, c.r.URL.Query().Get("study"), c.r.PathValue("sha256"))
	if err != nil {
		return err
	}
	return c.respond(protocol.AttachmentAnswer{Have: state.Have, Complete: state.Complete})
}

// putAttachment takes one chunk of a file. A chunk that was cut off on its way is not taken at all.
func (e *Endpoint) putAttachment(c *call) error {
	size, ok := c.number("size")
	offset, also := c.number("offset")
	switch {
	case !ok || !also:
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "A chunk comes with size, of the whole file, and offset.")
	case size > protocol.MaxAttachment:
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "The file is longer than central takes.")
	}
	chunk, err := c.read(protocol.AttachmentChunk)
	if err != nil {
		return err
	}
	state, err := e.p.Store.PutAttachment(c.r.Context(), centralstore.AttachmentPart{
		Who: c.who, Study: c.r.URL.Query().Get("study"), SHA256: c.r.PathValue("sha256"), Size: size, Offset: offset, Chunk: chunk,
	})
	if err != nil {
		return err
	}
	return c.respond(protocol.AttachmentAnswer{Have: state.Have, Complete: state.Complete})
}

// attachment answers a person with a file or the range of it that was asked for.
func (e *Endpoint) attachment(c *call) error {
	sum := c.r.PathValue("sha256")
	file, err := e.p.Store.OpenAttachment(c.r.Context(), c.who, sum)
	if err != nil {
		return err
	}
	defer file.Close()
	return c.file(sum, file)
}

// number reads a parameter of the address.
func (c *call) number(name string) (n int64, ok bool) {
	n, err := strconv.ParseInt(c.r.URL.Query().Get(name), 10, 64)
	return n, err == nil && n >= 0
}
