package health

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
)

// Every warning gets a card with what is wrong, what is safe and what to do, in this order.
func TestEachWarningIsACard(t *testing.T) {
	test.NewTempApp(t)
	if cards := Cards(nil); len(cards) != 0 {
		t.Errorf("%d cards where nothing is wrong", len(cards))
	}
	cards := Cards([]Warning{{"Full", "Nothing is lost", "Make room"}, {"Late", "All is kept", "Set it"}})
	if len(cards) != 2 {
		t.Fatalf("%d cards, want 2", len(cards))
	}
	for i, want := range [][]string{{"Full", "Nothing is lost", "Make room"}, {"Late", "All is kept", "Set it"}} {
		var got []string
		for _, o := range test.LaidOutObjects(test.NewTempWindow(t, cards[i]).Content()) {
			if text, ok := o.(*kit.Text); ok {
				got = append(got, text.Text())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
