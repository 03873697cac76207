package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// PageParams says what a page is made of; every part may be left out.
type PageParams struct {
	Top    fyne.CanvasObject   // stays at the top, usually a TopBar
	Body   []fyne.CanvasObject // scrolls between top and bottom
	Bottom fyne.CanvasObject   // stays at the bottom, usually a Strip
	Sheet  *Sheet              // over the bottom on phones, a pane at the right when wide
	Grow   fyne.CanvasObject   // the one of Body that takes the height left over
	Gap    float32             // between the objects of Body in dp; 12 if zero
	Wide   bool                // the body may be wider than one reads, for tables
}

// Page is the frame of every screen: a top that stays, a body that scrolls, a
// bottom that stays.
type Page struct {
	core
	ground      *canvas.Rectangle
	top, bottom fyne.CanvasObject
	sheet       *Sheet
	body        *fyne.Container
	scroll      *container.Scroll
	wide        bool
}

// NewPage returns a page.
func NewPage(p PageParams) *Page {
	g := &Page{ground: &canvas.Rectangle{}, top: p.Top, bottom: p.Bottom, sheet: p.Sheet, wide: p.Wide}
	gap := p.Gap
	if gap == 0 {
		gap = look.Gap
	}
	g.body = container.New(&pageColumn{column: column{gap: gap, grow: p.Grow}}, p.Body...)
	g.scroll = container.NewVScroll(g.body)
	g.extend(g)
	return g
}

// SetBody replaces what scrolls, and scrolls to its top.
func (g *Page) SetBody(objects ...fyne.CanvasObject) {
	g.body.Objects = objects
	g.scroll.Offset = fyne.Position{}
	g.Refresh()
}

// SetGrow names the object of the body that takes the height left over.
func (g *Page) SetGrow(o fyne.CanvasObject) { g.column().grow = o }

// SetBottom replaces what stays at the bottom; nil for nothing.
func (g *Page) SetBottom(o fyne.CanvasObject) { g.bottom = o; g.Refresh() }

// SetSheet shows a sheet, or none for nil.
func (g *Page) SetSheet(s *Sheet) { g.sheet = s; g.Refresh() }

// Sheet is the sheet that is shown; nil if none.
func (g *Page) Sheet() *Sheet { return g.sheet }

// Scroll is the part that scrolls.
func (g *Page) Scroll() *container.Scroll { return g.scroll }

// Relayout lays everything out anew, after text or visibility changed within.
// It repaints nothing that did not move.
func (g *Page) Relayout() {
	if g.Size().Width > 0 {
		g.place(g.Size())
	}
}

// Reveal scrolls so that an object of the body is in sight; call it when an
// entry gets the focus, since the keyboard takes half of the screen.
func (g *Page) Reveal(o fyne.CanvasObject) {
	y, found := offsetWithin(g.body, o)
	if !found {
		return
	}
	top, high := g.scroll.Offset.Y, g.scroll.Size().Height
	if y >= top && y+min(o.Size().Height, high/2) <= top+high {
		return
	}
	g.scroll.ScrollToOffset(fyne.NewPos(0, max(y-look.Padding, 0)))
}

func offsetWithin(c *fyne.Container, o fyne.CanvasObject) (float32, bool) {
	for _, child := range c.Objects {
		if child == o {
			return child.Position().Y, true
		}
		if inner, ok := child.(*fyne.Container); ok {
			if y, found := offsetWithin(inner, o); found {
				return child.Position().Y + y, true
			}
		}
		if card, ok := child.(*Card); ok {
			if y, found := offsetWithin(card.content, o); found {
				return child.Position().Y + card.content.Position().Y + y, true
			}
		}
	}
	return 0, false
}

func (g *Page) column() *column { return &g.body.Layout.(*pageColumn).column }

// HeightFor implements Flowing: a page takes what there is.
func (g *Page) HeightFor(float32) float32 { return 240 }
func (g *Page) leastWidth() float32       { return 280 }

