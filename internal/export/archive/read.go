package archive

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
)

// Studies are the versions of the study that were pulled, oldest first, as JSON.
func (a *Archive) Studies() ([][]byte, error) {
	var all [][]byte
	for n := range a.state.Studies {
		text, err := os.ReadFile(a.kept(studiesName, studyName(n)))
		if err != nil {
			return nil, fmt.Errorf("reading the study: %w", err)
		}
		all = append(all, text)
	}
	return all, nil
}

// Form returns the questionnaire with that SHA-256; found is false where it has not been kept.
func (a *Archive) Form(sha256 string) (xml []byte, found bool, err error) {
	xml, err = os.ReadFile(a.path(formsName, sha256+".xml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("reading a questionnaire: %w", err)
	}
	return xml, true, nil
}

// SaveForm keeps a questionnaire. The caller has compared its SHA-256, which is lower-case hexadecimal.
func (a *Archive) SaveForm(sha256 string, xml []byte) error {
	if err := replace(a.path(formsName, sha256+".xml"), xml); err != nil {
		return fmt.Errorf("keeping the questionnaire: %w", err)
	}
	return nil
}

// Current hands over the highest revision of every record, in the order they were pulled. The body belongs to the archive and lives
// until take returns.
func (a *Archive) Current(take func(r Record) error) error {
	superseded, err := a.superseded()
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(io.NewSectionReader(a.records, 0, a.state.Bytes), 1<<20)
	table := crc32.MakeTable(crc32.Castagnoli)
	var line []byte
	return a.entries(func(n int64, e entry) error {
		if superseded[n/64]&(1<<(n%64)) != 0 {
			_, err := lines.Discard(int(e.length))
			return err
		}
		line = slices.Grow(line[:0], int(e.length))[:e.length]
		if _, err := io.ReadFull(lines, line); err != nil {
			return fmt.Errorf("%s: %w", a.kept(recordsName), ErrDamaged)
		}
		if crc32.Checksum(line, table) != e.sum || e.length < e.body+2 {
			return fmt.Errorf("%s, record %d: %w", a.kept(recordsName), n+1, ErrDamaged)
		}
		r := e.record(line)
		_, r.Provisional = slices.BinarySearch(a.state.Provisional, r.ID)
		return take(r)
	})
}

// record reads a line. Its header was written by appendHeader.
func (e entry) record(line []byte) Record {
	r := Record{Revision: int(e.revision), Body: line[e.body : e.length-2]}
	r.Kind = word(line, `{"kind":`)
	r.ID = word(line[:e.body], `,"id":`)
	return r
}

// word is the JSON string behind a mark.
func word(line []byte, mark string) string {
	_, rest, found := bytes.Cut(line, []byte(mark))
	if !found {
		return ""
	}
	if plain, _, ok := bytes.Cut(rest[1:], []byte{'"'}); ok && bytes.IndexByte(plain, '\\') < 0 {
		return string(plain)
	}
	var s string
	if err := json.NewDecoder(bytes.NewReader(rest)).Decode(&s); err != nil {
		return ""
	}
	return s
}

// superseded marks the lines that a later revision replaces, or a line with the same record that came later.
func (a *Archive) superseded() ([]uint64, error) {
	type place struct {
		id       [16]byte
		revision uint32
		line     uint32
	}
	places := make([]place, 0, a.state.Records)
	err := a.entries(func(n int64, e entry) error {
		places = append(places, place{e.id, e.revision, uint32(n)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(places, func(a, b place) int {
		if c := bytes.Compare(a.id[:], b.id[:]); c != 0 {
			return c
		}
		if a.revision != b.revision {
			return int(a.revision) - int(b.revision)
		}
		return int(a.line) - int(b.line)
	})
	marks := make([]uint64, len(places)/64+1)
	for i := 1; i < len(places); i++ {
		if before := places[i-1]; before.id == places[i].id {
			marks[before.line/64] |= 1 << (before.line % 64)
		}
	}
	return marks, nil
}

// entries goes through the index.
func (a *Archive) entries(take func(n int64, e entry) error) error {
	in := bufio.NewReaderSize(io.NewSectionReader(a.index, 0, a.state.Records*entrySize), 1<<16)
	var b [entrySize]byte
	for n := range a.state.Records {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return fmt.Errorf("%s: %w", a.kept(indexName), ErrDamaged)
		}
		if err := take(n, readEntry(b[:])); err != nil {
			return err
		}
	}
	return nil
}
