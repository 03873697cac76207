package xlsform

import "fmt"

// Limits bound what a file may ask of this machine. A zero field means its
// default.
type Limits struct {
	// Bytes of the file; default 50 MiB.
	Bytes int64
	// Inflated bytes of a zipped workbook's parts together; default 256 MiB.
	Inflated int64
	// Ratio of inflated to packed bytes that a workbook of more than 16 MiB
	// inflated may reach; default 250.
	Ratio int64
	// Cell is the longest cell in bytes; default 128 KiB (Excel itself stops
	// at 32,767 characters).
	Cell int
	// Rows that hold anything, per sheet; default 300,000.
	Rows int
	// Columns per sheet; default 2,000.
	Columns int
	// Cells that hold anything, over all sheets; default 6 million. Text is
	// the length of all of them together in bytes; default 128 MiB.
	Cells int
	Text  int64
	// Sheets to read besides the ones an XLSForm or a study may have.
	Sheets []string
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 50 << 20
	}
	if l.Inflated == 0 {
		l.Inflated = 256 << 20
	}
	if l.Ratio == 0 {
		l.Ratio = 250
	}
	if l.Cell == 0 {
		l.Cell = 128 << 10
	}
	if l.Rows == 0 {
		l.Rows = 300_000
	}
	if l.Columns == 0 {
		l.Columns = 2_000
	}
	if l.Cells == 0 {
		l.Cells = 6_000_000
	}
	if l.Text == 0 {
		l.Text = 128 << 20
	}
	return l
}

// wantsSheet says whether a sheet's content is of interest; key is lower case.
func (l Limits) wantsSheet(key string) bool {
	switch key {
	case "survey", "choices", "settings", "external_choices", "entities", "osm",
		"study", "sites", "waves", "quotas", "alerts":
		return true
	}
	for _, s := range l.Sheets {
		if key == s {
			return true
		}
	}
	return false
}

// meter counts against the limits while a workbook is read.
type meter struct {
	limits Limits
	cells  int
	text   int64
}

func (m *meter) cell(sheet string, row, column int, text string) error {
	if len(text) > m.limits.Cell {
		return Diagnostic{
			Sheet: sheet, Row: row, Rule: "cell-size",
			Message: fmt.Sprintf("Cell %s%d holds %d characters; at most %d are allowed.", ColumnLetter(column), row, len(text), m.limits.Cell),
			Remedy:  "Shorten the text, or move long material into a media file.",
		}
	}
	if text != "" {
		m.cells++
		m.text += int64(len(text))
	}
	if m.cells > m.limits.Cells || m.text > m.limits.Text {
		return Diagnostic{
			Sheet: sheet, Row: row, Rule: "workbook-size",
			Message: fmt.Sprintf("The workbook holds more than %d filled cells or %d characters.", m.limits.Cells, m.limits.Text),
			Remedy:  "Move long choice lists into a CSV file and use select_one_from_file.",
		}
	}
	return nil
}

func (m *meter) columns(sheet string, n int) error {
	if n > m.limits.Columns {
		return Diagnostic{
			Sheet: sheet, Row: 1, Rule: "sheet-size",
			Message: fmt.Sprintf("The sheet has %d columns; at most %d are allowed.", n, m.limits.Columns),
			Remedy:  "Delete the columns that the questionnaire does not need.",
		}
	}
	return nil
}

func (m *meter) rows(sheet string, n int) error {
	if n > m.limits.Rows {
		return Diagnostic{
			Sheet: sheet, Row: n, Rule: "sheet-size",
			Message: fmt.Sprintf("The sheet has more than %d filled rows.", m.limits.Rows),
			Remedy:  "Move long choice lists into a CSV file and use select_one_from_file.",
		}
	}
	return nil
}
