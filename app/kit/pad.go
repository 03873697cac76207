package kit

import (
	"fyne.io/fyne/v2"

	"parvis/app/look"
)

// PadRange is the largest valence and energy; the smallest is its negative.
// Five steps each way, the affect grid of Russell, Weiss and Mendelsohn (1989)
// at half its resolution.
const PadRange = 2

// Mark is a point on the pad: valence from -2 (unpleasant) to 2 (pleasant),
// energy from -2 (low) to 2 (high).
type Mark struct{ Valence, Energy int }

// PadParams says what a pad shows.
type PadParams struct {
	Mark   *Mark             // the last mark; nil if none
	Name   func(Mark) string // accessible name of a cell
	OnMark func(Mark)
	// Words at the axes: above, and below from left to right.
	HighEnergy, Unpleasant, LowEnergy, Pleasant string
}

// Pad is the full pad of the sheet: 5 by 5 cells with the words of the axes.
// On a keyboard the arrows walk the cells and Enter marks one.
type Pad struct {
	press
	cells [5][5]*padCell // by row from high energy, by column from unpleasant
	at    Mark           // where the keyboard stands
	mark  *Mark
	on    func(Mark)
	above paragraph
	below [3]paragraph
}

// NewPad returns a full pad.
func NewPad(p PadParams) *Pad {
	d := &Pad{on: p.OnMark, mark: p.Mark}
	d.above = paragraph{text: p.HighEnergy, role: look.Caption}
	d.below = [3]paragraph{
		{text: p.Unpleasant, role: look.Caption},
		{text: p.LowEnergy, role: look.Caption, align: fyne.TextAlignCenter},
		{text: p.Pleasant, role: look.Caption, align: fyne.TextAlignTrailing},
	}
	for row := range d.cells {
		for col := range d.cells[row] {
			m := Mark{Valence: col - PadRange, Energy: PadRange - row}
			c := newPadCell(m, func() { d.tap(m) })
			if p.Name != nil {
				c.name = p.Name(m)
			}
			c.marked = p.Mark != nil && *p.Mark == m
			d.cells[row][col] = c
		}
	}
	if p.Mark != nil {
		d.at = *p.Mark
	}
	d.extend(d)
	return d
}

func (d *Pad) tap(m Mark) {
	d.SetMark(&m)
	if d.on != nil {
		d.on(m)
	}
}

// SetMark shows a mark, or none for nil.
func (d *Pad) SetMark(m *Mark) {
	d.mark = m
	if m != nil {
		d.at = *m
	}
	for _, row := range d.cells {
		for _, c := range row {
			c.setMarked(m != nil && *m == c.at)
		}
	}
}

// Mark is the mark shown; nil if none.
func (d *Pad) Mark() *Mark { return d.mark }

// Tapped does nothing: the cells are tapped, the pad only holds them.
func (d *Pad) Tapped(*fyne.PointEvent) {}

// AccessibleName implements Named: the cell the keyboard stands on.
func (d *Pad) AccessibleName() string { return d.cell(d.at).AccessibleName() }

func (d *Pad) cell(m Mark) *padCell { return d.cells[PadRange-m.Energy][m.Valence+PadRange] }

// TypedKey is Fyne's hook.
func (d *Pad) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		d.at.Valence = max(d.at.Valence-1, -PadRange)
	case fyne.KeyRight:
		d.at.Valence = min(d.at.Valence+1, PadRange)
	case fyne.KeyUp:
		d.at.Energy = min(d.at.Energy+1, PadRange)
	case fyne.KeyDown:
		d.at.Energy = max(d.at.Energy-1, -PadRange)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		d.tap(d.at)
		return
	default:
		return
	}
	d.Refresh()
}

const padGap float32 = 6

// cellHeight is no more than what is tapped, so that on phones the question
// stays in sight above the sheet.
const cellHeight = look.Target

// oneLine tells whether the words below share a line; else those of the ends
// do, and that of the middle goes under them.
func (d *Pad) oneLine(width float32) bool {
	t, wide := d.themeOf(), float32(0)
	for i := range d.below {
		wide = max(wide, d.below[i].natural(t))
	}
	return 3*wide <= width
}

func (d *Pad) belowHeight(width float32) float32 {
	return d.eachWord(width, func(*paragraph, float32, float32, float32) {})
}

func (d *Pad) eachWord(width float32, do func(p *paragraph, x, y, w float32)) float32 {
	t, n := d.themeOf(), float32(3)
	if !d.oneLine(width) {
		n = 2
	}
	part := width / n
	ends := max(d.below[0].heightFor(t, part), d.below[2].heightFor(t, part))
	do(&d.below[0], 0, 0, part)
	do(&d.below[2], width-part, 0, part)
	if n == 3 {
		do(&d.below[1], part, 0, part)
		return max(ends, d.below[1].heightFor(t, part))
	}
	do(&d.below[1], 0, ends, width)
	return ends + d.below[1].heightFor(t, width)
}

// HeightFor implements Flowing.
func (d *Pad) HeightFor(width float32) float32 {
	d.remember(width)
	return d.above.heightFor(d.themeOf(), width) + 2*look.Tight + 5*cellHeight + 4*padGap + d.belowHeight(width)
}

func (d *Pad) leastWidth() float32 { return 5*look.Target + 4*padGap }

func (d *Pad) paint(look.Theme) {}

func (d *Pad) place(size fyne.Size) {
	t := d.themeOf()
	y := d.above.place(t, 0, 0, size.Width) + look.Tight
	wide := (size.Width - 4*padGap) / 5
	high := max((size.Height-y-look.Tight-d.belowHeight(size.Width)-4*padGap)/5, look.Target)
	for row := range d.cells {
		for col, c := range d.cells[row] {
			put(c, float32(col)*(wide+padGap), y+float32(row)*(high+padGap), wide, high)
		}
	}
	below := y + 5*(high+padGap) - padGap + look.Tight
	d.eachWord(size.Width, func(p *paragraph, x, y, w float32) { p.place(t, x, below+y, w) })
	d.placeRing(fyne.NewSize(wide, high), look.RadiusButton)
	if d.ring != nil {
		d.ring.Move(d.cell(d.at).Position().SubtractXY(3, 3))
	}
}

func (d *Pad) parts() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, 0, 32)
	for _, row := range d.cells {
		for _, c := range row {
			o = append(o, c)
		}
	}
	o = d.above.objects(o)
	for i := range d.below {
		o = d.below[i].objects(o)
	}
	return d.ringed(o)
}
