package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// Record is one record as central gave it out.
type Record struct {
	Kind       string
	ID         string
	Revision   int
	ReceivedAt int64  // central's clock, milliseconds UTC
	SkewMS     int64  // device clock minus central's at that time
	Body       []byte // JSON
	// Interview is which one it says something of: itself, or what a decision is about; empty for none. Provisional tells whether that one
	// counts in no quota yet, as of this page.
	Interview   string
	Provisional bool
}

// Page is what one answer of central brought.
type Page struct {
	Cursor  string   // where the next page begins
	Studies [][]byte // JSON of the study wherever it changed, oldest first
	Records []Record
}

// entrySize is how many bytes a line has in the index.
const entrySize = 32

// entry is where a record stands. Its position in the index is that of its line in records.jsonl.
type entry struct {
	id       [16]byte // the UUID, or a hash of what else it is called
	revision uint32
	length   uint32 // of the line with its end
	body     uint32 // where in the line the body begins
	sum      uint32 // CRC-32C of the line
}

// Append keeps a page. When it returns without an error the page is on the disk, counted, and the cursor has moved; otherwise it is
// as if it had never come.
func (a *Archive) Append(p Page) error {
	if a.state.Format != format {
		return a.renew(p)
	}
	return a.append(p)
}

func (a *Archive) append(p Page) error {
	next := a.state
	next.Cursor = p.Cursor
	for _, study := range p.Studies {
		if err := replace(a.kept(studiesName, studyName(next.Studies)), study); err != nil {
			return fmt.Errorf("keeping the study: %w", err)
		}
		next.Studies++
	}
	next.Provisional = marked(next.Provisional, p.Records)
	lines, index, err := encode(p.Records)
	if err != nil {
		return err
	}
	if len(p.Records) > 0 {
		next.Bytes += int64(len(lines))
		next.Records += int64(len(p.Records))
		if err := a.write(lines, index); err != nil {
			return fmt.Errorf("keeping the records (is the disk full?): %w", err)
		}
	}
	return a.commit(next)
}

// marked are the provisional interviews after a page.
func marked(before []string, records []Record) []string {
	marks := slices.Clone(before)
	for _, r := range records {
		if r.Interview == "" {
			continue
		}
		at, there := slices.BinarySearch(marks, r.Interview)
		switch {
		case r.Provisional && !there:
			marks = slices.Insert(marks, at, r.Interview)
		case !r.Provisional && there:
			marks = slices.Delete(marks, at, at+1)
		}
	}
	return marks
}

// write puts both files behind what counts, wherever an attempt that failed may have left them.
func (a *Archive) write(lines, index []byte) error {
	if _, err := a.records.WriteAt(lines, a.state.Bytes); err != nil {
		return err
	}
	if _, err := a.index.WriteAt(index, a.state.Records*entrySize); err != nil {
		return err
	}
	if err := a.records.Sync(); err != nil {
		return err
	}
	return a.index.Sync()
}

func encode(records []Record) (lines, index []byte, err error) {
	table := crc32.MakeTable(crc32.Castagnoli)
	for _, r := range records {
		start := len(lines)
		if lines, err = appendHeader(lines, r); err != nil {
			return nil, nil, err
		}
		e := entry{id: key(r.ID), revision: uint32(r.Revision), body: uint32(len(lines) - start)}
		if lines, err = appendBody(lines, r.Body); err != nil {
			return nil, nil, fmt.Errorf("record %s: %w", r.ID, err)
		}
		lines = append(lines, '}', '\n')
		e.length = uint32(len(lines) - start)
		e.sum = crc32.Checksum(lines[start:], table)
		index = e.append(index)
	}
	return lines, index, nil
}

// appendHeader writes what stands before the body.
func appendHeader(dst []byte, r Record) ([]byte, error) {
	kind, err := json.Marshal(r.Kind)
	if err != nil {
		return nil, err
	}
	id, err := json.Marshal(r.ID)
	if err != nil {
		return nil, err
	}
	dst = append(append(dst, `{"kind":`...), kind...)
	dst = append(append(dst, `,"id":`...), id...)
	dst = strconv.AppendInt(append(dst, `,"revision":`...), int64(r.Revision), 10)
	dst = strconv.AppendInt(append(dst, `,"received_at":`...), r.ReceivedAt, 10)
	dst = strconv.AppendInt(append(dst, `,"skew_ms":`...), r.SkewMS, 10)
	return append(dst, `,"body":`...), nil
}

// appendBody writes the body as it is, without the line ends that a line cannot have.
func appendBody(dst, body []byte) ([]byte, error) {
	if bytes.IndexByte(body, '\n') < 0 && bytes.IndexByte(body, '\r') < 0 {
		return append(dst, body...), nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return nil, err
	}
	return append(dst, compact.Bytes()...), nil
}

func (e entry) append(dst []byte) []byte {
	dst = append(dst, e.id[:]...)
	for _, n := range []uint32{e.revision, e.length, e.body, e.sum} {
		dst = binary.LittleEndian.AppendUint32(dst, n)
	}
	return dst
}

func readEntry(b []byte) entry {
	e := entry{
		revision: binary.LittleEndian.Uint32(b[16:]), length: binary.LittleEndian.Uint32(b[20:]),
		body: binary.LittleEndian.Uint32(b[24:]), sum: binary.LittleEndian.Uint32(b[28:]),
	}
	copy(e.id[:], b)
	return e
}

func key(id string) [16]byte {
	if u, err := uuid.Parse(id); err == nil {
		return u
	}
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:16])
}

func studyName(n int) string { return fmt.Sprintf("%06d.json", n) }
