package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Attachments are the files that interviews name, such as pictures. One waits until central has it whole.
type Attachments interface {
	// WaitingAttachments lists the files that wait and whose interview central has, the oldest first.
	WaitingAttachments(ctx context.Context) ([]delivery.Attachment, error)
	// UnsentAttachments lists all files that central does not have.
	UnsentAttachments(ctx context.Context) ([]delivery.Attachment, error)
	// AttachmentPart returns bytes from an offset within the file; how many is the store's to choose, at least one.
	AttachmentPart(ctx context.Context, a delivery.Attachment, offset int64) ([]byte, error)
	// MarkAttachmentSent notes that central has the whole file.
	MarkAttachmentSent(ctx context.Context, a delivery.Attachment) error
}

// mostCorrections is how often one file's offset may be put right in one synchronisation: a central that never agrees is left alone.
const mostCorrections = 3

// errUnreadable: the device cannot read bytes of one file.
var errUnreadable = errors.New("a picture cannot be read")

// attach sends the files of interviews that central has. It comes last, so that neither records nor a new questionnaire ever wait
// for it. A file that central refuses by itself, or that damage has made unreadable, stays here and holds up no other.
func (r *run) attach(ctx context.Context) error {
	if r.a.p.Outbox == nil {
		return nil
	}
	waiting, err := r.a.p.Outbox.WaitingAttachments(ctx)
	if err != nil {
		return stored(ctx, "sending a picture", err)
	}
	s := &sending{run: r}
	for _, a := range waiting {
		s.total += a.Size
	}
	var first error
	for _, a := range waiting {
		if r.a.p.HoldMedia(ctx) {
			r.report.Held++
			continue
		}
		before := s.done
		err := s.whole(ctx, a)
		s.done = before + a.Size
		switch reason := ReasonOf(err); {
		case err == nil:
			r.report.Attachments++
		case reason == Refused || reason == Forbidden || errors.Is(err, errUnreadable):
			r.report.AttachmentsRefused++
			r.a.p.Logger.Warn("a picture stays here", "reason", string(reason), "problem", codeOf(err))
		case reason.stops():
			return err
		case first == nil:
			first = err
		}
	}
	return first
}

// sending counts bytes over all files that wait.
type sending struct {
	*run
	done, total int64
}

// whole asks how much central has and sends the rest, chunk by chunk.
func (s *sending) whole(ctx context.Context, a delivery.Attachment) error {
	state, err := s.client.HaveAttachment(ctx, a)
	if err != nil {
		return err
	}
	before, corrections := s.done, 0
	for !state.Complete {
		if state.Have < 0 || state.Have > a.Size {
			return failed("sending a picture", BadAnswer, fmt.Errorf("central has %d bytes of %d", state.Have, a.Size))
		}
		s.done = before + state.Have
		s.a.p.Progress(Progress{Stage: StageAttach, Done: s.done, Total: s.total})
		next, err := s.part(ctx, a, state.Have)
		var e *Error
		if errors.As(err, &e) && e.Problem != nil && e.Problem.Code == protocol.CodeWrongOffset && corrections < mostCorrections {
			corrections++
			state.Have = e.Problem.Have
			continue
		}
		if err != nil {
			return err
		}
		if next.Have <= state.Have && !next.Complete {
			return failed("sending a picture", BadAnswer, errors.New("central took a chunk and does not move on"))
		}
		state = next
	}
	// An answer that came is kept even when whoever asked has gone.
	kept := context.WithoutCancel(ctx)
	return stored(kept, "keeping that a picture arrived", s.a.p.Outbox.MarkAttachmentSent(kept, a))
}

// part sends one chunk; behind the last byte it is empty, and central then verifies what it has.
func (s *sending) part(ctx context.Context, a delivery.Attachment, offset int64) (protocol.AttachmentAnswer, error) {
	chunk := []byte{}
	if offset < a.Size {
		var err error
		if chunk, err = s.a.p.Outbox.AttachmentPart(ctx, a, offset); err != nil {
			err = stored(ctx, "sending a picture", err)
			if ReasonOf(err) == Storage {
				err = fmt.Errorf("%w: %w", errUnreadable, err)
			}
			return protocol.AttachmentAnswer{}, err
		}
		chunk = chunk[:min(len(chunk), protocol.AttachmentChunk)]
	}
	return s.client.PutAttachment(ctx, a, offset, chunk)
}

// codeOf is what central called a refusal.
func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Problem != nil {
		return string(e.Problem.Code)
	}
	return ""
}

// HaveAttachment asks how much of a file central has.
func (c *Client) HaveAttachment(ctx context.Context, a delivery.Attachment) (answer protocol.AttachmentAnswer, err error) {
	err = c.get(ctx, "asking what arrived", protocol.PathAttachment+url.PathEscape(a.SHA256)+"/have", map[string]string{"study": a.Study}, &answer)
	return answer, err
}

// PutAttachment sends a chunk of a file.
func (c *Client) PutAttachment(ctx context.Context, a delivery.Attachment, offset int64, chunk []byte) (answer protocol.AttachmentAnswer, err error) {
	err = c.exchangeJSON(ctx, exchange{
		doing: "sending a picture", method: http.MethodPut, path: protocol.PathAttachment + url.PathEscape(a.SHA256),
		query: map[string]string{"study": a.Study, "size": strconv.FormatInt(a.Size, 10), "offset": strconv.FormatInt(offset, 10)},
		body:  chunk, contentType: "application/octet-stream",
	}, &answer)
	return answer, err
}

// AttachmentPart gets at most length bytes of a file that an answer names, from offset, and the file's whole size, for a person.
func (c *Client) AttachmentPart(ctx context.Context, sha256 string, offset, length int64) (data []byte, size int64, err error) {
	return c.ranged(ctx, "fetching a picture", protocol.PathAttachment+url.PathEscape(sha256), offset, length)
}
