package export

import "strconv"

// bom is the byte-order mark by which some spreadsheets recognise UTF-8.
const bom = "\xEF\xBB\xBF"

// sheet collects rows of one CSV file as bytes. It is made for speed: no row is ever held as strings.
type sheet struct {
	buf  []byte
	open bool // a cell of the current row has been written
	safe bool // text that a spreadsheet would run as a formula gets an apostrophe
	rows int
}

// text writes a cell of words.
func (s *sheet) text(v []byte) {
	s.comma()
	if s.safe && runsAsFormula(v) {
		s.buf = append(s.buf, quotedCell(append([]byte{'\''}, v...))...)
		return
	}
	s.buf = appendCell(s.buf, v)
}

// word writes a cell of words held as a string.
func (s *sheet) word(v string) {
	if !s.safe && !needsQuotes(v) {
		s.comma()
		s.buf = append(s.buf, v...)
		return
	}
	s.text([]byte(v))
}

// bare writes a cell whose bytes are known to need no quotes, such as digits.
func (s *sheet) bare(v []byte) {
	s.comma()
	s.buf = append(s.buf, v...)
}

// empty writes an empty cell.
func (s *sheet) empty() { s.comma() }

// number writes a whole number.
func (s *sheet) number(n int64) {
	s.comma()
	s.buf = strconv.AppendInt(s.buf, n, 10)
}

// flag writes 1 or 0.
func (s *sheet) flag(on bool) {
	s.comma()
	if on {
		s.buf = append(s.buf, '1')
	} else {
		s.buf = append(s.buf, '0')
	}
}

// end closes the row.
func (s *sheet) end() {
	s.buf = append(s.buf, '\r', '\n')
	s.open = false
	s.rows++
}

// row writes a whole row of words.
func (s *sheet) row(cells ...string) {
	for _, c := range cells {
		s.word(c)
	}
	s.end()
}

func (s *sheet) comma() {
	if s.open {
		s.buf = append(s.buf, ',')
	}
	s.open = true
}

// appendCell appends v, quoted where RFC 4180 asks for it.
func appendCell(dst, v []byte) []byte {
	if !needsQuotes(v) {
		return append(dst, v...)
	}
	return appendQuoted(dst, v)
}

func appendQuoted(dst, v []byte) []byte {
	dst = append(dst, '"')
	from := 0
	for i, c := range v {
		if c == '"' {
			dst = append(append(dst, v[from:i+1]...), '"')
			from = i + 1
		}
	}
	return append(append(dst, v[from:]...), '"')
}

func quotedCell(v []byte) []byte { return appendCell(nil, v) }

// needsQuotes tells whether a cell must stand in quotes: separators, quotes, line ends, and blanks at either side, which some
// readers would cut off.
func needsQuotes[T string | []byte](v T) bool {
	if len(v) == 0 {
		return false
	}
	if first, last := v[0], v[len(v)-1]; first <= ' ' || last <= ' ' {
		return true
	}
	for i := 0; i < len(v); i++ {
		if c := v[i]; c < 64 && separators>>c&1 != 0 {
			return true
		}
	}
	return false
}

// separators has a bit for each byte that a bare cell cannot have.
const separators uint64 = 1<<',' | 1<<'"' | 1<<'\n' | 1<<'\r'

// runsAsFormula tells whether a spreadsheet would take the text for a formula (OWASP, "CSV Injection"). A plain number such as
// -2 is a number, not a formula.
func runsAsFormula(v []byte) bool {
	if len(v) == 0 {
		return false
	}
	switch v[0] {
	case '=', '@', '\t', '\r', '\n':
		return true
	case '+', '-':
		return !isNumber(v[1:])
	}
	return false
}

// isNumber accepts digits with at most one decimal point among them.
func isNumber(v []byte) bool {
	digits, points := 0, 0
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// Tame puts an apostrophe before text that a spreadsheet would run as a formula.
func Tame(text string) string {
	if runsAsFormula([]byte(text)) {
		return "'" + text
	}
	return text
}
