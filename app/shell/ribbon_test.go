package shell_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/shell"
	"parvis/app/words"
	"parvis/assets"
)

// The ribbon stands above every screen as long as there is something to say, and the screen keeps the rest.
func TestTheRibbonStandsAboveEveryScreen(t *testing.T) {
	test.NewTempApp(t)
	texts, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	say := "Practice"
	s := shell.New(shell.Params{Words: texts, Do: func(f func()) { f() }, Ribbon: func() string { return say }})
	w := test.NewTempWindow(t, s.Root())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(360, 800))
	var log []string
	s.Reset(&screen{name: "first", log: &log})
	s.Push(&screen{name: "second", log: &log})
	ribbon, page := parts(s.Root())
	if ribbon == nil || ribbon.Text() != say || page.Position().Y != ribbon.Size().Height || page.Size().Height != 800-ribbon.Size().Height {
		t.Fatalf("ribbon %v, page at %v of %v", ribbon, page.Position(), page.Size())
	}
	say = ""
	s.Rebuild()
	if ribbon, page := parts(s.Root()); ribbon != nil || page.Position().Y != 0 || page.Size().Height != 800 {
		t.Error("the ribbon stayed")
	}
}

func parts(root fyne.CanvasObject) (ribbon *kit.Ribbon, page *kit.Page) {
	for _, o := range test.WidgetRenderer(root.(fyne.Widget)).Objects() {
		switch o := o.(type) {
		case *kit.Ribbon:
			ribbon = o
		case *kit.Page:
			page = o
		}
	}
	return ribbon, page
}
