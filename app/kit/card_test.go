package kit_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/look"
)

// A card that gets other content while it is shown must lay it out, though its own size stays the same.
func TestCardLaysOutWhatReplacesItsContent(t *testing.T) {
	test.NewTempApp(t)
	card := kit.NewCard(kit.NewText(look.Body, "before"))
	w := test.NewTempWindow(t, card)
	w.Resize(fyne.NewSize(300, 200))
	after := kit.NewText(look.Body, "after")
	card.SetContent(after)
	if after.Size().Width < 100 || after.Size().Height < 10 {
		t.Errorf("the new text has the size %v", after.Size())
	}
}
