package xlsform

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// xlsxBook is the workbook's parts that matter here.
type xlsxBook struct {
	base     string
	m        *meter
	parts    map[string]*zip.File
	sheets   []xlsxSheet
	strings  []string
	dates    []bool
	date1904 bool
}

type xlsxSheet struct {
	name, part string
}

func openXLSX(base string, r io.ReaderAt, size int64, m *meter) (*xlsxBook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	b := &xlsxBook{base: base, m: m, parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		b.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	book := "xl/workbook.xml"
	root, err := b.relations("_rels/.rels", "")
	if err != nil {
		return nil, err
	}
	for _, x := range root {
		if x.kind == "officeDocument" {
			book = x.target
		}
	}
	rels, err := b.relations(path.Join(path.Dir(book), "_rels", path.Base(book)+".rels"), path.Dir(book))
	if err != nil {
		return nil, err
	}
	if err := b.readBook(book, rels); err != nil {
		return nil, err
	}
	for _, x := range rels {
		switch x.kind {
		case "sharedStrings":
			err = b.readStrings(x.target)
		case "styles":
			err = b.readStyles(x.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// part reads a part whole; nil when there is none of this name.
func (b *xlsxBook) part(name string) ([]byte, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil
	}
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	data := make([]byte, 0, min(f.UncompressedSize64, uint64(b.m.limits.Inflated))+1)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := rc.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if int64(len(data)) > b.m.limits.Inflated {
			return nil, fmt.Errorf("part %s is longer than %d bytes", name, b.m.limits.Inflated)
		}
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

type relation struct{ id, kind, target string }

func (b *xlsxBook) relations(name, dir string) ([]relation, error) {
	data, err := b.part(name)
	if err != nil || data == nil {
		return nil, err
	}
	var out []relation
	s := newXMLScan(data)
	for {
		kind, err := s.next()
		if err != nil || kind == scanEOF {
			return out, err
		}
		if kind == scanTag && s.is("Relationship") && !s.end {
			target := s.attr("Target")
			if t, absolute := strings.CutPrefix(target, "/"); absolute {
				target = t
			} else {
				target = path.Join(dir, target)
			}
			out = append(out, relation{s.attr("Id"), path.Base(s.attr("Type")), target})
		}
	}
}

func (b *xlsxBook) readBook(name string, rels []relation) error {
	data, err := b.part(name)
	if err != nil {
		return err
	}
	if data == nil {
		return fmt.Errorf("there is no workbook part")
	}
	targets := map[string]relation{}
	for _, x := range rels {
		targets[x.id] = x
	}
	s := newXMLScan(data)
	for {
		kind, err := s.next()
		if err != nil || kind == scanEOF {
			return err
		}
		if kind != scanTag || s.end {
			continue
		}
		switch {
		case s.is("workbookPr"):
			v := s.attr("date1904")
			b.date1904 = v == "1" || v == "true"
		case s.is("sheet"):
			x := targets[s.attr("id")]
			if x.kind != "worksheet" {
				x.target = ""
			}
			b.sheets = append(b.sheets, xlsxSheet{s.attr("name"), x.target})
		}
	}
}

// readStrings reads the table of texts that cells point into. Phonetic guides
// are not part of a text.
func (b *xlsxBook) readStrings(name string) error {
	data, err := b.part(name)
	if err != nil || data == nil {
		return err
	}
	s := newXMLScan(data)
	var text strings.Builder
	inside, phonetic := false, false
	for {
		kind, err := s.next()
		if err != nil || kind == scanEOF {
			return err
		}
		switch {
		case kind == scanText:
			if inside && !phonetic {
				text.WriteString(s.value())
			}
		case s.is("t"):
			inside = !s.end && !s.closed
		case s.is("rPh"):
			phonetic = !s.end && !s.closed
		case s.is("si"):
			if s.end || s.closed {
				b.strings = append(b.strings, unescapeCell(text.String()))
				if len(b.strings) > b.m.limits.Cells {
					return fmt.Errorf("more than %d texts", b.m.limits.Cells)
				}
			}
			text.Reset()
		}
	}
}

// readStyles notes which cell formats show numbers as dates or times.
func (b *xlsxBook) readStyles(name string) error {
	data, err := b.part(name)
	if err != nil || data == nil {
		return err
	}
	custom := map[int]bool{}
	s := newXMLScan(data)
	cells := false
	for {
		kind, err := s.next()
		if err != nil || kind == scanEOF {
			return err
		}
		if kind != scanTag {
			continue
		}
		switch {
		case s.is("cellXfs"):
			cells = !s.end && !s.closed
		case s.end:
		case s.is("numFmt"):
			if id, err := strconv.Atoi(s.attr("numFmtId")); err == nil {
				custom[id] = isDateFormat(s.attr("formatCode"))
			}
		case s.is("xf") && cells:
			id, _ := strconv.Atoi(s.attr("numFmtId"))
			date, known := custom[id]
			b.dates = append(b.dates, known && date || !known && isBuiltInDate(id))
		}
	}
}

// isBuiltInDate lists the number formats that stand for dates and times in
// every workbook (ECMA-376 part 1, 18.8.30).
func isBuiltInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// unescapeCell resolves _x000D_ and its like, which stand for control signs.
func unescapeCell(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+7 <= len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				out.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
