package xlsform

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Authors delete content and leave formatted rows and columns behind, up to a
// million of them: this many empty ones in a row mean that the sheet has ended.
const (
	blankRows    = 60
	blankColumns = 20
)

// readXLSX reads Office Open XML. Only the cells' values are of interest, so
// the parts are scanned straight through instead of building a model of the
// workbook: a sheet of 100,000 rows takes a fraction of a second.
func readXLSX(base string, r io.ReaderAt, size int64, m *meter) (*Workbook, error) {
	b, err := openXLSX(base, r, size, m)
	if err != nil || len(b.sheets) == 0 {
		return nil, Diagnostic{
			Rule:    "damaged-file",
			Message: fmt.Sprintf("%s is damaged or no workbook.", base),
			Remedy:  "Open it in a spreadsheet program and save it anew as .xlsx.",
		}
	}
	w := &Workbook{Sheets: map[string]*Sheet{}}
	for _, x := range b.sheets {
		w.Names = append(w.Names, x.name)
	}
	for _, x := range b.sheets {
		key := strings.ToLower(strings.TrimSpace(x.name))
		if len(b.sheets) == 1 {
			key = "survey"
		}
		if !m.limits.wantsSheet(key) || w.Sheets[key] != nil || x.part == "" {
			continue
		}
		s, err := b.sheet(x)
		if err != nil {
			return nil, err
		}
		w.Sheets[key] = s
	}
	return w, nil
}

// maxPieces is how many pieces of formatted text one cell may have.
const maxPieces = 4096

// sheetReader takes the cells of one sheet as they come.
type sheetReader struct {
	b     *xlsxBook
	name  string
	s     *Sheet
	row   int
	cells []string
}

func (b *xlsxBook) sheet(x xlsxSheet) (*Sheet, error) {
	damaged := Diagnostic{
		Sheet: x.name, Rule: "damaged-file",
		Message: fmt.Sprintf("This sheet of %s is damaged.", b.base),
		Remedy:  "Open the workbook in a spreadsheet program and save it anew as .xlsx.",
	}
	data, err := b.part(x.part)
	if err != nil || data == nil {
		return nil, damaged
	}
	r := &sheetReader{b: b, name: x.name}
	s := newXMLScan(data)
	done := false
	for !done {
		kind, err := s.next()
		if err != nil {
			return nil, damaged
		}
		if kind == scanEOF {
			break
		}
		if kind != scanTag || !s.is("row") {
			continue
		}
		if s.end || s.closed {
			done, err = r.endRow(s)
		} else {
			err = r.readRow(s)
		}
		if err != nil {
			return nil, asDiagnostic(err, damaged)
		}
	}
	if r.s == nil {
		r.s = newSheet(x.name, nil)
	}
	return r.s, nil
}

func asDiagnostic(err error, other Diagnostic) Diagnostic {
	if d, ok := err.(Diagnostic); ok {
		return d
	}
	return other
}

// number is the row's own number, or the one after the last.
func (r *sheetReader) number(s *xmlScan) error {
	r.row++
	if n := s.attr("r"); n != "" {
		v, err := strconv.Atoi(n)
		if err != nil || v < r.row || v > 1<<20 {
			return errXML
		}
		r.row = v
	}
	return nil
}

// readRow reads the cells up to the end of the row, where endRow takes over.
func (r *sheetReader) readRow(s *xmlScan) error {
	if err := r.number(s); err != nil {
		return err
	}
	r.cells = r.cells[:0]
	if r.s != nil {
		r.cells = make([]string, 0, len(r.s.Header))
	}
	column := -1
	for {
		before := s.pos
		kind, err := s.next()
		if err != nil {
			return err
		}
		if kind == scanEOF {
			return errXML
		}
		if kind == scanTag && s.end && s.is("row") {
			s.pos = before
			return nil
		}
		if kind != scanTag || s.end || !s.is("c") {
			continue
		}
		column++
		ref, typ, style := cellAttrs(s.attrs)
		if len(ref) > 0 {
			if column, err = columnIndex(ref); err != nil {
				return err
			}
		}
		if s.closed {
			continue
		}
		if err := r.readCell(s, column, string(typ), style); err != nil {
			return err
		}
	}
}

// cellAttrs are a cell's place, type and format.
func cellAttrs(attrs []byte) (ref, typ, style []byte) {
	for {
		key, value, rest, ok := nextAttr(attrs)
		if !ok {
			return ref, typ, style
		}
		if len(key) == 1 {
			switch key[0] {
			case 'r':
				ref = value
			case 't':
				typ = value
			case 's':
				style = value
			}
		}
		attrs = rest
	}
}

func (r *sheetReader) readCell(s *xmlScan, column int, typ string, style []byte) error {
	text, pieces := "", 0
	inside, phonetic := false, false
	for {
		kind, err := s.next()
		if err != nil {
			return err
		}
		switch {
		case kind == scanEOF:
			return errXML
		case kind == scanText:
			if !inside || phonetic {
				continue
			}
			if pieces++; pieces > maxPieces {
				return errXML
			}
			if text += s.value(); len(text) > r.b.m.limits.Cell {
				return r.b.m.cell(r.name, r.row, column, text)
			}
		case s.is("v") || s.is("t"):
			inside = !s.end && !s.closed
		case s.is("rPh"):
			phonetic = !s.end && !s.closed
		case s.end && s.is("c"):
			return r.put(column, r.b.value(text, typ, string(style)))
		}
	}
}

func (r *sheetReader) put(column int, value string) error {
	value = cleanCell(value)
	if value == "" || r.s != nil && (column >= len(r.s.Header) || r.s.Header[column] == "") {
		return nil
	}
	if column >= 16384 || column < 0 {
		return errXML
	}
	if err := r.b.m.cell(r.name, r.row, column, value); err != nil {
		return err
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, "")
	}
	r.cells[column] = value
	return nil
}

// endRow keeps the row; done says that the sheet has ended.
func (r *sheetReader) endRow(s *xmlScan) (done bool, err error) {
	if s.closed {
		if err := r.number(s); err != nil {
			return false, err
		}
		r.cells = nil
	}
	if r.s == nil {
		header := r.cells
		if r.row != 1 {
			header = nil
		}
		h, err := readHeader(r.name, header, r.b.m)
		if err != nil {
			return false, err
		}
		r.s = newSheet(r.name, h)
		return false, nil
	}
	if r.s.ended(r.row, r.cells) {
		return true, nil
	}
	r.s.add(r.row, r.cells)
	return false, r.b.m.rows(r.name, len(r.s.Rows))
}

// value is what a cell says, as the reference converter would have it.
func (b *xlsxBook) value(raw, typ, style string) string {
	switch typ {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(b.strings) {
			return ""
		}
		return b.strings[i]
	case "b":
		if strings.TrimSpace(raw) == "1" {
			return "TRUE"
		}
		return "FALSE"
	case "str", "inlineStr":
		return unescapeCell(raw)
	case "d":
		return strings.TrimSuffix(strings.Replace(raw, "T", " ", 1), "Z")
	case "e":
		return raw
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil {
		return raw
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] {
		if text, ok := dateText(v, b.date1904); ok {
			return text
		}
	}
	return numberText(v)
}

// columnIndex is the column of a cell reference such as "AB12", from 0.
func columnIndex(ref []byte) (int, error) {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			if i == 0 {
				return 0, errXML
			}
			break
		}
		if n = n*26 + int(c-'a') + 1; n > 16384 {
			return 0, errXML
		}
	}
	return n - 1, nil
}
