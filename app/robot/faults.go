package robot

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// slack is by how many dp texts may stand over a border: glyphs have room around them.
const slack = 2

// Faults lists what is wrong with the page as it is laid out: text that stands out of the window or of its widget, and text over
// text. What lies under an opaque sheet is not looked at.
func (r *Robot) Faults() (faults []string) {
	r.p.Do(func() {
		var texts []drawn
		for i, s := range scan(r.p.Canvas) {
			if cover, opaque := covers(s); opaque {
				texts = uncovered(texts, cover)
			}
			if t, ok := drawnText(s, i); ok {
				texts = append(texts, t)
			}
		}
		for i, t := range texts {
			if where := t.standsOut(); where != "" {
				faults = append(faults, fmt.Sprintf("%q stands out of %s: %v", t.text, where, t.box))
			}
			for _, other := range texts[:i] {
				if o := t.letters().cut(other.letters()); o.x2-o.x1 > slack && o.y2-o.y1 > slack {
					faults = append(faults, fmt.Sprintf("%q lies over %q", t.text, other.text))
				}
			}
		}
	})
	return faults
}

// drawn is a line of text where it is painted.
type drawn struct {
	text   string
	box    box // of its letters, as far as it is in sight
	whole  box // of its letters
	seen   seen
	number int
}

func drawnText(s seen, number int) (d drawn, ok bool) {
	t, ok := s.object.(*canvas.Text)
	if !ok || t.Text == "" {
		return d, false
	}
	need, has := t.MinSize(), t.Size()
	at := s.at
	switch t.Alignment {
	case fyne.TextAlignCenter:
		at.X += (has.Width - need.Width) / 2
	case fyne.TextAlignTrailing:
		at.X += has.Width - need.Width
	}
	at.Y += (has.Height - need.Height) / 2
	d = drawn{text: t.Text, whole: boxOf(at, need), seen: s, number: number}
	d.box = d.whole.cut(s.clip)
	return d, d.box.x2 > d.box.x1 && d.box.y2 > d.box.y1
}

// letters leaves out the room that a line keeps above and below its letters.
func (d drawn) letters() box {
	room := (d.whole.y2 - d.whole.y1) / 6
	return d.box.cut(box{d.whole.x1, d.whole.y1 + room, d.whole.x2, d.whole.y2 - room})
}

// standsOut names what the line is wider than; lists scroll up and down, so their height cuts nothing.
func (d drawn) standsOut() string {
	switch {
	case d.whole.x1 < d.seen.within.x1-slack || d.whole.x2 > d.seen.within.x2+slack:
		return "its widget"
	case !d.seen.sideways() && (d.whole.x1 < d.seen.clip.x1-slack || d.whole.x2 > d.seen.clip.x2+slack):
		return "the window"
	case d.whole.y1 < d.seen.within.y1-2*slack || d.whole.y2 > d.seen.within.y2+2*slack:
		return "its widget's height"
	}
	return ""
}

// sideways tells whether what cannot be seen comes into sight by a swipe to the side.
func (s seen) sideways() bool {
	n := len(s.scrolls)
	return n > 0 && s.scrolls[n-1].scroll.Direction != container.ScrollVerticalOnly
}

// covers tells whether an object hides what was painted before it.
func covers(s seen) (cover box, opaque bool) {
	r, ok := s.object.(*canvas.Rectangle)
	if !ok || r.FillColor == nil {
		return cover, false
	}
	_, _, _, alpha := color.NRGBAModel.Convert(r.FillColor).RGBA()
	return boxOf(s.at, r.Size()).cut(s.clip), alpha == 0xffff
}

// uncovered leaves out texts that a rectangle hides, wholly or for the most part.
func uncovered(texts []drawn, cover box) []drawn {
	kept := texts[:0]
	for _, t := range texts {
		o := t.box.cut(cover)
		if hidden := o.x2 > o.x1 && o.y2 > o.y1 && (o.y2-o.y1)*2 >= t.box.y2-t.box.y1; !hidden {
			kept = append(kept, t)
		}
	}
	return kept
}
