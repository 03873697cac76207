// Package table is a table as a screen shows it: columns and rows of words and figures. A presenter makes one, a screen draws it, and
// [Table.CSV] and [Table.XLSX] write it down, so that what is exported is what was seen.
//
// It knows how a spreadsheet reads cells, and guards words that one would run as a formula. It must not know screens, storage or
// what a table is about.
package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"

	"github.com/xuri/excelize/v2"

	"parvis/internal/export"
)

// Kind is how a column's cells are written.
type Kind uint8

// The kinds of column.
const (
	Words  Kind = iota
	Number      // a whole number or a decimal
	Share       // 0 to 1, a percentage in a spreadsheet
)

// Column is one column of a table.
type Column struct {
	Key   string // names it for sorting
	Title string
	Kind  Kind
}

// Cell is what a person reads, and the figure behind it where there is one.
type Cell struct {
	Text   string
	Number float64 // of columns that are not words; NaN for none
}

// Row is one row; ID names what it is about.
type Row struct {
	ID    string
	Cells []Cell
}

// Table is columns and rows; each row has a cell for each column.
type Table struct {
	Title   string // of a spreadsheet's sheet
	Columns []Column
	Rows    []Row
}

// Word is a cell of words.
func Word(text string) Cell { return Cell{Text: text, Number: math.NaN()} }

// Figure is a cell of a figure and how it reads.
func Figure(n float64, text string) Cell { return Cell{Text: text, Number: n} }

// None is a cell without a figure.
func None() Cell { return Cell{Text: "–", Number: math.NaN()} }

// CSV writes the table by RFC 4180 with a byte-order mark, by which spreadsheets know UTF-8. Figures are written in full with a
// decimal point, words that a spreadsheet would run with an apostrophe in front.
func (t Table) CSV() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\uFEFF")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	row := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = export.Tame(c.Title)
	}
	if err := w.Write(row); err != nil {
		return nil, err
	}
	for _, r := range t.Rows {
		for i, c := range t.Columns {
			row[i] = written(c, r.Cells[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func written(c Column, cell Cell) string {
	switch {
	case c.Kind == Words:
		return export.Tame(cell.Text)
	case math.IsNaN(cell.Number) || math.IsInf(cell.Number, 0):
		return ""
	}
	return strconv.FormatFloat(cell.Number, 'f', -1, 64)
}

// XLSX writes the table as a workbook of one sheet. Words are written as text, which no spreadsheet runs; the heading stays in
// sight and can be filtered by.
func (t Table) XLSX() (data []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	const sheet = "Sheet1"
	if err := t.fill(f, sheet); err != nil {
		return nil, err
	}
	if name := sheetName(t.Title); name != "" {
		if err := f.SetSheetName(sheet, name); err != nil {
			return nil, fmt.Errorf("name the sheet: %w", err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (t Table) fill(f *excelize.File, sheet string) error {
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 10})
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i := range t.Columns {
		if err := w.SetColWidth(i+1, i+1, min(40, 10+float64(len(t.Columns[i].Title))/2)); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	row := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		row[i] = excelize.Cell{StyleID: bold, Value: c.Title}
	}
	if err := w.SetRow("A1", row); err != nil {
		return err
	}
	for n, r := range t.Rows {
		for i, c := range t.Columns {
			cell := r.Cells[i]
			switch {
			case c.Kind == Words:
				row[i] = cell.Text
			case math.IsNaN(cell.Number) || math.IsInf(cell.Number, 0):
				row[i] = nil
			case c.Kind == Share:
				row[i] = excelize.Cell{StyleID: percent, Value: cell.Number}
			default:
				row[i] = cell.Number
			}
		}
		if err := w.SetRow("A"+strconv.Itoa(n+2), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// sheetName is a title as Excel allows it: 31 characters at most, without : \ / ? * [ ] and not in apostrophes.
func sheetName(title string) string {
	var out []rune
	for _, r := range title {
		switch r {
		case ':', '\\', '/', '?', '*', '[', ']', '\'':
			r = ' '
		}
		if len(out) < 31 {
			out = append(out, r)
		}
	}
	return string(out)
}
