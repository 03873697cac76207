package xlsform

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf16"
)

// The record types of an .xls stream that matter here ([MS-XLS] 2.3).
const (
	biffEOF        = 0x000a
	biffFormula    = 0x0006
	biffDateMode   = 0x0022
	biffFilePass   = 0x002f
	biffContinue   = 0x003c
	biffBoundSheet = 0x0085
	biffMulRK      = 0x00bd
	biffRString    = 0x00d6
	biffXF         = 0x00e0
	biffSST        = 0x00fc
	biffLabelSST   = 0x00fd
	biffNumber     = 0x0203
	biffLabel      = 0x0204
	biffBoolErr    = 0x0205
	biffString     = 0x0207
	biffRK         = 0x027e
	biffFormat     = 0x041e
	biffBOF        = 0x0809
	biffVersion8   = 0x0600
)

var (
	errBIFF        = errors.New("the workbook stream is damaged")
	errBIFFOld     = errors.New("the workbook is older than Excel 97")
	errBIFFLocked  = errors.New("the workbook is protected by a password")
	errBIFFNothing = errors.New("there is no workbook stream")
)

// biffStream walks through records.
type biffStream struct {
	data []byte
	pos  int
	typ  uint16
	body []byte
}

func (b *biffStream) next() bool {
	if b.pos+4 > len(b.data) {
		return false
	}
	b.typ = binary.LittleEndian.Uint16(b.data[b.pos:])
	n := int(binary.LittleEndian.Uint16(b.data[b.pos+2:]))
	if b.pos+4+n > len(b.data) {
		return false
	}
	b.body = b.data[b.pos+4 : b.pos+4+n]
	b.pos += 4 + n
	return true
}

// continued gathers the bodies of a record and of those that continue it; text
// may be split between them, so they stay apart.
func (b *biffStream) continued() [][]byte {
	parts := [][]byte{b.body}
	for b.pos+4 <= len(b.data) && binary.LittleEndian.Uint16(b.data[b.pos:]) == biffContinue {
		if !b.next() {
			break
		}
		parts = append(parts, b.body)
	}
	return parts
}

// biffReader reads across the parts of a continued record.
type biffReader struct {
	parts [][]byte
	err   error
}

func (r *biffReader) take(n int) []byte {
	var out []byte
	for n > 0 {
		if len(r.parts) == 0 {
			r.err = errBIFF
			return make([]byte, n+len(out))
		}
		if len(r.parts[0]) == 0 {
			r.parts = r.parts[1:]
			continue
		}
		k := min(n, len(r.parts[0]))
		out = append(out, r.parts[0][:k]...)
		r.parts[0] = r.parts[0][k:]
		n -= k
	}
	return out
}

func (r *biffReader) u8() int  { return int(r.take(1)[0]) }
func (r *biffReader) u16() int { return int(binary.LittleEndian.Uint16(r.take(2))) }
func (r *biffReader) u32() int { return int(binary.LittleEndian.Uint32(r.take(4))) }

// text reads a string with its flags and formatting; count is its length in
// characters.
func (r *biffReader) text(count int) string {
	flags := r.u8()
	runs, extra := 0, 0
	if flags&8 != 0 {
		runs = r.u16()
	}
	if flags&4 != 0 {
		extra = r.u32()
	}
	s := r.characters(count, flags&1 != 0)
	r.skip(4*runs + extra)
	return s
}

func (r *biffReader) skip(n int) {
	for n > 0 && r.err == nil {
		if len(r.parts) == 0 {
			r.err = errBIFF
			return
		}
		k := min(n, len(r.parts[0]))
		r.parts[0] = r.parts[0][k:]
		n -= k
		if len(r.parts[0]) == 0 && n > 0 {
			r.parts = r.parts[1:]
		}
	}
}

// characters reads text that may go on in the next part, which then begins with
// a flag of its own.
func (r *biffReader) characters(count int, wide bool) string {
	u := make([]uint16, 0, min(count, 1<<15))
	for len(u) < count && r.err == nil {
		if len(r.parts) == 0 {
			r.err = errBIFF
			break
		}
		if len(r.parts[0]) == 0 {
			if r.parts = r.parts[1:]; len(r.parts) > 0 && len(r.parts[0]) > 0 {
				wide = r.parts[0][0]&1 != 0
				r.parts[0] = r.parts[0][1:]
			}
			continue
		}
		if !wide {
			u = append(u, uint16(r.parts[0][0]))
			r.parts[0] = r.parts[0][1:]
			continue
		}
		u = append(u, uint16(r.u16()))
	}
	return string(utf16.Decode(u))
}

// rkNumber unpacks a number of 30 bits.
func rkNumber(rk uint32) float64 {
	var v float64
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	} else {
		v = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}

// biffGlobals is what holds for all sheets.
type biffGlobals struct {
	strings  []string
	dates    []bool
	date1904 bool
	sheets   []biffSheet
}

type biffSheet struct {
	name  string
	start int
}

func readBIFFGlobals(data []byte, m *meter) (*biffGlobals, error) {
	b := &biffStream{data: data}
	if !b.next() || b.typ != biffBOF || len(b.body) < 4 {
		return nil, errBIFF
	}
	if binary.LittleEndian.Uint16(b.body) != biffVersion8 {
		return nil, errBIFFOld
	}
	g := &biffGlobals{}
	formats := map[int]bool{}
	var xfs []int
	for b.next() && b.typ != biffEOF {
		r := &biffReader{parts: [][]byte{b.body}}
		switch b.typ {
		case biffFilePass:
			return nil, errBIFFLocked
		case biffDateMode:
			g.date1904 = r.u16() == 1
		case biffFormat:
			id := r.u16()
			formats[id] = isDateFormat(r.text(r.u16()))
		case biffXF:
			r.u16()
			xfs = append(xfs, r.u16())
		case biffBoundSheet:
			start := r.u32()
			r.u8()
			if kind := r.u8(); kind == 0 {
				g.sheets = append(g.sheets, biffSheet{r.text(r.u8()), start})
			}
		case biffSST:
			r.parts = b.continued()
			r.u32()
			n := r.u32()
			for i := 0; i < n && r.err == nil && i < m.limits.Cells; i++ {
				g.strings = append(g.strings, r.text(r.u16()))
			}
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	for _, id := range xfs {
		date, custom := formats[id]
		g.dates = append(g.dates, custom && date || !custom && isBuiltInDate(id))
	}
	return g, nil
}

func (g *biffGlobals) number(v float64, xf int) string {
	if xf < len(g.dates) && g.dates[xf] {
		if s, ok := dateText(v, g.date1904); ok {
			return s
		}
	}
	return numberText(v)
}

func logical(v int) string {
	if v != 0 {
		return "TRUE"
	}
	return "FALSE"
}

// biffError names the error values of cells.
func biffError(code int) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0f:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1d:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}
