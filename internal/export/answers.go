package export

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf8"
)

// errBadAnswers says that the answers of an interview are not XML as a questionnaire writes it.
var errBadAnswers = errors.New("the answers are not well-formed XML")

// deepest is how many elements may stand in each other.
const deepest = 64

// answers reads a submission and hands its values over, table by table. It reads what xmltree writes (elements, attributes, text,
// character references, CDATA, comments) without building a tree; that is some twenty times faster.
type answers struct {
	layout *layout
	in     []byte
	at     int
	frames []frame
	arena  []byte // text with references resolved
	// row is called when an element that stands for a row ends: the interview itself last. index has the position within each repeat
	// around it, from 1, outermost first.
	row func(t *table, values [][]byte, index []int)
	// strays counts answers to questions that no known version of the questionnaire has.
	strays int
}

// frame is an open element.
type frame struct {
	place  *place // nil for an element nobody knows
	name   []byte
	hint   int
	text   []byte
	filled bool   // text has been set
	kids   bool   // an element stood in it
	table  *table // set where the element is a row
	values [][]byte
	counts map[*table]int // how many rows of each repeat stood in it so far
}

// read goes through one submission. Slices handed to row live until the next call.
func (a *answers) read(xml []byte) error {
	a.in, a.at, a.arena, a.strays = xml, 0, a.arena[:0], 0
	a.frames = a.frames[:0]
	a.open(a.layout.root, nil)
	f := &a.frames[0]
	a.begin(f, a.layout.tables[0])
	for a.at < len(a.in) {
		if err := a.step(); err != nil {
			return err
		}
	}
	if len(a.frames) != 1 || !a.frames[0].kids {
		return errBadAnswers
	}
	a.row(a.layout.tables[0], a.frames[0].values, nil)
	return nil
}

