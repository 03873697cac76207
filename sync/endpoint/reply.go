package endpoint

import (
	"fmt"

	"parvis/internal/centralstore"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// live is the device of a token that is still good; nil for one that has ended.
func (e *Endpoint) live(c *call, token string) (*centralstore.Principal, error) {
	who, err := e.p.Store.Authenticate(c.r.Context(), token)
	switch {
	case centralstore.CodeOf(err) != "":
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &who, nil
}

// reply closes what central has to say to the device whose file somebody brought, so that it can go back the way the file came. The key
// was in the sealed file: only the device that made it can open the reply, and only who opens the file can have made it.
func (e *Endpoint) reply(c *call, live *centralstore.Principal, h protocol.HandIn, said protocol.HandInReply, sum string) ([]byte, error) {
	// A device that was shut out is told so when it asks itself. Until then nothing new goes to it.
	if h.Pull && live != nil {
		var err error
		said.Pull, err = e.pulled(c.r.Context(), centralstore.PullQuery{
			Who: *live, Cursor: h.Cursor, Epochs: protocol.ReadEpochs(h.Epochs), HighSeq: h.HighSeq, Limit: protocol.PullPage, Bytes: protocol.MaxReplyPull,
		})
		// A cursor that central cannot read spoils the page and not the receipts.
		if err != nil && centralstore.CodeOf(err) == "" {
			return nil, err
		}
	}
	plain, err := protocol.WriteReply(said)
	if err != nil {
		return nil, fmt.Errorf("writing the reply: %w", err)
	}
	closed, err := seal.CloseReply(h.ReplyKey, protocol.ReplyAbout(sum), plain)
	if err != nil {
		// What the file held is stored; a key that is none is as no key.
		return nil, nil
	}
	return closed, nil
}
