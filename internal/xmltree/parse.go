package xmltree

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits bound what [Parse] accepts. Zero fields mean the default.
type Limits struct {
	Bytes int64 // length of the document
	Depth int   // nesting of elements
	Nodes int   // elements, attributes, texts, comments and instructions

	// BareLess accepts < in the value of an attribute, which XML forbids but
	// other readers of XForms take.
	BareLess bool
}

// DefaultLimits admits any questionnaire met in practice: 64 MiB, 256 levels,
// four million nodes.
func DefaultLimits() Limits { return Limits{Bytes: 64 << 20, Depth: 256, Nodes: 4_000_000} }

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Nodes <= 0 {
		l.Nodes = d.Nodes
	}
	return l
}

// Error says what is wrong with a document, and where. Line and Column count
// from 1, Column in bytes.
type Error struct {
	Line, Column int
	Msg          string
}

func (e *Error) Error() string {
	return fmt.Sprintf("XML line %d, column %d: %s", e.Line, e.Column, e.Msg)
}

// Parse reads one XML document in UTF-8. What is not well formed, goes beyond
// the limits, has a DOCTYPE or another entity than &lt; &gt; &amp; &quot; &apos;
// is an *[Error].
func Parse(r io.Reader, l Limits) (*Node, error) {
	l = l.orDefault()
	var b strings.Builder
	if n, err := io.Copy(&b, io.LimitReader(r, l.Bytes+1)); err != nil {
		return nil, fmt.Errorf("reading XML: %w", err)
	} else if n > l.Bytes {
		return nil, &Error{1, 1, fmt.Sprintf("the document is longer than %d bytes", l.Bytes)}
	}
	return ParseString(b.String(), l)
}

// ParseString is [Parse] on text in memory; the tree keeps parts of it.
func ParseString(src string, l Limits) (*Node, error) {
	p := &parser{lim: l.orDefault(), epoch: 1}
	if int64(len(src)) > p.lim.Bytes {
		return nil, &Error{1, 1, fmt.Sprintf("the document is longer than %d bytes", p.lim.Bytes)}
	}
	src, err := p.prepare(src)
	if err != nil {
		return nil, err
	}
	p.src = src
	doc, err := p.document()
	if err != nil {
		var stop *stopError
		if errors.As(err, &stop) {
			return nil, p.place(stop)
		}
		return nil, err
	}
	return doc, nil
}

// stopError is a fault at a byte offset; it becomes an Error once, at the end.
type stopError struct {
	at  int
	msg string
}

func (e *stopError) Error() string { return e.msg }

func (p *parser) place(e *stopError) *Error {
	at := min(e.at, len(p.src))
	before := p.src[:at]
	return &Error{
		Line:   1 + strings.Count(before, "\n"),
		Column: at - strings.LastIndexByte(before, '\n'),
		Msg:    e.msg,
	}
}
