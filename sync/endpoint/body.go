package endpoint

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// rooms bound the memory that bodies take while they are read and worked on. Whoever finds no room is asked to come again rather
// than made to wait: who waits holds what it has read already, and all would wait for each other.
//
// There is one for each kind of body, so that none uses up another's: devices deliver while somebody sends workbooks slowly.
type rooms struct {
	strangers, known, uploads, handIns *semaphore.Weighted
}

func newRooms(l Limits) rooms {
	return rooms{
		strangers: semaphore.NewWeighted(l.StrangerBytes),
		known:     semaphore.NewWeighted(l.BodyBytes),
		uploads:   semaphore.NewWeighted(2 * protocol.MaxUploadBytes),
		// One hand-in file at its largest, or several that are as usual.
		handIns: semaphore.NewWeighted(protocol.MaxHandInBytes + protocol.MaxHandInBytes/4),
	}
}

// room is what one call has taken of a semaphore.
type room struct {
	of   *semaphore.Weighted
	held int64
}

func (r *room) take(n int64) error {
	if !r.of.TryAcquire(n) {
		return errNoRoom
	}
	r.held += n
	return nil
}

func (r *room) leave() {
	if r.of != nil {
		r.of.Release(r.held)
		r.held = 0
	}
}

// errNoRoom: so many bodies are being read that there is no memory for another one.
var errNoRoom = problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "Central has its hands full. Please try again in a moment.")

// enter chooses the room a call's body is read in.
func (c *call) enter(of *semaphore.Weighted) {
	if c.room.of == nil {
		c.room.of = of
	}
}

// readUntil sets the time by which the caller must have sent more.
func (c *call) readUntil(t time.Time) { guard.ReadUntil(c.w, t) }

// body is the request's body as it comes, within limit bytes. One that says it is longer is refused before it is read.
func (c *call) body(limit int64) (io.ReadCloser, error) {
	if c.r.ContentLength > limit {
		return nil, protocol.ErrTooLarge
	}
	return http.MaxBytesReader(c.w, guard.NewPaced(c.w, c.r.Body, c.e.p.Limits.Patience), limit), nil
}

// read takes the body whole, inflated, within limit bytes.
func (c *call) read(limit int64) ([]byte, error) {
	body, err := c.body(limit)
	if err != nil {
		return nil, err
	}
	if c.known() {
		c.enter(c.e.rooms.known)
	} else {
		c.enter(c.e.rooms.strangers)
	}
	return c.e.inflate.Metered(body, strings.ToLower(c.r.Header.Get("Content-Encoding")), limit, c.room.take)
}

// decode reads a small JSON body.
func (c *call) decode(into any, limit int64) error {
	data, err := c.read(limit)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "The body is not the JSON this address takes.")
	}
	return nil
}

// answerIn gives an answer the time its bytes take on a bad connection.
func (c *call) answerIn(bytes int64) { guard.AnswerIn(c.w, bytes, c.e.p.Limits.Patience) }
