package xlsform

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// readXLS reads the format of Excel 97 to 2003.
func readXLS(base string, r io.ReaderAt, size int64, m *meter) (*Workbook, error) {
	data, g, err := openXLS(r, size, m)
	switch {
	case errors.Is(err, errBIFFLocked):
		return nil, Diagnostic{
			Rule:    "password",
			Message: fmt.Sprintf("%s is protected by a password.", base),
			Remedy:  "Remove the password and save it as .xlsx.",
		}
	case errors.Is(err, errBIFFOld):
		return nil, saveAsXLSX(base, "a workbook older than Excel 97")
	case err != nil || len(g.sheets) == 0:
		return nil, saveAsXLSX(base, "an old Excel file (.xls) that is damaged")
	}
	w := &Workbook{Sheets: map[string]*Sheet{}}
	for _, x := range g.sheets {
		w.Names = append(w.Names, x.name)
	}
	for _, x := range g.sheets {
		key := strings.ToLower(strings.TrimSpace(x.name))
		if len(g.sheets) == 1 {
			key = "survey"
		}
		if !m.limits.wantsSheet(key) || w.Sheets[key] != nil {
			continue
		}
		s, err := readXLSSheet(base, data, g, x, m)
		if err != nil {
			return nil, err
		}
		w.Sheets[key] = s
	}
	return w, nil
}

func openXLS(r io.ReaderAt, size int64, m *meter) ([]byte, *biffGlobals, error) {
	c, err := openCompound(r, size)
	if err != nil {
		return nil, nil, err
	}
	if locked, err := c.stream("EncryptedPackage"); err == nil && locked != nil {
		return nil, nil, errBIFFLocked
	}
	data, err := c.stream("Workbook", "Book")
	if err != nil {
		return nil, nil, err
	}
	if data == nil {
		return nil, nil, errBIFFNothing
	}
	g, err := readBIFFGlobals(data, m)
	return data, g, err
}

// xlsCells gathers the cells of one sheet; they come row by row in practice,
// but nothing says that they must.
type xlsCells struct {
	g    *biffGlobals
	rows map[int][]string
	last int
}

func (x *xlsCells) put(row, column int, v string) {
	v = cleanCell(v)
	if v == "" || column > 255 || row > 65535 {
		return
	}
	cells := x.rows[row]
	for len(cells) <= column {
		cells = append(cells, "")
	}
	cells[column] = v
	x.rows[row] = cells
	x.last = max(x.last, row)
}

func readXLSSheet(base string, data []byte, g *biffGlobals, sheet biffSheet, m *meter) (*Sheet, error) {
	damaged := saveAsXLSX(base, "an old Excel file (.xls) that is damaged")
	if sheet.start < 0 || sheet.start >= len(data) {
		return nil, damaged
	}
	x := &xlsCells{g: g, rows: map[int][]string{}}
	b := &biffStream{data: data, pos: sheet.start}
	depth := 0
	for b.next() {
		if b.typ == biffBOF {
			depth++
			continue
		}
		if b.typ == biffEOF {
			if depth--; depth <= 0 {
				break
			}
			continue
		}
		if depth == 1 {
			if err := x.record(b); err != nil {
				return nil, damaged
			}
		}
	}
	return x.sheet(sheet.name, m)
}

func (x *xlsCells) record(b *biffStream) error {
	switch b.typ {
	case biffLabelSST, biffNumber, biffRK, biffMulRK, biffLabel, biffRString, biffBoolErr, biffFormula:
	default:
		return nil
	}
	r := &biffReader{parts: [][]byte{b.body}}
	row, column, xf := r.u16(), r.u16(), 0
	if b.typ != biffMulRK {
		xf = r.u16()
	}
	switch b.typ {
	case biffLabelSST:
		if i := r.u32(); i < len(x.g.strings) {
			x.put(row, column, x.g.strings[i])
		}
	case biffNumber:
		x.put(row, column, x.g.number(math.Float64frombits(binary.LittleEndian.Uint64(r.take(8))), xf))
	case biffRK:
		x.put(row, column, x.g.number(rkNumber(uint32(r.u32())), xf))
	case biffMulRK:
		for rest := len(b.body) - 6; rest >= 6; rest -= 6 {
			xf := r.u16()
			x.put(row, column, x.g.number(rkNumber(uint32(r.u32())), xf))
			column++
		}
	case biffLabel, biffRString:
		x.put(row, column, r.text(r.u16()))
	case biffBoolErr:
		v, isError := r.u8(), r.u8()
		if isError != 0 {
			x.put(row, column, biffError(v))
		} else {
			x.put(row, column, logical(v))
		}
	case biffFormula:
		x.formula(b, r.take(8), row, column, xf)
	}
	return r.err
}

// formula takes the value that was computed last; a text stands in a record of
// its own behind the formula.
func (x *xlsCells) formula(b *biffStream, v []byte, row, column, xf int) {
	if v[6] != 0xff || v[7] != 0xff {
		x.put(row, column, x.g.number(math.Float64frombits(binary.LittleEndian.Uint64(v)), xf))
		return
	}
	switch v[0] {
	case 0:
		for range 4 {
			if !b.next() {
				return
			}
			if b.typ == biffString {
				r := &biffReader{parts: b.continued()}
				x.put(row, column, r.text(r.u16()))
				return
			}
		}
	case 1:
		x.put(row, column, logical(int(v[2])))
	case 2:
		x.put(row, column, biffError(int(v[2])))
	}
}

func (x *xlsCells) sheet(name string, m *meter) (*Sheet, error) {
	header, err := readHeader(name, x.rows[0], m)
	if err != nil {
		return nil, err
	}
	s := newSheet(name, header)
	for i := 1; i <= x.last; i++ {
		cells := x.rows[i]
		if s.ended(i+1, cells) {
			break
		}
		cells = cells[:min(len(cells), len(header))]
		for c := range cells {
			if header[c] == "" {
				cells[c] = ""
			}
			if err := m.cell(name, i+1, c, cells[c]); err != nil {
				return nil, err
			}
		}
		s.add(i+1, cells)
	}
	return s, nil
}
