package export

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// errUnusual says that a body has a shape the scanner was not made for; encoding/json then decides what it is.
var errUnusual = errors.New("not the usual shape of a record")

// scanner reads JSON without whitespace, as json.Marshal writes it. It decodes nothing it is not asked for and allocates nothing;
// what it is not sure of it refuses with errUnusual.
type scanner struct {
	in []byte
	at int
	// arena holds strings with escapes resolved; slices handed out stay valid until the next reset.
	arena []byte
}

func (s *scanner) reset(in []byte) { s.in, s.at, s.arena = in, 0, s.arena[:0] }

func (s *scanner) peek() byte {
	if s.at < len(s.in) {
		return s.in[s.at]
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// object calls field for each member, which must read the value.
func (s *scanner) object(field func(key []byte) error) error {
	return s.list('{', '}', func() error {
		key, err := s.rawString()
		if err != nil {
			return err
		}
		if !s.take(':') {
			return errUnusual
		}
		return field(key)
	})
}

// array calls item for each item, which must read it; null is an empty array.
func (s *scanner) array(item func() error) error {
	if s.literal("null") {
		return nil
	}
	return s.list('[', ']', item)
}

func (s *scanner) list(open, shut byte, item func() error) error {
	if !s.take(open) {
		return errUnusual
	}
	if s.take(shut) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.take(shut) {
			return nil
		}
		if !s.take(',') {
			return errUnusual
		}
	}
}

func (s *scanner) literal(word string) bool {
	end := s.at + len(word)
	if end > len(s.in) || string(s.in[s.at:end]) != word {
		return false
	}
	s.at = end
	return true
}

// rawString returns the bytes between the quotes, refusing escapes.
func (s *scanner) rawString() ([]byte, error) {
	raw, escaped, err := s.quoted()
	if escaped {
		return nil, errUnusual
	}
	return raw, err
}

// str returns a string's value. The slice belongs to the input or the arena.
func (s *scanner) str() ([]byte, error) {
	raw, escaped, err := s.quoted()
	if err != nil || !escaped {
		return raw, err
	}
	return s.unescape(raw)
}

// short is how many bytes of a string are looked at one by one; longer ones are searched by the library, which is quicker then.
const short = 48

// quoted finds the end of the string. Bytes that are not UTF-8 are left to the library, which replaces them.
func (s *scanner) quoted() (raw []byte, escaped bool, err error) {
	if !s.take('"') {
		return nil, false, errUnusual
	}
	start := s.at
	for i, c := range s.in[start:min(start+short, len(s.in))] {
		if c == '"' {
			s.at = start + i + 1
			return s.in[start : start+i], false, nil
		}
		if c == '\\' {
			break
		}
	}
	return s.quotedLong(start)
}

func (s *scanner) quotedLong(start int) (raw []byte, escaped bool, err error) {
	for {
		next := bytes.IndexByte(s.in[s.at:], '"')
		if next < 0 {
			return nil, false, errUnusual
		}
		part := s.in[s.at : s.at+next]
		s.at += next + 1
		escaped = escaped || bytes.IndexByte(part, '\\') >= 0
		if slashesBefore(s.in[start:], s.at-1-start)%2 == 0 {
			return s.in[start : s.at-1], escaped, nil
		}
	}
}

// slashesBefore counts the backslashes that end directly before position i.
func slashesBefore(b []byte, i int) int {
	n := 0
	for i > 0 && b[i-1] == '\\' {
		i--
		n++
	}
	return n
}

// unescape resolves escapes into the arena. Answers are XML, in which json.Marshal escapes every angle bracket; these are told
// apart first.
func (s *scanner) unescape(raw []byte) ([]byte, error) {
	start := len(s.arena)
	from := 0
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			i++
			continue
		}
		s.arena = append(s.arena, raw[from:i]...)
		used, ok := 6, true
		switch tail := raw[i:]; {
		case len(tail) >= 6 && string(tail[:6]) == `\u003c`:
			s.arena = append(s.arena, '<')
		case len(tail) >= 6 && string(tail[:6]) == `\u003e`:
			s.arena = append(s.arena, '>')
		default:
			used, ok = s.escape(tail)
		}
		if !ok {
			return nil, errUnusual
		}
		i += used
		from = i
	}
	s.arena = append(s.arena, raw[from:]...)
	return s.arena[start:len(s.arena):len(s.arena)], nil
}

// escape resolves the escape that b begins with and tells how long it is.
func (s *scanner) escape(b []byte) (used int, ok bool) {
	if len(b) < 2 {
		return 0, false
	}
	switch b[1] {
	case '"', '\\', '/':
		s.arena = append(s.arena, b[1])
	case 'n':
		s.arena = append(s.arena, '\n')
	case 't':
		s.arena = append(s.arena, '\t')
	case 'r':
		s.arena = append(s.arena, '\r')
	case 'b':
		s.arena = append(s.arena, '\b')
	case 'f':
		s.arena = append(s.arena, '\f')
	case 'u':
		return s.unicode(b)
	default:
		return 0, false
	}
	return 2, true
}

func (s *scanner) unicode(b []byte) (used int, ok bool) {
	r, ok := hex4(b)
	if !ok {
		return 0, false
	}
	if !utf16.IsSurrogate(r) {
		s.arena = utf8.AppendRune(s.arena, r)
		return 6, true
	}
	if len(b) < 8 || b[6] != '\\' || b[7] != 'u' {
		return 0, false
	}
	low, ok := hex4(b[6:])
	if !ok {
		return 0, false
	}
	pair := utf16.DecodeRune(r, low)
	if pair == utf8.RuneError {
		return 0, false
	}
	s.arena = utf8.AppendRune(s.arena, pair)
	return 12, true
}

// hex4 reads the four digits of a \u escape.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// integer reads a whole number and its digits.
func (s *scanner) integer() (n int64, digits []byte, err error) {
	in := s.in[s.at:]
	i := 0
	if len(in) > 0 && in[0] == '-' {
		i = 1
	}
	first := i
	for i < len(in) && in[i] >= '0' && in[i] <= '9' {
		n = n*10 + int64(in[i]-'0')
		i++
	}
	digits = in[:i:i]
	switch {
	case i == first, first == 1 && in[1] == '0', i < len(in) && (in[i] == '.' || in[i] == 'e' || in[i] == 'E'):
		return 0, nil, errUnusual
	case i > 18:
		if n, err = strconv.ParseInt(string(digits), 10, 64); err != nil {
			return 0, nil, errUnusual
		}
	case first == 1:
		n = -n
	}
	s.at += i
	return n, digits, nil
}

// boolean reads true or false.
func (s *scanner) boolean() (bool, error) {
	switch {
	case s.literal("true"):
		return true, nil
	case s.literal("false"):
		return false, nil
	}
	return false, errUnusual
}

// skip passes over any value.
func (s *scanner) skip() error {
	switch c := s.peek(); {
	case c == '"':
		_, _, err := s.quoted()
		return err
	case c == '{':
		return s.object(func([]byte) error { return s.skip() })
	case c == '[':
		return s.array(s.skip)
	case s.literal("null"), s.literal("true"), s.literal("false"):
		return nil
	}
	start := s.at
	for c := s.peek(); c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E' || (c >= '0' && c <= '9'); c = s.peek() {
		s.at++
	}
	if s.at == start {
		return errUnusual
	}
	return nil
}
