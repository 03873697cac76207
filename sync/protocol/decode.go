package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrTooManyRecords is returned for a batch of more than MaxBatchRecords.
var ErrTooManyRecords = fmt.Errorf("a batch may hold %d records", MaxBatchRecords)

// ErrUnreadable is returned for a body that arrived whole and is no batch.
var ErrUnreadable = errors.New("the body is no batch")

// ReadBatch reads a Batch. It fails where data is no batch at all; a record that cannot be read is returned with its error and
// leaves the others untouched. The results share data's bytes.
func ReadBatch(data []byte) ([]Incoming, error) {
	var batch struct {
		Records []json.RawMessage `json:"records"`
	}
	if err := json.Unmarshal(data, &batch); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if len(batch.Records) > MaxBatchRecords {
		return nil, ErrTooManyRecords
	}
	records := make([]Incoming, len(batch.Records))
	for i, whole := range batch.Records {
		records[i] = readRecord(whole)
	}
	return records, nil
}

type wireRecord struct {
	Record
	Raw []byte `json:"raw"`
}

func readRecord(whole json.RawMessage) Incoming {
	var w wireRecord
	err := json.Unmarshal(whole, &w)
	in := Incoming{Record: w.Record, Whole: whole}
	switch {
	case err != nil:
		in.Err = fmt.Errorf("reading the record: %w", err)
		in.Record = salvage(whole)
	case w.Body != nil && w.Raw != nil:
		in.Err = errors.New("the record has both a body and a raw body")
	case w.Raw != nil:
		in.Body = w.Raw
	}
	return in
}

// salvage takes each member that can be read from a record that cannot be read as a whole, so that its receipt names it.
func salvage(whole json.RawMessage) Record {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(whole, &members); err != nil {
		return Record{}
	}
	var r Record
	for name, into := range map[string]any{
		"id": &r.ID, "kind": &r.Kind, "revision": &r.Revision, "study": &r.Study, "epoch": &r.Epoch, "seq": &r.Seq, "sha256": &r.SHA256,
	} {
		if value, ok := members[name]; ok {
			// What does not fit its type stays empty; the record is refused for it anyway.
			_ = json.Unmarshal(value, into)
		}
	}
	r.Body = members["body"]
	return r
}
