package kit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

// handleOf is the handle within a tile of a ranking.
func handleOf(t *testing.T, r *kit.RankTile) fyne.Draggable {
	t.Helper()
	for _, o := range test.WidgetRenderer(r).Objects() {
		if d, ok := o.(fyne.Draggable); ok {
			return d
		}
	}
	t.Fatal("the tile has no handle")
	return nil
}

func TestAHandleMovesItsTileByPlaces(t *testing.T) {
	var moves []int
	done := 0
	r := kit.NewRankTile(kit.RankTileParams{Text: "A", Handle: "Move A", OnTap: nothing, OnMove: func(by int) { moves = append(moves, by) }, OnDone: func() { done++ }})
	r.SetRank(1)
	window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{r}}))
	h, step := handleOf(t, r), r.Size().Height+look.Gap
	draw := func(by float32) { h.Dragged(&fyne.DragEvent{Dragged: fyne.Delta{DY: by}}) }
	draw(step * 0.4)
	if len(moves) > 0 {
		t.Errorf("less than half a tile moved it: %v", moves)
	}
	draw(step * 0.4) // 0.8 of a step in all
	draw(step)       // 1.8
	draw(-step)      // and back to 0.8
	h.DragEnd()
	if !slices.Equal(moves, []int{1, 1, -1}) || done != 1 {
		t.Errorf("moved by %v, let go %d times", moves, done)
	}
	h.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	if moves[len(moves)-1] != -1 || done != 2 {
		t.Errorf("the arrow moved by %v, done %d times", moves, done)
	}
}

func TestATableAnswersByRowAndColumn(t *testing.T) {
	var got [][2]int
	table := kit.NewAnswerTable(kit.AnswerTableParams{
		Rows: []string{"One", "Two"}, Columns: []string{"No", "Yes"}, OnTap: func(row, column int) { got = append(got, [2]int{row, column}) },
	})
	window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{table}}))
	table.Stops(1)[0].(fyne.Tappable).Tapped(nil)
	table.Stops(0)[1].(fyne.Tappable).Tapped(nil)
	if !slices.Equal(got, [][2]int{{1, 0}, {0, 1}}) {
		t.Errorf("tapped %v", got)
	}
	if name := table.Stops(1)[0].(kit.Named).AccessibleName(); name != "Two: No" {
		t.Errorf("a cell is called %q", name)
	}
}

func TestTheLeftHandFindsNextAtItsSide(t *testing.T) {
	at := func(h look.Hand) (next, back, pane float32) {
		app := test.NewTempApp(t)
		app.Settings().SetTheme(look.New(look.Light, look.Normal).ForHand(h))
		top := bar(3)
		sheet := kit.NewSheet(kit.SheetParams{Title: "How does it sound?"})
		w := test.NewTempWindow(t, kit.NewPage(kit.PageParams{Top: top, Sheet: sheet}))
		w.SetPadded(false)
		w.Resize(tablet)
		return top.Next().Position().X, top.Back().Position().X, sheet.Position().X
	}
	next, back, pane := at(look.Right)
	if next < tablet.Width/2 || back > tablet.Width/2 || pane < tablet.Width/2 {
		t.Errorf("right hand: Next at %v, Back at %v, the pane at %v", next, back, pane)
	}
	next, back, pane = at(look.Left)
	if next > tablet.Width/2 || back < tablet.Width/2 || pane != 0 {
		t.Errorf("left hand: Next at %v, Back at %v, the pane at %v", next, back, pane)
	}
}

func TestEnterCanMeanToGoOn(t *testing.T) {
	tapped, entered := 0, 0
	tile := kit.NewTile("Yes", kit.One, func() { tapped++ })
	tile.OnEnter(func() { entered++ })
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{tile}}))
	w.Canvas().Focus(tile)
	tile.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	tile.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if tapped != 1 || entered != 1 {
		t.Errorf("Enter and Space tapped %d times and went on %d times", tapped, entered)
	}
}

func TestAKeyThatMeansNothingIsOfferedToTheWindow(t *testing.T) {
	b := kit.NewButton("Button", kit.Quiet, nothing)
	w := window(t, kit.NewPage(kit.PageParams{Body: []fyne.CanvasObject{b}}))
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.Key3})
	if !slices.Equal(keys, []fyne.KeyName{fyne.Key3}) || w.Canvas().Focused() != fyne.Focusable(b) {
		t.Errorf("the window got %v, the focus is at %v", keys, w.Canvas().Focused())
	}
}