// step reads one piece of markup or text.
func (a *answers) step() error {
	if a.in[a.at] != '<' {
		return a.readText()
	}
	rest := a.in[a.at:]
	switch {
	case len(rest) < 2:
		return errBadAnswers
	case rest[1] == '/':
		return a.readEnd()
	case bytes.HasPrefix(rest, []byte("<!--")):
		return a.pass("-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return a.readCDATA()
	case rest[1] == '?':
		return a.pass("?>")
	case rest[1] == '!':
		return errBadAnswers
	}
	return a.readStart()
}

func (a *answers) pass(end string) error {
	n := bytes.Index(a.in[a.at:], []byte(end))
	if n < 0 {
		return errBadAnswers
	}
	a.at += n + len(end)
	return nil
}

func (a *answers) readStart() error {
	a.at++
	name := a.name()
	if len(name) == 0 {
		return errBadAnswers
	}
	empty, err := a.attributes()
	if err != nil {
		return err
	}
	top := &a.frames[len(a.frames)-1]
	if len(a.frames) == 1 && top.kids {
		return errBadAnswers
	}
	top.kids = true
	var place *place
	if top.place != nil {
		place = top.place.kid(local(name), &top.hint)
	}
	if err := a.open(place, name); err != nil {
		return err
	}
	if empty {
		return a.close()
	}
	return nil
}

// attributes passes over what stands between the name and the end of the tag; answers have no values there.
func (a *answers) attributes() (empty bool, err error) {
	for a.at < len(a.in) {
		switch c := a.in[a.at]; c {
		case '>':
			a.at++
			return false, nil
		case '/':
			if a.at+1 < len(a.in) && a.in[a.at+1] == '>' {
				a.at += 2
				return true, nil
			}
			return false, errBadAnswers
		case '"', '\'':
			n := bytes.IndexByte(a.in[a.at+1:], c)
			if n < 0 {
				return false, errBadAnswers
			}
			a.at += n + 2
		case '<':
			return false, errBadAnswers
		default:
			a.at++
		}
	}
	return false, errBadAnswers
}

func (a *answers) readEnd() error {
	a.at += 2
	name := a.name()
	for a.at < len(a.in) && blank(a.in[a.at]) {
		a.at++
	}
	if a.at >= len(a.in) || a.in[a.at] != '>' || len(a.frames) < 2 || !bytes.Equal(name, a.frames[len(a.frames)-1].name) {
		return errBadAnswers
	}
	a.at++
	return a.close()
}

func (a *answers) readText() error {
	n := bytes.IndexByte(a.in[a.at:], '<')
	if n < 0 {
		n = len(a.in) - a.at
	}
	text := a.in[a.at : a.at+n]
	a.at += n
	if len(a.frames) == 1 {
		if len(bytes.TrimSpace(text)) > 0 {
			return errBadAnswers
		}
		return nil
	}
	if bytes.IndexByte(text, '&') >= 0 || bytes.IndexByte(text, '\r') >= 0 {
		var err error
		if text, err = a.resolve(text); err != nil {
			return err
		}
	}
	a.addText(text)
	return nil
}

func (a *answers) readCDATA() error {
	a.at += len("<![CDATA[")
	start := a.at
	if err := a.pass("]]>"); err != nil || len(a.frames) == 1 {
		return errBadAnswers
	}
	a.addText(a.in[start : a.at-len("]]>")])
	return nil
}

// addText keeps text of the innermost element unless that is known to hold no answer.
func (a *answers) addText(text []byte) {
	f := &a.frames[len(a.frames)-1]
	if f.place != nil && f.place.column == nil {
		return
	}
	if f.filled {
		text = append(append([]byte(nil), f.text...), text...)
	}
	f.text, f.filled = text, true
}

// name reads an element's name as written.
func (a *answers) name() []byte {
	start := a.at
	for a.at < len(a.in) {
		if c := a.in[a.at]; blank(c) || c == '>' || c == '/' || c == '<' || c == '=' {
			break
		}
		a.at++
	}
	return a.in[start:a.at]
}

// open pushes an element.
func (a *answers) open(p *place, name []byte) error {
	if len(a.frames) > deepest {
		return errBadAnswers
	}
	if len(a.frames) < cap(a.frames) {
		a.frames = a.frames[:len(a.frames)+1]
	} else {
		a.frames = append(a.frames, frame{})
	}
	f := &a.frames[len(a.frames)-1]
	f.place, f.name, f.hint, f.text, f.filled, f.kids, f.table = p, name, 0, nil, false, false, nil
	if p != nil && p.table != nil {
		a.begin(f, p.table)
		above := a.rowAbove(len(a.frames) - 2)
		above.counts[p.table]++
	}
	return nil
}

// begin makes the element the start of a row.
func (a *answers) begin(f *frame, t *table) {
	f.table = t
	if cap(f.values) < len(t.columns) {
		f.values = make([][]byte, len(t.columns))
	}
	f.values = f.values[:len(t.columns)]
	clear(f.values)
	if f.counts == nil {
		f.counts = map[*table]int{}
	}
	clear(f.counts)
}

// rowAbove is the innermost open row at or above a depth.
func (a *answers) rowAbove(depth int) *frame {
	for a.frames[depth].table == nil {
		depth--
	}
	return &a.frames[depth]
}

// close pops an element and takes its value.
func (a *answers) close() error {
	depth := len(a.frames) - 1
	f := &a.frames[depth]
	switch p := f.place; {
	case f.table != nil:
		a.row(f.table, f.values, a.index(depth))
	case p != nil && p.column != nil:
		a.rowAbove(depth).values[p.column.at] = f.text
	case p == nil && !f.kids && len(f.text) > 0 && !a.inMeta():
		a.strays++
	}
	a.frames = a.frames[:depth]
	return nil
}

// index is the position of the row at a depth within each repeat around it.
func (a *answers) index(depth int) []int {
	var index []int
	above := &a.frames[0]
	for i := 1; i <= depth; i++ {
		if f := &a.frames[i]; f.table != nil {
			index = append(index, above.counts[f.table])
			above = f
		}
	}
	return index
}

// inMeta tells whether the innermost element stands in the block of the form's own data (instanceID and the like).
func (a *answers) inMeta() bool {
	return len(a.frames) > 2 && string(local(a.frames[2].name)) == "meta"
}

// resolve replaces references and line ends as XML says.
func (a *answers) resolve(text []byte) ([]byte, error) {
	start := len(a.arena)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '&':
			end := bytes.IndexByte(text[i:], ';')
			if end < 0 || !a.reference(text[i+1:i+end]) {
				return nil, errBadAnswers
			}
			i += end
		case '\r':
			a.arena = append(a.arena, '\n')
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
		default:
			a.arena = append(a.arena, c)
		}
	}
	return a.arena[start:len(a.arena):len(a.arena)], nil
}

func (a *answers) reference(name []byte) bool {
	switch string(name) {
	case "lt":
		a.arena = append(a.arena, '<')
	case "gt":
		a.arena = append(a.arena, '>')
	case "amp":
		a.arena = append(a.arena, '&')
	case "quot":
		a.arena = append(a.arena, '"')
	case "apos":
		a.arena = append(a.arena, '\'')
	default:
		return a.numbered(name)
	}
	return true
}

func (a *answers) numbered(name []byte) bool {
	if len(name) < 2 || name[0] != '#' {
		return false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return false
	}
	a.arena = utf8.AppendRune(a.arena, rune(n))
	return true
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
