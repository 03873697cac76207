package kit_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

func window(t *testing.T, o fyne.CanvasObject) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, look.Normal))
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Resize(phone)
	return w
}

func TestKeyboardReachesAndPressesEverything(t *testing.T) {
	test.NewTempApp(t)
	var pressed []string
	note := func(s string) func() { return func() { pressed = append(pressed, s) } }
	tile := kit.NewTile("Tile", kit.One, note("tile"))
	off := kit.NewButton("Off", kit.Quiet, note("off"))
	off.Disable()
	page := kit.NewPage(kit.PageParams{
		Body:   []fyne.CanvasObject{tile, kit.NewChip("Chip", kit.Plain, note("chip")), off, kit.NewButton("Button", kit.Primary, note("button"))},
		Bottom: kit.NewStrip(kit.NewPadMini("Pad", nil, note("pad"))),
	})
	w := window(t, page)
	for range 5 {
		w.Canvas().FocusNext()
		if f := w.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}
	}
	for _, want := range []string{"tile", "chip", "button", "pad"} {
		if !slices.Contains(pressed, want) {
			t.Errorf("Tab and Enter never reached %s: %v", want, pressed)
		}
	}
	if slices.Contains(pressed, "off") {
		t.Error("a disabled button was pressed")
	}
}

func TestFocusShows(t *testing.T) {
	tile := kit.NewTile("Tile", kit.One, nothing)
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{tile}}))
	before := len(test.WidgetRenderer(tile).Objects())
	ring := 1
	if fyne.CurrentDevice().IsMobile() {
		ring = 0 // a phone has no focus that one could follow
	}
	w.Canvas().Focus(tile)
	if after := len(test.WidgetRenderer(tile).Objects()); after != before+ring {
		t.Errorf("%d objects, then %d; a ring is %d", before, after, ring)
	}
}

func TestEscapeOnAFocusedWidgetReachesTheWindow(t *testing.T) {
	b := kit.NewButton("Button", kit.Quiet, nothing)
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{b}}))
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(keys) != 1 || keys[0] != fyne.KeyEscape {
		t.Errorf("window got %v", keys)
	}
}

func TestScaleChoosesOneAndReports(t *testing.T) {
	var got []string
	s := kit.NewScaleStrip(kit.ScaleParams{Points: points(11), Chosen: "6", OnChoose: func(v string) { got = append(got, v) }})
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{s}}))
	test.Tap(s.Options()[9])
	if s.Chosen() != "9" || len(got) != 1 || got[0] != "9" || s.Options()[6].Chosen() {
		t.Errorf("chosen %q, reported %v, 6 still chosen %v", s.Chosen(), got, s.Options()[6].Chosen())
	}
	rows := func() int {
		ys := map[float32]bool{}
		for _, o := range s.Options() {
			ys[o.Position().Y] = true
		}
		return len(ys)
	}
	if rows() != 3 {
		t.Errorf("eleven points on a phone stand in 3 rows, got %d", rows())
	}
	w.Resize(fyne.NewSize(900, 700))
	if rows() != 1 {
		t.Errorf("eleven points on a tablet stand in 1 row, got %d", rows())
	}
}

func TestPadMarksByTapAndByArrows(t *testing.T) {
	var got []kit.Mark
	p := kit.NewPad(kit.PadParams{OnMark: func(m kit.Mark) { got = append(got, m) }, Name: func(kit.Mark) string { return "cell" }})
	window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{p}}))
	cells := 0
	for _, s := range walk(p, fyne.Position{}, nil, nil) {
		if tap, ok := s.o.(fyne.Tappable); ok && s.o != fyne.CanvasObject(p) {
			if cells == 6 { // second row, second column
				test.Tap(tap)
			}
			cells++
		}
	}
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyRight, fyne.KeyDown, fyne.KeyReturn} {
		p.TypedKey(&fyne.KeyEvent{Name: k})
	}
	want := []kit.Mark{{Valence: -1, Energy: 1}, {Valence: 1, Energy: 0}}
	if cells != 25 || !slices.Equal(got, want) {
		t.Errorf("%d cells, marks %v, want %v", cells, got, want)
	}
	for range 9 {
		p.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	}
	p.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if last := got[len(got)-1]; last.Energy != kit.PadRange {
		t.Errorf("arrows left the pad: %v", last)
	}
}

func TestOutcomesKeepRareOnesBehindOneTap(t *testing.T) {
	var got string
	g := kit.NewOutcomeGrid(kit.OutcomeParams{
		Outcomes: []kit.Outcome{{Value: "a", Label: "Agreed"}, {Value: "u", Label: "Unable", Rare: true}},
		More:     "More", OnChoose: func(v string) { got = v },
	})
	page := kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{g}})
	window(t, page)
	tapNamed(t, page, "More")
	page.Relayout()
	tapNamed(t, page, "Unable")
	if got != "u" {
		t.Errorf("chose %q", got)
	}
}

