package xlsform

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// xmlWriter writes elements one after the other; a form of 100,000 choices
// never stands in memory as a tree.
type xmlWriter struct {
	b    bytes.Buffer
	open []string
	tag  bool
}

// start begins an element; attributes follow by attr until content does.
func (w *xmlWriter) start(name string) {
	w.endTag()
	w.b.WriteByte('<')
	w.b.WriteString(name)
	w.open = append(w.open, name)
	w.tag = true
}

func (w *xmlWriter) attr(name, value string) {
	w.b.WriteByte(' ')
	w.b.WriteString(name)
	w.b.WriteString(`="`)
	w.escape(value, true)
	w.b.WriteByte('"')
}

func (w *xmlWriter) text(s string) {
	if s == "" {
		return
	}
	w.endTag()
	w.escape(s, false)
}

func (w *xmlWriter) end() {
	name := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	if w.tag {
		w.b.WriteString("/>")
		w.tag = false
		return
	}
	w.b.WriteString("</")
	w.b.WriteString(name)
	w.b.WriteByte('>')
}

// leaf writes an element of text, with attributes in pairs.
func (w *xmlWriter) leaf(name, text string, attrs ...string) {
	w.start(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		w.attr(attrs[i], attrs[i+1])
	}
	w.text(text)
	w.end()
}

func (w *xmlWriter) endTag() {
	if w.tag {
		w.b.WriteByte('>')
		w.tag = false
	}
}

// escape writes text that any XML reader takes: signs that XML has no place for
// are left out.
func (w *xmlWriter) escape(s string, attribute bool) {
	if !strings.ContainsAny(s, "&<>\"\n\r\t") && isPlainText(s) {
		w.b.WriteString(s)
		return
	}
	for i, r := range s {
		switch {
		case r == '&':
			w.b.WriteString("&amp;")
		case r == '<':
			w.b.WriteString("&lt;")
		case r == '>':
			w.b.WriteString("&gt;")
		case r == '"' && attribute:
			w.b.WriteString("&quot;")
		case r == '\n' && attribute:
			w.b.WriteString("&#10;")
		case r == '\t' && attribute:
			w.b.WriteString("&#9;")
		case r == '\r':
			w.b.WriteString("&#13;")
		case isXMLRune(r, s[i:]):
			w.b.WriteRune(r)
		}
	}
}

// isPlainText reports whether every sign of s has a place in XML.
func isPlainText(s string) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' {
			return false
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\ufffe") && !strings.Contains(s, "\uffff")
}

func isXMLRune(r rune, at string) bool {
	switch {
	case r == utf8.RuneError:
		_, n := utf8.DecodeRuneInString(at)
		return n > 1
	case r < ' ':
		return r == '\n' || r == '\t'
	}
	return r != 0xfffe && r != 0xffff
}
