package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"parvis/app/look"
)

// SheetParams says what a sheet holds.
type SheetParams struct {
	Title   string
	Note    string // "Perceived by you"
	Content []fyne.CanvasObject
	Close   string // words of the button that closes it; empty for none
	OnClose func()
}

// Sheet is a surface that a page shows over its lower part on phones and as a
// pane at the right when wide. It never blocks the page.
type Sheet struct {
	core
	box    *canvas.Rectangle
	rule   *canvas.Rectangle
	title  *Text
	note   *Text
	beside *fyne.Container // title and note in a line, where nothing else is there
	under  *fyne.Container // the note under the title, beside the closing button
	head   *fyne.Container // the one of the two in use
	body   *fyne.Container
	scroll *container.Scroll
	close  *Button
	docked bool
}

// NewSheet returns a sheet; give it to a Page.
func NewSheet(p SheetParams) *Sheet {
	s := &Sheet{box: &canvas.Rectangle{}, rule: &canvas.Rectangle{}}
	s.title = NewText(look.Heading, p.Title)
	s.note = NewText(look.Hint, p.Note)
	s.note.Hidden = p.Note == ""
	s.beside, s.under = Between(s.title, s.note), ColumnGap(0, s.title, s.note)
	s.head = s.under
	s.body = container.New(&pageColumn{column: column{gap: look.Tight}}, p.Content...)
	s.scroll = container.NewVScroll(s.body)
	s.close = NewButton(p.Close, Quiet, p.OnClose)
	s.close.Hidden = p.Close == ""
	s.extend(s)
	return s
}

// SetContent replaces what it holds.
func (s *Sheet) SetContent(objects ...fyne.CanvasObject) {
	s.body.Objects = objects
	s.Refresh()
}

// Docked tells whether it is a pane at the right; then it needs no closing.
func (s *Sheet) Docked() bool { return s.docked }

func (s *Sheet) dock(d bool) {
	if s.docked == d {
		return
	}
	s.docked = d
	s.paint(s.themeOf())
}

func (s *Sheet) pad() float32 {
	if s.docked {
		return 24
	}
	return look.Padding
}

func (s *Sheet) headHeight(width float32) float32 {
	h := HeightFor(s.head, s.headWidth(width))
	if s.closes() {
		h = max(h, s.close.HeightFor(unbounded))
	}
	return h
}

func (s *Sheet) closes() bool {
	closes := s.close.label.text != "" && !s.docked
	s.head = s.beside
	if closes {
		s.head = s.under
	}
	return closes
}

func (s *Sheet) headWidth(width float32) float32 {
	width -= 2 * s.pad()
	if s.closes() {
		width -= s.close.naturalWidth() + look.Gap
	}
	return width
}

// HeightFor implements Flowing.
func (s *Sheet) HeightFor(width float32) float32 {
	s.remember(width)
	return s.pad()*2 + s.headHeight(width) + look.Tight + HeightFor(s.column(), width)
}

func (s *Sheet) leastWidth() float32 { return 280 }

func (s *Sheet) paint(t look.Theme) {
	radius, stroke := look.RadiusSheet, t.LineWidth()
	if s.docked {
		radius, stroke = 0, 0
	}
	shape(s.box, t, look.Surface, look.Line, stroke, 0)
	s.box.TopLeftCornerRadius, s.box.TopRightCornerRadius = radius, radius
	shape(s.rule, t, look.Line, look.Line, 0, 0)
	s.rule.Hidden = !s.docked
}

func (s *Sheet) place(size fyne.Size) {
	t, pad := s.themeOf(), s.pad()
	// The lower border lies outside the screen.
	put(s.box, 0, 0, size.Width, size.Height+2)
	edge := float32(0)
	if t.Hand() == look.Left {
		edge = size.Width - t.LineWidth()
	}
	put(s.rule, edge, 0, t.LineWidth(), size.Height)
	s.close.Hidden = !s.closes()
	h := s.headHeight(size.Width)
	w := s.headWidth(size.Width)
	hh := HeightFor(s.head, w)
	put(s.head, pad, pad+(h-hh)/2, w, hh)
	if s.closes() {
		cw := s.close.naturalWidth()
		ch := s.close.HeightFor(cw)
		put(s.close, size.Width-pad-cw, pad+(h-ch)/2, cw, ch)
	}
	y := pad + h + look.Tight
	// The scroll is as wide as the sheet, so that its bar covers nothing.
	HeightFor(s.column(), size.Width)
	put(s.scroll, 0, y, size.Width, size.Height-y)
	want := s.body.MinSize().Max(s.scroll.Size())
	if s.body.Size() == want {
		s.body.Layout.Layout(s.body.Objects, want)
	} else {
		s.body.Resize(want)
	}
	s.scroll.Refresh()
}

// column is what scrolls, with the sheet's padding at both sides.
func (s *Sheet) column() *fyne.Container {
	s.body.Layout.(*pageColumn).side = s.pad()
	return s.body
}

func (s *Sheet) parts() []fyne.CanvasObject {
	return []fyne.CanvasObject{s.box, s.rule, s.head, s.scroll, s.close}
}
