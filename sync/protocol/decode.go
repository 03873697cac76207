package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ErrTooManyRecords is returned for a batch of more than MaxBatchRecords.
var ErrTooManyRecords = fmt.Errorf("a batch may hold %d records", MaxBatchRecords)

// ErrUnreadable is returned for a body that arrived whole and is no batch.
var ErrUnreadable = errors.New("the body is no batch")

// ReadBatch reads a Batch. It fails where data is no batch at all; a record that cannot be read is returned with its error and
// leaves the others untouched. It stops at the first record too many, so that a long list of nothing takes no memory.
func ReadBatch(data []byte) ([]Incoming, error) {
	values := json.NewDecoder(bytes.NewReader(data))
	records := []Incoming{}
	err := eachMember(values, func(name string) error {
		if name != "records" {
			var unknown json.RawMessage // of a newer version
			return values.Decode(&unknown)
		}
		return eachElement(values, func() error {
			var whole json.RawMessage
			if err := values.Decode(&whole); err != nil {
				return err
			}
			if len(records) == MaxBatchRecords {
				return ErrTooManyRecords
			}
			records = append(records, readRecord(whole))
			return nil
		})
	})
	if err == nil {
		err = ended(values)
	}
	switch {
	case errors.Is(err, ErrTooManyRecords):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return records, nil
}

var errShape = errors.New("another kind of value was expected")

// eachMember reads an object and calls member with each name; member reads the value.
func eachMember(values *json.Decoder, member func(name string) error) error {
	if err := delimiter(values, '{'); err != nil {
		return err
	}
	for values.More() {
		token, err := values.Token()
		if err != nil {
			return err
		}
		name, ok := token.(string)
		if !ok {
			return errShape
		}
		if err := member(name); err != nil {
			return err
		}
	}
	return delimiter(values, '}')
}

// eachElement reads an array, or null in its place, and calls element before each of its values, which it reads.
func eachElement(values *json.Decoder, element func() error) error {
	token, err := values.Token()
	switch {
	case err != nil || token == nil:
		return err
	case token != json.Delim('['):
		return errShape
	}
	for values.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return delimiter(values, ']')
}

func delimiter(values *json.Decoder, want json.Delim) error {
	token, err := values.Token()
	if err == nil && token != want {
		return errShape
	}
	return err
}

// ended wants nothing to follow.
func ended(values *json.Decoder) error {
	if _, err := values.Token(); !errors.Is(err, io.EOF) {
		return errShape
	}
	return nil
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
