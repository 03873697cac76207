package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// What is read as a batch is as encoding/json has it, never more than a batch may hold, and each record is whole.
func FuzzReadBatch(f *testing.F) {
	record := delivery.Record{ID: "x", Kind: delivery.KindContact, Revision: 1, Study: "mall", Epoch: "e", Seq: 1, SHA256: protocol.Sum([]byte("{}")), Body: []byte("{}")}
	broken := record
	broken.Body = []byte("{")
	for _, seed := range []string{
		string(protocol.AppendBatch(nil, []delivery.Record{record, broken})), `{"records":[]}`, `{"records":null}`, `{"records":{}}`, `{}`, `[]`, `null`, ``, `{"records":[1,"a",null,{}]}`,
		`{"records":[],"more":{"a":[1]}}`, `{"records":[{"id":1,"body":{},"raw":"e30="}]}`, `{"records":[]} {}`, `{"records":[{}],"records":[{}]}`, `{"records":[` + strings.Repeat("0,", 201) + `0]}`,
		strings.Repeat("[", 20_000), `{"records":[{"body":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		records, err := protocol.ReadBatch(data)
		if err != nil {
			if !errors.Is(err, protocol.ErrUnreadable) && !errors.Is(err, protocol.ErrTooManyRecords) {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		if len(records) > protocol.MaxBatchRecords {
			t.Fatalf("%d records", len(records))
		}
		if !json.Valid(data) {
			t.Fatal("no JSON was taken for a batch")
		}
		for i, r := range records {
			if !bytes.Contains(data, r.Whole) || !json.Valid(r.Whole) {
				t.Fatalf("record %d is not whole: %q", i, r.Whole)
			}
		}
	})
}

// Whatever comes, no more than the limit comes out, and what was compressed comes back.
func FuzzInflate(f *testing.F) {
	compress, err := protocol.NewCompressor()
	if err != nil {
		f.Fatal(err)
	}
	plain := []byte(strings.Repeat("a questionnaire ", 100))
	for _, encoding := range []string{"zstd", "gzip", "", "identity", "br"} {
		for _, body := range [][]byte{plain, compress.Compress(plain), zipped(f, plain), compress.Compress(make([]byte, 1<<20)), zipped(f, make([]byte, 1<<20)), nil} {
			f.Add(body, encoding, int64(4096))
		}
	}
	var inflater protocol.Inflater
	f.Fuzz(func(t *testing.T, body []byte, encoding string, limit int64) {
		limit = max(0, min(limit, 1<<20))
		var taken int64
		data, err := inflater.Metered(bytes.NewReader(body), encoding, limit, func(n int64) error { taken += n; return nil })
		if err == nil && (int64(len(data)) > limit || taken < int64(len(data))) {
			t.Fatalf("%d bytes of at most %d, %d counted", len(data), limit, taken)
		}
		if err != nil && !errors.Is(err, protocol.ErrTooLarge) && !errors.Is(err, protocol.ErrDamaged) && !errors.Is(err, protocol.ErrEncoding) {
			t.Fatalf("an error without a kind: %v", err)
		}
		back, err := inflater.Read(bytes.NewReader(compress.Compress(body)), protocol.EncodingZstd, int64(len(body)))
		if err != nil || !bytes.Equal(back, body) {
			t.Fatalf("the decoder does not go on after what came before: %v", err)
		}
	})
}

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is no reply is refused; what is one is read within its limit.
func FuzzReadReply(f *testing.F) {
	whole, err := protocol.WriteReply(protocol.HandInReply{
		Receipts: []protocol.Receipt{{ID: "a", Revision: 1, Status: delivery.Received}}, Files: []string{"00"},
		Epochs: []protocol.EpochGaps{{Epoch: "e", Visit: "2-a", Trail: []string{"2-a", "1-b"}}}, Pull: []byte(`{"cursor":"c","items":[]}`),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add(whole[:len(whole)/2], false)
	for _, content := range []string{`{"receipts":null,"epochs":[{"epoch":"e","trail":[""]}]}`, `{"leases":[{"study":"mall","epoch":"e","number":9223372036854775807}]}`, `[]`, strings.Repeat("[", 20_000)} {
		f.Add([]byte(content), true)
	}
	f.Fuzz(func(t *testing.T, content []byte, zip bool) {
		if zip {
			content = zipped(t, content)
		}
		r, err := protocol.ReadReply(content)
		if err != nil {
			return
		}
		again, err := protocol.WriteReply(r)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := protocol.ReadReply(again); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}

// What is no hand-in is refused, and what is one is read whole.
func FuzzReadHandIn(f *testing.F) {
	whole, err := protocol.WriteHandIn(protocol.HandIn{Token: "pvd_x", HighSeq: 2}, []delivery.Record{{ID: "a", Body: []byte("{}")}},
		[]protocol.HandInFile{{Study: "mall", SHA256: "00", Bytes: []byte("picture")}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add(whole[:len(whole)/2], false)
	f.Add([]byte("no gzip"), false)
	for _, content := range []string{`{"format":1}`, `{"format":2}`, `{"format":0}`, `{"format":1}{"records":[]}{"sha256":"x","bytes":"AA=="}[]1`, `{"format":1}{`, strings.Repeat("[", 20_000)} {
		f.Add([]byte(content), true)
	}
	f.Fuzz(func(t *testing.T, content []byte, zip bool) {
		if zip {
			content = zipped(t, content)
		}
		h, err := protocol.ReadHandIn(content)
		if err == nil && h.Format != protocol.HandInFormat {
			t.Fatalf("format %d was read", h.Format)
		}
		if err != nil && !errors.Is(err, protocol.ErrHandIn) && !errors.Is(err, protocol.ErrTooLarge) {
			t.Fatalf("an error without a kind: %v", err)
		}
		for _, b := range h.Batches {
			_, _ = protocol.ReadBatch(b)
		}
	})
}
