package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"parvis/app/kit"
	"parvis/app/look"
)

// seen is one visible object with its place in the window and the window's
// part it may be drawn in.
type seen struct {
	o      fyne.CanvasObject
	pos    fyne.Position
	parent fyne.CanvasObject
}

// walk lists everything visible under an object. What entries draw inside is
// Fyne's own and left out.
func walk(o fyne.CanvasObject, at fyne.Position, parent fyne.CanvasObject, to []seen) []seen {
	if !o.Visible() {
		return to
	}
	at = at.Add(o.Position())
	to = append(to, seen{o, at, parent})
	var inner []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inner = o.Objects
	case *kit.Entry, *widget.List:
	case *container.Scroll:
		inner = []fyne.CanvasObject{o.Content}
	case fyne.Widget:
		inner = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inner {
		to = walk(child, at, o, to)
	}
	return to
}

// TestPromises lays out each scene at each text size and looks at all that is
// seen. The theme is set once a size: Fyne then reads its fonts anew.
func TestPromises(t *testing.T) {
	app := test.NewTempApp(t)
	for _, text := range look.TextSizes() {
		app.Settings().SetTheme(look.New(look.Light, text))
		for _, s := range scenes() {
			t.Run(s.name+" "+text.String(), func(t *testing.T) {
				o := s.make()
				w := test.NewTempWindow(t, o)
				w.SetPadded(false)
				w.Resize(s.size)
				all := walk(o, fyne.Position{}, nil, nil)
				noTextIsCut(t, s.size, all)
				whatIsTappedIsLargeAndNamed(t, all)
				nothingOverlaps(t, all)
			})
		}
	}
}

func noTextIsCut(t *testing.T, size fyne.Size, all []seen) {
	texts := 0
	for _, s := range all {
		text, ok := s.o.(*canvas.Text)
		if !ok || text.Text == "" {
			continue
		}
		texts++
		need := fyne.MeasureText(text.Text, text.TextSize, text.TextStyle)
		if need.Width > text.Size().Width+0.5 {
			t.Errorf("%q needs %.1f dp and has %.1f", text.Text, need.Width, text.Size().Width)
		}
		if s.pos.X < -0.5 || s.pos.X+text.Size().Width > size.Width+0.5 {
			t.Errorf("%q reaches from %.1f to %.1f in a window of %v dp", text.Text, s.pos.X, s.pos.X+text.Size().Width, size.Width)
		}
		bottom := text.Position().Y + text.Size().Height
		if high := s.parent.Size().Height; bottom > high+4 {
			t.Errorf("%q ends at %.1f in a %T of height %.1f", text.Text, bottom, s.parent, high)
		}
	}
	if texts == 0 {
		t.Error("no text seen: the walk is broken")
	}
}

func whatIsTappedIsLargeAndNamed(t *testing.T, all []seen) {
	for _, s := range all {
		if _, ok := s.o.(fyne.Tappable); !ok {
			continue
		}
		if d, ok := s.o.(fyne.Disableable); ok && d.Disabled() {
			continue
		}
		n, ok := s.o.(kit.Named)
		if !ok || n.AccessibleName() == "" {
			t.Errorf("%T at %v has no accessible name", s.o, s.pos)
			continue
		}
		if size := s.o.Size(); size.Width < look.Target-0.1 || size.Height < look.Target-0.1 {
			t.Errorf("%q (%T) is %v, less than 48 by 48 dp", n.AccessibleName(), s.o, size)
		}
	}
}

func nothingOverlaps(t *testing.T, all []seen) {
	for _, s := range all {
		c, ok := s.o.(*fyne.Container)
		if !ok {
			continue
		}
		for i := 1; i < len(c.Objects); i++ {
			a, b := c.Objects[i-1], c.Objects[i]
			if !a.Visible() || !b.Visible() {
				continue
			}
			beside := b.Position().X >= a.Position().X+a.Size().Width-0.5 || a.Position().X >= b.Position().X+b.Size().Width-0.5
			below := b.Position().Y >= a.Position().Y+a.Size().Height-0.5
			if !beside && !below {
				t.Errorf("%T at %v %v lies over %T at %v %v", b, b.Position(), b.Size(), a, a.Position(), a.Size())
			}
		}
	}
}

func TestThemeReachesWhatIsDrawn(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(look.New(look.Light, look.Normal))
	tile := kit.NewTile("Yes", kit.One, nothing)
	page := kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{tile}})
	w := test.NewTempWindow(t, page)
	w.Resize(phone)
	box := func() *canvas.Rectangle { return test.WidgetRenderer(tile).Objects()[0].(*canvas.Rectangle) }
	high := tile.Size().Height
	if box().FillColor != look.New(look.Light, look.Normal).Ink(look.Surface) {
		t.Fatal("not light at the start")
	}
	for _, v := range []look.Variant{look.Dark, look.Sunlight} {
		app.Settings().SetTheme(look.New(v, look.Largest))
		page.Refresh()
		if box().FillColor != look.New(v, look.Normal).Ink(look.Surface) {
			t.Errorf("tile did not become %s", v)
		}
	}
	if box().StrokeWidth != 2 {
		t.Errorf("sunlight draws lines of 2 dp, got %v", box().StrokeWidth)
	}
	if tile.Size().Height < high {
		t.Errorf("the largest text made the tile lower: %v after %v", tile.Size().Height, high)
	}
}

func TestChosenShowsWithoutColour(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Sunlight, look.Normal))
	for name, choice := range map[string]kit.Choice{"one": kit.One, "many": kit.Many} {
		tile := kit.NewTile("Yes", choice, nothing)
		tile.Resize(fyne.NewSize(328, 56))
		count := func() (objects int, border float32, bold bool) {
			for _, s := range walk(tile, fyne.Position{}, nil, nil) {
				objects++
				if text, ok := s.o.(*canvas.Text); ok {
					bold = text.TextStyle.Bold
				}
			}
			return objects, test.WidgetRenderer(tile).Objects()[0].(*canvas.Rectangle).StrokeWidth, bold
		}
		n, border, bold := count()
		tile.SetChosen(true)
		n2, border2, bold2 := count()
		if n2 <= n || border2 <= border || bold || !bold2 {
			t.Errorf("%s: marks %d then %d, border %v then %v, bold %v then %v", name, n, n2, border, border2, bold, bold2)
		}
	}
}
