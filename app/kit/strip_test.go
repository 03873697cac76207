package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

// The strip's last object, which leads to the rest, lies under the thumb of the hand that taps.
func TestTheStripIsLaidOutForTheHand(t *testing.T) {
	a := test.NewTempApp(t)
	for hand, atRight := range map[look.Hand]bool{look.Right: true, look.Left: false} {
		a.Settings().SetTheme(look.New(look.Light, look.Normal).ForHand(hand))
		first, last := kit.NewChip("Pause", kit.Plain, nil), kit.NewChip("More", kit.Plain, nil)
		s := kit.NewStrip(first, last)
		w := a.NewWindow("strip")
		w.SetContent(s)
		w.Resize(fyne.NewSize(360, 68))
		if got := last.Position().X > first.Position().X; got != atRight {
			t.Errorf("%v hand: the first lies at %v, the last at %v", hand, first.Position(), last.Position())
		}
		if p := first.Position().X; p < 0 || p+first.Size().Width > 360 {
			t.Errorf("%v hand: the first stands out at %v", hand, p)
		}
		w.Close()
	}
}
