package xmltree

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// prepare checks the encoding and normalises line ends as XML 1.0, 2.11 asks.
func (p *parser) prepare(src string) (string, error) {
	src = strings.TrimPrefix(src, "\ufeff")
	p.src = src
	if strings.HasPrefix(src, "\xff\xfe") || strings.HasPrefix(src, "\xfe\xff") {
		return "", &Error{1, 1, "the document is in UTF-16; save it in UTF-8"}
	}
	for i := 0; i < len(src); {
		c := src[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return "", p.place(&stopError{i, "a control character, which XML does not allow"})
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && n == 1 {
			return "", p.place(&stopError{i, "bytes that are not UTF-8; save the document in UTF-8"})
		}
		if r == 0xFFFE || r == 0xFFFF {
			return "", p.place(&stopError{i, "a character that XML does not allow"})
		}
		i += n
	}
	if strings.IndexByte(src, '\r') >= 0 {
		src = strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\r", "\n")
	}
	return src, nil
}

// declaration reads <?xml ...?> where it stands.
func (p *parser) declaration() error {
	if !strings.HasPrefix(p.src, "<?xml") || len(p.src) < 6 || !isSpace(p.src[5]) {
		return nil
	}
	end := strings.Index(p.src, "?>")
	if end < 0 {
		return p.fail(0, "the XML declaration is not closed by ?>")
	}
	head := strings.ToLower(p.src[:end])
	if at := strings.Index(head, "encoding"); at >= 0 && !strings.Contains(head[at:], "utf-8") && !strings.Contains(head[at:], "us-ascii") {
		return p.fail(at, "the declared encoding is not UTF-8; save the document in UTF-8")
	}
	p.i = end + 2
	return nil
}

func (p *parser) space() bool {
	at := p.i
	for p.i < len(p.src) && isSpace(p.src[p.i]) {
		p.i++
	}
	return p.i > at
}

func (p *parser) name(what string) (string, error) {
	at := p.i
	for p.i < len(p.src) {
		c := p.src[p.i]
		if c < utf8.RuneSelf {
			if !isNameByte(c) || p.i == at && (c >= '0' && c <= '9' || c == '-' || c == '.') {
				break
			}
			p.i++
			continue
		}
		r, n := utf8.DecodeRuneInString(p.src[p.i:])
		if !isNameRune(r, p.i == at) {
			break
		}
		p.i += n
	}
	if p.i == at {
		return "", p.fail(at, "expected %s", what)
	}
	return p.src[at:p.i], nil
}

// quoted reads an attribute value and normalises its white space.
func (p *parser) quoted(attr string) (string, error) {
	if p.i >= len(p.src) || p.src[p.i] != '"' && p.src[p.i] != '\'' {
		return "", p.fail(p.i, "the value of attribute %s must stand in quotes", attr)
	}
	quote := p.src[p.i]
	start := p.i + 1
	end := strings.IndexByte(p.src[start:], quote)
	if end < 0 {
		return "", p.fail(p.i, "the value of attribute %s is not closed by %c", attr, quote)
	}
	raw := p.src[start : start+end]
	p.i = start + end + 1
	if !p.lim.BareLess && strings.IndexByte(raw, '<') >= 0 {
		return "", p.fail(start+strings.IndexByte(raw, '<'), "< in the value of attribute %s; write &lt;", attr)
	}
	if !strings.ContainsAny(raw, "&\t\n") {
		return raw, nil
	}
	buf := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		switch raw[i] {
		case '\t', '\n':
			buf = append(buf, ' ')
			i++
		case '&':
			var n int
			var err error
			if buf, n, err = p.reference(buf, raw[i:], start+i); err != nil {
				return "", err
			}
			i += n
		default:
			buf = append(buf, raw[i])
			i++
		}
	}
	return string(buf), nil
}

// reference appends what an entity or character reference at the start of s
// stands for and returns its length.
func (p *parser) reference(buf []byte, s string, at int) ([]byte, int, error) {
	end := strings.IndexByte(s[:min(len(s), 32)], ';')
	if end < 0 {
		return buf, 0, p.fail(at, "a bare &; write &amp;")
	}
	body := s[1:end]
	switch body {
	case "lt":
		return append(buf, '<'), end + 1, nil
	case "gt":
		return append(buf, '>'), end + 1, nil
	case "amp":
		return append(buf, '&'), end + 1, nil
	case "quot":
		return append(buf, '"'), end + 1, nil
	case "apos":
		return append(buf, '\''), end + 1, nil
	}
	digits, isChar := strings.CutPrefix(body, "#")
	if !isChar {
		return buf, 0, p.fail(at, "the entity &%s; is not allowed; write the character itself", body)
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		base, digits = 16, hex
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isChar32(rune(v)) {
		return buf, 0, p.fail(at, "&%s; is no character of XML", body)
	}
	return utf8.AppendRune(buf, rune(v)), end + 1, nil
}

func isChar32(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '-' || c == '.'
}

// isNameRune follows XML 1.0 (fifth edition), productions 4 and 4a, above ASCII.
func isNameRune(r rune, first bool) bool {
	switch {
	case r >= 0xC0 && r <= 0x2FF:
		return r != 0xD7 && r != 0xF7
	case r >= 0x370 && r <= 0x1FFF:
		return r != 0x37E
	case r == 0xB7, r >= 0x300 && r <= 0x36F, r == 0x203F, r == 0x2040:
		return !first
	}
	return r >= 0x200C && r <= 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}
