package kit

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Duty is one thing that somebody is to do on a day.
type Duty struct {
	Place string
	Hours string
	State string         // in words; empty where there is nothing to say
	Ink   look.ColorName // of the state, beside its words: Bad, Caution, Good or Primary; empty: muted
}

// DutyCellParams says what a day of a plan shows.
type DutyCellParams struct {
	Name   string // accessible name: who and when
	Duties []Duty
	Note   string // below them: "not sent yet"; alone where there are none
	Chosen bool   // its day is open beside the plan
	OnTap  func() // nil: it only shows
}

// DutyCell is a day of a plan: where somebody is to be, when, and what became of it. An empty one shows a plus where it can be tapped.
type DutyCell struct {
	press
	p    DutyCellParams
	box  *canvas.Rectangle
	bar  *canvas.Rectangle
	text []paragraph
}

// NewDutyCell returns a cell.
func NewDutyCell(p DutyCellParams) *DutyCell {
	c := &DutyCell{p: p, box: &canvas.Rectangle{}, bar: &canvas.Rectangle{}}
	add := func(text string, p paragraph) {
		if p.text = text; text != "" {
			c.text = append(c.text, p)
		}
	}
	for _, d := range p.Duties {
		add(d.Place, paragraph{role: look.Label, bold: true})
		add(d.Hours, paragraph{role: look.Caption, ink: look.Text})
		add(d.State, paragraph{role: look.Caption, bold: d.Ink != "", ink: d.Ink})
	}
	add(p.Note, paragraph{role: look.Caption, ink: look.Muted})
	if len(c.text) == 0 && p.OnTap != nil {
		add("+", paragraph{role: look.Label, ink: look.Muted, align: fyne.TextAlignCenter})
	}
	c.onTap, c.disabled = p.OnTap, p.OnTap == nil
	c.extend(c)
	return c
}

// AccessibleName implements Named.
func (c *DutyCell) AccessibleName() string { return c.p.Name }

const (
	dutyPad float32 = 8
	dutyBar float32 = 4
)

func (c *DutyCell) inner(width float32) float32 { return width - 2*dutyPad }

// HeightFor implements Flowing.
func (c *DutyCell) HeightFor(width float32) float32 {
	c.remember(width)
	return max(look.Target, c.high(width)+2*dutyPad)
}

func (c *DutyCell) high(width float32) (h float32) {
	for i := range c.text {
		h += c.text[i].heightFor(c.themeOf(), c.inner(width))
	}
	return h
}

func (c *DutyCell) leastWidth() float32 {
	wide := look.Target - 2*dutyPad
	for i := range c.text {
		wide = max(wide, min(c.text[i].longest(c.themeOf()), leastText))
	}
	return wide + 2*dutyPad
}

func (c *DutyCell) naturalWidth() float32 {
	wide := c.leastWidth() - 2*dutyPad
	for i := range c.text {
		wide = max(wide, min(c.text[i].natural(c.themeOf()), leastText))
	}
	return wide + 2*dutyPad
}

// ink is that of the most urgent state; empty where none has one.
func (c *DutyCell) ink() look.ColorName {
	for _, ink := range []look.ColorName{look.Bad, look.Caution, look.Good, look.Primary} {
		if slices.ContainsFunc(c.p.Duties, func(d Duty) bool { return d.Ink == ink }) {
			return ink
		}
	}
	return ""
}

func (c *DutyCell) paint(t look.Theme) {
	fill, stroke, width := look.Background, look.Line, t.LineWidth()
	switch {
	case c.p.Chosen:
		fill, stroke, width = look.Tint, look.Primary, 2
	case c.active():
		fill = look.Control
	case len(c.p.Duties) == 0 && t.Variant() != look.Sunlight:
		width = 0
	}
	shape(c.box, t, fill, stroke, width, look.RadiusButton)
	ink := c.ink()
	c.bar.Hidden = ink == ""
	if ink == "" {
		ink = look.Line
	}
	shape(c.bar, t, ink, ink, 0, dutyBar/2)
}

func (c *DutyCell) place(size fyne.Size) {
	t := c.themeOf()
	put(c.box, 0, 0, size.Width, size.Height)
	put(c.bar, 0, dutyPad, dutyBar, max(size.Height-2*dutyPad, 0))
	y := (size.Height - c.high(size.Width)) / 2
	for i := range c.text {
		y += c.text[i].place(t, dutyPad, y, c.inner(size.Width))
	}
	c.placeRing(size, look.RadiusButton)
}

func (c *DutyCell) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{c.box, c.bar}
	for i := range c.text {
		o = c.text[i].objects(o)
	}
	return c.ringed(o)
}
