package agent

import (
	"bytes"
	"log/slog"

	"github.com/go-resty/resty/v2"

	"parvis/sync/protocol"
)

// quiet keeps the client library's own messages out of the log's higher levels and their arguments, which may hold addresses and
// bodies, out of it altogether.
type quiet struct{ log *slog.Logger }

func (q quiet) Errorf(format string, _ ...any) { q.log.Debug("http client", "message", format) }
func (q quiet) Warnf(format string, _ ...any)  { q.log.Debug("http client", "message", format) }
func (q quiet) Debugf(format string, _ ...any) { q.log.Debug("http client", "message", format) }

// inflate reads the answer's body; gzip was undone by the library already.
func inflate(res *resty.Response) ([]byte, error) {
	encoding := res.Header().Get("Content-Encoding")
	if encoding == protocol.EncodingGzip {
		encoding = ""
	}
	return new(protocol.Inflater).Read(bytes.NewReader(res.Body()), encoding, protocol.MaxAnswerBytes)
}
