package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// paragraph is wrapped text drawn with one canvas.Text a line. It is not a
// widget: widgets hold as many as they need and place them.
type paragraph struct {
	text  string
	role  look.Role
	bold  bool           // bold whatever the role says
	thin  bool           // not bold whatever the role says
	ink   look.ColorName // empty: the role's own
	align fyne.TextAlign

	lines []*canvas.Text

	key    wrapKey
	broken []string
	height float32 // of one line
}

type wrapKey struct {
	text string
	face look.Face
	wide float32
}

func (p *paragraph) face(t look.Theme) look.Face {
	f := t.Type(p.role)
	if p.bold || p.thin {
		f.Style.Bold = !p.thin
	}
	if p.ink != "" {
		f.Ink = p.ink
	}
	return f
}

// natural is the width in dp of the text when it does not wrap.
func (p *paragraph) natural(t look.Theme) float32 {
	f, wide := p.face(t), float32(0)
	for line := range strings.SplitSeq(p.text, "\n") {
		wide = max(wide, measure(line, f).Width)
	}
	return wide
}

// longest is the width in dp of the longest word.
func (p *paragraph) longest(t look.Theme) float32 {
	f, wide := p.face(t), float32(0)
	for _, word := range wordsOf(p.text) {
		wide = max(wide, measure(word, f).Width)
	}
	return wide
}

// heightFor is the height in dp at a width in dp; no text has no height.
func (p *paragraph) heightFor(t look.Theme, width float32) float32 {
	p.wrap(t, width)
	return float32(len(p.broken)) * p.height
}

func (p *paragraph) wrap(t look.Theme, width float32) {
	f := p.face(t)
	key := wrapKey{p.text, f, width}
	if key == p.key && p.broken != nil {
		return
	}
	p.key, p.broken = key, p.broken[:0]
	p.height = measure("Ég", f).Height
	if p.text == "" {
		p.broken = []string{}
		return
	}
	for line := range strings.SplitSeq(p.text, "\n") {
		p.broken = appendWrapped(p.broken, line, f, width)
	}
}

// place lays the lines from x, y in a column of the width and returns the
// height it took.
func (p *paragraph) place(t look.Theme, x, y, width float32) float32 {
	p.wrap(t, width)
	f := p.key.face
	ink := t.Ink(f.Ink)
	for len(p.lines) < len(p.broken) {
		p.lines = append(p.lines, &canvas.Text{})
	}
	p.lines = p.lines[:len(p.broken)]
	for i, words := range p.broken {
		l := p.lines[i]
		changed := l.Text != words || l.TextSize != f.Size || l.TextStyle != f.Style || l.Color != ink
		l.Text, l.TextSize, l.TextStyle, l.Color, l.Alignment = words, f.Size, f.Style, ink, p.align
		put(l, x, y+float32(i)*p.height, width, p.height)
		if changed {
			l.Refresh()
		}
	}
	return float32(len(p.broken)) * p.height
}

func (p *paragraph) objects(to []fyne.CanvasObject) []fyne.CanvasObject {
	for _, l := range p.lines {
		to = append(to, l)
	}
	return to
}

func measure(s string, f look.Face) fyne.Size { return fyne.MeasureText(s, f.Size, f.Style) }

// isBreak leaves no-break spaces alone: "37 %" stays together.
func isBreak(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }

// wordsOf splits a text where a line may break. French sets its marks apart by a space, and no line begins with one: "vraiment ?"
// stays together also where somebody typed a plain space.
func wordsOf(text string) []string {
	var words []string
	opened := false
	for _, word := range strings.FieldsFunc(text, isBreak) {
		closing := strings.Trim(word, "?!:;»%€…") == ""
		if len(words) > 0 && (closing || opened) {
			words[len(words)-1] += " " + word
		} else {
			words = append(words, word)
		}
		opened = word == "«"
	}
	return words
}

func appendWrapped(to []string, line string, f look.Face, width float32) []string {
	if measure(line, f).Width <= width {
		return append(to, line)
	}
	var now strings.Builder
	var used float32
	space := measure(" ", f).Width
	for _, word := range wordsOf(line) {
		wide := measure(word, f).Width
		if used > 0 && used+space+wide > width {
			to = append(to, now.String())
			now.Reset()
			used = 0
		}
		if used > 0 {
			now.WriteByte(' ')
			used += space
		}
		for wide > width {
			var head string
			head, word = split(word, f, width)
			if word == "" {
				word = head
				break
			}
			to = append(to, head)
			wide = measure(word, f).Width
		}
		now.WriteString(word)
		used += wide
	}
	if now.Len() > 0 {
		to = append(to, now.String())
	}
	return to
}

// split cuts a word that is wider than a line where it stops fitting; at least
// one character goes ahead so that wrapping always ends.
func split(word string, f look.Face, width float32) (head, tail string) {
	runes := []rune(word)
	fits := 1
	for lo, hi := 1, len(runes); lo <= hi; {
		mid := (lo + hi) / 2
		if measure(string(runes[:mid]), f).Width <= width {
			fits, lo = mid, mid+1
		} else {
			hi = mid - 1
		}
	}
	return string(runes[:fits]), string(runes[fits:])
}
