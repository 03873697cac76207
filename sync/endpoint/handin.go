package endpoint

import (
	"errors"
	"log/slog"
	"net/http"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// handIn takes a file that a device handed in, from whoever is signed in. The token inside it tells whose it is; what it holds is
// taken as if the device had sent it.
func (e *Endpoint) handIn(c *call) error {
	if !c.who.MayTakeIn() {
		return &centralstore.Error{Code: centralstore.Forbidden, Message: "A supervisor, a researcher or an administrator brings a device's file."}
	}
	h, err := e.openHandIn(c)
	if err != nil {
		return err
	}
	who, err := e.p.Store.DeviceOf(c.r.Context(), h.Token, c.who.Name())
	if err != nil {
		return err
	}
	answer := protocol.HandInAnswer{Device: who.Device, Interviewer: who.Interviewer}
	for _, raw := range h.Batches {
		records, err := protocol.ReadBatch(raw)
		if err != nil {
			return err
		}
		done, err := e.p.Store.Push(c.r.Context(), centralstore.Push{Who: who, Records: records, HighSeq: h.HighSeq})
		if err != nil {
			return err
		}
		tally(&answer, records, done.Receipts)
	}
	for _, f := range h.Files {
		if err := e.takeFile(c, who, f); err != nil {
			return err
		}
		answer.Files++
	}
	c.note(slog.Int("files", answer.Files), slog.Int("received", answer.Received), slog.Int("duplicates", answer.Duplicates), slog.Int("quarantined", answer.Quarantined))
	return c.respond(answer)
}

// takeFile puts a picture where the device had left off sending it.
func (e *Endpoint) takeFile(c *call, who centralstore.Principal, f protocol.HandInFile) error {
	ctx, size := c.r.Context(), int64(len(f.Bytes))
	if size > protocol.MaxAttachment {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "A picture in the file is longer than central takes.")
	}
	state, err := e.p.Store.HaveAttachment(ctx, who, f.Study, f.SHA256)
	for err == nil && !state.Complete {
		if state.Have > size {
			return problem(http.StatusUnprocessableEntity, protocol.CodeBadRequest, "A picture in the file is not what it says.")
		}
		chunk := f.Bytes[state.Have:min(size, state.Have+protocol.AttachmentChunk)]
		state, err = e.p.Store.PutAttachment(ctx, centralstore.AttachmentPart{
			Who: who, Study: f.Study, SHA256: f.SHA256, Size: size, Offset: state.Have, Chunk: chunk,
		})
	}
	return err
}

func (e *Endpoint) openHandIn(c *call) (h protocol.HandIn, err error) {
	if e.p.HandIn == nil {
		return h, problem(http.StatusNotFound, protocol.CodeNotFound, "This central takes no files from devices.")
	}
	closed, err := c.read(protocol.MaxHandInBytes)
	if err != nil {
		return h, err
	}
	content, err := seal.OpenFile(e.p.HandIn.Keys, closed)
	if errors.Is(err, seal.ErrWrongKey) {
		return h, problem(http.StatusUnprocessableEntity, protocol.CodeBadRequest, "This file was made for another central.")
	}
	if err == nil {
		h, err = protocol.ReadHandIn(content)
	}
	if err != nil {
		return h, problem(http.StatusUnprocessableEntity, protocol.CodeBadRequest, "This is not a file that a device handed in, or it is damaged.")
	}
	return h, nil
}

func tally(answer *protocol.HandInAnswer, records []delivery.Incoming, receipts []delivery.Receipt) {
	for i, r := range receipts {
		switch r.Status {
		case delivery.Received:
			answer.Received++
			if records[i].Kind == delivery.KindInterview {
				answer.Interviews++
			}
		case delivery.Duplicate:
			answer.Duplicates++
		case delivery.Quarantined:
			answer.Quarantined++
		}
	}
}
