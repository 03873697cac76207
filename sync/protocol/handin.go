package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// HandIn is what a device that cannot sync any more hands in as a file: all that central has not acknowledged, and the token that
// proves whose it is. The file is an age file for the recipient that central named at enrolment; within it a gzip of JSON values one
// after another: this header, then batches as they are pushed and files that their interviews name.
type HandIn struct {
	Format  int    `json:"format"`   // HandInFormat
	Made    int64  `json:"made"`     // milliseconds UTC of the device's clock
	Token   string `json:"token"`    // the device's, ended or not
	HighSeq int64  `json:"high_seq"` // the highest number given out in the present epoch
	// Epoch is the present one, where the device began it itself; "" for the token's.
	Epoch string `json:"epoch,omitempty"`
	// ReplyKey asks central for a HandInReply closed by it, as a file does that travels over a relay; empty for none.
	ReplyKey string `json:"reply_key,omitempty"`
	// Pull asks for what changed since Cursor to stand in the reply.
	Pull   bool   `json:"pull,omitempty"`
	Cursor string `json:"cursor,omitempty"`
	// Epochs is what the device says of its epochs, as the value of EpochsHeader; it takes the place of HighSeq and Epoch at a central that
	// knows it.
	Epochs string `json:"epochs,omitempty"`
	// Leases are what the device says of its rights to fill quotas, at most MaxLeaseStatements.
	Leases []LeaseStatement `json:"leases,omitempty"`
	// Batches hold the records; each is read with ReadBatch.
	Batches []json.RawMessage `json:"-"`
	Files   []HandInFile      `json:"-"`
}

// HandInFile is a picture that an interview names, whole.
type HandInFile struct {
	Study  string `json:"study"`
	SHA256 string `json:"sha256"`
	Bytes  []byte `json:"bytes"` // base64 in JSON
}

// HandInFormat is the format's number; central reads this one and older ones.
const HandInFormat = 1

// HandInAnswer counts what became of the records.
type HandInAnswer struct {
	Device      string `json:"device"`
	Interviewer string `json:"interviewer"`
	Received    int    `json:"received"`
	Interviews  int    `json:"interviews"` // of Received
	Duplicates  int    `json:"duplicates"`
	Quarantined int    `json:"quarantined"`
	Files       int    `json:"files"` // pictures that are whole at central now
	// Reply is a HandInReply for the device, closed by the key in the file: whoever brought the file can neither read nor make one. It
	// is left out where the file has no key.
	Reply []byte `json:"reply,omitempty"`
}

// ErrHandIn is returned for a file that is no hand-in.
var ErrHandIn = errors.New("this is not a file that a device hands in")

// WriteHandIn writes the content of a hand-in file, not sealed yet.
func WriteHandIn(h HandIn, records []Record, files []HandInFile) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	h.Format = HandInFormat
	if err := json.NewEncoder(zip).Encode(h); err != nil {
		return nil, err
	}
	for len(records) > 0 {
		batch := records[:batchOf(records)]
		records = records[len(batch):]
		if _, err := zip.Write(append(AppendBatch(nil, batch), '\n')); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		if err := json.NewEncoder(zip).Encode(f); err != nil {
			return nil, err
		}
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// batchOf is how many of the records one batch may hold.
func batchOf(records []Record) int {
	bytes := 0
	for i, r := range records[:min(len(records), MaxBatchRecords)] {
		if bytes += len(r.Body) + 512; bytes > MaxBatchBytes/2 && i > 0 {
			return i
		}
	}
	return min(len(records), MaxBatchRecords)
}

// ReadHandIn reads what WriteHandIn wrote.
func ReadHandIn(content []byte) (h HandIn, err error) {
	zip, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return h, ErrHandIn
	}
	rations := &rationed{Reader: zip, total: MaxHandInInflated, value: mostHandInValue}
	values := json.NewDecoder(rations)
	if err := values.Decode(&h); err != nil || h.Format < 1 {
		return h, ErrHandIn
	}
	if h.Format > HandInFormat {
		return h, fmt.Errorf("%w of this version: its format is %d, this central reads %d", ErrHandIn, h.Format, HandInFormat)
	}
	for {
		var value json.RawMessage
		rations.value = mostHandInValue
		err := values.Decode(&value)
		switch {
		case errors.Is(err, ErrTooLarge):
			return h, ErrTooLarge
		case errors.Is(err, io.EOF):
			return h, nil
		case err != nil:
			return h, ErrHandIn
		}
		var f HandInFile
		if err := json.Unmarshal(value, &f); err == nil && f.SHA256 != "" {
			h.Files = append(h.Files, f)
			continue
		}
		h.Batches = append(h.Batches, value)
	}
}

// mostHandInValue bounds one value of a hand-in file: a picture in base64 is the longest there is.
const mostHandInValue = 2 * MaxAttachment

// rationed reads so much in all, and so much for each value.
type rationed struct {
	io.Reader
	total, value int64
}

func (r *rationed) Read(into []byte) (int, error) {
	left := min(r.total, r.value)
	if left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := r.Reader.Read(into[:min(int64(len(into)), left)])
	r.total -= int64(n)
	r.value -= int64(n)
	return n, err
}
