package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"parvis/app/look"
)

// Choice tells how many tiles of a question can be chosen.
type Choice uint8

const (
	// One shows a dot in a ring.
	One Choice = iota
	// Many shows a tick in a box.
	Many
)

// Tile is one answer: a dot or a box, the words, and if given a picture.
type Tile struct {
	press
	choice Choice
	chosen bool
	label  paragraph
	strong paragraph // the words as chosen; measured, never drawn
	note   paragraph
	box    *canvas.Rectangle
	mark   *canvas.Rectangle // ring of the dot, or the box
	inner  *canvas.Rectangle // what fills it
	tick   tickMark
	image  *canvas.Image
	above  bool // the picture stands above the words
}

// NewTile returns an answer that is not chosen.
func NewTile(text string, choice Choice, onTap func()) *Tile {
	t := &Tile{choice: choice, box: &canvas.Rectangle{}, mark: &canvas.Rectangle{}, inner: &canvas.Rectangle{}}
	t.label = paragraph{text: text, role: look.Body}
	t.strong = paragraph{text: text, role: look.Body, bold: true}
	t.note = paragraph{role: look.Caption}
	if choice == Many {
		t.tick = newTickMark()
	}
	t.onTap = onTap
	t.extend(t)
	return t
}

// Noted adds a smaller line under the words and returns the tile.
func (t *Tile) Noted(note string) *Tile { t.note.text = note; return t }

// Pictured adds a picture at the right, 72 dp high, and returns the tile.
func (t *Tile) Pictured(r fyne.Resource) *Tile {
	t.image = canvas.NewImageFromResource(r)
	t.image.FillMode = canvas.ImageFillContain
	return t
}

// Above sets the picture over the words, large, for tiles that stand side by side, and returns the tile.
func (t *Tile) Above() *Tile { t.above = t.image != nil; return t }

// Chosen tells whether it is chosen.
func (t *Tile) Chosen() bool { return t.chosen }

// SetChosen shows it as chosen or not.
func (t *Tile) SetChosen(c bool) {
	if t.chosen == c {
		return
	}
	t.chosen = c
	t.Refresh()
}

// Text is the words on it.
func (t *Tile) Text() string { return t.label.text }

// AccessibleName implements Named.
func (t *Tile) AccessibleName() string { return t.label.text }

const (
	tileDot     float32 = 22
	tilePicture float32 = 72
	tileAbove   float32 = 96
	tileText            = look.Padding + tileDot + look.Gap + 2
)

func (t *Tile) textWidth(width float32) float32 {
	width -= tileText + look.Padding
	if t.image != nil && !t.above {
		width -= tilePicture + look.Gap
	}
	return width
}

// HeightFor implements Flowing. Bold words are wider, so the height is that of
// the words as chosen: choosing never moves what lies below.
func (t *Tile) HeightFor(width float32) float32 {
	t.remember(width)
	th, wide := t.themeOf(), t.textWidth(width)
	h := max(t.strong.heightFor(th, wide), t.label.heightFor(th, wide)) + t.note.heightFor(th, wide) + 2*look.Gap
	switch {
	case t.above:
		h += tileAbove + look.Tight
	case t.image != nil:
		h = max(h, tilePicture+2*look.Tight)
	}
	return max(look.TileHeight, h)
}

func (t *Tile) leastWidth() float32 {
	wide := tileText + look.Padding + min(t.label.longest(t.themeOf()), leastText)
	if t.image != nil && !t.above {
		wide += tilePicture + look.Gap
	}
	return wide
}

func (t *Tile) paint(th look.Theme) {
	t.label.bold = t.chosen
	switch {
	case t.chosen:
		shape(t.box, th, look.Tint, look.Primary, th.ChosenWidth(), look.RadiusTile)
	case t.active():
		shape(t.box, th, look.Pressed, look.Line, th.LineWidth(), look.RadiusTile)
	default:
		shape(t.box, th, look.Surface, look.Line, th.LineWidth(), look.RadiusTile)
	}
	t.label.ink = look.Text
	if t.disabled {
		t.label.ink = look.Muted
	}
	t.paintMark(th)
}

func (t *Tile) paintMark(th look.Theme) {
	radius := tileDot / 2
	if t.choice == Many {
		radius = 6
	}
	if !t.chosen {
		shape(t.mark, th, look.Surface, look.Muted, 2, radius)
		t.inner.Hide()
	} else {
		shape(t.mark, th, look.Primary, look.Primary, 0, radius)
		shape(t.inner, th, look.Tint, look.Tint, 0, 4)
		t.inner.Hidden = t.choice == Many
	}
	t.tick.paint(th, t.chosen)
}

func (t *Tile) place(size fyne.Size) {
	th, wide := t.themeOf(), t.textWidth(size.Width)
	put(t.box, 0, 0, size.Width, size.Height)
	var over float32 // what a picture above takes
	if t.above {
		over = tileAbove + look.Tight
		put(t.image, look.Tight, look.Tight, size.Width-2*look.Tight, tileAbove)
	}
	y := over + (size.Height-over-tileDot)/2
	put(t.mark, look.Padding, y, tileDot, tileDot)
	put(t.inner, look.Padding+7, y+7, 8, 8)
	t.tick.place(look.Padding, y)
	h := t.label.heightFor(th, wide)
	top := over + (size.Height-over-h-t.note.heightFor(th, wide))/2
	t.label.place(th, tileText, top, wide)
	t.note.place(th, tileText, top+h, wide)
	if t.image != nil && !t.above {
		put(t.image, size.Width-look.Padding-tilePicture, (size.Height-tilePicture)/2, tilePicture, tilePicture)
	}
	t.placeRing(size, look.RadiusTile)
}

func (t *Tile) parts() []fyne.CanvasObject {
	o := t.tick.objects([]fyne.CanvasObject{t.box, t.mark, t.inner})
	if t.image != nil {
		o = append(o, t.image)
	}
	return t.ringed(t.note.objects(t.label.objects(o)))
}
