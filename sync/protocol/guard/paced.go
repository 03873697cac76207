package guard

import (
	"io"
	"net/http"
	"time"
)

// Slowest is the slowest connection a server waits for, bytes a second.
const Slowest = 1 << 10

// Paced reads a request's body and gives it the time its bytes take on a bad connection, counted as they come: whoever claims to send
// much and sends next to nothing is given up as soon as its patience allows.
type Paced struct {
	io.ReadCloser
	w        http.ResponseWriter
	patience time.Duration
	began    time.Time
	received int64
}

// NewPaced paces the body of a request whose answer goes to w.
func NewPaced(w http.ResponseWriter, body io.ReadCloser, patience time.Duration) *Paced {
	return &Paced{ReadCloser: body, w: w, patience: patience, began: time.Now()}
}

// Read implements io.Reader.
func (p *Paced) Read(into []byte) (int, error) {
	until := p.began.Add(p.patience + time.Duration(p.received/Slowest)*time.Second)
	if stalled := time.Now().Add(p.patience); stalled.Before(until) {
		until = stalled
	}
	ReadUntil(p.w, until)
	n, err := p.ReadCloser.Read(into)
	p.received += int64(n)
	return n, err
}

// ReadUntil sets the time by which the caller must have sent more. Where the server cannot, as under a test recorder, there is no
// connection to guard. The server forgets it when the body has ended, so that long work is not taken for a caller that has gone.
func ReadUntil(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t)
}

// AnswerIn gives an answer the time its bytes take on a bad connection.
func AnswerIn(w http.ResponseWriter, bytes int64, patience time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience + time.Duration(bytes/Slowest)*time.Second))
}
