package endpoint

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// handIn takes a file that a device handed in, from whoever is signed in. The token inside it tells whose it is; what it holds is
// taken as if the device had sent it.
func (e *Endpoint) handIn(c *call) error {
	if e.p.HandIn == nil {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "This central takes no files from devices.")
	}
	if encoding := c.r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		// It is compressed inside and sealed: nothing would be saved, and a bomb could be as large as the largest file.
		return problem(http.StatusUnsupportedMediaType, protocol.CodeBadRequest, "A device's file is sent as it is, not compressed again.")
	}
	c.enter(e.rooms.handIns)
	closed, err := c.read(protocol.MaxHandInBytes)
	if err != nil {
		return err
	}
	// One at a time from here on: an open file takes several times its length.
	select {
	case e.handing <- struct{}{}:
		defer func() { <-e.handing }()
	case <-c.r.Context().Done():
		return c.r.Context().Err()
	}
	h, err := e.openHandIn(closed)
	if err != nil {
		return err
	}
	who, err := e.p.Store.DeviceOf(c.r.Context(), h.Token, c.who.Name())
	if err != nil {
		return err
	}
	if !brings(c.who, who) {
		return &centralstore.Error{Code: centralstore.NotFound, Message: "No device of this central made this file."}
	}
	live, err := e.live(c, h.Token)
	if err != nil {
		return err
	}
	answer, said, err := e.takeIn(c, who, h)
	c.note(slog.Int("files", answer.Files), slog.Int("received", answer.Received), slog.Int("duplicates", answer.Duplicates), slog.Int("quarantined", answer.Quarantined))
	if err != nil {
		return err
	}
	if err := e.settle(c, who, live, h, &said); err != nil {
		return err
	}
	if h.ReplyKey != "" {
		if answer.Reply, err = e.reply(c, live, h, said, delivery.Sum(closed)); err != nil {
			return err
		}
	}
	return c.respond(answer)
}

// takeIn stores what the file holds as if the device had sent it.
func (e *Endpoint) takeIn(c *call, who centralstore.Principal, h protocol.HandIn) (protocol.HandInAnswer, protocol.HandInReply, error) {
	answer := protocol.HandInAnswer{Device: who.Device, Interviewer: who.Interviewer}
	epochs, batches := protocol.ReadEpochs(h.Epochs), h.Batches
	visits := len(epochs) > 0
	switch {
	case visits && len(batches) == 0:
		batches = []json.RawMessage{protocol.AppendBatch(nil, nil)} // a visit alone
	case !visits && h.Epoch != "" && h.Epoch != who.Epoch:
		epochs = []protocol.EpochNumbers{{Epoch: h.Epoch, High: h.HighSeq}}
	}
	said := protocol.HandInReply{Receipts: []protocol.Receipt{}}
	for i, raw := range batches {
		records, err := protocol.ReadBatch(raw)
		if err != nil {
			return answer, said, err
		}
		done, err := e.p.Store.Push(c.r.Context(), centralstore.Push{Who: who, Records: records, Epochs: epochs, HighSeq: h.HighSeq})
		if err != nil {
			return answer, said, err
		}
		if i == 0 && visits { // from then on central knows the visit
			for _, g := range done.Gaps {
				said.Epochs = append(said.Epochs, protocol.EpochGaps{Epoch: g.Epoch, Visit: g.Visit, Trail: g.Trail})
			}
		}
		tally(&answer, records, done.Receipts)
		said.Receipts = append(said.Receipts, done.Receipts...)
	}
	for _, f := range h.Files {
		if err := e.takeFile(c, who, f); err != nil {
			return answer, said, err
		}
		answer.Files++
		said.Files = append(said.Files, f.SHA256)
	}
	return answer, said, nil
}

// settle answers what the file says of the device's rights, after its records, which used some of them. A statement that cannot
// be heard is left out and keeps no receipt back.
func (e *Endpoint) settle(c *call, who centralstore.Principal, live *centralstore.Principal, h protocol.HandIn, said *protocol.HandInReply) error {
	if len(h.Leases) == 0 {
		return nil
	}
	answers, err := e.p.Store.Leases(c.r.Context(), centralstore.Leasing{
		Who: who, Epochs: protocol.ReadEpochs(h.Epochs), Statements: h.Leases[:min(len(h.Leases), protocol.MaxLeaseStatements)], Ended: live == nil,
	})
	if err != nil {
		return err
	}
	for _, a := range answers {
		if len(a.Leases)+len(a.Aims) > 0 {
			said.Leases = append(said.Leases, a)
		}
	}
	return nil
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

// brings tells whether a person may bring the file of a device: in one of its studies at least, the person is a supervisor or more.
// To anybody else the file is of no device here.
func brings(who, device centralstore.Principal) bool {
	return slices.ContainsFunc(who.Grants, func(g centralstore.Grant) bool {
		return atLeast(g.Role, centralstore.Supervisor) && (g.Study == "" || slices.Contains(device.Studies, g.Study))
	})
}

func (e *Endpoint) openHandIn(closed []byte) (h protocol.HandIn, err error) {
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