func tapNamed(t *testing.T, root fyne.CanvasObject, name string) {
	t.Helper()
	var names []string
	for _, s := range walk(root, fyne.Position{}, nil, nil) {
		n, named := s.o.(kit.Named)
		tap, ok := s.o.(fyne.Tappable)
		if !named || !ok {
			continue
		}
		if n.AccessibleName() == name {
			test.Tap(tap)
			return
		}
		names = append(names, n.AccessibleName())
	}
	t.Fatalf("nothing named %q among %s", name, strings.Join(names, ", "))
}

func TestEntriesTakeOnlyWhatCanBeMeant(t *testing.T) {
	cases := []struct {
		kind        kit.EntryKind
		typed, want string
	}{
		{kit.Integer, "1a2,3-", "123-"}, {kit.Decimal, "1,5x.", "1,5."}, {kit.Phone, "+32 2/a1", "+32 2/1"},
		{kit.Code, "k7qm-2h", "K7QM-2H"}, {kit.Line, "a1é", "a1é"},
	}
	test.NewTempApp(t)
	for _, c := range cases {
		e := kit.NewEntry(kit.EntryParams{Name: "x", Kind: c.kind})
		test.Type(e, c.typed)
		if e.Text != c.want {
			t.Errorf("kind %d: %q became %q, want %q", c.kind, c.typed, e.Text, c.want)
		}
	}
}

func TestInsertSetsAMarkApart(t *testing.T) {
	var changed []string
	e := kit.NewEntry(kit.EntryParams{Name: "x", Kind: kit.Verbatim, Text: "Il y avait vraiment beaucoup, beaucoup trop de", OnChange: func(s string) { changed = append(changed, s) }})
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{e}}))
	w.Canvas().Focus(e)
	test.Type(e, " monde")
	typed := len(changed)
	e.Insert("[pause]")
	if len(changed) != typed+1 {
		t.Errorf("one insertion reported %d changes", len(changed)-typed)
	}
	test.Type(e, "et")
	want := "Il y avait vraiment beaucoup, beaucoup trop de monde [pause] et"
	if e.Text != want || changed[len(changed)-1] != want {
		t.Errorf("text %q, reported %q, want %q", e.Text, changed[len(changed)-1], want)
	}
}

func TestSheetIsAPaneWhenWideAndOverTheLowerPartWhenNot(t *testing.T) {
	s := sheet()
	page := kit.NewPage(kit.PageParams{Top: bar(1), Body: head("a", "b", "c", look.Phone), Sheet: s})
	w := window(t, page)
	if s.Docked() || s.Position().Y < 64 || s.Size().Width != 360 {
		t.Errorf("phone: docked %v at %v size %v", s.Docked(), s.Position(), s.Size())
	}
	w.Resize(tablet)
	if !s.Docked() || s.Position().X < 600 || s.Size().Height < 700 {
		t.Errorf("wide: docked %v at %v size %v", s.Docked(), s.Position(), s.Size())
	}
}

func TestGrowTakesTheHeightLeftOver(t *testing.T) {
	e := kit.NewEntry(kit.EntryParams{Name: "x", Kind: kit.Verbatim})
	foot := kit.NewText(look.Caption, "21 words, saved")
	page := kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{e, foot}, Grow: e})
	window(t, page)
	if e.Size().Height < 600 {
		t.Errorf("the entry is only %v high", e.Size().Height)
	}
	if bottom := foot.Position().Y + foot.Size().Height; bottom > 800-15 || bottom < 800-20 {
		t.Errorf("the last line ends at %v of 800", bottom)
	}
}

func TestRevealScrollsAnObjectIntoSight(t *testing.T) {
	var body []fyne.CanvasObject
	for range 30 {
		body = append(body, kit.NewTile("Tile", kit.One, nothing))
	}
	page := kit.NewPage(kit.PageParams{Body: body})
	window(t, page)
	last := body[29]
	page.Reveal(last)
	y := last.Position().Y - page.Scroll().Offset.Y
	if y < 0 || y+last.Size().Height > page.Scroll().Size().Height {
		t.Errorf("the last tile is at %v of %v", y, page.Scroll().Size().Height)
	}
}

func TestAThumbAnywhereOnTheCounterCounts(t *testing.T) {
	counted, undone := 0, 0
	c := kit.NewCounter(kit.CounterState{Caption: "Passers-by", Count: "213", Undo: "Undo", Passed: 3, Every: 5, Note: "2 more", Action: "+1 passes"},
		func() { counted++ }, func() { undone++ })
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{c}}))
	size := c.Size()
	for _, share := range []fyne.Position{{X: 0.05, Y: 0.05}, {X: 0.5, Y: 0.3}, {X: 0.95, Y: 0.6}, {X: 0.5, Y: 0.85}, {X: 0.02, Y: 0.98}} {
		test.TapCanvas(w.Canvas(), fyne.NewPos(look.Padding+size.Width*share.X, look.Padding+size.Height*share.Y))
	}
	if counted != 5 || undone != 0 {
		t.Errorf("five taps counted %d and undid %d", counted, undone)
	}
	test.Tap(c.UndoButton())
	test.TapCanvas(w.Canvas(), fyne.NewPos(look.Padding+size.Width-40, look.Padding+30))
	if counted != 5 || undone != 2 {
		t.Errorf("taking back counted: %d, undone %d", counted, undone)
	}
}
