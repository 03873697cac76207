package contact

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/kit"
	"parvis/app/robot"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/study"
)

// Where no cell has anybody left the card says so, and names each cell that is full with what is known of it.
func TestTheCardSaysWhomToLookFor(t *testing.T) {
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string, c Cell) Cell { c.Label = study.Text{"": name}; return c }
	var many []Cell
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		many = append(many, named(name, Cell{}))
	}
	for name, c := range map[string]struct {
		cells     []Cell
		nobody    bool
		said, not []string
	}{
		"nobody": {
			[]Cell{
				named("Women", Cell{Leased: true, Elsewhere: 3}), named("Men", Cell{Target: 5, Done: 5}), named("Young", Cell{Apart: true}),
				named("Old", Cell{Untold: true}),
			},
			true, []string{"Women: none left for you, 3 open elsewhere; Men is full; Young: no wave runs today; Old: none left for you"}, nil,
		},
		"somebody": {[]Cell{named("Women", Cell{Target: 5}), named("Men", Cell{}), named("Old", Cell{})}, false, []string{"Women: 5 left", "Men is full; Old is full"}, nil},
		"all open": {[]Cell{named("Women", Cell{Target: 5})}, false, []string{"Women: 5 left"}, []string{"full"}},
		"many":     {many, true, []string{"a is full; b is full", "g is full; h is full"}, nil},
	} {
		win := test.NewTempApp(t).NewWindow("")
		v := &View{p: ViewParams{Words: w}, look: kit.NewCard()}
		v.showCells(c.cells)
		win.SetContent(v.look)
		win.Resize(fyne.NewSize(400, 800))
		person := robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: time.Second})
		if person.Sees(w.T("contact.look_for_nobody")) != c.nobody {
			t.Errorf("%s: that nobody is wanted is said, or not, against what is so: %q", name, person.Text())
		}
		for _, said := range c.said {
			if !person.Sees(said) {
				t.Errorf("%s: %q is not said in %q", name, said, person.Text())
			}
		}
		for _, not := range c.not {
			if person.Sees(not) {
				t.Errorf("%s: %q is said", name, not)
			}
		}
	}
}

// A total that is full is said in a card of its own, with what to do, and in no other.
func TestATotalThatIsFullIsSaidApart(t *testing.T) {
	w, err := words.New(assets.Translations, "en")
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string, c Cell, soft bool) Total { c.Label = study.Text{"": name}; return Total{c, soft} }
	for name, c := range map[string]struct {
		totals []Total
		said   []string
	}{
		"none":          {nil, nil},
		"hard":          {[]Total{named("Everybody", Cell{Target: 5, Done: 5}, false)}, []string{"Everybody is full", w.T("contact.total_hard")}},
		"soft":          {[]Total{named("Everybody", Cell{Target: 5, Done: 7}, true)}, []string{"Everybody is full", w.T("contact.total_soft")}},
		"soft and hard": {[]Total{named("Everybody", Cell{Leased: true, Elsewhere: 3}, false), named("Today", Cell{Apart: true}, true)}, []string{"Everybody: none left for you, 3 open elsewhere", "Today: no wave runs today", w.T("contact.total_hard")}},
	} {
		win := test.NewTempApp(t).NewWindow("")
		v := &View{p: ViewParams{Words: w}, over: kit.NewCard()}
		v.showFull(c.totals)
		if v.over.Hidden != (len(c.totals) == 0) {
			t.Errorf("%s: hidden %v", name, v.over.Hidden)
		}
		win.SetContent(v.over)
		win.Resize(fyne.NewSize(400, 800))
		person := robot.New(robot.Params{Canvas: win.Canvas(), Do: func(f func()) { f() }, Patience: time.Second})
		for _, said := range c.said {
			if !person.Sees(said) {
				t.Errorf("%s: %q is not said in %q", name, said, person.Text())
			}
		}
		for _, hint := range []string{"contact.total_hard", "contact.total_soft"} {
			if want := strings.Contains(strings.Join(c.said, ""), w.T(hint)); person.Sees(w.T(hint)) != want {
				t.Errorf("%s: %s in %q", name, hint, person.Text())
			}
		}
	}
}
