package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// CellState is what one cell of a quota board shows.
type CellState struct {
	Done   int
	Leased int    // promised to devices, not yet done; 0 where there are no leases
	Target int    // 0: watched only, no bar
	Figure string // "31 / 40", formatted
	Right  string // when it fills, or "full"
	Note   string // "6 leased, 3 open"
}

// CellBar is one cell of a quota board: a figure, a bar, a note.
type CellBar struct {
	core
	state               CellState
	figure, right, note paragraph
	track, done, leased *canvas.Rectangle
}

// NewCellBar returns a cell.
func NewCellBar(s CellState) *CellBar {
	c := &CellBar{track: &canvas.Rectangle{}, done: &canvas.Rectangle{}, leased: &canvas.Rectangle{}}
	c.figure = paragraph{role: look.Label, bold: true}
	c.right = paragraph{role: look.Label, ink: look.Muted, align: fyne.TextAlignTrailing}
	c.note = paragraph{role: look.Caption, ink: look.Muted}
	c.extend(c)
	c.set(s)
	return c
}

// Set shows another state.
func (c *CellBar) Set(s CellState) {
	if c.state == s {
		return
	}
	c.set(s)
	c.Refresh()
}

func (c *CellBar) set(s CellState) {
	c.state = s
	c.figure.text, c.right.text, c.note.text = s.Figure, s.Right, s.Note
}

const cellBar float32 = 10

func (c *CellBar) firstLine(width float32) (left, right, high float32) {
	t := c.themeOf()
	right = c.right.natural(t)
	left = width - right - look.Tight
	if left < c.figure.natural(t) {
		left, right = width, width
		return left, right, c.figure.heightFor(t, left) + c.right.heightFor(t, right)
	}
	return left, right, max(c.figure.heightFor(t, left), c.right.heightFor(t, right))
}

// HeightFor implements Flowing.
func (c *CellBar) HeightFor(width float32) float32 {
	c.remember(width)
	_, _, h := c.firstLine(width)
	if c.state.Target > 0 {
		h += look.Unit + cellBar
	}
	if n := c.note.heightFor(c.themeOf(), width); n > 0 {
		h += look.Unit + n
	}
	return h
}

// leastWidth keeps the figure on a line and words whole.
func (c *CellBar) leastWidth() float32 {
	t := c.themeOf()
	return max(72, c.figure.natural(t), min(max(c.right.longest(t), c.note.longest(t)), leastText))
}

func (c *CellBar) paint(t look.Theme) {
	full := c.state.Target > 0 && c.state.Done >= c.state.Target
	fill, width := look.Primary, float32(0)
	if full {
		fill = look.Good
	}
	if t.Variant() == look.Sunlight {
		width = 1.5
	}
	shape(c.track, t, look.Track, look.Line, width, cellBar/2)
	shape(c.done, t, fill, fill, 0, cellBar/2)
	shape(c.leased, t, look.Leased, look.Leased, 0, cellBar/2)
}

func (c *CellBar) place(size fyne.Size) {
	t := c.themeOf()
	left, right, y := c.firstLine(size.Width)
	if left == size.Width && right == size.Width {
		h := c.figure.place(t, 0, 0, left)
		c.right.align = fyne.TextAlignLeading
		c.right.place(t, 0, h, right)
	} else {
		c.right.align = fyne.TextAlignTrailing
		c.figure.place(t, 0, 0, left)
		c.right.place(t, size.Width-right, 0, right)
	}
	if c.state.Target > 0 {
		y += look.Unit
		c.placeBar(y, size.Width)
		y += cellBar
	}
	c.note.place(t, 0, y+look.Unit, size.Width)
}

// placeBar lays the leased part under the done part, so that each has one
// round end and one straight border between them.
func (c *CellBar) placeBar(y, width float32) {
	share := func(n int) float32 {
		return width * min(float32(n)/float32(max(c.state.Target, 1)), 1)
	}
	done, both := share(c.state.Done), share(c.state.Done+c.state.Leased)
	put(c.track, 0, y, width, cellBar)
	put(c.done, 0, y, max(done, cellBar), cellBar)
	put(c.leased, 0, y, max(both, cellBar), cellBar)
	c.done.Hidden = c.state.Done == 0
	c.leased.Hidden = c.state.Leased == 0
	c.done.TopRightCornerRadius, c.done.BottomRightCornerRadius = 0, 0
}

func (c *CellBar) parts() []fyne.CanvasObject {
	o := make([]fyne.CanvasObject, 0, 6)
	if c.state.Target > 0 {
		o = append(o, c.track, c.leased, c.done)
	}
	return c.note.objects(c.right.objects(c.figure.objects(o)))
}
