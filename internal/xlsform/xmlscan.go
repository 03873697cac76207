package xlsform

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScan walks through the XML of a workbook's part, element by element. It is
// made for speed on long sheets: it keeps no tree and copies only what is asked
// for. Entities other than the five of XML, and document types, are refused.
type xmlScan struct {
	data []byte
	pos  int

	// name and attrs are those of the element just met, closed says that it is
	// empty, end that it is an end tag; text is the character data just met.
	name   []byte
	attrs  []byte
	closed bool
	end    bool
	text   []byte
	cdata  bool
}

var errXML = errors.New("the XML of a part is damaged")

type scanKind uint8

const (
	scanEOF scanKind = iota
	scanTag
	scanText
)

func newXMLScan(data []byte) *xmlScan {
	return &xmlScan{data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
}

// next moves to the next tag or piece of text.
func (s *xmlScan) next() (scanKind, error) {
	for s.pos < len(s.data) {
		if s.data[s.pos] != '<' {
			n := bytes.IndexByte(s.data[s.pos:], '<')
			if n < 0 {
				n = len(s.data) - s.pos
			}
			s.text, s.cdata = s.data[s.pos:s.pos+n], false
			s.pos += n
			return scanText, nil
		}
		rest := s.data[s.pos:]
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			if !s.skipPast("-->") {
				return scanEOF, errXML
			}
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			begin := s.pos + len("<![CDATA[")
			if !s.skipPast("]]>") {
				return scanEOF, errXML
			}
			s.text, s.cdata = s.data[begin:s.pos-3], true
			return scanText, nil
		case bytes.HasPrefix(rest, []byte("<?")):
			if !s.skipPast("?>") {
				return scanEOF, errXML
			}
		case bytes.HasPrefix(rest, []byte("<!")):
			return scanEOF, errXML
		default:
			return scanTag, s.tag()
		}
	}
	return scanEOF, nil
}

func (s *xmlScan) skipPast(mark string) bool {
	n := bytes.Index(s.data[s.pos:], []byte(mark))
	if n < 0 {
		return false
	}
	s.pos += n + len(mark)
	return true
}

func (s *xmlScan) tag() error {
	i := s.pos + 1
	s.end = i < len(s.data) && s.data[i] == '/'
	if s.end {
		i++
	}
	begin := i
	for i < len(s.data) && !isTagEnd(s.data[i]) {
		i++
	}
	s.name = s.data[begin:i]
	if colon := bytes.IndexByte(s.name, ':'); colon >= 0 {
		s.name = s.name[colon+1:]
	}
	begin = i
	var quote byte
	for ; i < len(s.data); i++ {
		c := s.data[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			s.attrs = s.data[begin:i]
			s.closed = len(s.attrs) > 0 && s.attrs[len(s.attrs)-1] == '/'
			if s.closed {
				s.attrs = s.attrs[:len(s.attrs)-1]
			}
			s.pos = i + 1
			if len(s.name) == 0 {
				return errXML
			}
			return nil
		}
	}
	return errXML
}

func isTagEnd(c byte) bool {
	return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

func (s *xmlScan) is(name string) bool { return string(s.name) == name }

// attr is the value of an attribute by its local name, "" when absent.
func (s *xmlScan) attr(name string) string {
	rest := s.attrs
	for {
		key, value, more, ok := nextAttr(rest)
		if !ok {
			return ""
		}
		if string(key) == name {
			return decodeXML(value)
		}
		rest = more
	}
}

// nextAttr takes one attribute off: its local name and its value undecoded.
func nextAttr(a []byte) (key, value, rest []byte, ok bool) {
	eq := bytes.IndexByte(a, '=')
	if eq < 0 {
		return nil, nil, nil, false
	}
	key = bytes.TrimSpace(a[:eq])
	if colon := bytes.IndexByte(key, ':'); colon >= 0 && string(key[:colon]) != "xmlns" {
		key = key[colon+1:]
	}
	a = a[eq+1:]
	if len(a) > 0 && a[0] != '"' && a[0] != '\'' {
		a = bytes.TrimLeft(a, " \t\r\n")
	}
	if len(a) == 0 || a[0] != '"' && a[0] != '\'' {
		return nil, nil, nil, false
	}
	closing := bytes.IndexByte(a[1:], a[0])
	if closing < 0 {
		return nil, nil, nil, false
	}
	return key, a[1 : 1+closing], a[closing+2:], true
}

// value is the text just met with its entities resolved.
func (s *xmlScan) value() string {
	if s.cdata {
		return string(s.text)
	}
	return decodeXML(s.text)
}

func decodeXML(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return string(b)
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\r':
			out.WriteByte('\n')
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
		case b[i] == '&':
			semi := bytes.IndexByte(b[i:min(len(b), i+12)], ';')
			if semi < 0 {
				out.WriteByte('&')
				continue
			}
			if r, ok := entityRune(string(b[i+1 : i+semi])); ok {
				out.WriteRune(r)
				i += semi
			} else {
				out.WriteByte('&')
			}
		default:
			out.WriteByte(b[i])
		}
	}
	return out.String()
}

func entityRune(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric {
		return 0, false
	}
	base := 10
	if h, hex := strings.CutPrefix(digits, "x"); hex {
		digits, base = h, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !utf8.ValidRune(rune(n)) || n == 0 {
		return 0, false
	}
	return rune(n), true
}
