package xlsform

import "strings"

// Workbook is what a file holds: its sheets as text, trimmed.
type Workbook struct {
	// Name is the file's name without folder and extension; it is the form's
	// id when the settings sheet has none.
	Name string
	// Sheets by name in lower case. Sheets whose content was not asked for
	// (see Limits.Sheets) are absent; Names lists them all.
	Sheets map[string]*Sheet
	// Names of all sheets as the author wrote them, in the file's order.
	Names []string
}

// Sheet finds a sheet whatever the case of its name; nil when absent.
func (w *Workbook) Sheet(name string) *Sheet {
	return w.Sheets[strings.ToLower(strings.TrimSpace(name))]
}

// Sheet is one table with a header row.
type Sheet struct {
	// Name as the author wrote it.
	Name string
	// Header by column; "" where the header cell is empty.
	Header []string
	// Rows that hold anything, in order.
	Rows []Row

	index map[string]int
	// unread is the first row that holds something after the sheet's end.
	unread int
}

// Row is one row of a sheet below the header.
type Row struct {
	// Number as the spreadsheet counts; the header is row 1.
	Number int

	cells []string
	sheet *Sheet
}

// Get is the trimmed text under a header, "" when the cell is empty or there
// is no such column. Case and spaces around "::" do not matter:
// Get("label::French (fr)").
func (r Row) Get(header string) string {
	if r.sheet == nil {
		return ""
	}
	i, ok := r.sheet.index[headerKey(header)]
	if !ok {
		return ""
	}
	return r.At(i)
}

// At is the text in a column counted from 0.
func (r Row) At(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return r.cells[column]
}

// Translated gathers a translated column: "label", "label::English (en)", ...
// by language; the plain column is under "". Empty cells are left out.
func (r Row) Translated(column string) map[string]string {
	out := map[string]string{}
	if r.sheet == nil {
		return out
	}
	want := headerKey(column)
	for i, h := range r.sheet.Header {
		text := r.At(i)
		if text == "" || h == "" {
			continue
		}
		name, lang, _ := strings.Cut(h, "::")
		if headerKey(name) == want {
			out[strings.TrimSpace(lang)] = text
		}
	}
	return out
}

// Has reports whether the sheet has a column of this header.
func (s *Sheet) Has(header string) bool {
	if s == nil {
		return false
	}
	_, ok := s.index[headerKey(header)]
	return ok
}

// Column is the spreadsheet letter of a header ("A", "AB"), "" when absent.
func (s *Sheet) Column(header string) string {
	if s == nil {
		return ""
	}
	i, ok := s.index[headerKey(header)]
	if !ok {
		return ""
	}
	return ColumnLetter(i)
}

// Languages of a translated column in the order of the columns; the plain
// column does not count.
func (s *Sheet) Languages(column string) []string {
	if s == nil {
		return nil
	}
	var out []string
	want := headerKey(column)
	for _, h := range s.Header {
		name, lang, ok := strings.Cut(h, "::")
		if ok && headerKey(name) == want {
			out = append(out, strings.TrimSpace(lang))
		}
	}
	return out
}

// ColumnLetter names a column counted from 0 as a spreadsheet does.
func ColumnLetter(i int) string {
	var b []byte
	for i++; i > 0; i = (i - 1) / 26 {
		b = append(b, byte('A'+(i-1)%26))
	}
	for l, r := 0, len(b)-1; l < r; l, r = l+1, r-1 {
		b[l], b[r] = b[r], b[l]
	}
	return string(b)
}

func newSheet(name string, header []string) *Sheet {
	s := &Sheet{Name: name, Header: header, index: make(map[string]int, len(header))}
	for i, h := range header {
		if h == "" {
			continue
		}
		key := headerKey(h)
		if _, seen := s.index[key]; !seen {
			s.index[key] = i
		}
	}
	return s
}

// add keeps a row that holds anything; it reports whether it did.
func (s *Sheet) add(number int, cells []string) bool {
	end := len(cells)
	for end > 0 && cells[end-1] == "" {
		end--
	}
	if end == 0 {
		return false
	}
	s.Rows = append(s.Rows, Row{Number: number, cells: cells[:end:end], sheet: s})
	return true
}

// ended reports whether a row lies so far below the last one that holds
// anything that the sheet counts as ended.
func (s *Sheet) ended(number int, cells []string) bool {
	last := 1
	if n := len(s.Rows); n > 0 {
		last = s.Rows[n-1].Number
	}
	if number-last <= blankRows+1 {
		return false
	}
	for _, c := range cells {
		if c != "" {
			s.unread = number
			return true
		}
	}
	return number-last > 4*blankRows
}

// headerKey makes headers comparable: lower case, single spaces, none around "::".
func headerKey(h string) string {
	if !strings.Contains(h, "::") {
		return strings.ToLower(strings.Join(strings.Fields(h), " "))
	}
	parts := strings.Split(h, "::")
	for i, p := range parts {
		parts[i] = strings.ToLower(strings.Join(strings.Fields(p), " "))
	}
	return strings.Join(parts, "::")
}