func (g *Page) paint(t look.Theme) { shape(g.ground, t, look.Background, look.Background, 0, 0) }

// place keeps the class of the whole page: a page beside a navigation is
// narrower than its window, and pads accordingly.
func (g *Page) place(size fyne.Size) {
	put(g.ground, 0, 0, size.Width, size.Height)
	class := look.ClassOf(size.Width)
	var top float32
	if g.top != nil {
		top = HeightFor(g.top, size.Width)
		put(g.top, 0, 0, size.Width, top)
	}
	high, left, wide := size.Height-top, float32(0), size.Width
	if g.sheet != nil && class != look.Phone {
		pane := max(look.PaneWidth, size.Width*0.36)
		pane = min(pane, size.Width*0.46)
		wide -= pane
		g.sheet.dock(true)
		at := wide
		if g.themeOf().Hand() == look.Left {
			at, left = 0, pane
		}
		put(g.sheet, at, top, pane, high)
	}
	if g.bottom != nil && g.bottom.Visible() {
		h := HeightFor(g.bottom, wide)
		put(g.bottom, left, size.Height-h, wide, h)
		high -= h
	}
	col := g.body.Layout.(*pageColumn)
	col.side = class.Padding()
	if !g.wide {
		col.side = max(col.side, (wide-look.ReadingWidth)/2)
	}
	col.ends = look.Padding
	if class != look.Phone {
		col.ends = 24
	}
	col.width = wide
	if g.sheet != nil && class == look.Phone {
		high = g.placeSheet(size, top)
	}
	put(g.scroll, left, top, wide, high)
	g.settle()
}

// settle makes the scroll notice that its content's height has changed; it
// only looks when its own size changes.
func (g *Page) settle() {
	want := g.body.MinSize().Max(g.scroll.Size())
	if g.body.Size() == want {
		g.body.Layout.Layout(g.body.Objects, want)
	} else {
		g.body.Resize(want)
	}
	g.scroll.Refresh()
}

// placeSheet lays a sheet over the lower part and returns the height left for
// what scrolls, so that the question can still be brought into sight.
func (g *Page) placeSheet(size fyne.Size, top float32) (left float32) {
	g.sheet.dock(false)
	room := size.Height - top
	h := min(HeightFor(g.sheet, size.Width), room*0.8)
	if room < 420 {
		h = min(HeightFor(g.sheet, size.Width), room)
	}
	put(g.sheet, 0, size.Height-h, size.Width, h)
	return room - h
}

func (g *Page) parts() []fyne.CanvasObject {
	o := []fyne.CanvasObject{g.ground, g.scroll}
	if g.bottom != nil {
		o = append(o, g.bottom)
	}
	if g.top != nil {
		o = append(o, g.top)
	}
	if g.sheet != nil {
		o = append(o, g.sheet)
	}
	return o
}

// pageColumn is a column with space around it.
type pageColumn struct {
	column
	side, ends float32
}

func (p *pageColumn) leastWidth(objects []fyne.CanvasObject) float32 {
	return widest(visible(objects)) + 2*look.Padding
}

// MinSize gives no width: a page's body wraps into whatever there is, and a
// scroll that only goes down must not grow to the side.
func (p *pageColumn) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if p.width <= 0 {
		return fyne.Size{} // no page has laid it out yet
	}
	return fyne.NewSize(0, p.heightFor(objects, p.width))
}

func (p *pageColumn) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	h := p.column.heightFor(objects, width-2*p.side) + 2*p.ends
	p.width = width
	return h
}

func (p *pageColumn) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if size.Width <= 0 {
		return
	}
	p.column.Layout(objects, fyne.NewSize(size.Width-2*p.side, size.Height-2*p.ends))
	p.width = size.Width
	for _, o := range visible(objects) {
		o.Move(o.Position().AddXY(p.side, p.ends))
	}
}
