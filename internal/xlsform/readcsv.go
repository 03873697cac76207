package xlsform

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readCSV reads the one-file form of a workbook: a sheet's name in the first
// column, its header and rows beneath it from the second column on. A plain
// table with the columns type and name is a survey sheet alone.
func readCSV(base, text string, m *meter) (*Workbook, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	b := &textBook{m: m, w: &Workbook{Sheets: map[string]*Sheet{}}}
	plain, first := false, true
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, Diagnostic{
				Rule:    "damaged-file",
				Message: fmt.Sprintf("%s is not a well-formed CSV file.", base),
				Remedy:  "Save it again as CSV (UTF-8).",
			}
		}
		line, _ := r.FieldPos(0)
		if first {
			first = false
			if plain = isSurveyHeader(rec); plain {
				b.begin("survey", line)
			}
		}
		if !plain {
			if name := strings.TrimSpace(rec[0]); name != "" {
				b.begin(name, line)
			}
			rec = rec[1:]
		}
		if err := b.row(line, rec); err != nil {
			return nil, err
		}
	}
	return b.workbook(base)
}

// separator guesses from the first lines: European spreadsheets write semicolons.
func separator(text string) rune {
	head := text[:min(len(text), 5000)]
	best, count := ',', strings.Count(head, ",")
	for _, c := range []rune{';', '\t'} {
		if n := strings.Count(head, string(c)); n > 2*count {
			best, count = c, n
		}
	}
	return best
}

func isSurveyHeader(rec []string) bool {
	var typed, named bool
	for _, c := range rec {
		switch headerKey(c) {
		case "type":
			typed = true
		case "name":
			named = true
		}
	}
	return typed && named
}

// textBook gathers sheets from text formats, where rows come one by one.
type textBook struct {
	m       *meter
	w       *Workbook
	name    string
	sheet   *Sheet
	pending bool
	started int
}

func (b *textBook) begin(name string, line int) {
	b.w.Names = append(b.w.Names, name)
	b.name, b.sheet, b.pending, b.started = name, nil, true, line
}

// row takes the header of a sheet just begun, or one of its rows. number is
// what the author would call the row.
func (b *textBook) row(number int, cells []string) error {
	if allBlank(cells) || (b.sheet == nil && !b.pending) {
		return nil
	}
	if b.pending {
		b.pending = false
		header, err := readHeader(b.name, cells, b.m)
		if err != nil {
			return err
		}
		key := strings.ToLower(strings.TrimSpace(b.name))
		b.sheet = newSheet(b.name, header)
		if _, dup := b.w.Sheets[key]; !dup {
			b.w.Sheets[key] = b.sheet
		}
		return nil
	}
	n := min(len(cells), len(b.sheet.Header))
	clean := make([]string, n)
	for i := range n {
		if b.sheet.Header[i] == "" {
			continue
		}
		clean[i] = cleanCell(cells[i])
		if err := b.m.cell(b.name, number, i, clean[i]); err != nil {
			return err
		}
	}
	b.sheet.add(number, clean)
	return b.m.rows(b.name, len(b.sheet.Rows))
}

func (b *textBook) workbook(base string) (*Workbook, error) {
	if len(b.w.Names) == 0 {
		return nil, notAWorkbook(base)
	}
	return b.w, nil
}

func allBlank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
